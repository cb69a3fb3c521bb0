package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:// buckets

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// How many connections to the database each kind of work may hold.
const (
	apiConnections   = 10
	filesConnections = 2 * filesAtOnce
	workConnections  = 8
)

// filesAtOnce is how many files are made at once.
const filesAtOnce = 2

// drainPatience is how long requests under way may take to end when the server stops, and then jobs.
const drainPatience = 10 * time.Second

// Main is the serving process. New says how it will serve, Run starts it, Close stops it in order; tests run it on
// port 0.
type Main struct {
	options options
	log     *slog.Logger
	now     func() time.Time

	listener net.Listener
	server   *http.Server
	served   chan error
	ready    *readiness

	database *database
	read     *postgres.Pool // answers the API
	files    *postgres.Pool // reads what goes into files
	work     *postgres.Pool // writes
	bucket   *blob.Bucket
	worker   *export.Worker

	background context.Context    // of all that runs beside requests
	cancel     context.CancelFunc // ends it
	listening  chan struct{}      // closed when LISTEN ended
}

// options are the checked settings of a serving process.
type options struct {
	databaseFlags
	servingFlags

	// migrate brings the tables of a database given by URL up to date. A private one always is.
	migrate bool
	// fill is called once the tables are there, before anything is answered; nil fills nothing.
	fill func(context.Context, *postgres.Pool) error
}

// New makes a process that is not started yet.
func New(options options, log *slog.Logger, now func() time.Time) *Main {
	return &Main{options: options, log: log, now: now}
}

// Run starts the process and returns when it answers requests. After an error, Close still has to be called.
func (m *Main) Run(ctx context.Context) error {
	m.background, m.cancel = context.WithCancel(context.WithoutCancel(ctx))
	listener, err := net.Listen("tcp", m.options.Listen)
	if err != nil {
		return fmt.Errorf("serve on %s: %w (--listen takes another address)", m.options.Listen, err)
	}
	m.listener = listener
	gate := &gate{}
	m.server = newHTTPServer(gate, m.log)
	m.served = make(chan error, 1)
	go func() { m.served <- m.server.Serve(listener) }()

	if err := m.openDatabase(ctx); err != nil {
		return err
	}
	handler, err := m.wire(ctx)
	if err != nil {
		return err
	}
	gate.open.Store(&handler)
	return nil
}

