package server

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestBackend_WarnsOfADatabaseWithTooFewLocks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		locks postgres.Locks
		want  string // of the log; empty for silence
	}{
		"the private one":       {postgres.Locks{PerTransaction: 1024, Transactions: 100, Months: 120, PerStatement: 1801}, ""},
		"ten years, as it came": {postgres.Locks{PerTransaction: 64, Transactions: 100, Months: 120, PerStatement: 1801}, "max_locks_per_transaction=64 set=1024 months=120"},
		"a year, as it came":    {postgres.Locks{PerTransaction: 64, Transactions: 100, Months: 12, PerStatement: 181}, ""},
	} {
		var log bytes.Buffer
		warnOfLocks(slog.New(slog.NewTextHandler(&log, nil)), c.locks, 15)
		if got := log.String(); got != "" && c.want == "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: the log is %q, want %q", name, got, c.want)
		}
	}
}

func TestBackend_LooksAfterMonths(t *testing.T) {
	t.Parallel()
	now := time.Date(2046, 3, 15, 12, 0, 0, 0, time.UTC) // far from the months that exist anyway
	first := func(wait time.Duration) <-chan time.Time {
		passed := make(chan time.Time, 1)
		if wait < time.Hour {
			passed <- now
		}
		return passed
	}
	for name, run := range map[string]func(Config) (func(context.Context) error, func() error){
		"a server": func(config Config) (func(context.Context) error, func() error) {
			m := New(config, slog.New(slog.DiscardHandler), func() time.Time { return now })
			m.roundAfter = first
			return m.Run, m.Close
		},
		"a worker": func(config Config) (func(context.Context) error, func() error) {
			w := NewWorker(config, slog.New(slog.DiscardHandler), func() time.Time { return now })
			w.backend.roundAfter = first
			return w.Run, w.Close
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := pgtest.New(t)
			config := configFor(t, database.URL)
			config.Files.Concurrency = 1
			run, stop := run(config)
			if err := run(t.Context()); err != nil {
				t.Error(err)
			}
			until(t, "there are tables of the next month", func() (made bool) {
				if err := database.Pool.QueryRow(t.Context(), "SELECT to_regclass('contacts_204604') IS NOT NULL").Scan(&made); err != nil {
					t.Fatal(err)
				}
				return made
			})
			if err := stop(); err != nil { // though an hour of waiting is under way
				t.Error(err)
			}
		})
	}
}
