package ingest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// writer lands chunks. It keeps what an import must remember from one chunk to the next.
type writer struct {
	starts Starts
	// begins has the first chunk begin its transaction itself.
	begins bool
	// alone keeps all other writers out from the first chunk to the end of its transaction.
	alone bool
	// strict refuses what would have to be mended.
	strict bool
	// written counts the contacts written into each month.
	written map[time.Time]int
	// ties are those of the contacts written.
	ties directory.Ties
	// part is the memory of the rows on their way.
	part pgbinary.Rows
	// logging is how changes come into their log.
	logging logging
	// copied is called when rows are copied; nil where nobody waits.
	copied func()
}

func newWriter(starts Starts) *writer {
	return &writer{starts: starts, written: make(map[time.Time]int)}
}

// land takes the lines of a chunk into a transaction, which is then to be committed. The faults are those of the
// lines that were skipped, in their order.
func (w *writer) land(ctx context.Context, tx transaction, c *chunk) (Result, []*format.Fault, error) {
	m, err := w.merge(ctx, tx, c)
	if err != nil {
		return Result{}, nil, err
	}
	if err := w.write(ctx, tx, m, func(*pipeline) {}); err != nil {
		return Result{}, nil, err
	}
	return m.counts, m.faults, nil
}

// merge reads what the lines of a chunk name, once no other writer writes the same, and takes them one after the other. It
// writes nothing. Small things are locked only where there is something to write: lines mostly name them as they are.
func (w *writer) merge(ctx context.Context, tx transaction, c *chunk) (*merge, error) {
	batch := &pgx.Batch{}
	if w.begins {
		batch.Queue("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
	}
	if w.alone {
		batch.Queue(LockAlone)
	} else {
		queueLocks(batch, c.mentions.contacts.externalIDs, c.mentions.records.externalIDs)
	}
	// External ids of a chunk are few beside what the tables hold, which statistics may not know yet: one plan suits all of them.
	batch.Queue(`SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
		set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`)
	m, err := w.mergeAfter(ctx, tx, batch, c)
	if err != nil || w.alone || !m.changed() {
		return m, err
	}
	batch = &pgx.Batch{}
	batch.Queue(lockThings)
	return w.mergeAfter(ctx, tx, batch, c)
}

func (w *writer) mergeAfter(ctx context.Context, tx transaction, batch *pgx.Batch, c *chunk) (*merge, error) {
	m := &merge{starts: w.starts, strict: w.strict}
	m.read(batch, &c.mentions)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("reading what is known: %w", err)
	}
	if err := m.compare(ctx, tx, c.entries); err != nil {
		return nil, err
	}
	for i := range c.entries {
		m.take(&c.entries[i])
	}
	return m, m.settle(ctx, tx, c.entries, w.alone)
}

// write writes what came out of a merge; last queues what is to follow it.
func (w *writer) write(ctx context.Context, tx transaction, m *merge, last func(*pipeline)) error {
	if err := m.things.write(ctx, tx); err != nil {
		return err
	}
	if err := m.keepOrphans(ctx, tx); err != nil {
		return err
	}
	for _, e := range m.unwritten {
		w.ties.Add(m.thingsOf(e))
	}
	few := len(m.landings) <= maxInserted
	if few {
		for i := range m.landings {
			w.ties.Add(m.landings[i].numbers().Things)
		}
	}
	if err := w.prepare(ctx, tx, m); err != nil {
		return err
	}
	p := &pipeline{}
	updateRecords(p, m)
	addRecordMonths(p, m)
	w.removeReplaced(p, m)
	if few {
		w.insertAll(p, m)
	} else {
		if err := p.send(ctx, tx.Conn()); err != nil {
			return err
		}
		p = &pipeline{}
		if err := w.copyAll(ctx, tx.Conn().PgConn(), m); err != nil {
			return err
		}
		if err := w.ties.Ask(ctx, tx); err != nil {
			return err
		}
	}
	w.ties.Queue(p.queue)
	w.logNew(p, m)
	last(p)
	return p.send(ctx, tx.Conn())
}

// table is where rows of a merge go: so many items, of which each may have rows.
type table struct {
	name, columns string
	items         int
	add           func(i int)
}

// tables are all that rows of what is new go to.
func (w *writer) tables(m *merge) []table {
	return []table{
		{"records", RecordColumns, len(m.made), func(i int) {
			r := m.made[i]
			r.append(&w.part)
		}},
		{"contact_identities", IdentityColumns, len(m.landings), func(i int) {
			if l := &m.landings[i]; !l.identity.stored {
				l.prepared.AppendIdentity(&w.part, l.identity.id)
			}
		}},
		{"contacts", ContactColumns, len(m.landings), func(i int) {
			numbers := m.landings[i].numbers()
			m.landings[i].prepared.AppendContact(&w.part, numbers, m.rules)
			w.ties.Add(numbers.Things)
		}},
		{"contact_addresses", AddressColumns, len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendAddresses(&w.part, l.identity.id)
		}},
		{"ivr_steps", StepColumns, len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendSteps(&w.part, l.identity.id)
		}},
		{"contact_details", DetailsColumns, len(m.landings), func(i int) {
			l := &m.landings[i]
			l.prepared.AppendDetails(&w.part, l.identity.id)
		}},
	}
}

// copyAll copies the rows of what is new.
func (w *writer) copyAll(ctx context.Context, conn *pgconn.PgConn, m *merge) error {
	for _, t := range w.tables(m) {
		if err := pgbinary.CopyInto(ctx, conn, t.name, t.columns, "", w.rows(t.items, t.add)); err != nil {
			return err
		}
	}
	return nil
}

