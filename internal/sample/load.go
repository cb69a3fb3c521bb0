package sample

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgbinary"
	"github.com/kontakty/kontakty/internal/postgres"
)

// ErrLoaded is the error of Load for a seed that the database has already.
var ErrLoaded = errors.New("contacts of this seed are there already; another seed adds others")

// ErrLoading is the error of Load while another process loads into the same database.
var ErrLoading = errors.New("another process is loading contacts into this database")

// Progress is how far a load has come.
type Progress struct {
	// Contacts is how many contacts of Total have been made and sent to the database.
	Contacts, Total int
	// Finishing says that all have been sent: indexes are finished, and the tables vacuumed.
	Finishing bool
}

// Result is what a load has added.
type Result struct {
	// Contacts, Steps and Records are rows: contacts, IVR steps and records of clients.
	Contacts, Steps, Records int
}

// Load fills a migrated database with the data that the configuration asks for. The contacts appear all at once, at the end;
// until then readers see nothing of them, and a load that is cut short leaves nothing that the next one does not clear
// away. (The agents, campaigns and their like are there from the beginning.) Contacts that are in the database stay.
//
// Each month is copied into bare tables of a schema of their own, indexed, and becomes the month's partition in the end;
// where the month has a partition already, its rows are moved there. The load uses connections of its own, with the
// pool's settings but no time limit. Progress, which may be nil, is called by one goroutine at a time.
//
// Errors: ErrLoaded, ErrLoading, those of Config.Validate, and the database's.
func Load(ctx context.Context, pool *postgres.Pool, o Config, progress func(Progress)) (Result, error) {
	if err := o.Validate(); err != nil {
		return Result{}, err
	}
	l := &loader{generator: New(o), settings: pool.Config().ConnConfig.Copy(), progress: progress}
	l.settings.RuntimeParams["statement_timeout"] = "0"
	l.settings.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	l.settings.RuntimeParams["maintenance_work_mem"] = "256MB"
	result, err := l.load(ctx, pool)
	l.disconnect()
	if err != nil && l.building {
		// The error that matters is the load's. Where the database is away, the next load clears up.
		_ = l.sweep(context.WithoutCancel(ctx))
	}
	return result, err
}

type loader struct {
	generator *Generator
	settings  *pgx.ConnConfig
	numbering numbering
	months    []*month
	// building says that there may be tables that are not published.
	building bool
	// records marks which records contacts point at: only those are written.
	records []atomic.Bool
	// ties are those of the contacts made.
	ties  directory.Ties
	tying sync.Mutex

	steps    atomic.Int64
	sent     atomic.Int64
	progress func(Progress)
	telling  sync.Mutex

	connecting  sync.Mutex
	connections []*pgx.Conn
}

func (l *loader) load(ctx context.Context, pool *postgres.Pool) (Result, error) {
	main, err := l.connect(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := l.clear(ctx, main); err != nil {
		return Result{}, err
	}
	if err := l.describe(ctx, pool, main); err != nil {
		return Result{}, fmt.Errorf("writing agents, campaigns and the like: %w", err)
	}
	if err := l.prepare(ctx, main); err != nil {
		return Result{}, err
	}
	tx, err := main.Begin(ctx)
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := l.build(ctx, main); err != nil {
		return Result{}, err
	}
	l.tell(true)
	written, err := l.copyRecords(ctx, main)
	if err != nil {
		return Result{}, err
	}
	if err := l.publish(ctx, tx); err != nil {
		return Result{}, err
	}
	if err := tx.Commit(ctx); err != nil {
		return Result{}, fmt.Errorf("publishing the contacts: %w", err)
	}
	// From here on the data is there; what follows makes it fast.
	if err := l.vacuum(ctx); err != nil {
		return Result{}, fmt.Errorf("vacuuming: %w", err)
	}
	return Result{Contacts: l.generator.config.Contacts, Steps: int(l.steps.Load()), Records: written}, nil
}

// clear makes sure that this load is the only one and that its seed is new, and removes what an earlier one left behind.
func (l *loader) clear(ctx context.Context, main *pgx.Conn) error {
	// A load that ended a moment ago, or was killed, may hold the lock until the server notices.
	const lock = "SET LOCAL lock_timeout = '3s'; SELECT pg_advisory_lock(hashtext('" + buildingSchema + "'))"
	err := pgx.BeginFunc(ctx, main, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, lock)
		return err
	})
	if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) && refusal.Code == "55P03" { // lock_not_available
		return ErrLoading
	} else if err != nil {
		return fmt.Errorf("locking: %w", err)
	}
	var loaded bool
	first := l.generator.contactID(0)
	if err := main.QueryRow(ctx, "SELECT EXISTS (SELECT FROM contact_identities WHERE external_id = $1)", first).Scan(&loaded); err != nil {
		return fmt.Errorf("looking for contacts of the seed: %w", err)
	}
	if loaded {
		return ErrLoaded
	}
	if _, err := main.Exec(ctx, "DROP SCHEMA IF EXISTS "+buildingSchema+" CASCADE; CREATE SCHEMA "+buildingSchema); err != nil {
		return fmt.Errorf("clearing away what an earlier load left behind: %w", err)
	}
	l.building = true
	return nil
}

// sweep drops the tables of a load that failed, once its sessions are over, unless another load took their place.
func (l *loader) sweep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer l.disconnect()
	_, err = conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('"+buildingSchema+"')); DROP SCHEMA IF EXISTS "+buildingSchema+" CASCADE")
	return err
}

