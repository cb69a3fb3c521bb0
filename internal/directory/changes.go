package directory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// maxChanges is how many things of a kind are read again by their numbers; of more, all are read.
const maxChanges = 5_000

// changed are the things of a table that changed: all of them, or those with some numbers.
type changed struct {
	all bool
	ids []int64
}

// Follow reads again what notifications on Channel name, such as "agents:5,6" or "queues", and leaves the rest as it is held;
// without any, as after some may have been missed, it reads everything.
func (d *Directory) Follow(ctx context.Context, notifications []string) error {
	tables, known := changesOf(notifications)
	if !known {
		return d.Refresh(ctx)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if ties, is := tables[tiesTable]; is {
		d.ties.forget(ties)
		d.current.Load().visibilities.forget(ties)
		if delete(tables, tiesTable); len(tables) == 0 {
			return nil
		}
	}
	next := d.current.Load().copy()
	for table, follow := range map[string]func(changed) error{
		"agents":       func(c changed) error { return next.agentIndex.follow(ctx, d.db, c) },
		"agent_groups": func(c changed) error { return next.groupIndex.follow(ctx, d.db, c) },
		"campaigns":    func(c changed) error { return next.campaignIndex.follow(ctx, d.db, c) },
		"queues":       func(c changed) error { return next.queueIndex.follow(ctx, d.db, c) },
		"classifiers":  func(c changed) error { return next.classifierIndex.follow(ctx, d.db, c) },
		"site_calls":   func(c changed) error { return next.siteCallIndex.follow(ctx, d.db, c) },
		membersTable:   func(c changed) error { return next.followMembers(ctx, d.db, c) },
	} {
		if c, is := tables[table]; is {
			if err := follow(c); err != nil {
				return fmt.Errorf("following changes of the directory: %w", err)
			}
		}
	}
	d.hold(next)
	return nil
}

// changesOf sorts notifications by their tables. What it does not understand may be anything, as nothing is.
func changesOf(notifications []string) (_ map[string]changed, known bool) {
	tables := map[string]changed{}
	for _, notification := range notifications {
		table, numbers, some := strings.Cut(notification, ":")
		c := tables[table]
		c.all = c.all || !some
		if some {
			for number := range strings.SplitSeq(numbers, ",") {
				id, err := strconv.ParseInt(number, 10, 64)
				if err != nil {
					return nil, false
				}
				c.ids = append(c.ids, id)
			}
		}
		tables[table] = c
	}
	for table, c := range tables {
		if !slices.Contains(tablesFollowed, table) {
			return nil, false
		}
		slices.Sort(c.ids)
		c.ids = slices.Compact(c.ids)
		c.all = c.all || len(c.ids) > maxChanges
		tables[table] = c
	}
	return tables, len(tables) > 0
}

// The tables whose changes are told of.
const (
	membersTable = "agent_group_members"
	tiesTable    = "contact_ties"
)

var tablesFollowed = []string{"agents", "agent_groups", "campaigns", "queues", "classifiers", "site_calls", membersTable, tiesTable}

// copy is a snapshot that holds the same, to be changed by putting other parts in the place of its own.
func (s *snapshot) copy() *snapshot {
	return &snapshot{indexes: s.indexes, members: s.members}
}

// followMembers reads the members of the groups that changed.
func (s *snapshot) followMembers(ctx context.Context, db *bun.DB, c changed) error {
	if c.all {
		c.ids = nil
	}
	read, err := loadMembers(ctx, db, c.ids)
	if err != nil || c.all {
		if err == nil {
			s.members = read
		}
		return err
	}
	members := maps.Clone(s.members)
	for _, group := range c.ids {
		delete(members, group)
	}
	maps.Copy(members, read)
	s.members = members
	return nil
}

// follow puts an index in the place of this one that has the things that changed as they are now.
func (s *index[T]) follow(ctx context.Context, db *bun.DB, c changed) error {
	if c.all {
		next := index[T]{}
		if err := next.load(ctx, db, s); err != nil {
			return err
		}
		*s = next
		return nil
	}
	var things []T
	if err := db.NewSelect().Model(&things).Where("id IN (?)", bun.List(c.ids)).Scan(ctx); err != nil {
		return fmt.Errorf("reading some %T: %w", things, err)
	}
	*s = s.with(c.ids, entriesOf(things))
	return nil
}

// with is the index without what had some numbers, and with other entries instead. This index stays as it is.
func (s *index[T]) with(without []int64, entries []*indexEntry[T]) index[T] {
	if len(without)+len(entries) == 0 {
		return *s
	}
	byID, byExternalID, named := map[int64]layered[*indexEntry[T]]{}, map[string]layered[int64]{}, map[string]layered[int]{}
	count := func(name string, by int) {
		n, found := named[name]
		if !found {
			n.value, _ = s.named.get(name)
		}
		n.value += by
		n.gone = n.value == 0
		named[name] = n
	}
	var gone []indexKey
	for _, id := range without {
		one, held := s.byID.get(id)
		if !held {
			continue
		}
		key := one.thing.key()
		gone = append(gone, key)
		byID[id] = layered[*indexEntry[T]]{gone: true}
		byExternalID[key.externalID] = layered[int64]{gone: true}
		count(key.name, -1)
	}
	for _, one := range entries {
		key := one.thing.key()
		byID[key.id] = layered[*indexEntry[T]]{value: one}
		byExternalID[key.externalID] = layered[int64]{value: key.id}
		count(key.name, +1)
	}
	return index[T]{
		byID: s.byID.with(byID), byExternalID: s.byExternalID.with(byExternalID), named: s.named.with(named),
		sorted: mergeEntries(s.sorted, gone, entries),
	}
}
