package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// writer lands chunks. It keeps what an import must remember from one chunk to the next.
type writer struct {
	starts  Starts
	renamed map[thingKey]struct{}
	// written counts the contacts written into each month.
	written map[time.Time]int
	// ties are those of the contacts written.
	ties directory.Ties
	// part is the memory of the rows on their way.
	part pgbinary.Rows
}

func newWriter(starts Starts) *writer {
	return &writer{starts: starts, renamed: make(map[thingKey]struct{}), written: make(map[time.Time]int)}
}

// land takes the lines of a chunk into a transaction, which is then to be committed. The faults are those of the
// lines that were skipped, in their order.
func (w *writer) land(ctx context.Context, tx pgx.Tx, c *chunk) (Result, []*format.Fault, error) {
	m, err := w.merge(ctx, tx, c)
	if err != nil {
		return Result{}, nil, err
	}
	if err := w.write(ctx, tx, m); err != nil {
		return Result{}, nil, err
	}
	return m.counts, m.faults, nil
}

// merge reads what the lines of a chunk name and takes them one after the other. It writes nothing.
func (w *writer) merge(ctx context.Context, tx pgx.Tx, c *chunk) (*merge, error) {
	m := &merge{starts: w.starts, renamed: w.renamed}
	if err := m.read(ctx, tx, &c.mentions); err != nil {
		return nil, err
	}
	for i := range c.entries {
		m.take(&c.entries[i])
	}
	return m, nil
}

// write writes what came out of a merge.
func (w *writer) write(ctx context.Context, tx pgx.Tx, m *merge) error {
	if err := m.things.write(ctx, tx); err != nil {
		return err
	}
	if err := w.prepare(ctx, tx, m); err != nil {
		return err
	}
	if err := updateRecords(ctx, tx, m); err != nil {
		return err
	}
	if err := removeReplaced(ctx, tx, m); err != nil {
		return err
	}
	if err := w.copyAll(ctx, tx.Conn().PgConn(), m); err != nil {
		return err
	}
	return w.ties.Write(ctx, tx)
}

// copyAll copies the rows of what is new.
func (w *writer) copyAll(ctx context.Context, conn *pgconn.PgConn, m *merge) error {
	for _, table := range []struct {
		name, columns string
		next          func() (pgbinary.Rows, error)
	}{
		{"records", RecordColumns, w.rows(len(m.made), func(i int) {
			r := m.made[i]
			AppendRecord(&w.part, r.id, r.externalID, r.field)
		})},
		{"contact_identities", IdentityColumns, w.rows(len(m.landings), func(i int) {
			if l := &m.landings[i]; !l.identity.stored {
				l.prepared.AppendIdentity(&w.part, l.identity.id)
			}
		})},
		{"contacts", ContactColumns, w.rows(len(m.landings), func(i int) {
			numbers := m.landings[i].numbers()
			m.landings[i].prepared.AppendContact(&w.part, numbers)
			w.ties.Add(numbers.Things)
		})},
		{"contact_addresses", AddressColumns, w.rows(len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendAddresses(&w.part, l.identity.id)
		})},
		{"ivr_steps", StepColumns, w.rows(len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendSteps(&w.part, l.identity.id)
		})},
		{"contact_details", DetailsColumns, w.rows(len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendDetails(&w.part, l.identity.id)
		})},
	} {
		if err := pgbinary.CopyInto(ctx, conn, table.name, table.columns, "", table.next); err != nil {
			return err
		}
	}
	return nil
}

// rows gives the rows of so many items part by part, each made when it is asked for: while PostgreSQL stores those before.
func (w *writer) rows(items int, add func(i int)) func() (pgbinary.Rows, error) {
	const size = 64 << 10
	done := 0
	return func() (pgbinary.Rows, error) {
		for w.part = w.part[:0]; done < items && len(w.part) < size; done++ {
			add(done)
		}
		return w.part, nil
	}
}

