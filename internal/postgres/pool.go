package postgres

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Config says how to connect to a database and what its sessions may do. Only URL is required.
type Config struct {
	// URL is a PostgreSQL connection URL or keyword string, as libpq reads it.
	URL string
	// ApplicationName is what the server shows in pg_stat_activity, "kontakty" if empty.
	ApplicationName string
	// MaxConns is the most connections held at once; 0 leaves it to the URL, or to pgx.
	MaxConns int32
	// ReadOnly makes every transaction read-only unless it says otherwise.
	ReadOnly bool
	// StatementTimeout ends a statement that runs longer; 0 means no limit.
	StatementTimeout time.Duration
	// PreparedStatements lets pgx prepare and keep statements, as COPY and River want it. Without it a statement is
	// sent once and forgotten, which suits Bun: its values are in the text, so no statement comes twice.
	PreparedStatements bool
	// GenericPlans has the server plan a statement with parameters once for all their values. It suits statements whose
	// shape says how they are to be run: planning a page of contacts takes longer than reading it.
	GenericPlans bool
	// Pooled says that the URL leads through a pooler that lends a session for a transaction only.
	Pooled bool
	// ListenURL is where channels are listened to, past such a pooler; URL if empty.
	ListenURL string
	// Metered has the meters of contexts add up how long their statements run; what is copied and sent in batches is not.
	Metered bool
	// Tracer, where there is one, sees every statement.
	Tracer pgx.QueryTracer
	// Listening, where there is one, is told when a channel begins to be listened to, and when that ends.
	Listening func(channel string, connected bool)
	// Room, where there is one, is what Pool.Room gives.
	Room func() error
	// Log receives what happens in the background, such as a lost connection; nil means nowhere.
	Log *slog.Logger
}

// What a session of PostgreSQL remembers grows with the statements that are prepared in it and with the tables that it has
// met. So a session keeps this many statements and lives this long, give or take a tenth, lest all end at once. A URL may
// ask for less.
const (
	maxCachedStatements = 56
	maxConnLifetime     = 30 * time.Minute
)

// Pool is a pool of connections to one database: pgx beside Bun, on the same connections.
type Pool struct {
	*pgxpool.Pool

	// DB is Bun over the pool.
	DB *bun.DB

	log       *slog.Logger
	listening func(channel string, connected bool)
	lines     *lines
	// listen is how to connect to listen to a channel.
	listen *pgx.ConnConfig
	room   func() error
}

// Open makes a pool and checks that the database answers.
func Open(ctx context.Context, config Config) (*Pool, error) {
	settings, err := config.pool()
	if err != nil {
		return nil, err
	}
	listen := settings
	if config.ListenURL != "" {
		if listen, err = (Config{URL: config.ListenURL, ApplicationName: config.ApplicationName}).pool(); err != nil {
			return nil, err
		}
	}
	log := orDiscard(config.Log)
	demandPrimary(&settings.ConnConfig.Config, config.ReadOnly)
	renewal := &renewal{}
	if !config.ReadOnly { // by its own setting it is told what a demoted server tells others
		settings.ConnConfig.OnPgError = renewal.afterDemotion(settings.ConnConfig.OnPgError)
	}
	settings.ConnConfig.ConnectTimeout = cmp.Or(settings.ConnConfig.ConnectTimeout, defaultConnectTimeout)
	lines := newLines(settings.ConnConfig.ConnectTimeout, renewal, log)
	settings.ConnConfig.DialFunc = lines.dial
	if listen != settings {
		demandPrimary(&listen.ConnConfig.Config, false)
		listen.ConnConfig.ConnectTimeout, listen.ConnConfig.DialFunc = settings.ConnConfig.ConnectTimeout, lines.dial
	}
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		lines.end()
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	renewal.attach(pool)
	if err := pool.Ping(ctx); err != nil {
		closeWithin(closeTimeout, pool, lines)
		return nil, explainRefusal(&settings.ConnConfig.Config, err, log)
	}
	listening := config.Listening
	if listening == nil {
		listening = func(string, bool) {}
	}
	return &Pool{
		Pool: pool, DB: bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New()), log: log, listening: listening, lines: lines,
		listen: listen.ConnConfig, room: config.Room,
	}, nil
}

