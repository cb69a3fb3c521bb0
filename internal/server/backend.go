package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest/fill"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/postgres/embedded"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/telemetry"
	"github.com/kontakty/kontakty/internal/tracing"
)

// How many connections each purpose has.
const (
	readConnections   = 10 // answer the API
	readTurns         = 3  // of them that one principal may use at once beside others
	readTurnsAlone    = 8  // of them that one principal may use at once where there is nobody else
	writeConnections  = 6  // record and order for it, unless there is a setting
	workConnections   = 8  // listen and run jobs
	accessConnections = 4  // recognise keys and write the audit log
)

// MaxWriteConnections is how many connections may record and order for callers: PostgreSQL has a hundred unless it is told
// otherwise.
const MaxWriteConnections = 64

// filesConnections is how many connections read what goes into files, and the directory.
func (b *backend) filesConnections() int { return 2 + 3*b.config.Files.Concurrency }

// drainTimeout is how long requests under way may take to end when a process stops, and files to be handed over.
const drainTimeout = 10 * time.Second

// poolsTimeout is how long connections may take to come back after that: together less than the 15 s in which a process ends
// whatever hangs.
const poolsTimeout = 3 * time.Second

// backend is what a process needs that makes files, and the part of a serving process that does not answer requests:
// the database, the report over it, the bucket, and the downloads in it.
type backend struct {
	config Config
	log    *slog.Logger
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time // time.After for the delay of a stop and of a restart of PostgreSQL, but in tests

	metrics       *telemetry.Metrics
	tracer        *tracing.Tracer // nil where nothing is traced
	metricsServer *metricsServer  // nil where they have no port of their own
	database      *Database
	files         *postgres.Pool // reads what goes into files, and the directory
	work          *postgres.Pool // listens, runs jobs
	write         *postgres.Pool // what the API records and orders; nil where there is none
	signer        *relay.Signer
	principals    *principals
	directory     *directory.Directory
	bucket        *storage.Bucket
	worker        *export.Worker
	numbering     *changes.Numbering

	failed     chan error      // why the process cannot go on
	current    func()          // called when the tables are up to date, unless nil
	background context.Context // of all that runs beside requests
	cancel     context.CancelFunc
	following  sync.WaitGroup
	// roundAfter is time.After for the rounds of looking after months, but in tests.
	roundAfter func(time.Duration) <-chan time.Time
}

func newBackend(config Config, log *slog.Logger, now func() time.Time) backend {
	// Two may have a reason at once: the private PostgreSQL and who answers requests.
	return backend{
		config: config, log: log, now: now, after: time.After, roundAfter: time.After,
		metrics: telemetry.NewMetrics(config.Version), failed: make(chan error, 2),
	}
}

