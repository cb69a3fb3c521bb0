package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"
)

// index is small things of one kind, by number, by the platform's id, and in the order in which people look for them. It is
// never changed once it is made.
type index[T keyed] struct {
	byID         layers[int64, *indexEntry[T]]
	byExternalID layers[string, int64]
	sorted       []*indexEntry[T]
	named        layers[string, int] // how many have a name
}

// indexEntry is a thing with what it is searched by.
type indexEntry[T keyed] struct {
	thing     T
	searching string
}

// keyed is a thing of an index.
type keyed interface {
	comparable
	key() indexKey
}

// indexKey is what a thing is found and sorted by, and all that it has: what has the same key is the same.
type indexKey struct {
	id         int64
	externalID string
	name       string
	deletedAt  int64 // in microseconds, 0 while active
}

func (k indexKey) deleted() bool { return k.deletedAt != 0 }

func (a *Agent) key() indexKey {
	key := indexKey{a.ID, a.ExternalID, a.Name, 0}
	if a.DeletedAt != nil {
		key.deletedAt = a.DeletedAt.UnixMicro()
	}
	return key
}
func (g *AgentGroup) key() indexKey { return indexKey{g.ID, g.ExternalID, g.Name, 0} }
func (c *Campaign) key() indexKey   { return indexKey{c.ID, c.ExternalID, c.Name, 0} }
func (q *Queue) key() indexKey      { return indexKey{q.ID, q.ExternalID, q.Name, 0} }
func (c *Classifier) key() indexKey { return indexKey{c.ID, c.ExternalID, c.Name, 0} }
func (s *SiteCall) key() indexKey   { return indexKey{s.ID, s.ExternalID, s.Name, 0} }

// readAtOnce is how many things are read at once where all are: what is read again, and is as it is held, is not gathered.
const readAtOnce = 10_000

// maxMerged is which part of an index is merged into it at most. More is sorted with the rest: it takes twenty times as long
// to find the place of one as to look at one.
const maxMerged = 20

// load reads everything. It shares with the index of before what did not change, most often all of it.
func (s *index[T]) load(ctx context.Context, db *bun.DB, before *index[T]) error {
	var changed []*indexEntry[T]
	var same []int64
	for last, more := int64(-1), true; more; {
		things := make([]T, 0, readAtOnce)
		if err := db.NewSelect().Model(&things).Where("id > ?", last).Order("id").Limit(readAtOnce).Scan(ctx); err != nil {
			return fmt.Errorf("reading %T: %w", things, err)
		}
		fresh := things[:0]
		for _, thing := range things {
			key := thing.key()
			last = key.id
			if held, found := before.byID.get(key.id); found && held.thing.key() == key {
				same = append(same, key.id)
			} else {
				fresh = append(fresh, thing)
			}
		}
		more = len(things) == readAtOnce
		changed = append(changed, entriesOf(fresh)...)
	}
	var gone []int64
	for _, one := range before.sorted {
		id := one.thing.key().id
		if _, found := slices.BinarySearch(same, id); !found {
			gone = append(gone, id)
		}
	}
	if len(changed)+len(gone) <= len(before.sorted)/maxMerged {
		*s = before.with(gone, changed)
		return nil
	}
	for _, id := range same {
		held, _ := before.byID.get(id)
		changed = append(changed, held)
	}
	sortEntries(changed)
	*s = indexOf(changed)
	return nil
}

// entriesOf are the entries of things, in their order.
func entriesOf[T keyed](things []T) []*indexEntry[T] {
	entries := make([]*indexEntry[T], len(things))
	for i, thing := range things {
		entries[i] = &indexEntry[T]{thing: thing, searching: fold(thing.key().name)}
	}
	return entries
}

// indexOf is the index of sorted entries.
func indexOf[T keyed](sorted []*indexEntry[T]) index[T] {
	byID := make(map[int64]*indexEntry[T], len(sorted))
	byExternalID, named := make(map[string]int64, len(sorted)), make(map[string]int, len(sorted))
	for _, one := range sorted {
		key := one.thing.key()
		byID[key.id] = one
		byExternalID[key.externalID] = key.id
		named[key.name]++
	}
	return index[T]{
		byID: layers[int64, *indexEntry[T]]{base: byID}, byExternalID: layers[string, int64]{base: byExternalID},
		sorted: sorted, named: layers[string, int]{base: named},
	}
}

// numbers finds things by the platform's id.
func (s *index[T]) numbers(externalIDs []string) map[string]int64 {
	found := make(map[string]int64, len(externalIDs))
	for _, externalID := range externalIDs {
		if id, ok := s.byExternalID.get(externalID); ok {
			found[externalID] = id
		}
	}
	return found
}

// find takes what the index holds and asks the database for the rest: something that was made a moment ago.
func find[T keyed](ctx context.Context, db *bun.DB, held *index[T], ids []int64) (map[int64]T, error) {
	found := make(map[int64]T, len(ids))
	var missing []int64
	for _, id := range ids {
		if one, ok := held.byID.get(id); ok {
			found[id] = one.thing
		} else {
			missing = append(missing, id)
		}
	}
	if missing == nil {
		return found, nil
	}
	var fresh []T
	if err := db.NewSelect().Model(&fresh).Where("id IN (?)", bun.List(missing)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding %T: %w", fresh, err)
	}
	for _, thing := range fresh {
		found[thing.key().id] = thing
	}
	return found, nil
}

// has says which numbers are in the index.
func (s *index[T]) has(ids []int64) map[int64]bool {
	found := make(map[int64]bool, len(ids))
	for _, id := range ids {
		if _, ok := s.byID.get(id); ok {
			found[id] = true
		}
	}
	return found
}

// of is the part of an index that is seen, in the same order.
func (s *index[T]) of(seen map[int64]bool) index[T] {
	var part []*indexEntry[T]
	for _, one := range s.sorted {
		if seen[one.thing.key().id] {
			part = append(part, one)
		}
	}
	return indexOf(part)
}

// fold drops case and diacritics, so that a search for "zolc" finds "Żółć".
func fold(name string) string {
	var folded strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ł':
			folded.WriteRune('l')
		default:
			folded.WriteRune(r)
		}
	}
	return folded.String()
}
