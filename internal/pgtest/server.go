package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/postgres"
)

// urlVariable names an existing server to use.
const urlVariable = "KONTAKTY_TEST_DATABASE_URL"

// Main runs the tests of a package and gives the exit code for os.Exit. Afterwards the private server, if a test
// started one, and everything it wrote are gone.
func Main(m *testing.M) int {
	if guard := guardians[os.Getenv(guardianVariable)]; guard != nil {
		if err := guard(); err != nil && !errors.Is(err, context.Canceled) {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	process.hasMain = true
	code := m.Run()
	if err := process.end(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = max(code, 1)
	}
	return code
}

// process is what the tests of this process share.
var process server

// server is a PostgreSQL with a migrated template.
type server struct {
	hasMain bool

	once     sync.Once
	failure  error
	guardian *guardian
	url      string
	admin    *pgxpool.Pool
	template string
	clause   string
	number   atomic.Int64
}

func (s *server) start(ctx context.Context) error {
	s.once.Do(func() { s.failure = s.open(ctx) })
	return s.failure
}

func (s *server) open(ctx context.Context) (err error) {
	if !s.hasMain {
		return errors.New("pgtest.New needs func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) } in this package")
	}
	if s.url = os.Getenv(urlVariable); s.url == "" {
		if s.guardian, s.url, err = startGuardian(); err != nil {
			return err
		}
	}
	settings, err := pgxpool.ParseConfig(withDatabase(s.url, "postgres"))
	if err != nil {
		return fmt.Errorf("reading %s: %w", urlVariable, err)
	}
	settings.MaxConns = 4
	settings.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	if s.admin, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return err
	}
	var version int
	if err := s.admin.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return fmt.Errorf("reaching the server of the tests: %w", err)
	}
	if version >= 150000 {
		s.clause = " STRATEGY FILE_COPY" // far faster than logging every page; older versions know no other way
	}
	s.template = fmt.Sprintf("kontakty_test_%d_%d", time.Now().UnixMilli(), os.Getpid())
	if _, err := s.admin.Exec(ctx, "CREATE DATABASE "+s.template); err != nil {
		return fmt.Errorf("making the template: %w", err)
	}
	pool, err := postgres.Open(ctx, postgres.Config{URL: withDatabase(s.url, s.template)})
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := postgres.NewMigrator(pool).Up(ctx); err != nil {
		return fmt.Errorf("migrating the template: %w", err)
	}
	// Tests write contacts as they need them; those of whoever has to log that switch the guard on again.
	if _, err := pool.Exec(ctx, "ALTER TABLE contacts DISABLE TRIGGER tells_the_feed"); err != nil {
		return fmt.Errorf("preparing the template: %w", err)
	}
	return nil
}

// create makes a database, migrated or empty, and gives its name.
func (s *server) create(ctx context.Context, migrated bool) (string, error) {
	name := fmt.Sprintf("%s_%d", s.template, s.number.Add(1))
	source := "template0"
	if migrated {
		source = s.template
	}
	if _, err := s.admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+source+s.clause); err != nil {
		return "", fmt.Errorf("making a database: %w", err)
	}
	return name, nil
}

func (s *server) drop(ctx context.Context, name string) error {
	if _, err := s.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

func (s *server) end() (err error) {
	if s.admin != nil {
		if s.guardian == nil && s.template != "" {
			err = s.drop(context.Background(), s.template)
		}
		s.admin.Close()
	}
	if s.guardian != nil {
		err = errors.Join(err, s.guardian.end())
	}
	return err
}

// withDatabase is a connection URL or keyword string for another database of the same server.
func withDatabase(connection, database string) string {
	if !strings.Contains(connection, "://") {
		return connection + " dbname=" + database // the last one counts
	}
	parsed, err := url.Parse(connection)
	if err != nil {
		return connection // whoever connects with it tells why it cannot be read
	}
	parsed.Path = "/" + database
	return parsed.String()
}