// open opens the database, makes the tables current and fills them where that was asked, and loads what is kept in
// memory. After an error, close still has to be called.
func (b *backend) open(ctx context.Context) (err error) {
	b.background, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if b.config.Traces {
		if b.tracer, err = tracing.Open(ctx, b.config.Version, b.log); err != nil {
			return err
		}
		b.log = b.tracer.Log(b.log)
	}
	if err := b.openMetrics(); err != nil {
		return err
	}
	if b.database, err = OpenDatabase(ctx, b.config.Database, b.log); err != nil {
		return err
	}
	b.database.metrics, b.database.tracer = b.metrics, b.tracer
	b.following.Go(func() {
		if err := b.database.keepUp(b.background, embedded.Watching{Now: b.now, After: b.after, Restarted: b.metrics.PostgresRestarted}); err != nil {
			b.failed <- err
		}
	})
	if b.work, err = b.database.openWorkPool(ctx, b.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if b.files, err = b.database.openReadPool(ctx, "kontakty files", int32(b.filesConnections()), filesTimeout, statement.File, b.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if b.signer, err = CursorSigner(ctx, b.work); err != nil {
		return err
	}
	if err := b.openPrincipals(ctx); err != nil {
		return err
	}
	b.directory = directory.New(b.files.DB, b.signer, b.now)
	if err := b.directory.Refresh(ctx); err != nil {
		return fmt.Errorf("load agents, campaigns and queues: %w", err)
	}
	b.following.Go(func() { b.fillAddresses(b.background) })
	b.following.Go(func() { b.completeFacts(b.background) })
	b.following.Go(func() { b.followDirectory(b.background) })
	b.keepChanges()
	b.following.Go(func() {
		months.Maintenance{Pool: b.work, Now: b.now, After: b.roundAfter, Log: b.log}.Run(b.background)
	})
	return nil
}

// keepChanges has changes of contacts get their positions, and go when they were kept for long enough.
func (b *backend) keepChanges() {
	b.numbering = changes.NewNumbering(b.work, b.now, time.After, b.log)
	b.following.Go(func() { b.numbering.Run(b.background) })
	b.following.Go(func() {
		changes.Keeping{
			Pool: b.work, Kept: cmp.Or(b.config.ChangesKept, changes.DefaultKept), Now: b.now, After: b.roundAfter, Log: b.log,
		}.Run(b.background)
	})
}

// prepare makes the tables current, warns of what they may lack, and fills them where that was asked.
func (b *backend) prepare(ctx context.Context) error {
	if err := b.database.Prepare(ctx, b.work, b.config.Migrate); err != nil {
		return err
	}
	if err := b.workOutFacts(ctx); err != nil {
		return err
	}
	if b.current != nil {
		b.current()
	}
	locks, err := postgres.ReadLocks(ctx, b.work)
	if err != nil {
		return err
	}
	warnOfLocks(b.log, locks, readConnections+b.filesConnections())
	if b.config.Fill == nil {
		return nil
	}
	return b.config.Fill(ctx, b.work)
}

// warnOfLocks says what to set where the database has not the room for the locks of so many statements at once.
func warnOfLocks(log *slog.Logger, locks postgres.Locks, statements int) {
	if missing := locks.Missing(statements); missing > 0 {
		log.Warn("the database may run out of locks, and reading then fails: set max_locks_per_transaction in its postgresql.conf and restart it",
			"max_locks_per_transaction", locks.PerTransaction, "set", missing, "months", locks.Months)
	}
}

// store reads contacts through a pool, so many statements of each principal at once, beside others and alone; zero is no
// bound.
func (b *backend) store(pool *postgres.Pool, maxStatements, maxAlone int) *report.Store {
	return report.NewStore(pool.DB, b.directory, b.signer, report.Config{
		Zone: b.config.Zone, Now: b.now, Unprepared: b.database.pooled, MaxStatements: maxStatements, MaxStatementsAlone: maxAlone,
	})
}

// downloads are the files in the bucket, whose rows are read and written through a pool and whose filters are resolved by
// a store.
func (b *backend) downloads(pool *postgres.Pool, store *report.Store) (*export.Downloads, error) {
	return export.NewDownloads(pool, store, b.directory, b.signer, export.Config{
		Bucket: b.bucket, Now: b.now, PublicURL: b.config.PublicURL, Redirect: b.config.Files.Redirect,
		Expiry: b.config.Files.Expiry, Limits: b.config.Files.Limits, Log: warnings(b.log), Stage: b.config.Stage, Room: b.roomForFiles,
		Rights: b.principals.authenticator.Current, Authenticate: b.principals.authenticator.Authenticate,
		Address: b.config.Proxies.Address, Audit: b.principals.audit, Numbers: b.directory.Numbers, Ordering: b.tracer.Parent,
	})
}

// openFiles opens the bucket, and starts to make files unless that is left to others.
func (b *backend) openFiles(ctx context.Context) (err error) {
	if b.bucket, err = storage.Open(ctx, b.config.Files.Bucket); err != nil {
		return err
	}
	if b.config.NoWorker {
		return nil
	}
	downloads, err := b.downloads(b.work, b.store(b.files, 0, 0))
	if err != nil {
		return err
	}
	worker, err := export.NewWorker(downloads, export.WorkerConfig{
		Concurrency: b.config.Files.Concurrency, Store: b.store(b.files, 0, 0),
		Begin: b.tracer.File,
		Made: func(ctx context.Context, lines int, took time.Duration) {
			b.metrics.FileMade(lines, took)
			b.tracer.FileMade(ctx, lines)
		},
		Failed: func(ctx context.Context, code fault.Code) {
			b.metrics.FileFailed(string(code))
			b.tracer.FileFailed(ctx, string(code))
		},
	})
	if err != nil {
		return err
	}
	if err := worker.Start(b.background); err != nil {
		return err
	}
	b.worker = worker
	return nil
}

// handOver stops making files: those in work go to the next process, which begins them anew.
func (b *backend) handOver() error {
	if b.worker == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	return b.worker.Stop(ctx)
}

// close ends what runs in the background and gives everything up with these pools, the database last. The worker is stopped
// by then. What still waits for the database is cut off after a while, in the background, too.
func (b *backend) close(pools ...*postgres.Pool) error {
	if b.cancel != nil {
		b.cancel()
	}
	if b.metricsServer != nil {
		_ = b.metricsServer.http.Close()
	}
	pools = append(pools, b.files, b.write, b.work)
	if b.principals != nil {
		pools = append(pools, b.principals.pool)
	}
	postgres.CloseAll(poolsTimeout, pools...)
	b.following.Wait()
	var errs []error
	if b.bucket != nil {
		errs = append(errs, b.bucket.Close())
	}
	b.tracer.Close()
	if b.database != nil {
		errs = append(errs, b.database.Release())
	}
	return errors.Join(errs...)
}

// fillAddresses gives the contacts that were stored by an older version the keys of their addresses, beside all else and
// for half of the time.
func (b *backend) fillAddresses(ctx context.Context) {
	filled, err := fill.Addresses(ctx, b.work, func(took time.Duration) error { return pause(ctx, took) })
	switch {
	case ctx.Err() != nil: // the next process goes on where this one stopped
	case err != nil:
		b.log.Error("the keys of addresses that were stored before are not all filled; restart to go on", "error", err)
	case filled > 0:
		b.log.Info("the keys of addresses that were stored before are filled", "contacts", filled)
	}
}

// workOutFacts has the process begin with all contacts having their facts: without them what was lost would show as what cannot
// be. It works them out where the tables are ours to migrate, and otherwise says what to run.
func (b *backend) workOutFacts(ctx context.Context) error {
	err := fill.CheckFacts(ctx, b.work)
	if errors.Is(err, fill.ErrFactsMissing) && !b.database.private && !b.config.Migrate {
		return fmt.Errorf(`%w: run "kontakty migrate up" with the same --database-url first, or serve with --migrate`, err)
	}
	for told := false; errors.Is(err, fill.ErrFactsMissing); err = fill.CheckFacts(ctx, b.work) {
		if !told {
			told = true
			b.log.Info("working out the facts of contacts that were stored before; nothing is answered until then")
		}
		done, err := fill.Facts(ctx, b.work, func(time.Duration) error { return nil })
		if err != nil {
			return err
		}
		if done > 0 {
			b.log.Info("the facts of contacts are worked out", "contacts", done)
		} else if err := pause(ctx, time.Second); err != nil { // another process is at it
			return err
		}
	}
	return err
}

// factsInterval is how often contacts are looked for that a process of an earlier version has written beside this one.
const factsInterval = time.Minute

// completeFacts works out the facts of contacts that lack them.
func (b *backend) completeFacts(ctx context.Context) {
	for {
		for more := true; more; {
			var err error
			if _, more, err = fill.MissingFacts(ctx, b.work); err != nil && ctx.Err() == nil {
				b.log.Warn("the facts of some contacts are not worked out; the next try is in a minute", "error", err)
			}
		}
		if pause(ctx, factsInterval) != nil {
			return
		}
	}
}

// pause waits for a while or until ctx ends.
func pause(ctx context.Context, while time.Duration) error {
	select {
	case <-time.After(while):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
