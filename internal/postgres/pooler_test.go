package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestPooler_IsNoticed(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, sessions := range []int{1, 4} {
		if lent, err := postgres.IsLentByTransaction(t.Context(), database.PgBouncer(t, sessions), nil); err != nil || !lent {
			t.Errorf("behind PgBouncer with %d sessions: %t, %v", sessions, lent, err)
		}
	}
	if lent, err := postgres.IsLentByTransaction(t.Context(), database.URL, nil); err != nil || lent {
		t.Errorf("PostgreSQL itself: %t, %v", lent, err)
	}
}

func TestPooler_LeadsToTheSameDatabaseOrIsRefused(t *testing.T) {
	t.Parallel()
	database, other := pgtest.New(t), pgtest.New(t)
	through := database.PgBouncer(t, 2)
	if err := postgres.CheckSame(t.Context(), through, database.URL, nil); err != nil {
		t.Errorf("the same: %v", err)
	}
	if err := postgres.CheckSame(t.Context(), through, other.URL, nil); !errors.Is(err, postgres.ErrOtherDatabase) {
		t.Errorf("another of the same server: %v", err)
	}
}

func TestPooler_KeepsTheLimitsOfReading(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	through := database.PgBouncer(t, 1) // whatever one leaves behind, the next one finds
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: through, Pooled: true, ReadOnly: true, GenericPlans: true, StatementTimeout: 300 * time.Millisecond, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	plain, err := postgres.Open(t.Context(), postgres.Config{URL: through, Pooled: true, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(plain.Close)
	for range 3 {
		for setting, want := range map[string]string{"statement_timeout": "300ms", "plan_cache_mode": "force_generic_plan", "transaction_read_only": "on", "TimeZone": "UTC"} {
			var got string
			if err := pool.DB.NewSelect().ColumnExpr("current_setting(?)", setting).Scan(t.Context(), &got); err != nil || got != want {
				t.Errorf("%s is %q, %v, want %q", setting, got, err, want)
			}
		}
		for setting, want := range map[string]string{"statement_timeout": "0", "plan_cache_mode": "auto", "transaction_read_only": "off"} {
			var got string
			if err := plain.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got); err != nil || got != want {
				t.Errorf("beside it, %s is %q, %v, want %q", setting, got, err, want)
			}
		}
	}
	_, err = pool.DB.ExecContext(t.Context(), "INSERT INTO campaigns (external_id, name) VALUES ('c', 'C')")
	if refused := (*pgconn.PgError)(nil); !errors.As(err, &refused) || refused.Code != "25006" {
		t.Errorf("writing: %v, want that the transaction is read-only", err)
	}
	if _, err := pool.Exec(t.Context(), "SELECT pg_sleep(60)"); fault.CodeOf(postgres.Translate(err)) != fault.Timeout {
		t.Errorf("a long statement: %v, want TIMEOUT", err)
	}
	err = pgx.BeginTxFunc(t.Context(), pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		var isolation, limit string
		if err := tx.QueryRow(t.Context(), "SELECT current_setting('transaction_isolation'), current_setting('statement_timeout')").Scan(&isolation, &limit); err != nil {
			return err
		}
		if isolation != "repeatable read" || limit != "300ms" {
			t.Errorf("a transaction of the caller is %s, with the limit %s", isolation, limit)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPooler_EndsWhatWritesForTooLong(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{
		URL: database.PgBouncer(t, 2), Pooled: true, PreparedStatements: true, StatementTimeout: 300 * time.Millisecond, MaxConns: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	for range 5 { // a statement that was kept in a session would be met again in another
		if _, err := pool.Exec(t.Context(), "INSERT INTO campaigns (external_id, name) SELECT gen_random_uuid(), $1", "C"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), "SELECT pg_sleep(60)"); fault.CodeOf(postgres.Translate(err)) != fault.Timeout {
		t.Errorf("a statement of its own: %v, want TIMEOUT", err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT pg_sleep(60)")
		return err
	})
	if fault.CodeOf(postgres.Translate(err)) != fault.Timeout {
		t.Errorf("in a transaction: %v, want TIMEOUT", err)
	}
	until(t, "nothing runs any more", func() bool {
		var running int
		if err := database.Pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()").Scan(&running); err != nil {
			t.Fatal(err)
		}
		return running == 0
	})
}

func TestPooler_IsLedPastToListen(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: database.PgBouncer(t, 2), Pooled: true, ListenURL: database.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan []string, 10), make(chan error, 1)
	go func() {
		ended <- postgres.Follow(ctx, pool, "pooled", func(_ context.Context, payloads []string) error {
			heard <- payloads
			return nil
		})
	}()
	<-heard // the connection is made
	if _, err := pool.Exec(t.Context(), "SELECT pg_notify('pooled', 'a')"); err != nil {
		t.Fatal(err)
	}
	if payloads := <-heard; len(payloads) != 1 || payloads[0] != "a" {
		t.Errorf("heard was %q", payloads)
	}
	cancel()
	<-ended
}
