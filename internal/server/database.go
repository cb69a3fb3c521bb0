package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/disk"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/postgres/embedded"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/telemetry"
	"github.com/kontakty/kontakty/internal/tracing"
)

// How long a statement may run that recognises a caller, and one for a file. Those that answer the API have a setting.
const (
	accessTimeout = 5 * time.Second
	filesTimeout  = 10 * time.Minute
)

// stopTimeout is how long the private PostgreSQL may take to stop.
const stopTimeout = 30 * time.Second

// Database is a PostgreSQL that may be used until Release is called.
type Database struct {
	url      string
	direct   string // past a pooler, where url leads through one
	pooled   bool   // the pooler lends a session for a transaction only
	private  bool   // the one in the data directory, which is ours to migrate
	server   *embedded.Server
	dataDir  string // of the private one
	lockWait time.Duration
	metrics  *telemetry.Metrics // nil where nobody watches
	tracer   *tracing.Tracer    // nil where nothing is traced
	lost     context.Context
	lose     context.CancelFunc
}

// OpenDatabase finds the PostgreSQL that the configuration asks for. The private one is started, unless another process
// runs it already: then it is shared. A nil log means that nothing is logged.
func OpenDatabase(ctx context.Context, config DatabaseConfig, log *slog.Logger) (*Database, error) {
	if config.URL != "" {
		return openGiven(ctx, config, log)
	}
	lost, lose := context.WithCancel(context.WithoutCancel(ctx))
	server, err := embedded.Start(ctx, embedded.Config{DataDir: config.DataDir, Log: log})
	if err != nil {
		lose()
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return &Database{url: server.URL(), direct: server.URL(), private: true, server: server, dataDir: config.DataDir, lockWait: config.LockWait, lost: lost, lose: lose}, nil
}

// errPooler says that a way past a pooler has to be named.
var errPooler = errors.New("--database-url leads through a pooler in transaction mode, which keeps neither locks nor notifications: name a way past it with --direct-database-url, such as the port of PostgreSQL itself")

// openGiven makes sure that a database that was named keeps sessions, or that there is a way past the pooler that does not.
func openGiven(ctx context.Context, config DatabaseConfig, log *slog.Logger) (*Database, error) {
	d := &Database{url: config.URL, direct: cmp.Or(config.DirectURL, config.URL), pooled: config.Pooled, lockWait: config.LockWait, lost: context.WithoutCancel(ctx)}
	lent, err := postgres.IsLentByTransaction(ctx, d.direct, log)
	switch {
	case err != nil:
		return nil, fmt.Errorf("connect to the database: %w", err)
	case lent && d.direct == d.url:
		return nil, errPooler
	case lent:
		return nil, errors.New("--direct-database-url leads through a pooler in transaction mode, too: name PostgreSQL itself")
	case d.direct == d.url:
		return d, nil
	}
	if err := postgres.CheckSame(ctx, d.url, d.direct, log); err != nil {
		return nil, fmt.Errorf("--database-url and --direct-database-url: %w", err)
	}
	if !d.pooled {
		if d.pooled, err = postgres.IsLentByTransaction(ctx, d.url, log); err != nil {
			return nil, fmt.Errorf("connect to the database: %w", err)
		}
	}
	return d, nil
}

// keepUp keeps the private PostgreSQL up until ctx ends. An error says that it does not stay up.
func (d *Database) keepUp(ctx context.Context, watching embedded.Watching) error {
	if d.server == nil {
		return nil
	}
	err := d.server.Watch(ctx, watching)
	if err != nil {
		d.lose()
	}
	return err
}

// Lost ends when the private PostgreSQL does not stay up and is given up.
func (d *Database) Lost() context.Context { return d.lost }

// logReserve is what the private PostgreSQL needs to go on: its log of writes grows by files of 16 MiB, and it ends where there
// is no room for one.
const logReserve = 64 << 20

// room refuses what writes much while the disk of the private PostgreSQL is full: STORAGE_FULL.
func (d *Database) room() error {
	if d.dataDir == "" || levelOf(d.dataDir, logReserve) < disk.Full {
		return nil
	}
	return fault.New(fault.DatabaseFull, "")
}

// levelOf is how far the disk of a directory is filled; one that cannot be looked at has room.
func levelOf(directory string, atLeast int64) disk.Level {
	room, err := disk.Of(directory)
	if err != nil {
		return disk.Enough
	}
	return room.Level(atLeast)
}

// Release stops the private PostgreSQL unless another process uses it.
func (d *Database) Release() error {
	if d.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		return fmt.Errorf("stop the private PostgreSQL: %w", err)
	}
	return nil
}

