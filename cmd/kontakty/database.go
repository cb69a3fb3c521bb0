package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// How long a statement may run that recognises somebody, and one for a file. Those that answer the API have a setting.
const (
	accessTimeout = 5 * time.Second
	filesTimeout  = 10 * time.Minute
)

// stopPatience is how long the private PostgreSQL may take to stop.
const stopPatience = 30 * time.Second

// database is a PostgreSQL that a command may use until it calls release.
type database struct {
	url     string
	private bool // the one in the data directory, which is ours to migrate
	server  *embedded.Server
}

// openDatabase finds the PostgreSQL that flags ask for. The private one is started, unless another process runs it
// already: then it is shared.
func openDatabase(ctx context.Context, flags databaseFlags, log *slog.Logger) (*database, error) {
	if flags.DatabaseURL != "" {
		return &database{url: flags.DatabaseURL}, nil
	}
	server, err := embedded.Start(ctx, embedded.Options{DataDir: flags.DataDir, Log: log})
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return &database{url: server.URL(), private: true, server: server}, nil
}

// release stops the private PostgreSQL if this process started it and no other one uses it.
func (d *database) release() error {
	if d.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		return fmt.Errorf("stop the private PostgreSQL: %w", err)
	}
	return nil
}

// openPool opens connections for work other than answering the API: COPY, LISTEN, jobs, migrations. They may write,
// and a statement may take as long as it needs.
func (d *database) openPool(ctx context.Context, connections int32, log *slog.Logger) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:             d.url,
		MaxConns:        connections,
		ApplicationName: "kontakty work",
		// COPY and River want statements prepared.
		PreparedStatements: true,
		Log:                log,
	})
}

// openReadPool opens connections that cannot write, whose statements end after the timeout.
func (d *database) openReadPool(ctx context.Context, name string, connections int32, timeout time.Duration, log *slog.Logger) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:              d.url,
		MaxConns:         connections,
		ReadOnly:         true,
		GenericPlans:     true,
		StatementTimeout: timeout,
		ApplicationName:  name,
		Log:              log,
	})
}

// openWritePool opens connections for what the API records and orders. They are its own: however long its users wait for
// one another, no job waits for a connection.
func (d *database) openWritePool(ctx context.Context, connections int32, timeout time.Duration, log *slog.Logger) (*postgres.Pool, error) {
	return postgres.Open(ctx, postgres.Config{
		URL:                d.url,
		MaxConns:           connections,
		StatementTimeout:   timeout,
		ApplicationName:    "kontakty api writes",
		PreparedStatements: true,
		Log:                log,
	})
}

// prepare makes the tables current where that is ours to do (the private PostgreSQL, or if migrate is set), and
// otherwise says what is missing.
func (d *database) prepare(ctx context.Context, pool *postgres.Pool, migrate bool) error {
	migrator := postgres.NewMigrator(pool)
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

// withDatabase opens the database and a pool, calls work, and releases everything whatever came of it.
func withDatabase(ctx context.Context, flags databaseFlags, work func(*database, *postgres.Pool) error) (err error) {
	database, err := openDatabase(ctx, flags, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.release()) }()
	pool, err := database.openPool(ctx, workConnections, nil)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer pool.Close()
	return work(database, pool)
}
