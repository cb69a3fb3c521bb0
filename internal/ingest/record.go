package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Audit is told, within the transaction that writes them, which contacts are new and which replaced others, by our own
// numbers.
type Audit func(ctx context.Context, tx pgx.Tx, recorded, replaced []int64) error

// Record takes contacts in from the API, by the same rules as Import, in one transaction: all of them or none. What
// can be written in several ways is changed in place to the one that is kept.
//
// Faulty contacts give one *fault.Error each (INVALID_CONTACT), with a field such as "contacts[2].startedAt"; anything
// else is a single error: of the database, or INVALID_CONTACT where the
// contacts would begin more than MaxNewMonths months at once. Names and significant fields are those of the list, in its order. Where there is a
// fault, nothing was written before it was found. Before the commit, audit is told of what was written, if anything was; its
// error takes all back. It may be nil.
func Record(ctx context.Context, pool *postgres.Pool, contacts []format.Contact, starts Starts, audit Audit) (Result, []error) {
	whole := chunk{entries: make([]entry, 0, len(contacts))}
	var faults []error
	for i := range contacts {
		e := entry{Line: format.Line{Kind: format.ContactKind, Contact: &contacts[i]}, number: i + 1}
		mended, f := e.Contact.Check()
		if e.Repairs = mended; f != nil {
			f.Line = i + 1
			faults = append(faults, contactFault(f))
			continue
		}
		e.prepared = Prepare(e.Contact)
		whole.add(e)
	}
	if faults != nil {
		return Result{}, faults
	}
	if len(whole.entries) == 0 {
		return Result{}, nil
	}

	tx, err := begin(ctx, pool)
	if err != nil {
		return Result{}, []error{err}
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	w := newWriter(starts)
	m, err := w.merge(ctx, tx, &whole)
	if err != nil {
		return Result{}, []error{err}
	}
	for _, f := range m.faults {
		faults = append(faults, contactFault(f))
	}
	if faults != nil {
		return Result{}, faults
	}
	if err := boundNewMonths(ctx, tx, m.newStarts()); err != nil {
		return Result{}, []error{err}
	}
	if err := w.write(ctx, tx, m); err != nil {
		return Result{}, []error{err}
	}
	if recorded, replaced := m.written(); audit != nil && len(recorded)+len(replaced) > 0 {
		if err := audit(ctx, tx, recorded, replaced); err != nil {
			return Result{}, []error{err}
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return Result{}, []error{fmt.Errorf("committing contacts: %w", err)}
	}
	return m.counts, nil
}

func contactFault(f *format.Fault) error {
	field, reason := fmt.Sprintf("contacts[%d]", f.Line-1), f.Reason
	if f.Field != "" {
		field, reason = field+"."+f.Field, f.Field+" "+reason
	}
	return fault.New(fault.ContactFaulty, field, f.Line, reason)
}

// Land lands contacts in a transaction of the caller's, by the rules and under the lock of Import. The transaction is read
// committed, and nothing but the commit should follow: planner settings are those of the merge from here on. Faults have
// the place of their contact, counted from 1, as their line; such contacts are skipped, the others land.
func Land(ctx context.Context, tx pgx.Tx, contacts []format.Contact, starts Starts) (Result, []*format.Fault, error) {
	whole := chunk{entries: make([]entry, 0, len(contacts))}
	var faults []*format.Fault
	for i := range contacts {
		e := entry{Line: format.Line{Kind: format.ContactKind, Contact: &contacts[i]}, number: i + 1}
		mended, f := e.Contact.Check()
		if e.Repairs = mended; f != nil {
			f.Line = i + 1
			faults = append(faults, f)
			continue
		}
		e.prepared = Prepare(e.Contact)
		whole.add(e)
	}
	result := Result{Lines: len(faults), Skipped: len(faults)}
	if len(whole.entries) == 0 {
		return result, faults, nil
	}
	landed, skipped, err := newWriter(starts).land(ctx, tx, &whole)
	if err != nil {
		return Result{}, nil, err
	}
	result.add(landed)
	return result, append(faults, skipped...), nil
}

// Retract takes contacts back, as if they had never been recorded, in a transaction of the caller's and under the lock of
// Import. It counts those that were there.
func Retract(ctx context.Context, tx pgx.Tx, externalIDs []string) (int, error) {
	if len(externalIDs) == 0 {
		return 0, nil
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('contacts are written'))"); err != nil {
		return 0, fmt.Errorf("waiting for other writers: %w", err)
	}
	rows, err := tx.Query(ctx, `DELETE FROM contact_identities WHERE external_id = ANY ($1::text[]) RETURNING contact_id, started_at`, externalIDs)
	if err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	var ids []int64
	var starts []time.Time
	var id int64
	var start, from, to time.Time
	if _, err := pgx.ForEachRow(rows, []any{&id, &start}, func() error {
		if ids == nil || start.Before(from) {
			from = start
		}
		if ids == nil || start.After(to) {
			to = start
		}
		ids, starts = append(ids, id), append(starts, start)
		return nil
	}); err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	if ids == nil {
		return 0, nil
	}
	batch := &pgx.Batch{}
	queueRemoval(batch, ids, starts, from, to)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return 0, fmt.Errorf("taking contacts back: %w", err)
	}
	return len(ids), nil
}
