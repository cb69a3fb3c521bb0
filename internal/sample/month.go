package sample

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgbinary"
)

// buildingSchema holds the tables of months that are not published yet. Whoever holds the advisory lock of its name may
// drop it.
const buildingSchema = "kontakty_loading"

// parents are the tables that have a partition a month.
var parents = [...]struct{ name, columns string }{
	{"contacts", ingest.ContactColumns},
	{"contact_addresses", ingest.AddressColumns},
	{"ivr_steps", ingest.StepColumns},
	{"contact_details", ingest.DetailsColumns},
}

// month is a month of UTC: the hours from one to another, and what is under way in it.
type month struct {
	begin    time.Time
	from, to int
	now      []format.Contact
	tables   [len(parents)]table
}

// table is one of a month's tables while it is built.
type table struct {
	parent, columns string
	// name is that of the partition to be.
	name string
	// indexes are statements that index the table as its parent is; none for a month that has a partition already.
	indexes    []string
	begin, end time.Time
}

// monthsOf divides the hours among months.
func monthsOf(ctx context.Context, g *Generator, main *pgx.Conn) ([]*month, error) {
	var months []*month
	at := func(t time.Time) *month {
		begin := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		for _, m := range slices.Backward(months) {
			if m.begin.Equal(begin) {
				return m
			}
		}
		m := &month{begin: begin}
		months = append(months, m)
		return m
	}
	for i := range g.Hours() {
		m := at(g.calendar.first.Add(time.Duration(i) * time.Hour))
		if m.to == 0 {
			m.from = i
		}
		m.to = i + 1
	}
	// What is under way may have begun just before the last month, or wait until the next one.
	for _, c := range g.Hour(g.Hours()) {
		m := at(c.StartedAt)
		m.now = append(m.now, c)
	}
	for _, m := range months {
		for i, parent := range parents {
			t := table{
				parent: parent.name, columns: parent.columns, name: parent.name + m.begin.Format("_200601"),
				begin: m.begin, end: m.begin.AddDate(0, 1, 0),
			}
			exists, err := t.published(ctx, main)
			if err != nil {
				return nil, err
			}
			if !exists {
				if t.indexes, err = indexesLike(ctx, main, parent.name, t.building()); err != nil {
					return nil, err
				}
			}
			m.tables[i] = t
		}
	}
	return months, nil
}

// building is the table's name while it is built.
func (t *table) building() string { return buildingSchema + "." + t.name }

// published tells whether the month has its partition already.
func (t *table) published(ctx context.Context, conn *pgx.Conn) (exists bool, err error) {
	err = conn.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", t.name).Scan(&exists)
	return exists, err
}

// indexesLike are statements that give a table the indexes of another, so that attaching it builds none.
func indexesLike(ctx context.Context, conn *pgx.Conn, parent, child string) ([]string, error) {
	const definitions = `SELECT pg_get_indexdef(indexrelid), indisprimary, indisunique FROM pg_index
		WHERE indrelid = $1::regclass ORDER BY indisprimary DESC, indexrelid`
	found, err := conn.Query(ctx, definitions, parent)
	if err != nil {
		return nil, err
	}
	var statements []string
	var definition string
	var primary, unique bool
	_, err = pgx.ForEachRow(found, []any{&definition, &primary, &unique}, func() error {
		_, method, _ := strings.Cut(definition, " USING ")
		switch {
		case primary:
			statements = append(statements, "ALTER TABLE "+child+" ADD PRIMARY KEY "+strings.TrimPrefix(method, "btree "))
		case unique:
			statements = append(statements, "CREATE UNIQUE INDEX ON "+child+" USING "+method)
		default:
			statements = append(statements, "CREATE INDEX ON "+child+" USING "+method)
		}
		return nil
	})
	return statements, err
}

// fill copies a month's rows, each table over a connection of its own. Each of the month's tables is made in the
// transaction that fills it: PostgreSQL may then write the rows as frozen, and VACUUM has nothing left to do.
func (l *loader) fill(ctx context.Context, m *month, copying [len(parents)]*pgx.Conn, main *pgx.Conn) error {
	group, ctx := errgroup.WithContext(ctx)
	var parts [len(parents) + 1]chan pgbinary.Rows
	for i := range parts {
		parts[i] = make(chan pgbinary.Rows, 4)
	}
	for i := range m.tables {
		t := &m.tables[i]
		group.Go(func() error {
			return pgx.BeginFunc(ctx, copying[i], func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "CREATE TABLE "+t.building()+" (LIKE "+t.parent+
					" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)")
				if err != nil {
					return fmt.Errorf("making %s: %w", t.name, err)
				}
				return pgbinary.CopyInto(ctx, tx.Conn().PgConn(), t.building(), t.columns, ", FREEZE", receive(ctx, parts[i]))
			})
		})
	}
	group.Go(func() error {
		return pgbinary.CopyInto(ctx, main.PgConn(), "contact_identities", ingest.IdentityColumns, "", receive(ctx, parts[len(parents)]))
	})
	group.Go(func() error {
		defer func() {
			for i := range parts {
				close(parts[i])
			}
		}()
		return l.make(ctx, m, parts)
	})
	return group.Wait()
}

