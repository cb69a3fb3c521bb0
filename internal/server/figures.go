package server

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/disk"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

const (
	// figuresInterval is how often the figures are read that the database alone knows.
	figuresInterval = 15 * time.Second
	// figuresTimeout is how long reading them may take.
	figuresTimeout = 5 * time.Second
)

const workSQL = `
SELECT count(*) FILTER (WHERE state = 'QUEUED'), count(*) FILTER (WHERE state = 'RUNNING'),
       coalesce(extract(epoch FROM $1::timestamptz - min(ordered_at) FILTER (WHERE state = 'QUEUED')), 0)::float8,
       (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)::float8 FROM pg_locks
        WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
FROM downloads WHERE state IN ('QUEUED', 'RUNNING')`

const monthsAheadSQL = `
SELECT right(c.relname, 6) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'contacts'::regclass AND right(c.relname, 6) > $1 ORDER BY 1`

// watchFigures reads the figures again and again until the context ends.
func (b *backend) watchFigures(ctx context.Context) {
	ticker := time.NewTicker(figuresInterval)
	defer ticker.Stop()
	levels := map[string]disk.Level{}
	for {
		b.lookAtDisks(levels)
		reading, cancel := context.WithTimeout(ctx, figuresTimeout)
		err := b.readFigures(reading)
		cancel()
		if ctx.Err() != nil {
			return
		}
		b.metrics.DatabaseUp(err == nil)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// lookAtDisks tells the log where a disk has become fuller, or emptier, than it was.
func (b *backend) lookAtDisks(levels map[string]disk.Level) {
	for what, directory := range b.disks() {
		var atLeast int64
		if what == "data" {
			atLeast = logReserve
		}
		level := levelOf(directory, atLeast)
		switch {
		case level == levels[what]:
		case level == disk.Full:
			b.log.Error("the disk is full: nothing is imported, recorded or ordered until there is room", "what", what)
		case level == disk.Low:
			b.log.Warn("less than a tenth of the disk is left", "what", what)
		default:
			b.log.Info("the disk has room again", "what", what)
		}
		levels[what] = level
	}
}

// readFigures reads what the database alone knows.
func (b *backend) readFigures(ctx context.Context) error {
	now := b.now()
	var queued, running int
	var oldest, wait float64
	if err := b.work.QueryRow(ctx, workSQL, now).Scan(&queued, &running, &oldest, &wait); err != nil {
		return fmt.Errorf("reading the queue of files: %w", err)
	}
	b.metrics.Queue(queued, running, seconds(oldest))
	b.metrics.LockWait(seconds(wait))

	oldestLooked := months.Of(now).AddDate(0, -1, 0)
	newest := oldestLooked
	err := b.work.QueryRow(ctx, "SELECT coalesce(max(started_at), $1::timestamptz) FROM contacts WHERE started_at <= $2::timestamptz AND "+
		months.BetweenSQL("started_at", oldestLooked, now), oldestLooked, now).Scan(&newest)
	if err != nil {
		return fmt.Errorf("reading the newest contact: %w", err)
	}
	ahead, err := b.monthsAhead(ctx, now)
	if err != nil {
		return fmt.Errorf("reading the months to come: %w", err)
	}
	b.metrics.Contacts(now.Sub(newest), ahead)
	stands, err := changes.ReadFigures(ctx, b.work)
	if err != nil {
		return err
	}
	b.metrics.Feed(stands.Position, stands.Kept, stands.Waiting)
	all, err := sources.Read(ctx, b.work, now)
	if err != nil {
		return err
	}
	for _, one := range all {
		b.metrics.Source(one.Name, one.Rows, one.Errors, one.Lag)
	}
	return nil
}

// monthsAhead is for how many months after this one, without a gap, there are tables of contacts.
func (b *backend) monthsAhead(ctx context.Context, now time.Time) (int, error) {
	rows, err := b.work.Query(ctx, monthsAheadSQL, months.Of(now).Format("200601"))
	if err != nil {
		return 0, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	ahead := 0
	for ahead < len(found) && found[ahead] == months.Of(now).AddDate(0, ahead+1, 0).Format("200601") {
		ahead++
	}
	return ahead, nil
}

func seconds(count float64) time.Duration {
	return max(0, time.Duration(count*float64(time.Second)))
}
