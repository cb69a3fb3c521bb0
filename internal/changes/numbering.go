package changes

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
)

// Channel is notified, without a word, when the log has new changes.
const Channel = "contacts_changed"

const (
	// lookInterval is how often changes are looked for that other processes left.
	lookInterval = 500 * time.Millisecond
	// gatherTime is how long changes gather after some were numbered: one commit for many.
	gatherTime = 20 * time.Millisecond
	// numberedAtOnce is how many changes are numbered in one transaction, or about as many.
	numberedAtOnce = 20_000
	// settleInterval is how often it is found out up to where all is numbered for good.
	settleInterval = 10 * time.Second
)

// Numbering gives changes their positions. Any number of processes may, side by side: one at a time does.
type Numbering struct {
	// Pool keeps its sessions.
	Pool *postgres.Pool
	// Now is time.Now, and After time.After.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Log is told when changes cannot be numbered, and when they can again; nil for nobody.
	Log *slog.Logger

	nudged chan struct{}
	// behind is the highest number behind which alone there may be changes, and pending what it is to be next.
	behind  int64
	pending *mark
	settled time.Time
}

// mark says that whoever took a number up to one is over once all transactions below another are.
type mark struct {
	number int64
	below  uint64
}

// NewNumbering gives one that is not running yet.
func NewNumbering(pool *postgres.Pool, now func() time.Time, after func(time.Duration) <-chan time.Time, log *slog.Logger) *Numbering {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Numbering{Pool: pool, Now: now, After: after, Log: log, nudged: make(chan struct{}, 1)}
}

// Nudge has what this process has just committed numbered at once. It never waits.
func (n *Numbering) Nudge() {
	select {
	case n.nudged <- struct{}{}:
	default: // it is due already
	}
}

// Run numbers changes until the context ends.
func (n *Numbering) Run(ctx context.Context) {
	failing := false
	for {
		numbered, err := n.Round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			n.Log.Warn("changes of contacts could not be numbered: who keeps a copy waits for them", "error", err)
		case err == nil && failing:
			n.Log.Info("changes of contacts are numbered again")
		}
		failing = err != nil
		wait, nudged := lookInterval, n.nudged
		if numbered > 0 {
			wait, nudged = gatherTime, nil
		}
		select {
		case <-ctx.Done():
			return
		case <-nudged:
		case <-n.After(wait):
		}
	}
}

// Round numbers all changes that are committed, and says how many those were.
func (n *Numbering) Round(ctx context.Context) (int, error) {
	settles := n.Now().Sub(n.settled) >= settleInterval
	over := false
	if settles && n.pending != nil {
		var running uint64
		if err := n.Pool.QueryRow(ctx, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::numeric::bigint").Scan(&running); err != nil {
			return 0, fmt.Errorf("looking for writers: %w", err)
		}
		over = running >= n.pending.below
	}
	numbered, err := number(ctx, n.Pool, n.behind)
	if err != nil || !settles {
		return numbered, err
	}
	if over {
		n.behind, n.pending = n.pending.number, nil
	}
	n.settled = n.Now()
	if n.pending == nil {
		return numbered, n.mark(ctx)
	}
	return numbered, nil
}

// mark notes the last number that was taken, and then who may still write with one up to it: a writer has its transaction's number
// before it takes those of changes.
func (n *Numbering) mark(ctx context.Context) error {
	next := &mark{}
	if err := n.Pool.QueryRow(ctx, "SELECT last_value FROM contact_changes_unnumbered_number_seq").Scan(&next.number); err != nil {
		return fmt.Errorf("looking for the last change: %w", err)
	}
	if err := n.Pool.QueryRow(ctx, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::numeric::bigint").Scan(&next.below); err != nil {
		return fmt.Errorf("looking for writers: %w", err)
	}
	n.pending = next
	return nil
}

// Number numbers all changes that are committed, and says how many those were.
func Number(ctx context.Context, pool *postgres.Pool) (int, error) { return number(ctx, pool, 0) }

func number(ctx context.Context, pool *postgres.Pool, behind int64) (int, error) {
	all := 0
	for {
		var waiting bool
		if err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM contact_changes_unnumbered WHERE number > $1)", behind).Scan(&waiting); err != nil {
			return all, fmt.Errorf("looking for changes: %w", err)
		}
		if !waiting {
			return all, nil
		}
		numbered := 0
		err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, "SELECT number_contact_changes($1, $2)", behind, numberedAtOnce).Scan(&numbered)
		})
		if err != nil {
			return all, fmt.Errorf("numbering changes: %w", err)
		}
		if all += numbered; numbered < numberedAtOnce {
			return all, nil
		}
	}
}
