package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestTranslate_MakesFaultsOfOutagesAndTimeoutsAlone(t *testing.T) {
	t.Parallel()
	refused := func(code string) error { return fmt.Errorf("reading: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err  error
		want fault.Code // empty: left as it is
	}{
		"shutting down":        {refused("57P01"), fault.Unavailable},
		"starting up":          {refused("57P03"), fault.Unavailable},
		"dropped":              {refused("57P04"), fault.Unavailable},
		"demoted":              {refused("25006"), fault.Unavailable},
		"disk full":            {refused("53100"), fault.StorageFull},
		"too many connections": {refused("53300"), fault.Unavailable},
		"out of locks":         {refused("53200"), fault.Unavailable},
		"connection failure":   {refused("08006"), fault.Unavailable},
		"cut off":              {fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), fault.Unavailable},
		"connection closed":    {fmt.Errorf("reading: %w", pgconn.ErrConnClosed), fault.Unavailable},
		"statement cancelled":  {refused("57014"), fault.Timeout},
		"lock not had":         {refused("55P03"), fault.Timeout},
		"deadline":             {fmt.Errorf("reading: %w", context.DeadlineExceeded), fault.Timeout},
		"cancelled by owner":   {fmt.Errorf("reading: %w", context.Canceled), ""},
		"unique violation":     {refused("23505"), ""},
		"no rows":              {sql.ErrNoRows, ""},
		"another error":        {errors.New("boom"), ""},
	} {
		got := postgres.Translate(c.err)
		if c.want == "" {
			if any(got) != any(c.err) {
				t.Errorf("%s became %v", name, got)
			}
			continue
		}
		if code := fault.CodeOf(got); code != c.want || !errors.Is(got, c.err) {
			t.Errorf("%s has code %s and the cause %v, want %s", name, code, errors.Unwrap(got), c.want)
		}
	}
	known := fmt.Errorf("resolving: %w", fault.New(fault.IDUnknown, "id").Because(io.ErrUnexpectedEOF))
	if got := postgres.Translate(known); any(got) != any(known) {
		t.Errorf("a fault became %v", got)
	}
	if postgres.Translate(nil) != nil {
		t.Error("no error became one")
	}
}

func TestTranslate_UnreachableDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://kontakty@127.0.0.1:1/kontakty?sslmode=disable"})
	if code := fault.CodeOf(postgres.Translate(err)); code != fault.Unavailable {
		t.Errorf("%v has code %s, want UNAVAILABLE", err, code)
	}
}

func TestTranslate_LeavesACancelledConnectionAsItIs(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if conn, err := silent.Accept(); err == nil {
			cancel()
			_, _ = io.Copy(io.Discard, conn) // until the other side gives up
			_ = conn.Close()
		}
	}()
	_, err = pgx.Connect(ctx, "postgres://kontakty@"+silent.Addr().String()+"/kontakty?sslmode=disable")
	if got := postgres.Translate(err); !errors.Is(err, context.Canceled) || any(got) != any(err) {
		t.Errorf("%v became %v", err, got)
	}
}

func TestTranslate_ConnectionCutInTheMiddleIsUnavailable(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	ended := make(chan error, 1)
	go func() {
		_, err := database.Pool.DB.ExecContext(context.Background(), "SELECT pg_sleep(60) /* to be cut */")
		ended <- err
	}()
	until(t, "the session is cut", func() bool {
		var cut bool
		const sql = "SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%to be cut%' AND pid <> pg_backend_pid()"
		if err := database.Pool.QueryRow(t.Context(), sql).Scan(&cut); err != nil {
			t.Fatal(err)
		}
		return cut
	})
	if err := <-ended; fault.CodeOf(postgres.Translate(err)) != fault.Unavailable {
		t.Errorf("%v has code %s, want UNAVAILABLE", err, fault.CodeOf(postgres.Translate(err)))
	}
}

func TestTranslate_DeadlineIsATimeout(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := database.Pool.DB.ExecContext(ctx, "SELECT pg_sleep(60)")
	if code := fault.CodeOf(postgres.Translate(err)); code != fault.Timeout {
		t.Errorf("%v has code %s, want TIMEOUT", err, code)
	}
}
