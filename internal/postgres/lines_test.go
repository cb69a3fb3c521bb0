package postgres_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestPool_LeavesAServerThatFellSilent(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: pair.URL(""), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	idle, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cut := make(chan error, 1)
	go func() {
		_, err := pool.Exec(context.Background(), "SELECT pg_sleep(300)")
		cut <- err
	}()
	until(t, "the statement runs", func() bool {
		var running bool
		if err := idle.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid())").Scan(&running); err != nil {
			t.Fatal(err)
		}
		return running
	})
	idle.Release()
	pair.Primary.Freeze()
	frozen := time.Now()
	pair.Standby.Promote()
	if err := <-cut; fault.CodeOf(postgres.Translate(err)) != fault.Unavailable {
		t.Errorf("the statement ends with %v, want UNAVAILABLE", err)
	}
	if took := time.Since(frozen); took > 20*time.Second {
		t.Errorf("the statement ends after %.1f s", took.Seconds())
	}
	// Neither the idle connection nor the frozen host costs any more time.
	asked := time.Now()
	if _, err := pool.Exec(t.Context(), "CREATE TABLE written ()"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(asked); took > 2*time.Second {
		t.Errorf("the first statement on the new primary takes %.1f s", took.Seconds())
	}
	t.Logf("frozen to cut: %.1f s, then to the first statement: %.1f s", asked.Sub(frozen).Seconds(), time.Since(asked).Seconds())
}

func TestPool_LeavesASlowStatementAlone(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	if _, err := pool.Exec(t.Context(), "SELECT pg_sleep(9)"); err != nil {
		t.Error(err)
	}
}

func TestClose_DoesNotWaitForAServerThatSaysNothing(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: pair.Primary.URL()})
	if err != nil {
		t.Fatal(err)
	}
	pair.Primary.Freeze()
	ended := make(chan error, 1)
	go func() {
		_, err := pool.Exec(context.Background(), "SELECT 1")
		ended <- err
	}()
	until(t, "the statement is sent", func() bool { return pool.Stat().AcquiredConns() == 1 })
	begun := time.Now()
	postgres.CloseAll(time.Second, nil, pool)
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("closing takes %.1f s", took.Seconds())
	}
	if err := <-ended; err == nil {
		t.Error("a frozen server answered")
	}
	pool.Close() // once more does nothing
}

func TestOpen_WaitsThreeSecondsUnlessTheURLSaysOtherwise(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
	}()
	for parameter, want := range map[string]time.Duration{"": 3 * time.Second, "&connect_timeout=1": time.Second} {
		begun := time.Now()
		_, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://kontakty@" + silent.Addr().String() + "/kontakty?sslmode=disable" + parameter})
		if err == nil || !strings.HasSuffix(err.Error(), "it does not answer") {
			t.Errorf("%q: the error is %v", parameter, err)
		}
		if took := time.Since(begun); took < want || took > want+2*time.Second {
			t.Errorf("%q: it takes %.1f s, want %s", parameter, took.Seconds(), want)
		}
	}
}

func TestPool_GivesAPlaceBackSoonAfterAStatementWasGivenUp(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: pair.Primary.URL() + "&connect_timeout=1", MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	pair.Primary.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := pool.Exec(ctx, "SELECT 1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the error is %v, want that it took too long", err)
	}
	begun := time.Now()
	until(t, "the place is free", func() bool { return pool.Stat().TotalConns() == 0 })
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("the place is taken for %.1f s", took.Seconds())
	}
}
