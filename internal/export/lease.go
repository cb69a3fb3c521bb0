package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/export/rights"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
)

const (
	// leaseLength is how long a worker may be silent before another takes its download.
	leaseLength = 10 * time.Second
	// heartbeat is how often a worker renews its lease and tells its progress.
	heartbeat = time.Second
)

// errLeaseLost says that the download is no longer this worker's: it was taken over, called off or removed.
var errLeaseLost = errors.New("the lease on the download is lost")

// madeFile is a file in the bucket that is not published yet.
type madeFile struct {
	name   string // under which a browser saves it
	file   storage.File
	result workbook.Result
	under  rights.Rights
}

// lease is the right of one worker to one download. Its attempt is the token that every write names.
type lease struct {
	pool    *postgres.Pool
	now     func() time.Time
	id      int64
	attempt int
	tries   int

	mu       sync.Mutex
	began    time.Time // when the first progress was stored
	progress Progress
}

// claim takes a download that waits, or whose worker fell silent. It gives nil if there is nothing to take.
func claim(ctx context.Context, pool *postgres.Pool, now func() time.Time, id int64) (*lease, error) {
	l := &lease{pool: pool, now: now, id: id}
	err := pool.QueryRow(ctx, `UPDATE downloads
		SET state = 'RUNNING', attempt = attempt + 1, lease_until = clock_timestamp() + $2::interval,
			started_at = coalesce(started_at, $3), contacts_done = 0, contacts_total = NULL, lines_written = 0, seconds_left = NULL
		WHERE id = $1 AND attempt - handovers < $4
			AND (state = 'QUEUED' OR state = 'RUNNING' AND lease_until < clock_timestamp())
		RETURNING attempt, attempt - handovers`,
		id, leaseLength, now(), maxTries).Scan(&l.attempt, &l.tries)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("claiming a download: %w", err)
	}
	return l, nil
}

// note notes the progress that the next heartbeat tells.
func (l *lease) note(done, total, lines int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.began.IsZero() {
		l.began = time.Now()
	}
	l.progress = Progress{
		ContactsDone: done, ContactsTotal: &total, LinesWritten: lines, SecondsLeft: secondsLeft(done, total, time.Since(l.began)),
	}
}

// secondsLeft takes the rate so far for the rate to come.
func secondsLeft(done, total int, elapsed time.Duration) *int {
	if done == 0 {
		return nil
	}
	left := int(math.Ceil(elapsed.Seconds() * float64(total-done) / float64(done)))
	return &left
}

// keep renews the lease until the context ends. Once it is lost, or could not be renewed for its whole length, it
// calls lost and returns.
func (l *lease) keep(ctx context.Context, lost func()) {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for renewed := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		switch err := l.renew(ctx); {
		case err == nil:
			renewed = asked
		case errors.Is(err, errLeaseLost) || time.Since(renewed) > leaseLength:
			lost()
			return
		}
	}
}

func (l *lease) renew(ctx context.Context) error {
	l.mu.Lock()
	progress := l.progress
	l.mu.Unlock()
	return l.change(ctx, `lease_until = clock_timestamp() + $3::interval, contacts_done = $4, contacts_total = $5,
		lines_written = $6, seconds_left = $7`,
		leaseLength, progress.ContactsDone, progress.ContactsTotal, progress.LinesWritten, progress.SecondsLeft)
}

// publish makes the download ready. From here on its file is offered.
func (l *lease) publish(ctx context.Context, made *madeFile, expiry time.Duration) error {
	now := l.now()
	under, err := json.Marshal(made.under)
	if err != nil {
		return fmt.Errorf("keeping the rights: %w", err)
	}
	return l.change(ctx, `state = 'READY', lease_until = NULL, finished_at = $3, file_name = $4, blob_key = $5,
		size_bytes = $6, sha256 = $7, cells_cut = $8, cells_quoted = $13, snapshot_at = $14, contacts_done = $9, contacts_total = $9, lines_written = $10,
		seconds_left = NULL, expires_at = $11, made_under = $12`,
		now, made.name, made.file.Key, made.file.Size, made.file.SHA256, made.result.CellsCut, made.result.Contacts, made.result.Lines,
		now.Add(expiry), string(under), made.result.CellsQuoted, made.result.TakenAt)
}

// fail ends the download without a file.
func (l *lease) fail(ctx context.Context, reason *fault.Error) error {
	return l.end(ctx, Failed, reason)
}

// callOff ends the download because its owner may no longer have the file.
func (l *lease) callOff(ctx context.Context, reason *fault.Error) error {
	return l.end(ctx, Cancelled, reason)
}

func (l *lease) end(ctx context.Context, state State, reason *fault.Error) error {
	return l.change(ctx, `state = $7::download_state, lease_until = NULL, seconds_left = NULL, finished_at = $3, error_code = $4, error_en = $5, error_pl = $6`,
		l.now(), string(reason.Code), reason.Sentence(fault.English), reason.Sentence(fault.Polish), string(state))
}

// giveBack lets the download be tried again.
func (l *lease) giveBack(ctx context.Context) error {
	return l.change(ctx, `state = 'QUEUED', lease_until = NULL, seconds_left = NULL`)
}

// handOver gives the download back in good order: the attempt does not count as a try.
func (l *lease) handOver(ctx context.Context) error {
	return l.change(ctx, `state = 'QUEUED', lease_until = NULL, seconds_left = NULL, handovers = handovers + 1`)
}

// change writes to the download's row while the lease is held. Errors: errLeaseLost.
func (l *lease) change(ctx context.Context, assignments string, arguments ...any) error {
	changed, err := l.pool.Exec(ctx, `UPDATE downloads SET `+assignments+
		` WHERE id = $1 AND attempt = $2 AND state = 'RUNNING'`, append([]any{l.id, l.attempt}, arguments...)...)
	if err != nil {
		return fmt.Errorf("writing how far a download is: %w", err)
	}
	if changed.RowsAffected() == 0 {
		return errLeaseLost
	}
	return nil
}
