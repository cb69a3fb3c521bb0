package ingest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// thing is a small thing as it is while the lines of a chunk are taken one after the other.
type thing struct {
	register   // of its name
	externalID string
	exists     bool
	id         int // 0 until it is made
	// described says that a line of its own kind is about it.
	described bool

	// Of agents only: what such a line says beside the name.
	state        agentRegister
	storedGroups []string
}

// agentState is what a line of kind agent says beside the name.
type agentState struct {
	instant
	deletedAt *time.Time
	groups    []string
}

// beats says which of two states holds, by the rule of names.
func (s agentState) beats(other agentState) bool {
	switch order := s.compare(other.instant); {
	case order != 0:
		return order > 0
	case s.instant == newest:
		return true
	case !sameTime(s.deletedAt, other.deletedAt):
		return other.deletedAt == nil || s.deletedAt != nil && s.deletedAt.After(*other.deletedAt)
	default:
		return slices.Compare(slices.Sorted(slices.Values(s.groups)), slices.Sorted(slices.Values(other.groups))) > 0
	}
}

// agentRegister is the state that is stored, and that which holds after the lines taken so far.
type agentRegister struct {
	stored, now agentState
	changed     bool
}

func (r *agentRegister) claim(s agentState) {
	if s.beats(r.now) {
		r.now, r.changed = s, true
	}
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
		externalIDs := mentions.things[d].externalIDs
		if externalIDs == nil {
			continue
		}
		t.all[d] = make([]thing, len(externalIDs))
		for at, externalID := range externalIDs {
			t.all[d][at].externalID = externalID
		}
		state := "NULL::timestamptz, 0::bigint"
		if dimension(d) == agents {
			state = "deleted_at, coalesce(described_at, 0)"
		}
		batch.Queue("SELECT id, external_id, name, coalesce(named_at, 0), coalesce(named_revision, 0), "+state+" FROM "+table+" WHERE external_id = ANY ($1::text[])", externalIDs).
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
		x := thing{exists: true, register: register{has: true}}
		state := &x.state.stored
		if err := rows.Scan(&x.id, &x.externalID, &x.stored.name, &x.stored.at, &x.stored.revision, &state.deletedAt, &state.at); err != nil {
			return fmt.Errorf("reading %s: %w", dimensionTables[d], err)
		}
		if state.at != 0 {
			state.revision = math.MaxInt64
		}
		x.state.now = *state
		*t.by(d, x.externalID) = x
	}
	return rows.Err()
}

// by is the thing of an external id that was mentioned.
func (t *things) by(d dimension, externalID string) *thing {
	return &t.all[d][t.mentions.things[d].of[externalID]]
}

func (t *things) readMembers(rows pgx.Rows) error {
	var agent, group string
	_, err := pgx.ForEachRow(rows, []any{&agent, &group}, func() error {
		x := t.by(agents, agent)
		x.storedGroups = append(x.storedGroups, group)
		x.state.stored.groups, x.state.now.groups = x.storedGroups, x.storedGroups
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

// refer gives a thing that a line refers to, making it if it is not known.
func (t *things) refer(d dimension, at int) *thing {
	x := &t.all[d][at]
	if !x.exists {
		x.exists = true
		t.made[d] = append(t.made[d], x)
	}
	return x
}

// changed says whether there is anything to write.
func (t *things) changed() bool {
	for d := range t.all {
		if len(t.made[d]) > 0 {
			return true
		}
		for i := range t.all[d] {
			if x := &t.all[d][i]; x.described || x.register.changed() {
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
	var instants, revisions []int64
	for _, x := range made {
		if !x.claimed {
			x.now.name = x.externalID
		}
		externalIDs, names = append(externalIDs, x.externalID), append(names, x.now.name)
		instants, revisions = append(instants, x.now.at), append(revisions, x.now.revision)
		x.stored = x.now
	}
	rows, err := tx.Query(ctx, "INSERT INTO "+dimensionTables[d]+` (external_id, name, named_at, named_revision)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) RETURNING id, external_id`, externalIDs, names, instants, revisions)
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
	var instants, revisions []int64
	for i := range t.all[d] {
		if x := &t.all[d][i]; x.register.changed() {
			ids, names = append(ids, x.id), append(names, x.now.name)
			instants, revisions = append(instants, x.now.at), append(revisions, x.now.revision)
		}
	}
	if ids == nil {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE "+dimensionTables[d]+` t SET name = n.name, named_at = n.at, named_revision = n.revision
		FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[]) n (id, name, at, revision) WHERE t.id = n.id`, ids, names, instants, revisions)
	return err
}

// writeAgents writes the deletions and groups of the agents that lines describe.
func (t *things) writeAgents(ctx context.Context, tx transaction) error {
	var deleted, joining, leaving []int
	var deletedAt []*time.Time
	var describedAt []int64
	var joined, left, unknown []string
	for _, group := range t.mentions.groups {
		if _, found := t.groups[group]; !found {
			unknown = append(unknown, group)
		}
	}
	for i := range t.all[agents] {
		x := &t.all[agents][i]
		state := &x.state
		if !state.changed {
			continue
		}
		if !sameTime(state.now.deletedAt, state.stored.deletedAt) || state.now.at != state.stored.at {
			deleted, deletedAt, describedAt = append(deleted, x.id), append(deletedAt, state.now.deletedAt), append(describedAt, state.now.at)
		}
		for _, group := range state.now.groups {
			if !slices.Contains(x.storedGroups, group) {
				joining, joined = append(joining, x.id), append(joined, group)
			}
		}
		for _, group := range x.storedGroups {
			if !slices.Contains(state.now.groups, group) {
				leaving, left = append(leaving, x.id), append(left, group)
			}
		}
	}
	if deleted != nil {
		if _, err := tx.Exec(ctx, `UPDATE agents a SET deleted_at = n.deleted_at, described_at = n.described_at
			FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) n (id, deleted_at, described_at) WHERE a.id = n.id`, deleted, deletedAt, describedAt); err != nil {
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
