package system

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

const (
	// lockRetry is how often a second follower asks whether the first one is gone.
	lockRetry = time.Second
	// lockTimeout is how long the connection that holds the lock may take to answer.
	lockTimeout = 5 * time.Second
	// maxBackoff is the longest wait after an error of the exchange's database.
	maxBackoff = 30 * time.Second
	// closeEvery and tidyEvery are how often unfinished calls are closed and old rows dropped.
	closeEvery, tidyEvery = time.Minute, time.Hour
	// noteEvery is how often it is noted that all was read.
	noteEvery = 5 * time.Second
)

// askAfter are the times after a call's end at which its CDR is asked for: it may be written minutes late.
var askAfter = []time.Duration{0, 10 * time.Second, time.Minute, 310 * time.Second}

// Follower follows the tables of one source: the history first, then what comes.
type Follower struct {
	source *telephony.Source
	pool   *postgres.Pool
	store  *telephony.Store
	tables tables
	cdr    cdrTable // nil where all is in one table
	oldest time.Time
	now    func() time.Time
	// Notify is called for what a person should know, such as a database that is away; it may be nil.
	Notify func(string)
	// Caught is called whenever all that is there was read; it may be nil.
	Caught func(telephony.Landed)

	resumed bool
	due     []dueCall
	total   telephony.Landed
	closed  time.Time
	tidied  time.Time
	noted   time.Time
}

// dueCall is a call whose CDR is asked for next at an instant.
type dueCall struct {
	telephony.Ended
	at    time.Time
	asked int
}

// NewFollower makes the follower of a source, which takes nothing of before the oldest instant.
func NewFollower(source *telephony.Source, pool *postgres.Pool, oldest time.Time, now func() time.Time) (*Follower, error) {
	if source.DatabaseURL == "" {
		return nil, fmt.Errorf("%s: name the exchange's database in databaseUrl to follow it", source.Name)
	}
	f := &Follower{source: source, pool: pool, oldest: oldest, now: now}
	if err := f.open(); err != nil {
		return nil, err
	}
	return f, nil
}

// open opens the tables, of which nothing is known yet.
func (f *Follower) open() error {
	tables, err := openTables(f.source, f.now)
	if err != nil {
		return err
	}
	f.tables, f.resumed = tables, false
	f.cdr, _ = tables.(cdrTable)
	return nil
}

// Run follows until the context ends, which is no error. Of two followers of a source the second waits for the first to end.
// A database that goes away is waited for.
func (f *Follower) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, f.tables.Close()) }()
	mapper, err := NewMapper(f.source)
	if err != nil {
		return err
	}
	for {
		err := f.followAlone(ctx, mapper)
		if ctx.Err() != nil {
			return nil
		}
		if !errors.Is(err, errLockLost) {
			return err
		}
		// Where another server took over, it may lack what was landed last.
		if err := errors.Join(f.tables.Close(), f.open()); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lockRetry):
		}
	}
}

// errLockLost says that the connection is gone which kept other followers out.
var errLockLost = errors.New("the database went away")

// followAlone follows while it keeps the source's other followers out. Errors: errLockLost.
func (f *Follower) followAlone(ctx context.Context, mapper telephony.Mapper) error {
	alone, release, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if f.store == nil {
		if f.store, err = telephony.OpenStore(ctx, f.pool, f.source, mapper, f.oldest, f.now); err != nil {
			return err
		}
	}
	backoff := time.Duration(0)
	for {
		more, err := f.poll(ctx)
		zone := (*reader.ZoneError)(nil)
		origin := (*telephony.OriginError)(nil)
		wait := time.Duration(f.source.PollEvery)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &zone), errors.As(err, &origin):
			return err
		case err != nil && !alone(ctx):
			f.notify(fmt.Sprintf("%s: the database went away; trying again", f.source.Name))
			return errLockLost
		case err != nil:
			backoff = min(max(time.Second, 2*backoff), maxBackoff)
			wait = backoff
			f.notify(fmt.Sprintf("%s: %v; trying again in %s", f.source.Name, err, wait))
			_ = f.store.NoteError(ctx) // the database that it would be noted in may be the one that is away
		case more:
			backoff = 0
			continue
		default:
			backoff = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// Summary is what this run came to.
func (f *Follower) Summary(ctx context.Context) (string, error) {
	if f.store == nil {
		return "", nil
	}
	summary, err := f.store.Summary(ctx)
	return summary.Line(f.total), err
}

func (f *Follower) notify(text string) {
	if f.Notify != nil {
		f.Notify(text)
	}
}

// lock takes the lock of the source's followers, for as long as the connection that holds it lives, which alone says. Errors:
// errLockLost where the database went away since this follower began.
func (f *Follower) lock(ctx context.Context) (alone func(context.Context) bool, release func(), err error) {
	began := f.store != nil
	defer func() {
		if began && postgres.IsAway(err) {
			err = errLockLost
		}
	}()
	conn, err := f.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("connecting to the database: %w", err)
	}
	for noted := false; ; noted = true {
		var taken bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtext('telephony is followed'), hashtext($1))", f.source.Name).Scan(&taken); err != nil {
			conn.Release()
			return nil, nil, fmt.Errorf("waiting for another follower: %w", err)
		}
		if taken {
			break
		}
		if !noted {
			began = true
			f.notify(f.source.Name + ": another process follows it; waiting to take over")
		}
		select {
		case <-ctx.Done():
			conn.Release()
			return nil, nil, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
	return func(ctx context.Context) bool {
			asking, cancel := context.WithTimeout(ctx, lockTimeout)
			defer cancel()
			return conn.Ping(asking) == nil
		}, func() {
			cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockTimeout)
			defer cancel()
			_, _ = conn.Exec(cleanup, "SELECT pg_advisory_unlock(hashtext('telephony is followed'), hashtext($1))", f.source.Name)
			conn.Release()
		}, nil
}

