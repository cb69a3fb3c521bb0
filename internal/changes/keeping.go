package changes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/postgres"
)

// DefaultKept is how long changes are kept unless there is a setting.
const DefaultKept = 7 * 24 * time.Hour

const (
	// keepInterval is how often changes are removed that were kept for long enough.
	keepInterval = 10 * time.Minute
	// removedAtOnce is how many are removed in one transaction.
	removedAtOnce = 10_000
	// dropTimeout is how long readers may wait for the table of positions that are all gone to be dropped; it is tried again later.
	dropTimeout = "1s"
	// lockNotAvailable is PostgreSQL's code for that.
	lockNotAvailable = "55P03"
)

// Keeping removes the changes that have been kept for long enough.
type Keeping struct {
	Pool *postgres.Pool
	// Kept is how long changes are kept.
	Kept time.Duration
	// Now is the clock, and After time.After.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Log is told what failed; nil for nobody.
	Log *slog.Logger
}

// Run removes them every ten minutes until the context ends. Any number of processes may: one at a time does.
func (k Keeping) Run(ctx context.Context) {
	log := k.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.After(keepInterval):
		}
		if _, err := k.Round(ctx); err != nil && ctx.Err() == nil {
			log.Warn("old changes of contacts could not be removed; the next try is in ten minutes", "error", err)
		}
	}
}

// Round removes what is too old, and says how many changes that was.
func (k Keeping) Round(ctx context.Context) (int, error) {
	before, all := k.Now().Add(-k.Kept), 0
	for {
		removed := 0
		if err := k.Pool.QueryRow(ctx, "SELECT forget_contact_changes($1, $2)", before, removedAtOnce).Scan(&removed); err != nil {
			return all, fmt.Errorf("removing old changes: %w", err)
		}
		if all += removed; removed < removedAtOnce {
			break
		}
	}
	err := pgx.BeginFunc(ctx, k.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '"+dropTimeout+"'"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "SELECT drop_forgotten_contact_changes()")
		return err
	})
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) && refused.Code == lockNotAvailable {
		return all, nil
	}
	if err != nil {
		return all, fmt.Errorf("dropping tables of old changes: %w", err)
	}
	return all, nil
}

// Figures are how the log stands.
type Figures struct {
	// Position is the highest, 0 where there never was any.
	Position int64
	// Kept is how old the oldest change is that is kept, and Waiting the one that has waited longest for its position.
	Kept, Waiting time.Duration
}

const figuresSQL = `SELECT coalesce((SELECT position FROM contact_changes ORDER BY position DESC LIMIT 1), (SELECT gone_to FROM contact_change_horizon)),
	coalesce(extract(epoch FROM clock_timestamp() - (SELECT at FROM contact_changes ORDER BY position LIMIT 1)), 0)::float8,
	coalesce(extract(epoch FROM clock_timestamp() - (SELECT at FROM contact_changes_unnumbered ORDER BY number LIMIT 1)), 0)::float8`

// ReadFigures reads them.
func ReadFigures(ctx context.Context, pool *postgres.Pool) (Figures, error) {
	var f Figures
	var kept, waiting float64
	if err := pool.QueryRow(ctx, figuresSQL).Scan(&f.Position, &kept, &waiting); err != nil {
		return Figures{}, fmt.Errorf("reading how the log of changes stands: %w", err)
	}
	f.Kept, f.Waiting = time.Duration(max(0, kept)*float64(time.Second)), time.Duration(max(0, waiting)*float64(time.Second))
	return f, nil
}