// make makes a month's contacts on all processors and sends them as rows, an hour at a time, in any order.
func (l *loader) make(ctx context.Context, m *month, parts [len(parents) + 1]chan pgbinary.Rows) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	next.Store(int64(m.from))
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			var ties directory.Ties
			defer l.tie(&ties)
			for {
				i := int(next.Add(1)) - 1
				contacts := m.now
				if i > m.to {
					return nil
				}
				if i < m.to {
					contacts = l.generator.Hour(i)
				}
				r := newRows(len(contacts))
				for j := range contacts {
					r.add(&l.numbering, &contacts[j])
					ties.Add(l.numbering.tied(&contacts[j]))
					l.steps.Add(int64(len(contacts[j].IVRSteps)))
					if ref := contacts[j].Record; ref != nil {
						l.records[numberIn(ref.ExternalID, l.numbering.recordDigits)].Store(true)
					}
				}
				for k, part := range []pgbinary.Rows{r.contacts, r.addresses, r.steps, r.details, r.identities} {
					select {
					case parts[k] <- part:
					case <-ctx.Done():
						return context.Cause(ctx)
					}
				}
				l.sent.Add(int64(len(contacts)))
				l.tell(false)
			}
		})
	}
	return group.Wait()
}

// receive takes rows from a channel until it is closed.
func receive(ctx context.Context, parts <-chan pgbinary.Rows) func() (pgbinary.Rows, error) {
	return func() (pgbinary.Rows, error) {
		for {
			select {
			case part, more := <-parts:
				if !more || len(part) > 0 {
					return part, nil
				}
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}
	}
}

// index gives the table the indexes of its parent.
func (t *table) index(ctx context.Context, conn *pgx.Conn) error {
	for _, statement := range t.indexes {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("indexing %s: %w", t.name, err)
		}
	}
	return nil
}

// publish makes partitions of all tables, under the lock that whoever makes partitions takes. The transaction also
// holds the identities and the records.
func (l *loader) publish(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('ensure_contact_partitions'))"); err != nil {
		return fmt.Errorf("waiting to make partitions: %w", err)
	}
	if _, err := tx.Exec(ctx, changes.Tell); err != nil {
		return fmt.Errorf("telling of the contacts: %w", err)
	}
	for _, m := range l.months {
		for i := range m.tables {
			if err := m.tables[i].publish(ctx, tx); err != nil {
				return fmt.Errorf("publishing %s: %w", m.tables[i].name, err)
			}
		}
	}
	if err := l.ties.Write(ctx, tx); err != nil {
		return err
	}
	for _, m := range l.months {
		if err := m.addRecordMonths(ctx, tx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, "DROP SCHEMA "+buildingSchema+" CASCADE"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, changes.Restart, "seeded")
	return err
}

// addRecordMonths notes which records the contacts of the month point at.
func (m *month) addRecordMonths(ctx context.Context, tx pgx.Tx) error {
	begin, end := m.tables[0].begin, m.tables[0].end
	if _, err := tx.Exec(ctx, `INSERT INTO record_months (record_id, month) SELECT DISTINCT record_id, ($1::timestamptz AT TIME ZONE 'UTC')::date
		FROM contacts WHERE record_id IS NOT NULL AND started_at >= $1 AND started_at < $2 ON CONFLICT DO NOTHING`, begin, end); err != nil {
		return fmt.Errorf("noting the months of records: %w", err)
	}
	return nil
}

// tie takes in what a part of the contacts point at.
func (l *loader) tie(ties *directory.Ties) {
	l.tying.Lock()
	defer l.tying.Unlock()
	l.ties.Merge(ties)
}

// publish makes the table a partition, or moves its rows to the one there is.
func (t *table) publish(ctx context.Context, tx pgx.Tx) error {
	exists, err := t.published(ctx, tx.Conn())
	if err != nil {
		return err
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", t.parent, t.columns, t.columns, t.building())
	if !exists {
		const instant = "2006-01-02 15:04:05Z"
		statement = fmt.Sprintf(`DO $$ BEGIN
			EXECUTE format('ALTER TABLE %s SET SCHEMA %%I', current_schema());
			ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s');
		END $$`, t.building(), t.parent, t.name, t.begin.Format(instant), t.end.Format(instant))
	}
	_, err = tx.Exec(ctx, statement)
	return err
}
