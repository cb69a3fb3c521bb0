package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gocloud.dev/blob"

	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// workConnections is how many connections may listen and run jobs.
const workConnections = 8

// drainPatience is how long requests under way may take to end when a process stops, and files to be handed over.
const drainPatience = 10 * time.Second

// backend is what a process needs that makes files, and the part of a serving process that does not answer requests:
// the database, the report over it, the bucket, and the downloads in it.
type backend struct {
	options options
	log     *slog.Logger
	now     func() time.Time

	database *database
	files    *postgres.Pool // reads what goes into files, and the directory
	work     *postgres.Pool // listens, runs jobs
	write    *postgres.Pool // what the API records and orders; nil where there is none
	signer   *relay.Signer
	principals
	directory *directory.Directory
	bucket    *blob.Bucket
	worker    *export.Worker

	background context.Context // of all that runs beside requests
	cancel     context.CancelFunc
	following  sync.WaitGroup
}

// options are the checked settings of a process that runs until it is stopped.
type options struct {
	databaseFlags
	filesFlags
	oidcFlags
	servingFlags

	// migrate brings the tables of a database given by URL up to date. A private one always is.
	migrate bool
	// fill is called once the tables are there, before anything is answered; nil fills nothing.
	fill func(context.Context, *postgres.Pool) error
	// demo makes an administrator's key, which our pages get on this machine.
	demo bool
	// noWorker leaves the making of files to other processes.
	noWorker bool
	// step is called by the worker at each step of a file; nil outside tests, which kill the process there.
	step func(step string)
}

// open opens the database, makes the tables current and fills them where that was asked, and loads what is kept in
// memory. After an error, close still has to be called.
func (b *backend) open(ctx context.Context) (err error) {
	b.background, b.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if b.database, err = openDatabase(ctx, b.options.databaseFlags, b.log); err != nil {
		return err
	}
	if b.work, err = b.database.openPool(ctx, workConnections, b.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if err := b.database.prepare(ctx, b.work, b.options.migrate); err != nil {
		return err
	}
	locks, err := postgres.ReadLocks(ctx, b.work)
	if err != nil {
		return err
	}
	warnOfLocks(b.log, locks, apiConnections+b.filesConnections())
	if b.options.fill != nil {
		if err := b.options.fill(ctx, b.work); err != nil {
			return err
		}
	}
	if b.files, err = b.database.openReadPool(ctx, "kontakty files", int32(b.filesConnections()), filesTimeout, b.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if b.signer, err = cursorSigner(ctx, b.work); err != nil {
		return err
	}
	if err := b.openPrincipals(ctx); err != nil {
		return err
	}
	b.directory = directory.New(b.files.DB, b.signer)
	if err := b.directory.Refresh(ctx); err != nil {
		return fmt.Errorf("load agents, campaigns and queues: %w", err)
	}
	b.following.Go(func() {
		// It ends with the context, and says why it was interrupted before.
		_ = postgres.Listen(b.background, b.work, directory.Channel, b.directory.Refresh)
	})
	return nil
}

// filesConnections is how many connections read what goes into files, and the directory.
func (b *backend) filesConnections() int { return 2 + 3*b.options.atOnce }

// warnOfLocks says what to set where the database has not the room for the locks of so many statements at once.
func warnOfLocks(log *slog.Logger, locks postgres.Locks, statements int) {
	if missing := locks.Missing(statements); missing > 0 {
		log.Warn("the database may run out of locks, and reading then fails: set max_locks_per_transaction in its postgresql.conf and restart it",
			"max_locks_per_transaction", locks.PerTransaction, "set", missing, "months", locks.Months)
	}
}

// cursorSigner makes cursors with the key that the database keeps for all its processes.
func cursorSigner(ctx context.Context, pool *postgres.Pool) (*relay.Signer, error) {
	var key []byte
	if err := pool.QueryRow(ctx, "SELECT value FROM secrets WHERE name = 'cursor'").Scan(&key); err != nil {
		return nil, fmt.Errorf("read the key of cursors: %w", err)
	}
	return relay.NewSigner(key), nil
}

// store reads contacts through a pool.
func (b *backend) store(pool *postgres.Pool) *report.Store {
	return report.NewStore(pool.DB, b.directory, b.signer, report.Config{Zone: b.options.zone, Now: b.now})
}

// downloads are the files in the bucket, whose rows are read and written through a pool and whose filters are resolved by
// a store.
func (b *backend) downloads(pool *postgres.Pool, store *report.Store) (*export.Downloads, error) {
	return export.NewDownloads(pool, store, b.directory, b.signer, export.Settings{
		Bucket: b.bucket, Now: b.now, PublicURL: b.options.PublicURL, Redirect: b.options.redirect,
		Expiry: b.options.expireAfter, Limits: b.options.limits, Log: warnings(b.log), Step: b.options.step,
		Rights: b.principals.authenticator.Current, Authenticate: b.principals.authenticator.Authenticate,
		Address: b.options.proxies.address, Audit: b.principals.audit, Numbers: b.directory.Numbers,
	})
}

// openFiles opens the bucket, and starts to make files unless that is left to others.
func (b *backend) openFiles(ctx context.Context) (err error) {
	if b.bucket, err = export.OpenBucket(ctx, b.options.bucket(b.options.DataDir)); err != nil {
		return err
	}
	if b.options.noWorker {
		return nil
	}
	downloads, err := b.downloads(b.work, b.store(b.files))
	if err != nil {
		return err
	}
	worker, err := export.NewWorker(downloads, export.WorkerSettings{Concurrency: b.options.atOnce, Store: b.store(b.files)})
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
	ctx, cancel := context.WithTimeout(context.Background(), drainPatience)
	defer cancel()
	return b.worker.Stop(ctx)
}

// close ends what runs in the background and gives everything up, the database last. The worker is stopped by then.
func (b *backend) close() error {
	if b.cancel != nil {
		b.cancel()
	}
	b.following.Wait()
	var errs []error
	if b.bucket != nil {
		errs = append(errs, b.bucket.Close())
	}
	for _, pool := range []*postgres.Pool{b.files, b.write, b.principals.pool, b.work} {
		if pool != nil {
			pool.Close()
		}
	}
	if b.database != nil {
		errs = append(errs, b.database.release())
	}
	return errors.Join(errs...)
}