// poll reads what is new and lands it; more is whether there may be more at once.
func (f *Follower) poll(ctx context.Context) (more bool, err error) {
	if !f.resumed {
		if err := f.resume(ctx); err != nil {
			return false, err
		}
		f.resumed = true
	}
	batch, more, err := f.tables.Next(ctx)
	if err != nil {
		return false, err
	}
	if len(batch.Rows) > 0 || batch.Bad > 0 {
		landed, err := f.store.Land(ctx, batch)
		if err != nil {
			return false, err
		}
		if err := f.tables.Landed(batch); err != nil {
			return false, err
		}
		f.total.Add(landed)
		if f.cdr != nil {
			for _, call := range landed.Ended {
				f.due = append(f.due, dueCall{Ended: call, at: f.now()})
			}
		}
	}
	if err := f.askCDR(ctx); err != nil {
		return false, err
	}
	if err := f.housekeep(ctx); err != nil {
		return false, err
	}
	if !more {
		return false, f.caughtUp(ctx)
	}
	return true, nil
}

// caughtUp notes that all that is there was read.
func (f *Follower) caughtUp(ctx context.Context) error {
	if f.Caught != nil {
		f.Caught(f.total)
	}
	if now := f.now(); now.Sub(f.noted) >= noteEvery {
		f.noted = now
		return f.store.CaughtUp(ctx)
	}
	return nil
}

// resume goes on where the source was left, with the calls whose CDR may not have been written yet.
func (f *Follower) resume(ctx context.Context) error {
	kept, err := f.store.Position(ctx, f.tables.Place())
	if err != nil || kept == nil {
		return err
	}
	if err := f.tables.Resume(kept); err != nil || f.cdr == nil {
		return err
	}
	ended, err := f.store.EndedSince(ctx, f.now().Add(-askAfter[len(askAfter)-1]))
	if err != nil {
		return err
	}
	f.due = nil
	for _, call := range ended {
		f.due = append(f.due, dueCall{Ended: call, at: f.now()})
	}
	return nil
}

// askCDR asks for the CDR of calls that ended: at once, and again while it may still be written.
func (f *Follower) askCDR(ctx context.Context) error {
	now := f.now()
	var channels []string
	var from, to time.Time
	for _, call := range f.due {
		if call.at.After(now) {
			continue
		}
		channels = append(channels, call.Channels...)
		if from.IsZero() || call.First.Before(from) {
			from = call.First
		}
		if call.Last.After(to) {
			to = call.Last
		}
	}
	if channels == nil {
		return nil
	}
	batch, err := f.cdr.CDRRows(ctx, channels, from, to)
	if err != nil {
		return err
	}
	if len(batch.Rows) > 0 {
		landed, err := f.store.Land(ctx, batch)
		if err != nil {
			return err
		}
		f.total.Add(landed)
	}
	kept := f.due[:0]
	for _, call := range f.due {
		if !call.at.After(now) {
			call.asked++
			ended := now.Sub(call.Last)
			for call.asked < len(askAfter) && ended > askAfter[call.asked] {
				call.asked++ // of history nothing is written any more
			}
			if call.asked >= len(askAfter) {
				continue
			}
			call.at = call.Last.Add(askAfter[call.asked])
		}
		kept = append(kept, call)
	}
	f.due = kept
	return nil
}

// housekeep closes calls of which nothing is heard, and drops rows that are no longer kept.
func (f *Follower) housekeep(ctx context.Context) error {
	now := f.now()
	if now.Sub(f.closed) >= closeEvery {
		f.closed = now
		landed, err := f.store.CloseUnfinished(ctx)
		if err != nil {
			return err
		}
		f.total.Add(landed)
	}
	if now.Sub(f.tidied) >= tidyEvery {
		f.tidied = now
		return f.store.Tidy(ctx)
	}
	return nil
}