// StopDatabases stops every private PostgreSQL that no other process uses, without a checkpoint: for a process that is about
// to end without releasing anything. The next start recovers them.
func StopDatabases() error { return embedded.StopAll() }

// openWorkPool opens connections for work other than answering the API: COPY, LISTEN, jobs, migrations. They may write,
// a statement may take as long as it needs, and they keep their sessions: they lead past a pooler.
func (d *Database) openWorkPool(ctx context.Context, log *slog.Logger) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:             d.direct,
		MaxConns:        workConnections,
		ApplicationName: "kontakty work",
		// COPY and River want statements prepared.
		PreparedStatements: true,
		Tracer:             d.watching(statement.Job, log),
		Listening:          d.listening(),
		Room:               d.room,
		Log:                log,
	})
}

// watching watches the statements of a pool that are of a kind unless they are marked otherwise.
func (d *Database) watching(kind statement.Kind, log *slog.Logger) pgx.QueryTracer {
	if d.metrics == nil {
		return nil
	}
	return d.tracer.Statements(kind, d.metrics.Tracer(kind, log))
}

// listening is told which channels are listened to.
func (d *Database) listening() func(string, bool) {
	if d.metrics == nil {
		return nil
	}
	return d.metrics.Listening
}

// openReadPool opens connections that cannot write, whose statements end after the timeout and are of a kind unless they are
// marked otherwise.
func (d *Database) openReadPool(
	ctx context.Context, name string, connections int32, timeout time.Duration, kind statement.Kind, log *slog.Logger,
) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:              d.url,
		Pooled:           d.pooled,
		MaxConns:         connections,
		ReadOnly:         true,
		GenericPlans:     true,
		Metered:          true,
		StatementTimeout: timeout,
		ApplicationName:  name,
		Tracer:           d.watching(kind, log),
		Log:              log,
	})
}

// openWritePool opens connections for what the API records and orders. They are its own: however long its callers wait
// for one another, no job waits for a connection.
func (d *Database) openWritePool(ctx context.Context, connections int32, timeout time.Duration, log *slog.Logger) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:                d.url,
		Pooled:             d.pooled,
		ListenURL:          d.direct,
		MaxConns:           connections,
		StatementTimeout:   timeout,
		ApplicationName:    "kontakty api writes",
		PreparedStatements: true,
		Tracer:             d.tracer.Statements(statement.Write, nil), // the metrics have whole calls
		Listening:          d.listening(),
		Room:               d.room,
		Log:                log,
	})
}

// Migrator changes the tables through a pool of the database.
func (d *Database) Migrator(pool *postgres.Pool) *postgres.Migrator {
	migrator := postgres.NewMigrator(pool)
	migrator.LockWait = cmp.Or(d.lockWait, migrator.LockWait)
	return migrator
}

// Prepare makes the tables current where the database is private or migrate is set, and otherwise says what is missing.
func (d *Database) Prepare(ctx context.Context, pool *postgres.Pool, migrate bool) error {
	migrator := d.Migrator(pool)
	if d.private || migrate {
		if _, err := migrator.Up(ctx); err != nil {
			return fmt.Errorf("bring the tables up to date: %w", err)
		}
		return nil
	}
	steps, err := migrator.Status(ctx)
	if err != nil {
		return fmt.Errorf("read which tables there are: %w", err)
	}
	missing := 0
	for _, step := range steps {
		if !step.Applied {
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("the database lacks %d of %d steps: run \"kontakty migrate up\" with the same --database-url first, or serve with --migrate", missing, len(steps))
	}
	return nil
}

// WithDatabase opens a database and a pool for work, calls do, and releases everything whatever came of it.
func WithDatabase(ctx context.Context, config DatabaseConfig, do func(*Database, *postgres.Pool) error) (err error) {
	database, err := OpenDatabase(ctx, config, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Release()) }()
	watched, end := context.WithCancel(ctx)
	kept := make(chan error, 1)
	go func() { kept <- database.keepUp(watched, embedded.Watching{}) }()
	defer func() {
		end()
		err = errors.Join(err, <-kept)
	}()
	pool, err := database.openWorkPool(ctx, nil)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer pool.Close()
	return do(database, pool)
}

// CursorSigner makes cursors with the key that the database keeps for all its processes.
func CursorSigner(ctx context.Context, pool *postgres.Pool) (*relay.Signer, error) {
	var key []byte
	if err := pool.QueryRow(ctx, "SELECT value FROM secrets WHERE name = 'cursor'").Scan(&key); err != nil {
		return nil, fmt.Errorf("read the key of cursors: %w", err)
	}
	return relay.NewSigner(key), nil
}
