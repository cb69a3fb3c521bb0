package ingest

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/contact"
)

// writer lands chunks. It keeps the buffers of the rows from one chunk to the next, and what an import must remember
// across chunks.
type writer struct {
	renamed map[thingKey]struct{}
	// written counts the contacts written into each month.
	written map[time.Time]int
	// ties are those of the contacts written.
	ties contact.Ties

	records    copyRows
	identities copyRows
	contacts   copyRows
	steps      copyRows
	details    copyRows
}

func newWriter() *writer {
	return &writer{
		renamed:    make(map[thingKey]struct{}),
		written:    make(map[time.Time]int),
		records:    copyRows{table: "records", width: 4, columns: "id, external_id, significant_name, significant_value"},
		identities: copyRows{table: "contact_identities", width: 5, columns: "contact_id, external_id, started_at, revision, content_hash"},
		contacts: copyRows{table: "contacts", width: 24, columns: `id, started_at, type, status, hangup_party, details_kind, campaign_id,
			agent_id, queue_id, classifier_id, site_call_id, record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id,
			site_call_order_id, source_address, source_key, destination_address, destination_key, cc_addresses, bcc_addresses`},
		steps: copyRows{
			table: "ivr_steps", width: 8,
			columns: "contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice",
		},
		details: copyRows{table: "contact_details", width: 3, columns: "contact_started_at, contact_id, content"},
	}
}

// land takes the lines of a chunk into a transaction, which is then to be committed. The faults are those of the
// lines that were skipped, in their order.
func (w *writer) land(ctx context.Context, tx pgx.Tx, entries []entry) (Result, []*Fault, error) {
	m := &merge{renamed: w.renamed}
	if err := m.read(ctx, tx, entries); err != nil {
		return Result{}, nil, err
	}
	for i := range entries {
		m.take(&entries[i])
	}
	if err := m.things.write(ctx, tx); err != nil {
		return Result{}, nil, err
	}
	if err := w.write(ctx, tx, m); err != nil {
		return Result{}, nil, err
	}
	return m.counts, m.faults, nil
}

func (w *writer) write(ctx context.Context, tx pgx.Tx, m *merge) error {
	if err := w.prepare(ctx, tx, m); err != nil {
		return err
	}
	if err := updateRecords(ctx, tx, m); err != nil {
		return err
	}
	if err := removeReplaced(ctx, tx, m); err != nil {
		return err
	}
	for _, r := range m.made {
		w.addRecord(r)
	}
	for _, l := range m.landings {
		w.add(l)
		w.ties.Add(l.tied())
	}
	if err := w.ties.Write(ctx, tx); err != nil {
		return err
	}
	return w.send(ctx, tx.Conn().PgConn())
}

// prepare makes the partitions that the contacts go to, and takes numbers for those that are new.
func (w *writer) prepare(ctx context.Context, tx pgx.Tx, m *merge) error {
	batch := &pgx.Batch{}
	months := make(map[time.Time]struct{})
	var unnumbered []*identity
	for _, l := range m.landings {
		month := monthOf(l.contact.StartedAt)
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
		batch.Queue("SELECT nextval('contact_ids') FROM generate_series(1, $1::int)", len(unnumbered)).
			Query(func(rows pgx.Rows) error { return number(rows, unnumbered, func(i *identity) *int64 { return &i.id }) })
	}
	if m.made != nil {
		batch.Queue("SELECT nextval(pg_get_serial_sequence('records', 'id')) FROM generate_series(1, $1::int)", len(m.made)).
			Query(func(rows pgx.Rows) error { return number(rows, m.made, func(r *record) *int64 { return &r.id }) })
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("preparing partitions and numbers: %w", err)
	}
	return nil
}

// number gives each item the number of a row.
func number[T any](rows pgx.Rows, items []T, into func(T) *int64) error {
	next := 0
	for rows.Next() {
		if err := rows.Scan(into(items[next])); err != nil {
			return err
		}
		next++
	}
	return rows.Err()
}

