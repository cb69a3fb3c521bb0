package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// listening runs Listen in the background; next waits for its next call of refresh.
func listening(t *testing.T, pool *postgres.Pool, channel string, refresh func() error) (next func()) {
	t.Helper()
	calls := make(chan struct{}, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- postgres.Listen(ctx, pool, channel, func(context.Context) error {
			calls <- struct{}{}
			return refresh()
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Listen ended with %v", err)
		}
	})
	return func() {
		t.Helper()
		select {
		case <-calls:
		case <-time.After(30 * time.Second):
			t.Fatal("refresh was not called")
		}
	}
}

func execute(t *testing.T, pool *postgres.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

const endListeners = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"

func TestListen_RefreshesOnConnectingOnNotificationAndAfterALostConnection(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	next := listening(t, pool, "Odd \"channel\"", func() error { return nil })
	next()
	execute(t, pool, `NOTIFY "Odd ""channel"""`)
	next()
	var ended int
	if err := pool.QueryRow(t.Context(), endListeners).Scan(&ended); err != nil || ended != 1 {
		t.Fatalf("%d listeners ended, %v", ended, err)
	}
	next()
	execute(t, pool, `NOTIFY "Odd ""channel"""`)
	next()
}

func TestListen_TriesAgainWhenRefreshFails(t *testing.T) {
	t.Parallel()
	failures := 2
	next := listening(t, pgtest.New(t).Pool, "channel", func() error {
		if failures--; failures >= 0 {
			return errors.New("not now")
		}
		return nil
	})
	next()
	next()
	next()
}

func TestListen_AnswersABurstByFewRefreshes(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	var calls atomic.Int32
	release := make(chan struct{})
	next := listening(t, pool, "channel", func() error {
		calls.Add(1)
		<-release
		return nil
	})
	next() // the one on connecting, which is held
	execute(t, pool, "DO $$ BEGIN FOR i IN 1..500 LOOP PERFORM pg_notify('channel', i::text); END LOOP; END $$")
	for range 50 { // while the burst arrives
		execute(t, pool, "SELECT")
	}
	close(release)
	for range 20 {
		execute(t, pool, "NOTIFY channel")
		next()
	}
	if n := calls.Load(); n > 250 {
		t.Errorf("refresh was called %d times for a burst and 20 notifications more", n)
	}
}

func TestListen_HearsOfEveryChangeOfTheDirectory(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	next := listening(t, pool, "directory_changed", func() error { return nil })
	next()
	execute(t, pool, "INSERT INTO campaigns (external_id, name) VALUES ('c', 'C')")
	next()
}

func TestListen_TellsWhetherTheChannelIsListenedTo(t *testing.T) {
	t.Parallel()
	told := make(chan bool, 100)
	database := pgtest.New(t)
	pool := database.Open(t, postgres.Config{Listening: func(channel string, connected bool) {
		if channel != "channel" {
			t.Errorf("told of %s", channel)
		}
		told <- connected
	}})
	next := listening(t, pool, "channel", func() error { return nil })
	next()
	if !<-told {
		t.Error("a channel that is listened to is told as lost")
	}
	execute(t, pool, endListeners)
	next()
	if <-told || !<-told {
		t.Error("it is not told that the channel was lost and is back")
	}
}
