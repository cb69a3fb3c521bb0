package ingest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// thing is a small thing as it is while the lines of a chunk are taken one after the other.
type thing struct {
	externalID string
	known      bool
	id         int // 0 until it is made
	name       string
	stored     string // the name in the database

	// Of agents only; groups counts only if described.
	deletedAt     *time.Time
	storedDeleted *time.Time
	described     bool
	groups        []string
	storedGroups  []string
}

// things are the small things that a chunk mentions.
type things struct {
	mentions *mentions
	// all are in the places of their mentions.
	all [dimensions][]thing
	// made are in the order of their first mention, so that the same input makes the same numbers.
	made [dimensions][]*thing
	// groups are the numbers of agent groups by name.
	groups map[string]int
}

// read asks for what the database knows of the things that lines mention.
func (t *things) read(batch *pgx.Batch, mentions *mentions) {
	t.mentions = mentions
	t.groups = make(map[string]int)
	for d, table := range dimensionTables {
		keys := mentions.things[d].keys
		if keys == nil {
			continue
		}
		t.all[d] = make([]thing, len(keys))
		for at, key := range keys {
			t.all[d][at].externalID = key
		}
		deletedAt := "NULL::timestamptz"
		if dimension(d) == agents {
			deletedAt = "deleted_at"
		}
		batch.Queue("SELECT id, external_id, name, "+deletedAt+" FROM "+table+" WHERE external_id = ANY ($1::text[])", keys).
			Query(func(rows pgx.Rows) error { return t.readThings(dimension(d), rows) })
	}
	if mentions.described == nil {
		return
	}
	batch.Queue(`SELECT a.external_id, g.name FROM agents a JOIN agent_group_members m ON m.agent_id = a.id
		JOIN agent_groups g ON g.id = m.agent_group_id WHERE a.external_id = ANY ($1::text[])`, mentions.described).Query(t.readMembers)
	batch.Queue("SELECT external_id, id FROM agent_groups WHERE external_id = ANY ($1::text[])", mentions.groups).Query(t.readGroups)
}

func (t *things) readThings(d dimension, rows pgx.Rows) error {
	for rows.Next() {
		x := thing{known: true}
		if err := rows.Scan(&x.id, &x.externalID, &x.stored, &x.storedDeleted); err != nil {
			return fmt.Errorf("reading %s: %w", dimensionTables[d], err)
		}
		x.name, x.deletedAt = x.stored, x.storedDeleted
		*t.by(d, x.externalID) = x
	}
	return rows.Err()
}

// by is the thing of a key that was mentioned.
func (t *things) by(d dimension, externalID string) *thing {
	return &t.all[d][t.mentions.things[d].of[externalID]]
}

func (t *things) readMembers(rows pgx.Rows) error {
	var agent, group string
	_, err := pgx.ForEachRow(rows, []any{&agent, &group}, func() error {
		x := t.by(agents, agent)
		x.storedGroups = append(x.storedGroups, group)
		return nil
	})
	return err
}

func (t *things) readGroups(rows pgx.Rows) error {
	var name string
	var id int
	_, err := pgx.ForEachRow(rows, []any{&name, &id}, func() error {
		t.groups[name] = id
		return nil
	})
	return err
}

// name gives a thing its name, making it if it is not known. It tells whether a known one had another.
func (t *things) name(d dimension, at int, name string) (_ *thing, renamed bool) {
	x := &t.all[d][at]
	if x.known {
		renamed = x.name != name
	} else {
		t.made[d] = append(t.made[d], x)
	}
	x.known, x.name = true, name
	return x, renamed
}

// changed says whether there is anything to write.
func (t *things) changed() bool {
	for d := range t.all {
		if len(t.made[d]) > 0 {
			return true
		}
		for i := range t.all[d] {
			if x := &t.all[d][i]; x.described || x.name != x.stored {
				return true
			}
		}
	}
	return false
}