// openDatabase opens the pools, makes the tables current and fills them where that was asked.
func (m *Main) openDatabase(ctx context.Context) (err error) {
	if m.database, err = openDatabase(ctx, m.options.databaseFlags, m.log); err != nil {
		return err
	}
	if m.work, err = m.database.openPool(ctx, workConnections, m.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if err := m.database.prepare(ctx, m.work, m.options.migrate); err != nil {
		return err
	}
	if m.options.fill != nil {
		if err := m.options.fill(ctx, m.work); err != nil {
			return err
		}
	}
	if m.read, err = m.database.openReadPool(ctx, "kontakty api", apiConnections, apiTimeout, m.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if m.files, err = m.database.openReadPool(ctx, "kontakty files", filesConnections, filesTimeout, m.log); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	return nil
}

// wire builds what answers requests over the open database.
func (m *Main) wire(ctx context.Context) (http.Handler, error) {
	var key []byte
	if err := m.work.QueryRow(ctx, "SELECT value FROM secrets WHERE name = 'cursor'").Scan(&key); err != nil {
		return nil, fmt.Errorf("read the key of cursors: %w", err)
	}
	signer := relay.NewSigner(key)

	var err error
	if m.ready, err = newReadiness(ctx, m.read); err != nil {
		return nil, fmt.Errorf("read which tables there are: %w", err)
	}
	directory := contact.NewDirectory(m.read.DB)
	if err := m.follow(ctx, directory); err != nil {
		return nil, err
	}
	settings := contact.Settings{Zone: m.options.zone, Now: m.now}
	store := contact.NewStore(m.read.DB, directory, signer, settings)

	if m.bucket, err = blob.OpenBucket(ctx, m.filesBucket()); err != nil {
		return nil, fmt.Errorf("open the bucket of files: %w", err)
	}
	downloads, err := export.NewDownloads(m.work, store, directory, signer, export.Settings{
		Bucket: m.bucket, Now: m.now, PublicURL: m.options.PublicURL, Log: warnings(m.log),
	})
	if err != nil {
		return nil, err
	}
	m.worker, err = export.NewWorker(downloads, export.WorkerSettings{
		Concurrency: filesAtOnce,
		Store:       contact.NewStore(m.files.DB, directory, signer, settings),
	})
	if err != nil {
		return nil, err
	}
	if err := m.worker.Start(m.background); err != nil {
		m.worker = nil
		return nil, err
	}

	metrics := newMetrics()
	metrics.watchPool("api", m.read.Pool)
	metrics.watchPool("files", m.files.Pool)
	metrics.watchPool("work", m.work.Pool)

	return routes{
		graphql: graph.NewHandler(graph.Config{
			Store:     store,
			Directory: directory,
			Downloads: downloads,
			Record: func(ctx context.Context, contacts []ingest.Contact) (ingest.Result, []error) {
				return ingest.Record(ctx, m.work, contacts)
			},
			Translate: postgres.Translate,
			Log:       m.log,
		}),
		files:   downloads.Handler(),
		sdl:     graph.SDL,
		ready:   m.ready,
		metrics: metrics,
		origins: m.options.AllowOrigins,
		log:     m.log,
	}.handler(), nil
}

// follow loads the directory and keeps it current until the process ends.
func (m *Main) follow(ctx context.Context, directory *contact.Directory) error {
	if err := directory.Refresh(ctx); err != nil {
		return fmt.Errorf("load agents, campaigns and queues: %w", err)
	}
	m.ready.directoryLoaded.Store(true)
	m.listening = make(chan struct{})
	go func() {
		defer close(m.listening)
		// It ends with the context, and says why it was interrupted before.
		_ = postgres.Listen(m.background, m.work, contact.DirectoryChannel, directory.Refresh)
	}()
	return nil
}

// filesBucket is the URL of the bucket that files are made in. A file is written beside the finished ones, where it is
// found and removed if its maker was killed, and has no second file of attributes.
func (m *Main) filesBucket() string {
	bucket := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(m.options.DataDir, "files"))}
	if m.options.FilesURL != "" {
		given, err := url.Parse(m.options.FilesURL)
		if err != nil {
			return m.options.FilesURL // opening it says what is wrong
		}
		bucket = *given
	}
	bucket.RawQuery = "create_dir=true&dir_file_mode=0700&no_tmp_dir=true&metadata=skip"
	return bucket.String()
}

// URL is the address that the process answers on, without a path.
func (m *Main) URL() string {
	host, port, _ := net.SplitHostPort(m.listener.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Failed delivers the reason if the process stops serving by itself.
func (m *Main) Failed() <-chan error { return m.served }

// Close stops the process in order: no new requests, those under way end, no new jobs, those under way end or are
// cancelled and waited for, and the database last. It may be called once, after Run, whatever Run returned.
func (m *Main) Close() error {
	var errs []error
	if m.ready != nil {
		m.ready.stopping.Store(true)
	}
	if m.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), drainPatience)
		if err := m.server.Shutdown(ctx); err != nil {
			errs = append(errs, m.server.Close()) // requests that do not end are cut off
		}
		cancel()
	}
	if m.worker != nil {
		ctx, cancel := context.WithTimeout(context.Background(), drainPatience)
		errs = append(errs, m.worker.Stop(ctx))
		cancel()
	}
	if m.cancel != nil {
		m.cancel()
	}
	if m.listening != nil {
		<-m.listening
	}
	if m.bucket != nil {
		errs = append(errs, m.bucket.Close())
	}
	for _, pool := range []*postgres.Pool{m.read, m.files, m.work} {
		if pool != nil {
			pool.Close()
		}
	}
	if m.database != nil {
		errs = append(errs, m.database.release())
	}
	return errors.Join(errs...)
}
