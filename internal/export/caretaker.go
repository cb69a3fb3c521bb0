package export

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
)

const (
	// sweepInterval is how often a worker looks for downloads that nobody works on. With the length of a lease it says
	// how soon the work of a killed process is taken up.
	sweepInterval = 3 * time.Second
	// tidyInterval is how often a worker looks for files that belong to nobody, and how old they must be.
	tidyInterval = 15 * time.Second
	// claimTime is how long a job may run before it has claimed its download; after that its process is dead.
	claimTime = 15 * time.Second
)

// caretaker puts right what killed processes left.
type caretaker struct {
	pool   *postgres.Pool
	bucket *storage.Bucket
	jobs   *river.Client[pgx.Tx]
	now    func() time.Time
	log    *slog.Logger
}

// run sweeps, expires and tidies until the context ends. Every worker process does so for itself: whichever is killed,
// another need not first find out.
func (c *caretaker) run(ctx context.Context) {
	try := func(do func() error) {
		if err := do(); err != nil && ctx.Err() == nil {
			c.log.Warn("downloads could not be looked after", "error", logText(err))
		}
	}
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for tidied := (time.Time{}); ; {
		try(func() error { return c.sweep(ctx) })
		try(func() error { return c.expire(ctx) })
		if time.Since(tidied) >= tidyInterval {
			tidied = time.Now()
			try(func() error { return c.tidy(ctx, tidyInterval) })
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// sweep lets downloads wait again whose worker fell silent, ends those that were tried often enough, and
// gives a job to every waiting download that has none. It may run anywhere, any number of times.
func (c *caretaker) sweep(ctx context.Context) error {
	ended, err := c.endExhausted(ctx)
	if err != nil {
		return err
	}
	for _, id := range ended {
		if err := c.bucket.Clear(ctx, id, 0); err != nil {
			return err
		}
	}
	return c.queueAgain(ctx)
}

// queueAgain lets downloads wait again whose worker fell silent and that may be tried again, and gives a job to every waiting
// one that has none.
func (c *caretaker) queueAgain(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, c.pool.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE downloads SET state = 'QUEUED', lease_until = NULL, seconds_left = NULL, job_id = NULL
			WHERE state = 'RUNNING' AND lease_until < clock_timestamp() AND attempt - handovers < $1`, maxTries); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id FROM downloads d WHERE state = 'QUEUED' AND NOT EXISTS (
				SELECT FROM river_job j WHERE j.id = d.job_id AND (j.state IN ('available', 'pending', 'retryable', 'scheduled')
					OR j.state = 'running' AND j.attempted_at > clock_timestamp() - $1::interval))
			ORDER BY id FOR UPDATE SKIP LOCKED`, claimTime)
		if err != nil {
			return err
		}
		orphans, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		for _, id := range orphans {
			if err := enqueue(ctx, c.jobs, tx, id, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sweeping downloads: %w", err)
	}
	return nil
}

// endExhausted fails the downloads whose last try fell silent, and those that wait though none is left: nobody would ever claim
// them.
func (c *caretaker) endExhausted(ctx context.Context) ([]int64, error) {
	reason := fault.New(fault.FileFailed, "")
	rows, err := c.pool.Query(ctx, `UPDATE downloads
		SET state = 'FAILED', lease_until = NULL, seconds_left = NULL, finished_at = $2, error_code = $3, error_en = $4, error_pl = $5
		WHERE (state = 'QUEUED' OR state = 'RUNNING' AND lease_until < clock_timestamp()) AND attempt - handovers >= $1 RETURNING id`,
		maxTries, c.now(), string(reason.Code), reason.Sentence(fault.English), reason.Sentence(fault.Polish))
	if err != nil {
		return nil, fmt.Errorf("ending downloads that were tried too often: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