// write makes, renames and groups as the lines said, and touches nothing that is so already: each statement on these
// tables makes every process read them anew, even one that changes no row.
func (t *things) write(ctx context.Context, tx transaction) error {
	for d, table := range dimensionTables {
		if err := t.make(ctx, tx, dimension(d)); err != nil {
			return fmt.Errorf("making %s: %w", table, err)
		}
		if err := t.rename(ctx, tx, dimension(d)); err != nil {
			return fmt.Errorf("renaming %s: %w", table, err)
		}
	}
	return t.writeAgents(ctx, tx)
}

func (t *things) make(ctx context.Context, tx transaction, d dimension) error {
	made := t.made[d]
	if len(made) == 0 {
		return nil
	}
	var externalIDs, names []string
	for _, x := range made {
		externalIDs, names = append(externalIDs, x.externalID), append(names, x.name)
		x.stored = x.name
	}
	rows, err := tx.Query(ctx, "INSERT INTO "+dimensionTables[d]+` (external_id, name)
		SELECT * FROM unnest($1::text[], $2::text[]) RETURNING id, external_id`, externalIDs, names)
	if err != nil {
		return err
	}
	var id int
	var externalID string
	_, err = pgx.ForEachRow(rows, []any{&id, &externalID}, func() error {
		t.by(d, externalID).id = id
		return nil
	})
	return err
}

func (t *things) rename(ctx context.Context, tx transaction, d dimension) error {
	var ids []int
	var names []string
	for i := range t.all[d] {
		if x := &t.all[d][i]; x.name != x.stored {
			ids, names = append(ids, x.id), append(names, x.name)
		}
	}
	if ids == nil {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE "+dimensionTables[d]+` t SET name = n.name
		FROM unnest($1::int[], $2::text[]) n (id, name) WHERE t.id = n.id`, ids, names)
	return err
}

// writeAgents writes the deletions and groups of the agents that lines describe.
func (t *things) writeAgents(ctx context.Context, tx transaction) error {
	var deleted, joining, leaving []int
	var deletedAt []*time.Time
	var joined, left, unknown []string
	for i := range t.all[agents] {
		x := &t.all[agents][i]
		if !x.described {
			continue
		}
		if !sameTime(x.deletedAt, x.storedDeleted) {
			deleted, deletedAt = append(deleted, x.id), append(deletedAt, x.deletedAt)
		}
		for _, group := range x.groups {
			if !slices.Contains(x.storedGroups, group) {
				joining, joined = append(joining, x.id), append(joined, group)
			}
			if _, known := t.groups[group]; !known {
				unknown = append(unknown, group)
			}
		}
		for _, group := range x.storedGroups {
			if !slices.Contains(x.groups, group) {
				leaving, left = append(leaving, x.id), append(left, group)
			}
		}
	}
	if deleted != nil {
		if _, err := tx.Exec(ctx, `UPDATE agents a SET deleted_at = n.deleted_at
			FROM unnest($1::int[], $2::timestamptz[]) n (id, deleted_at) WHERE a.id = n.id`, deleted, deletedAt); err != nil {
			return fmt.Errorf("writing deletions of agents: %w", err)
		}
	}
	if unknown != nil {
		slices.Sort(unknown)
		if _, err := tx.Exec(ctx, "INSERT INTO agent_groups (external_id, name) SELECT g, g FROM unnest($1::text[]) g",
			slices.Compact(unknown)); err != nil {
			return fmt.Errorf("making agent groups: %w", err)
		}
	}
	const members = "FROM unnest($1::int[], $2::text[]) n (agent_id, name) JOIN agent_groups g ON g.external_id = n.name"
	if leaving != nil {
		if _, err := tx.Exec(ctx, `DELETE FROM agent_group_members m USING (SELECT g.id, n.agent_id `+members+`) n
			WHERE m.agent_group_id = n.id AND m.agent_id = n.agent_id`, leaving, left); err != nil {
			return fmt.Errorf("taking agents out of groups: %w", err)
		}
	}
	if joining != nil {
		if _, err := tx.Exec(ctx, "INSERT INTO agent_group_members (agent_group_id, agent_id) SELECT g.id, n.agent_id "+members,
			joining, joined); err != nil {
			return fmt.Errorf("putting agents into groups: %w", err)
		}
	}
	return nil
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
