package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// MaxNewThings is how many agents, campaigns, queues, classifiers and SiteCall forms, together, one call of Record may make,
// and DefaultNewThingsADay how many of each all calls make on a day unless an operator says otherwise.
const (
	MaxNewThings         = 200
	DefaultNewThingsADay = 20_000
)

// Bounds are what Record takes at most.
type Bounds struct {
	// Starts bounds when contacts may start.
	Starts Starts
	// NewThingsADay is how many agents, campaigns, queues, classifiers and SiteCall forms, each, are made on a day of UTC, 0
	// for DefaultNewThingsADay. Every process holds them all in memory, and none is removed.
	NewThingsADay int
}

// Audit queues statements of the transaction that writes contacts, by which it notes which are new and which replaced
// others, by our own numbers.
type Audit func(queue func(sql string, arguments ...any), recorded, replaced []int64)

// Record takes contacts in from the API, by the same rules as Import, in one transaction: all of them or none. What
// can be written in several ways is changed in place to the one that is kept.
//
// It gives our own numbers of the contacts, in their order.
//
// Faulty contacts give one *ContactFault each (INVALID_CONTACT), with a field such as "contacts[2].startedAt"; anything else
// is a single error: of the database, or INVALID_CONTACT where the contacts would begin more months, or make more things, than
// the bounds allow. Where there is a fault, nothing was written before it was found. Audit is asked if anything is to be
// written; if its statements fail, all is taken back. It may be nil.
func Record(ctx context.Context, pool *postgres.Pool, contacts []format.Contact, bounds Bounds, audit Audit) (Result, []int64, []error) {
	return intake{bounds: bounds, audit: audit}.record(ctx, pool, contacts)
}

// RecordPart is Record, but that faulty contacts do not take the others along: their faults come with the numbers of the
// contacts that were recorded, which are nil only where nothing was.
func RecordPart(ctx context.Context, pool *postgres.Pool, contacts []format.Contact, bounds Bounds, audit Audit) (Result, []int64, []error) {
	return intake{bounds: bounds, audit: audit, partial: true}.record(ctx, pool, contacts)
}

// intake is how contacts are taken in from the API.
type intake struct {
	bounds  Bounds
	audit   Audit
	partial bool
}

func (r intake) record(ctx context.Context, pool *postgres.Pool, contacts []format.Contact) (Result, []int64, []error) {
	whole, faults := checked(contacts)
	if len(faults) > 0 && !r.partial {
		return Result{}, nil, contactFaults(faults)
	}
	result := Result{Lines: len(faults), Skipped: len(faults)}
	if len(whole.entries) == 0 {
		return result, []int64{}, contactFaults(faults)
	}
	if err := pool.Room(); err != nil {
		return Result{}, nil, []error{err}
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return Result{}, nil, []error{fmt.Errorf("connecting to write: %w", err)}
	}
	defer giveBack(ctx, conn)
	w := newWriter(r.bounds.Starts)
	w.begins = true // with its first question, as a round trip costs more than many a statement
	m, err := w.merge(ctx, conn, whole)
	if errors.Is(err, errAlone) {
		w.alone = true
		if _, err = conn.Exec(ctx, "ROLLBACK"); err == nil {
			m, err = w.merge(ctx, conn, whole)
		}
	}
	if err != nil {
		return Result{}, nil, []error{err}
	}
	if faults = append(faults, m.faults...); len(faults) > 0 && !r.partial {
		return Result{}, nil, contactFaults(faults)
	}
	if err := boundNewMonths(ctx, conn, m.newStarts()); err != nil {
		return Result{}, nil, []error{err}
	}
	made, err := r.bounds.boundNewThings(ctx, conn, &m.things.made)
	if err != nil {
		return Result{}, nil, []error{err}
	}
	if err := w.write(ctx, conn, m, func(p *pipeline) {
		if recorded, replaced := m.written(); r.audit != nil && len(recorded)+len(replaced) > 0 {
			r.audit(p.queue, recorded, replaced)
		}
		made.queue(p)
		p.queue("COMMIT")
	}); err != nil {
		return Result{}, nil, []error{err}
	}
	result.add(m.counts)
	return result, m.ids(whole.entries), contactFaults(faults)
}

// checked are contacts as a chunk, and the faults of those that are not in it, whose lines are their places from 1 on.
func checked(contacts []format.Contact) (*chunk, []*format.Fault) {
	whole := &chunk{entries: make([]entry, 0, len(contacts))}
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
	return whole, faults
}

// giveBack gives a connection back, after it has taken back what was not committed.
func giveBack(ctx context.Context, conn interface {
	transaction
	Release()
},
) {
	if conn.Conn().PgConn().TxStatus() != 'I' {
		_, _ = conn.Exec(context.WithoutCancel(ctx), "ROLLBACK") // a connection on which that fails is closed
	}
	conn.Release()
}

