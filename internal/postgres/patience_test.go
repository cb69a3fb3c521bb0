package postgres_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestRetry_TriesUntilTheDatabaseIsBackOrTheTimeIsOver(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		wait  time.Duration
		away  time.Duration // the database is, from the start
		then  error
		tried int
		told  []bool
		want  error
	}{
		"there":              {10 * time.Minute, 0, nil, 1, nil, nil},
		"broken":             {10 * time.Minute, 0, broken, 1, nil, broken},
		"back":               {10 * time.Minute, 5 * time.Second, nil, 7, []bool{true, false}, nil},
		"back, and broken":   {10 * time.Minute, 100 * time.Millisecond, broken, 2, []bool{true, false}, broken},
		"away for too long":  {20 * time.Second, time.Hour, nil, 10, []bool{true}, io.ErrUnexpectedEOF},
		"away, not waited":   {0, time.Hour, nil, 1, nil, io.ErrUnexpectedEOF},
		"away, for a moment": {time.Millisecond, time.Hour, nil, 2, []bool{true}, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begun, tried := time.Now(), 0
				var told []bool
				retry := postgres.Retry{For: c.wait, Away: func(away bool) { told = append(told, away) }}
				err := retry.Do(t.Context(), func() error {
					if tried++; time.Since(begun) < c.away {
						return io.ErrUnexpectedEOF
					}
					return c.then
				})
				if !errors.Is(err, c.want) || tried != c.tried || !slices.Equal(told, c.told) {
					t.Errorf("%v after %d tries, told %v; want %v, %d, %v", err, tried, told, c.want, c.tried, c.told)
				}
				if c.away > c.wait && c.wait > time.Second && !strings.HasPrefix(err.Error(), "the database has been away for 2") {
					t.Errorf("the error does not say for how long it was away: %v", err)
				}
			})
		})
	}
}

func TestPatience_EndsWorkOfWhichNothingGoesOn(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	for name, c := range map[string]struct {
		timeout time.Duration
		sql     string
		ended   bool
	}{
		"a statement that goes on for ever": {300 * time.Millisecond, "SELECT pg_sleep(60)", true},
		"one statement after another":       {2 * time.Second, "SELECT pg_sleep(0.8)", false},
	} {
		patience := postgres.NewPatience(c.timeout)
		err := patience.During(t.Context(), pool, func(ctx context.Context) error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				watched := patience.Watch(tx)
				for range 4 {
					if _, err := watched.Exec(ctx, c.sql); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if postgres.IsAway(err) != c.ended || (err != nil) != c.ended {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPatience_WaitsForALock(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	holder, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.Exec(t.Context(), "SELECT pg_advisory_xact_lock(1)"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(time.Second, func() { _ = holder.Rollback(context.Background()) })
	patience := postgres.NewPatience(200 * time.Millisecond)
	if err := patience.During(t.Context(), pool, func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			_, err := patience.Watch(tx).Exec(ctx, "SELECT pg_advisory_xact_lock(1)")
			return err
		})
	}); err != nil {
		t.Error(err)
	}
}