// prepare makes the partitions that the contacts go to, and takes numbers for those that are new.
func (w *writer) prepare(ctx context.Context, tx pgx.Tx, m *merge) error {
	batch := &pgx.Batch{}
	months := make(map[time.Time]struct{})
	var unnumbered []*identity
	for i := range m.landings {
		l := &m.landings[i]
		month := monthOf(l.Contact.StartedAt)
		w.written[month]++
		if _, asked := months[month]; !asked {
			months[month] = struct{}{}
			batch.Queue("SELECT ensure_contact_partitions($1::timestamptz, $1::timestamptz)", month)
		}
		if !l.identity.stored {
			unnumbered = append(unnumbered, l.identity)
		}
	}
	if unnumbered != nil {
		batch.Queue("SELECT array_agg(nextval('contact_ids')) FROM generate_series(1, $1::int)", len(unnumbered)).
			QueryRow(func(row pgx.Row) error { return number(row, unnumbered, func(i *identity) *int64 { return &i.id }) })
	}
	if m.made != nil {
		batch.Queue("SELECT array_agg(nextval('records_id_seq')) FROM generate_series(1, $1::int)", len(m.made)).
			QueryRow(func(row pgx.Row) error { return number(row, m.made, func(r *record) *int64 { return &r.id }) })
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("preparing partitions and numbers: %w", err)
	}
	return nil
}

// number gives each item a number of a row that has them all.
func number[T any](row pgx.Row, items []T, into func(T) *int64) error {
	var numbers []int64
	if err := row.Scan(&numbers); err != nil {
		return err
	}
	for i, item := range items {
		*into(item) = numbers[i]
	}
	return nil
}

func updateRecords(ctx context.Context, tx pgx.Tx, m *merge) error {
	var ids []int64
	var names []string
	var values []*string
	for i := range m.records {
		if r := &m.records[i]; r.stored && r.changed() {
			ids, names, values = append(ids, r.id), append(names, r.field.Name), append(values, r.field.Value)
		}
	}
	if ids == nil {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE records r SET significant_name = n.name, significant_value = n.value
		FROM unnest($1::bigint[], $2::text[], $3::text[]) n (id, name, value) WHERE r.id = n.id`, ids, names, values)
	if err != nil {
		return fmt.Errorf("changing records: %w", err)
	}
	return nil
}

// removeReplaced takes away the old content of the contacts that are replaced, and moves their identities on.
func removeReplaced(ctx context.Context, tx pgx.Tx, m *merge) error {
	var ids, revisions []int64
	var starts, newStarts []time.Time
	var hashes [][]byte
	var from, to time.Time
	for at := range m.landings {
		l := &m.landings[at]
		i := l.identity
		if !i.stored {
			continue
		}
		if ids == nil || i.storedAt.Before(from) {
			from = i.storedAt
		}
		if ids == nil || i.storedAt.After(to) {
			to = i.storedAt
		}
		ids, starts = append(ids, i.id), append(starts, i.storedAt)
		newStarts, revisions, hashes = append(newStarts, l.Contact.StartedAt), append(revisions, i.revision), append(hashes, i.hash[:])
	}
	if ids == nil {
		return nil
	}
	batch := &pgx.Batch{}
	queueRemoval(batch, ids, starts, from, to)
	batch.Queue(`UPDATE contact_identities i SET started_at = n.started_at, revision = n.revision, content_hash = n.content_hash
		FROM unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bytea[]) n (id, started_at, revision, content_hash)
		WHERE i.contact_id = n.id`, ids, newStarts, revisions, hashes)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("removing replaced contacts: %w", err)
	}
	return nil
}

// numbers are those of the contact and of what it points at.
func (l *landing) numbers() Numbers {
	n := Numbers{ID: l.identity.id}
	for d, into := range [dimensions]*int{
		campaigns: &n.Things.Campaign, agents: &n.Things.Agent, queues: &n.Things.Queue, classifiers: &n.Things.Classifier, siteCalls: &n.Things.SiteCall,
	} {
		if x := l.things[d]; x != nil {
			*into = x.id
		}
	}
	if l.record != nil {
		n.Record = l.record.id
	}
	return n
}

// queueRemoval queues the statements that remove what contacts hold, but for their identities. The bounds of their starts
// tell the planner which partitions there can be rows in.
func queueRemoval(batch *pgx.Batch, ids []int64, starts []time.Time, from, to time.Time) {
	for _, table := range []struct{ name, start, id string }{
		{"contacts", "started_at", "id"},
		{"contact_addresses", "contact_started_at", "contact_id"},
		{"ivr_steps", "contact_started_at", "contact_id"},
		{"contact_details", "contact_started_at", "contact_id"},
	} {
		batch.Queue(fmt.Sprintf(`DELETE FROM %s t USING unnest($1::timestamptz[], $2::bigint[]) o (started_at, id)
			WHERE t.%s = o.started_at AND t.%s = o.id AND t.%[2]s BETWEEN $3::timestamptz AND $4::timestamptz`,
			table.name, table.start, table.id), starts, ids, from, to)
	}
}
