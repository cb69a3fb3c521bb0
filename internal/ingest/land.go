package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/months"
)

// Land lands contacts in a transaction of the caller's, by the rules and under the locks of Import, after it has taken
// others back as if they had never been recorded; it counts those that were there. The transaction is read committed, and
// nothing but the commit should follow: planner settings are those of the merge from here on. Faults have the place of
// their contact, counted from 1, as their line; such contacts are skipped, the others land.
func Land(ctx context.Context, tx pgx.Tx, contacts []format.Contact, retracted []string, starts Starts) (Result, int, []*format.Fault, error) {
	whole, faults := checked(contacts)
	result := Result{Lines: len(faults), Skipped: len(faults)}
	var gone int
	var skipped []*format.Fault
	w := newWriter(starts)
	take := func() (err error) {
		if gone, err = retract(ctx, tx, retracted, whole.mentions.contacts.externalIDs, w.alone); err != nil || len(whole.entries) == 0 {
			return err
		}
		var landed Result
		if landed, skipped, err = w.land(ctx, tx, whole); err == nil {
			result.add(landed)
		}
		return err
	}
	if _, err := tx.Exec(ctx, "SAVEPOINT beside_others"); err != nil {
		return Result{}, 0, nil, fmt.Errorf("beginning to land: %w", err)
	}
	err := take()
	if errors.Is(err, errAlone) {
		// The locks that were taken go with the savepoint.
		w.alone = true
		if _, err = tx.Exec(ctx, "ROLLBACK TO SAVEPOINT beside_others"); err == nil {
			err = take()
		}
	}
	if err != nil {
		return Result{}, 0, nil, err
	}
	return result, gone, append(faults, skipped...), nil
}

// retract takes contacts back. As others are to land after that, it takes their locks, too: all at once, in order.
func retract(ctx context.Context, tx pgx.Tx, externalIDs, landing []string, alone bool) (int, error) {
	if len(externalIDs) == 0 {
		return 0, nil
	}
	locks := &pgx.Batch{}
	if alone {
		locks.Queue(LockAlone)
	} else {
		queueLocks(locks, slices.Concat(externalIDs, landing), nil)
	}
	if err := tx.SendBatch(ctx, locks).Close(); err != nil {
		return 0, fmt.Errorf("waiting for other writers: %w", err)
	}
	rows, err := tx.Query(ctx, `DELETE FROM contact_identities WHERE external_id = ANY ($1::text[]) RETURNING contact_id, started_at`, externalIDs)
	if err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	type gone struct {
		ID    int64
		Start time.Time
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[gone])
	if err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	if len(all) == 0 {
		return 0, nil
	}
	slices.SortFunc(all, func(a, b gone) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	var ids []int64
	var starts []time.Time
	for _, one := range all {
		ids, starts = append(ids, one.ID), append(starts, one.Start)
	}
	p := &pipeline{}
	p.queue(changes.Tell)
	queueRemoval(p, ids, starts, changes.Retracted)
	if err := p.send(ctx, tx.Conn()); err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	return len(ids), nil
}

// logging is how the changes of contacts come into their log.
type logging int

const (
	// leaves has them numbered after the commit, so that writers pass one another.
	leaves logging = iota
	// numbers gives them their positions at once, where many come.
	numbers
	// unlogged leaves them out, and says so.
	unlogged
)

// logNew queues what logs the contacts that are new.
func (w *writer) logNew(p *pipeline, m *merge) {
	if len(m.landings) == 0 {
		return
	}
	recorded, _ := m.written()
	how := w.logging
	if how == numbers && len(recorded) <= maxInserted {
		how = leaves
	}
	switch {
	case how == unlogged:
		p.queue(changes.Restart, "imported")
	case how == numbers:
		p.queue(changes.LogNew, recorded)
	case how == leaves && recorded != nil:
		p.queue(changes.LeaveNew, recorded)
	}
}

// queueRemoval queues the statements that remove what contacts hold, but for their identities, and leave a change of that kind
// for the log, "" for none. Each names the months of the starts, so that PostgreSQL locks no others.
func queueRemoval(p *pipeline, ids []int64, starts []time.Time, kind changes.Kind) {
	for _, table := range []struct{ name, start, id string }{
		{"contacts", "started_at", "id"},
		{"contact_addresses", "contact_started_at", "contact_id"},
		{"ivr_steps", "contact_started_at", "contact_id"},
		{"contact_details", "contact_started_at", "contact_id"},
	} {
		deletion := fmt.Sprintf(`DELETE FROM %s t USING unnest($1::timestamptz[], $2::bigint[]) o (started_at, id)
			WHERE t.%s = o.started_at AND t.%s = o.id AND %s`, table.name, table.start, table.id, months.InSQL("t."+table.start, starts))
		if table.name == "contacts" && kind != "" {
			deletion = changes.LeaveRemoved(deletion, kind)
		}
		p.queueOnce(deletion, starts, ids)
	}
}