// describe imports the small things and learns their numbers.
func (l *loader) describe(ctx context.Context, pool *postgres.Pool, main *pgx.Conn) error {
	reader, writer := io.Pipe()
	var writing errgroup.Group
	writing.Go(func() error { return writer.CloseWithError(l.generator.describe(writer)) })
	_, err := ingest.Import(ctx, pool, reader, ingest.Config{Strict: true})
	// Writing ends with its reader; what failed in it has come through the pipe.
	if err := errors.Join(err, reader.Close(), writing.Wait()); err != nil {
		return err
	}
	for table, numbers := range map[string]*map[string]int{
		"agents": &l.numbering.agents, "campaigns": &l.numbering.campaigns, "queues": &l.numbering.queues,
		"classifiers": &l.numbering.classifiers, "site_calls": &l.numbering.siteCalls,
	} {
		*numbers = map[string]int{}
		found, err := main.Query(ctx, "SELECT external_id, id FROM "+table)
		if err != nil {
			return err
		}
		var externalID string
		var number int
		if _, err := pgx.ForEachRow(found, []any{&externalID, &number}, func() error { (*numbers)[externalID] = number; return nil }); err != nil {
			return err
		}
	}
	return nil
}

// prepare reserves numbers and divides the hours among months.
func (l *loader) prepare(ctx context.Context, main *pgx.Conn) (err error) {
	g := l.generator
	l.records = make([]atomic.Bool, g.size.records)
	l.numbering.contactDigits = len(g.id("", 0, 0)) - 1
	l.numbering.recordDigits = len(g.id("R", 0, 0)) - 1
	if l.numbering.rules, err = ingest.ReadFactRules(ctx, main); err != nil {
		return err
	}
	if l.numbering.firstContact, err = reserve(ctx, main, "contact_ids", g.config.Contacts); err != nil {
		return err
	}
	if l.numbering.firstRecord, err = reserve(ctx, main, "records_id_seq", g.size.records); err != nil {
		return err
	}
	if l.months, err = monthsOf(ctx, g, main); err != nil {
		return err
	}
	return nil
}

// reserve takes so many successive numbers from a sequence, and gives the first. Changing the sequence, even to what it
// is, keeps others from it until the numbers are taken.
func reserve(ctx context.Context, main *pgx.Conn, sequence string, numbers int) (int64, error) {
	var last int64
	err := pgx.BeginFunc(ctx, main, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "ALTER SEQUENCE "+sequence+" INCREMENT BY 1"); err != nil {
			return err
		}
		return tx.QueryRow(ctx, fmt.Sprintf("SELECT setval('%s', nextval('%s') + %d)", sequence, sequence, numbers)).Scan(&last)
	})
	if err != nil {
		return 0, fmt.Errorf("reserving numbers of %s: %w", sequence, err)
	}
	return last - int64(numbers), nil
}

// build fills and indexes the tables of all months. A month is indexed while the next one is filled.
func (l *loader) build(ctx context.Context, main *pgx.Conn) error {
	group, ctx := errgroup.WithContext(ctx)
	full := make(chan *table, len(l.months)*len(parents))
	for range 2 {
		group.Go(func() error {
			conn, err := l.connect(ctx)
			if err != nil {
				return err
			}
			for t := range full {
				if err := t.index(ctx, conn); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(full)
		var copying [len(parents)]*pgx.Conn
		for i := range copying {
			conn, err := l.connect(ctx)
			if err != nil {
				return err
			}
			copying[i] = conn
		}
		for _, m := range l.months {
			if err := l.fill(ctx, m, copying, main); err != nil {
				return err
			}
			for i := range m.tables {
				full <- &m.tables[i]
			}
		}
		return nil
	})
	return group.Wait()
}

// copyRecords writes the records that contacts point at, and tells how many.
func (l *loader) copyRecords(ctx context.Context, main *pgx.Conn) (int, error) {
	written := 0
	next := 0
	err := pgbinary.CopyInto(ctx, main.PgConn(), "records", ingest.RecordColumns, "", func() (pgbinary.Rows, error) {
		var part pgbinary.Rows
		for ; next < len(l.records) && len(part) < 1<<16; next++ {
			if !l.records[next].Load() {
				continue
			}
			written++
			ref := l.generator.reference(l.generator.clientOf(next))
			ingest.AppendRecord(&part, l.numbering.firstRecord+int64(next), ref.ExternalID, ref.SignificantField)
		}
		return part, nil
	})
	return written, err
}

// vacuum makes counts by index alone possible, and tells the planner what there is.
func (l *loader) vacuum(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, tables := range []string{"contacts", "ivr_steps, contact_details, contact_addresses, contact_identities, records"} {
		group.Go(func() error {
			conn, err := l.connect(ctx)
			if err != nil {
				return err
			}
			_, err = conn.Exec(ctx, "VACUUM (ANALYZE) "+tables)
			return err
		})
	}
	return group.Wait()
}

// tell reports the progress.
func (l *loader) tell(finishing bool) {
	if l.progress == nil {
		return
	}
	l.telling.Lock()
	defer l.telling.Unlock()
	l.progress(Progress{Contacts: int(l.sent.Load()), Total: l.generator.config.Contacts, Finishing: finishing})
}

// connect opens a connection that disconnect will close.
func (l *loader) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.settings.Copy())
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	l.connecting.Lock()
	defer l.connecting.Unlock()
	l.connections = append(l.connections, conn)
	return conn, nil
}

func (l *loader) disconnect() {
	for _, conn := range l.connections {
		_ = conn.Close(context.Background())
	}
	l.connections = nil
}
