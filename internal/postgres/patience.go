package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// stallTimeout is how long a statement may take, and a COPY without taking any rows.
	stallTimeout = 5 * time.Minute
	// lookTimeout is how long it may take to look whether one waits for a lock.
	lookTimeout = 5 * time.Second
)

// errStalled is why work is given up of which a statement takes too long.
var errStalled = errors.New("a statement goes on for too long")

// Patience ends work without a time limit, such as the chunk of an import, when nothing of it goes on for five minutes.
// Waiting for a lock is no reason: who holds it may have much to do. It is for one transaction at a time.
type Patience struct {
	timeout time.Duration // in tests

	mu      sync.Mutex
	timer   *time.Timer // nil while there is nothing to wait for
	session uint32      // that does the work
}

// During does work. One that was given up ends with fault.DatabaseAway.
func (p *Patience) During(ctx context.Context, pool *Pool, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.mu.Lock()
	p.timer = time.AfterFunc(p.limit(), func() {
		if p.waitsForLock(ctx, pool) {
			p.GoesOn()
			return
		}
		cancel(errStalled)
	})
	p.mu.Unlock()
	defer p.stop()
	err := do(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errStalled) {
		return fault.New(fault.DatabaseAway, "").Because(errors.Join(errStalled, err))
	}
	return err
}

func (p *Patience) limit() time.Duration {
	return cmp.Or(p.timeout, stallTimeout)
}

// GoesOn says that something does: a COPY takes rows.
func (p *Patience) GoesOn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Reset(p.limit())
	}
}

func (p *Patience) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer.Stop()
	p.timer = nil
}

// waitsForLock says whether the session waits for another one.
func (p *Patience) waitsForLock(ctx context.Context, pool *Pool) (waits bool) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	p.mu.Lock()
	session := p.session
	p.mu.Unlock()
	err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock')", int64(session)).Scan(&waits)
	return err == nil && waits
}

// Watch is a transaction whose statements go on as they begin.
func (p *Patience) Watch(tx pgx.Tx) pgx.Tx {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.session = tx.Conn().PgConn().PID()
	return watchedTx{tx, p}
}

// watchedTx is a transaction whose statements are told of as they begin.
type watchedTx struct {
	pgx.Tx
	patience *Patience
}

// Exec implements pgx.Tx.
func (w watchedTx) Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error) {
	w.patience.GoesOn()
	return w.Tx.Exec(ctx, sql, arguments...)
}

// Query implements pgx.Tx.
func (w watchedTx) Query(ctx context.Context, sql string, arguments ...any) (pgx.Rows, error) {
	w.patience.GoesOn()
	return w.Tx.Query(ctx, sql, arguments...)
}

// QueryRow implements pgx.Tx.
func (w watchedTx) QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row {
	w.patience.GoesOn()
	return w.Tx.QueryRow(ctx, sql, arguments...)
}

// SendBatch implements pgx.Tx.
func (w watchedTx) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	w.patience.GoesOn()
	return w.Tx.SendBatch(ctx, batch)
}

// Commit implements pgx.Tx.
func (w watchedTx) Commit(ctx context.Context) error {
	w.patience.GoesOn()
	return w.Tx.Commit(ctx)
}

// Conn implements pgx.Tx: who takes the connection is about to execute something on it.
func (w watchedTx) Conn() *pgx.Conn {
	w.patience.GoesOn()
	return w.Tx.Conn()
}

// minPause and maxPause bound the wait before what failed is tried again.
const (
	minPause = 100 * time.Millisecond
	maxPause = 5 * time.Second
)

// Retry tries again what failed because the database was away. The zero value does not.
type Retry struct {
	// For is how long it may be away.
	For time.Duration
	// Away is called with true when that begins, and with false when it is over; it may be nil.
	Away func(bool)
}

// Do does what may be done any number of times, until it succeeds, fails for another reason or the time is over.
func (r Retry) Do(ctx context.Context, do func() error) error {
	err := do()
	if r.For <= 0 || !IsAway(err) || ctx.Err() != nil {
		return err
	}
	r.tell(true)
	pause := minPause
	for since := time.Now(); ; {
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		if err = do(); !IsAway(err) {
			r.tell(false)
			return err
		}
		if away := time.Since(since); away >= r.For {
			return fmt.Errorf("the database has been away for %s: %w", away.Round(time.Second), err)
		}
		pause = min(2*pause, maxPause)
	}
}

func (r Retry) tell(away bool) {
	if r.Away != nil {
		r.Away(away)
	}
}

// IsAway says whether an error means that the database does not answer, as Translate does.
func IsAway(err error) bool {
	var reason *fault.Error
	return errors.As(Translate(err), &reason) && reason.Reason == fault.DatabaseAway
}
