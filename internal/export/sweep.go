package export

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/kontakty/kontakty/internal/fault"
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

// lookAfter sweeps, expires and tidies until the context ends. Every worker process does so for itself: whichever is
// killed, another need not first find out.
func (w *Worker) lookAfter(ctx context.Context) {
	d := w.downloads
	try := func(do func() error) {
		if err := do(); err != nil && ctx.Err() == nil {
			d.settings.Log.Warn("downloads could not be looked after", "error", describe(err))
		}
	}
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for tidied := (time.Time{}); ; {
		try(func() error { return d.sweep(ctx, w.jobs) })
		try(func() error { return d.expire(ctx) })
		if time.Since(tidied) >= tidyInterval {
			tidied = time.Now()
			try(func() error { return d.tidy(ctx, tidyInterval) })
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// sweep puts downloads back into the queue whose worker fell silent, ends those that were tried often enough, and
// gives a job to every waiting download that has none. It may run anywhere, any number of times.
func (d *Downloads) sweep(ctx context.Context, jobs *river.Client[pgx.Tx]) error {
	ended, err := d.endExhausted(ctx)
	if err != nil {
		return err
	}
	for _, id := range ended {
		if err := d.files.clear(ctx, id, ""); err != nil {
			return err
		}
	}
	err = pgx.BeginFunc(ctx, d.pool.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE downloads SET state = 'QUEUED', lease_until = NULL, seconds_left = NULL, job_id = NULL
			WHERE state = 'RUNNING' AND lease_until < clock_timestamp()`); err != nil {
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
			if err := enqueue(ctx, jobs, tx, id); err != nil {
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

// endExhausted fails the downloads whose last try fell silent.
func (d *Downloads) endExhausted(ctx context.Context) ([]int64, error) {
	reason := fault.New(fault.FileFailed, "")
	rows, err := d.pool.Query(ctx, `UPDATE downloads
		SET state = 'FAILED', lease_until = NULL, seconds_left = NULL, finished_at = $2, error_code = $3, error_en = $4, error_pl = $5
		WHERE state = 'RUNNING' AND lease_until < clock_timestamp() AND attempt - handovers >= $1 RETURNING id`,
		mostTries, d.settings.Now(), string(reason.Code), reason.Sentence(fault.English), reason.Sentence(fault.Polish))
	if err != nil {
		return nil, fmt.Errorf("ending downloads that were tried too often: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