// contactFaults are faults in the order of their contacts, nil for none.
func contactFaults(faults []*format.Fault) []error {
	slices.SortStableFunc(faults, func(a, b *format.Fault) int { return cmp.Compare(a.Line, b.Line) })
	var all []error
	for _, f := range faults {
		all = append(all, contactFault(f))
	}
	return all
}

// ContactFault is what is wrong with one contact of a list, a *fault.Error.
type ContactFault struct {
	// Index is the contact's place in the list, from 0 on.
	Index int
	cause error
}

// Error is the fault's own text.
func (f *ContactFault) Error() string { return f.cause.Error() }

// Unwrap gives the fault.
func (f *ContactFault) Unwrap() error { return f.cause }

func contactFault(f *format.Fault) error {
	field, reason := fmt.Sprintf("contacts[%d]", f.Line-1), f.Reason
	if f.Field != "" {
		field, reason = field+"."+f.Field, f.Field+" "+reason
	}
	return &ContactFault{f.Line - 1, fault.New(fault.ContactFaulty, field, f.Line, reason)}
}

// newThings are how many things of each kind a call makes, which is counted for the day that it makes them on.
type newThings struct {
	day   time.Time
	kinds []string
	made  []int
}

// boundNewThings refuses a call that would make more things than it may. It is a *fault.Error then. Where it makes any, the
// lock of things is held, so that no other call counts meanwhile.
func (b Bounds) boundNewThings(ctx context.Context, tx transaction, made *[dimensions][]*thing) (newThings, error) {
	n := newThings{day: b.Starts.now().UTC()}
	all := 0
	for d := range made {
		if count := len(made[d]); count > 0 {
			n.kinds, n.made = append(n.kinds, dimensionTables[d]), append(n.made, count)
			all += count
		}
	}
	switch {
	case all == 0:
		return n, nil
	case all > MaxNewThings:
		return n, fault.New(fault.ThingsTooMany, "contacts", all, MaxNewThings)
	}
	most := cmp.Or(b.NewThingsADay, DefaultNewThingsADay)
	rows, err := tx.Query(ctx, "SELECT kind, made FROM things_made WHERE day >= $1", n.day)
	if err != nil {
		return n, fmt.Errorf("counting the things that were made: %w", err)
	}
	before := map[string]int{}
	var kind string
	var count int
	if _, err := pgx.ForEachRow(rows, []any{&kind, &count}, func() error {
		before[kind] = count
		return nil
	}); err != nil {
		return n, fmt.Errorf("counting the things that were made: %w", err)
	}
	for d := range made {
		if count := len(made[d]); count > 0 && before[dimensionTables[d]]+count > most {
			return n, fault.New(fault.ThingsTooManyToday, "contacts", count, referenceFields[d], before[dimensionTables[d]], most)
		}
	}
	return n, nil
}

// queue queues what counts them.
func (n *newThings) queue(p *pipeline) {
	if n.kinds == nil {
		return
	}
	p.queue(`INSERT INTO things_made AS kept (kind, day, made) SELECT kind, $1::date, made FROM unnest($2::text[], $3::int[]) n (kind, made)
		ON CONFLICT (kind) DO UPDATE SET day = greatest(kept.day, excluded.day),
			made = excluded.made + CASE WHEN kept.day >= excluded.day THEN kept.made ELSE 0 END`, n.day, n.kinds, n.made)
}

// LowestRevision is below every revision that a source sends.
const LowestRevision = -1

// SetRevision sets the revision by which later ones of a contact are taken or ignored, and changes nothing else of it: after a
// revision that was too high by mistake, its source would be ignored for good. It gives our own number of the contact and the
// revision before. Audit is called within the transaction; if it fails, all is taken back. Errors: NOT_FOUND, INVALID_CONTACT.
func SetRevision(ctx context.Context, pool *postgres.Pool, externalID string, revision int64,
	audit func(ctx context.Context, tx pgx.Tx, contact int64) error,
) (contact, before int64, err error) {
	if revision < LowestRevision {
		return 0, 0, fault.New(fault.RevisionTooLow, "revision", LowestRevision)
	}
	err = pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		locks := &pgx.Batch{}
		queueLocks(locks, []string{externalID}, nil)
		if err := tx.SendBatch(ctx, locks).Close(); err != nil {
			return fmt.Errorf("waiting for other writers: %w", err)
		}
		err := tx.QueryRow(ctx, "SELECT contact_id, revision FROM contact_identities WHERE external_id = $1", externalID).Scan(&contact, &before)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return fault.New(fault.NothingThere, "externalId")
		case err != nil:
			return fmt.Errorf("reading the revision of a contact: %w", err)
		}
		if _, err := tx.Exec(ctx, "UPDATE contact_identities SET revision = $2 WHERE contact_id = $1", contact, revision); err != nil {
			return fmt.Errorf("setting the revision of a contact: %w", err)
		}
		return audit(ctx, tx, contact)
	})
	return contact, before, err
}
