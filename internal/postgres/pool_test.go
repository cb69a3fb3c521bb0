package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestPool_SetsUpEverySession(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	plain := database.Pool
	limited := database.Open(t, postgres.Config{ApplicationName: "kontakty api", ReadOnly: true, GenericPlans: true, StatementTimeout: 1500 * time.Millisecond, MaxConns: 3})
	for _, c := range []struct {
		pool          *postgres.Pool
		setting, want string
	}{
		{plain, "application_name", "kontakty"},
		{plain, "TimeZone", "UTC"},
		{plain, "client_connection_check_interval", "1s"},
		{plain, "log_min_error_statement", "panic"},
		{plain, "default_transaction_read_only", "off"},
		{plain, "statement_timeout", "0"},
		{plain, "plan_cache_mode", "auto"},
		{limited, "plan_cache_mode", "force_generic_plan"},
		{limited, "application_name", "kontakty api"},
		{limited, "client_connection_check_interval", "1s"},
		{limited, "default_transaction_read_only", "on"},
		{limited, "statement_timeout", "1500ms"},
	} {
		var got string
		if err := c.pool.DB.NewSelect().ColumnExpr("current_setting(?)", c.setting).Scan(t.Context(), &got); err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.setting, got, c.want)
		}
	}
	if got := limited.Config().MaxConns; got != 3 {
		t.Errorf("the pool takes %d connections, want 3", got)
	}
}

func TestPool_TakesARoleWithoutRights(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	role := "clerk_" + time.Now().Format("150405_000000000")
	if _, err := database.Pool.Exec(t.Context(), "CREATE ROLE "+role+" LOGIN"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := database.Pool.Exec(context.Background(), "DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	settings := database.Pool.Config().ConnConfig
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: "host=" + settings.Host + " port=5432 dbname=" + settings.Database + " user=" + role + " sslmode=disable"})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var interval string
	if err := pool.QueryRow(t.Context(), "SELECT current_setting('client_connection_check_interval')").Scan(&interval); err != nil || interval != "1s" {
		t.Errorf("client_connection_check_interval is %q, %v", interval, err)
	}
}

func TestPool_ReadOnlyWritesNothing(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{ReadOnly: true})
	_, err := pool.DB.ExecContext(t.Context(), "INSERT INTO campaigns (external_id, name) VALUES ('c', 'C')")
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "25006" {
		t.Fatalf("the error is %v, want that the transaction is read-only", err)
	}
}

func TestPool_EndsAStatementThatRunsTooLong(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{StatementTimeout: 20 * time.Millisecond})
	_, err := pool.DB.ExecContext(t.Context(), "SELECT pg_sleep(60)")
	if code := fault.CodeOf(postgres.Translate(err)); code != fault.Timeout {
		t.Fatalf("%v has code %s, want TIMEOUT", err, code)
	}
}

func TestPool_CancelsAStatementWhoseContextEnds(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := database.Pool.DB.ExecContext(ctx, "SELECT pg_sleep(60) /* endless */")
		ended <- err
	}()
	running := func() (n int) {
		const sql = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%endless%' AND pid <> pg_backend_pid()"
		if err := database.Pool.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	until(t, "the statement runs", func() bool { return running() == 1 })
	cancel()
	err := <-ended
	if translated := postgres.Translate(err); !errors.Is(err, context.Canceled) || any(translated) != any(err) {
		t.Errorf("the error is %v, translated %v, want the context's own", err, translated)
	}
	until(t, "it has ended", func() bool { return running() == 0 })
}

func TestPool_KeepsPreparedStatementsOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, prepared := range []bool{false, true} {
		pool := database.Open(t, postgres.Config{MaxConns: 1, PreparedStatements: prepared})
		var n int
		if err := pool.QueryRow(t.Context(), "SELECT $1::int", 1).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if (n == 1) != prepared {
			t.Errorf("prepared=%t: %d statements are kept", prepared, n)
		}
	}
}

func TestOpen_ErrorNamesNoPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://kontakty:s3cret@127.0.0.1:1/kontakty?sslmode=disable", "postgres://kontakty:s3cret@[::1/kontakty"} {
		_, err := postgres.Open(t.Context(), postgres.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error is %v", err)
		}
	}
}

// until waits for something to happen in the database, which is asked again and again.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if happened() {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}