func updateRecords(ctx context.Context, tx pgx.Tx, m *merge) error {
	var ids []int64
	var names []string
	var values []*string
	for _, r := range m.records {
		if r.stored && r.changed() {
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
	for _, l := range m.landings {
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
		newStarts, revisions, hashes = append(newStarts, l.contact.StartedAt), append(revisions, i.revision), append(hashes, i.hash[:])
	}
	if ids == nil {
		return nil
	}
	batch := &pgx.Batch{}
	// The bounds tell the planner which partitions there can be rows in.
	for _, table := range []struct{ name, start, id string }{
		{"contacts", "started_at", "id"},
		{"ivr_steps", "contact_started_at", "contact_id"},
		{"contact_details", "contact_started_at", "contact_id"},
	} {
		batch.Queue(fmt.Sprintf(`DELETE FROM %s t USING unnest($1::timestamptz[], $2::bigint[]) o (started_at, id)
			WHERE t.%s = o.started_at AND t.%s = o.id AND t.%[2]s BETWEEN $3::timestamptz AND $4::timestamptz`,
			table.name, table.start, table.id), starts, ids, from, to)
	}
	batch.Queue(`UPDATE contact_identities i SET started_at = n.started_at, revision = n.revision, content_hash = n.content_hash
		FROM unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bytea[]) n (id, started_at, revision, content_hash)
		WHERE i.contact_id = n.id`, ids, newStarts, revisions, hashes)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("removing replaced contacts: %w", err)
	}
	return nil
}

// tied is what the contact points at.
func (l *landing) tied() contact.Row {
	var row contact.Row
	for d, into := range [dimensions]*int{&row.Campaign, &row.Agent, &row.Queue, &row.Classifier, &row.SiteCall} {
		if x := l.things[d]; x != nil {
			*into = x.id
		}
	}
	return row
}

func (w *writer) addRecord(r *record) {
	rows := &w.records
	rows.row()
	rows.bigint(r.id)
	rows.text(r.externalID)
	if r.field == nil {
		rows.null()
		rows.null()
		return
	}
	rows.text(r.field.Name)
	rows.optionalText(r.field.Value)
}

// add turns a contact into rows, in the order of the columns that newWriter names.
func (w *writer) add(l *landing) {
	c, id := l.contact, l.identity.id
	if !l.identity.stored {
		rows := &w.identities
		rows.row()
		rows.bigint(id)
		rows.text(c.ExternalID)
		rows.time(c.StartedAt)
		rows.bigint(c.Revision)
		rows.bytes(l.hash[:])
	}

	rows := &w.contacts
	rows.row()
	rows.bigint(id)
	rows.time(c.StartedAt)
	rows.text(string(c.Type))
	rows.text(string(c.Status))
	rows.optionalText((*string)(c.HangupParty))
	rows.optionalText((*string)(c.Details.Kind()))
	for _, x := range l.things {
		if x == nil {
			rows.null()
		} else {
			rows.int(x.id)
		}
	}
	if l.record == nil {
		rows.null()
	} else {
		rows.bigint(l.record.id)
	}
	rows.optionalInt(c.IVRTime)
	rows.optionalInt(c.RingTime)
	rows.optionalInt(c.AgentTalkTime)
	rows.text(c.ExternalID)
	rows.optionalText(c.TicketID)
	rows.optionalText(c.SiteCallOrderID)
	rows.optionalText(c.SourceAddress)
	rows.optionalText(l.sourceKey)
	rows.optionalText(c.DestinationAddress)
	rows.optionalText(l.destinationKey)
	rows.textArray(c.CCAddresses)
	rows.textArray(c.BCCAddresses)

	rows = &w.steps
	for i := range c.IVRSteps {
		s := &c.IVRSteps[i]
		rows.row()
		rows.time(c.StartedAt)
		rows.bigint(id)
		rows.int(i + 1)
		rows.text(string(s.Kind))
		rows.time(s.EnteredAt)
		rows.optionalTime(s.LeftAt)
		rows.text(s.Name)
		rows.optionalText(s.Choice)
	}

	if l.entry.details != nil {
		rows = &w.details
		rows.row()
		rows.time(c.StartedAt)
		rows.bigint(id)
		rows.jsonb(l.entry.details)
	}
}

func (w *writer) send(ctx context.Context, conn *pgconn.PgConn) error {
	for _, rows := range []*copyRows{&w.records, &w.identities, &w.contacts, &w.steps, &w.details} {
		if err := rows.send(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}