// Room refuses what writes much while the disk of the database is known to be full: fault.DatabaseFull.
func (p *Pool) Room() error {
	if p.room == nil {
		return nil
	}
	return p.room()
}

const (
	// closeTimeout is how long the connections in use have to come back before they are cut.
	closeTimeout = 5 * time.Second
	// cutTimeout is how long those have to come back that were cut; who does not use one does not notice.
	cutTimeout = time.Second
)

// Close waits for the connections in use to come back, and closes all. Those that take longer than five seconds, as with a
// server that does not answer, are cut.
func (p *Pool) Close() { CloseAll(closeTimeout, p) }

// CloseAll closes pools side by side, where they are not nil, and cuts connections that take longer to come back.
func CloseAll(within time.Duration, pools ...*Pool) {
	var closing sync.WaitGroup
	for _, pool := range pools {
		if pool != nil {
			closing.Go(func() {
				_ = pool.DB.Close() // it owns no connection: the pool below does
				closeWithin(within, pool.Pool, pool.lines)
			})
		}
	}
	closing.Wait()
}

func closeWithin(within time.Duration, pool *pgxpool.Pool, lines *lines) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(within):
		lines.cutAll()
		select {
		case <-closed:
		case <-time.After(cutTimeout):
		}
	}
	lines.end()
}

// orDiscard is a log that is there.
func orDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}

func (c Config) pool() (*pgxpool.Config, error) {
	settings, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	if c.MaxConns > 0 {
		settings.MaxConns = c.MaxConns
		settings.MinConns = min(settings.MinConns, c.MaxConns)
	}
	settings.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	if c.PreparedStatements {
		settings.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	}
	settings.ConnConfig.Tracer = c.Tracer
	if c.Metered {
		settings.ConnConfig.Tracer = metering{c.Tracer}
	}
	settings.ConnConfig.StatementCacheCapacity = min(settings.ConnConfig.StatementCacheCapacity, maxCachedStatements)
	settings.MaxConnLifetime = min(settings.MaxConnLifetime, maxConnLifetime)
	settings.MaxConnLifetimeJitter = settings.MaxConnLifetime / 10

	name := c.ApplicationName
	if name == "" {
		name = "kontakty"
	}
	parameters := settings.ConnConfig.RuntimeParams
	parameters["application_name"] = name
	parameters["timezone"] = "UTC"
	if c.Pooled {
		c.lendByTransaction(settings)
		return settings, nil
	}
	if c.ReadOnly {
		parameters["default_transaction_read_only"] = "on"
	}
	if c.GenericPlans {
		parameters["plan_cache_mode"] = "force_generic_plan"
	}
	settings.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return configureSession(ctx, conn, c.StatementTimeout)
	}
	return settings, nil
}

// sessionSettings are those that a server may refuse: one for lack of a system call, the other for lack of a right.
// Asked for while connecting, a refusal would end the connection.
const sessionSettings = `DO $$ BEGIN
  BEGIN SET client_connection_check_interval = '1s'; EXCEPTION WHEN OTHERS THEN NULL; END;
  BEGIN SET log_min_error_statement = panic; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
END $$`

// configureSession goes past the tracer: it belongs to connecting, not to anyone's work. Nor does the statement timeout
// bear on it, for it comes last.
func configureSession(ctx context.Context, conn *pgx.Conn, statementTimeout time.Duration) error {
	sql := sessionSettings
	if statementTimeout > 0 {
		sql += "; SET statement_timeout = " + strconv.FormatInt(max(1, statementTimeout.Milliseconds()), 10)
	}
	if err := conn.PgConn().Exec(ctx, sql).Close(); err != nil {
		return fmt.Errorf("configuring the session: %w", err)
	}
	return nil
}