// insertAll queues the rows of what is new: for a few of them that is quicker, as all go at once.
func (w *writer) insertAll(p *pipeline, m *merge) {
	for _, t := range w.tables(m) {
		w.part = nil // the pipeline keeps the memory
		for i := range t.items {
			t.add(i)
		}
		p.insert(t.name, t.columns, w.part)
	}
	w.part = nil
}

// rows gives the rows of so many items part by part, each made when it is asked for: while PostgreSQL stores those before.
func (w *writer) rows(items int, add func(i int)) func() (pgbinary.Rows, error) {
	const size = 64 << 10
	done := 0
	return func() (pgbinary.Rows, error) {
		if w.copied != nil {
			w.copied()
		}
		for w.part = w.part[:0]; done < items && len(w.part) < size; done++ {
			add(done)
		}
		return w.part, nil
	}
}

// prepare makes the partitions that the contacts go to, takes numbers for those that are new, and asks which ties are.
func (w *writer) prepare(ctx context.Context, tx transaction, m *merge) error {
	batch := &pgx.Batch{}
	begun := make(map[time.Time]struct{})
	var unnumbered []*identity
	for i := range m.landings {
		l := &m.landings[i]
		month := months.Of(l.Contact.StartedAt)
		w.written[month]++
		if _, asked := begun[month]; !asked {
			begun[month] = struct{}{}
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
	w.ties.QueueQuestion(batch)
	if len(m.landings) > 0 {
		batch.Queue(changes.Tell)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("preparing partitions, numbers and ties: %w", err)
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

func updateRecords(p *pipeline, m *merge) {
	var ids []int64
	var names []string
	var values []*string
	var instants, revisions []int64
	for i := range m.records {
		r := &m.records[i]
		if !r.made && r.changed() {
			ids, names, values = append(ids, r.id), append(names, r.now.name), append(values, r.now.value)
			instants, revisions = append(instants, r.now.at), append(revisions, r.now.revision)
		}
	}
	if ids == nil {
		return
	}
	p.queue(`UPDATE records r SET significant_name = n.name, significant_value = n.value, significant_at = n.at, significant_revision = n.revision
		FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) n (id, name, value, at, revision)
		WHERE r.id = n.id`, ids, names, values, instants, revisions)
}

// addRecordMonths queues the months in which contacts point at a record.
func addRecordMonths(p *pipeline, m *merge) {
	type recordMonth struct {
		record int64
		month  time.Time
	}
	added := make(map[recordMonth]struct{})
	var ids []int64
	var begins []time.Time
	for i := range m.landings {
		l := &m.landings[i]
		if l.record == nil {
			continue
		}
		one := recordMonth{l.record.id, months.Of(l.Contact.StartedAt)}
		if _, again := added[one]; !again {
			added[one] = struct{}{}
			ids, begins = append(ids, one.record), append(begins, one.month)
		}
	}
	if ids != nil {
		p.queue("INSERT INTO record_months (record_id, month) SELECT * FROM unnest($1::bigint[], $2::date[]) ON CONFLICT DO NOTHING", ids, begins)
	}
}

// removeReplaced takes away the old content of the contacts that are replaced, in the order in which package fill locks
// them, and moves their identities on.
func (w *writer) removeReplaced(p *pipeline, m *merge) {
	var replaced []*landing
	for at := range m.landings {
		if l := &m.landings[at]; l.identity.stored {
			replaced = append(replaced, l)
		}
	}
	if replaced == nil {
		return
	}
	slices.SortFunc(replaced, func(a, b *landing) int {
		return cmp.Or(a.identity.storedAt.Compare(b.identity.storedAt), cmp.Compare(a.identity.id, b.identity.id))
	})
	var ids, revisions []int64
	var starts, newStarts []time.Time
	var hashes [][]byte
	for _, l := range replaced {
		i := l.identity
		ids, starts = append(ids, i.id), append(starts, i.storedAt)
		newStarts, revisions, hashes = append(newStarts, l.Contact.StartedAt), append(revisions, i.revision), append(hashes, i.hash[:])
	}
	kind := changes.Changed
	if w.logging == unlogged {
		kind = ""
	}
	queueRemoval(p, ids, starts, kind)
	p.queue(`UPDATE contact_identities i SET started_at = n.started_at, revision = n.revision, content_hash = n.content_hash
		FROM unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bytea[]) n (id, started_at, revision, content_hash)
		WHERE i.contact_id = n.id`, ids, newStarts, revisions, hashes)
}

// numbers are those of the contact and of what it points at.
func (l *landing) numbers() Numbers {
	n := Numbers{ID: l.identity.id}
	for d, into := range rowOf(&n.Things) {
		if x := l.things[d]; x != nil {
			*into = x.id
		}
	}
	if l.record != nil {
		n.Record = l.record.id
	}
	return n
}

// thingsOf are the numbers of what a line points at.
func (m *merge) thingsOf(e *entry) (row directory.Row) {
	references := references(e.Contact)
	for d, into := range rowOf(&row) {
		if references[d] != nil {
			*into = m.all[d][e.at.things[d]].id
		}
	}
	return row
}

// rowOf are the numbers of a row by dimension.
func rowOf(row *directory.Row) [dimensions]*int {
	return [dimensions]*int{
		campaigns: &row.Campaign, agents: &row.Agent, queues: &row.Queue, classifiers: &row.Classifier, siteCalls: &row.SiteCall,
	}
}
