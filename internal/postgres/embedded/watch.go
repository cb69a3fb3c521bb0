package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"
)

// How often, and how soon, a server that ends is started again.
const (
	maxRestarts    = 10
	restartsWithin = 10 * time.Minute
	maxRestartWait = 30 * time.Second
	// handover is for how long whoever ended the server in order may start it again, as pg_ctl restart does.
	handover = 5 * time.Second
)

// errGone is why a cluster is not made again under those who use it: it would be empty.
var errGone = errors.New("the data of the private PostgreSQL are gone from the data directory: is its disk mounted?")

// Watching is how a server is watched; the zero value is the usual way.
type Watching struct {
	// Now and After are the clock by which restarts are counted and waited for, nil for the system's.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Restarted is called whenever this process is about to start the server again; nil is not.
	Restarted func()
}

// Watch keeps the server up until the context ends or Stop is called, and gives nil then. A server that ended while it is in
// use is started again by whoever comes first of those that watch it: at once, or after 5 s where somebody else ended it in
// order; and if it goes on ending after 1, 2, 4 … 30 s. An error says that it ended for the eleventh time within ten minutes.
// One call may be under way.
func (s *Server) Watch(ctx context.Context, w Watching) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ending, cancel)()
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.After == nil {
		w.After = time.After
	}
	var ends endings
	var failure error
	for server := s.postmaster; server.outlasts(ctx); {
		wait, isTooOften := ends.note(w.Now())
		if isTooOften {
			return errors.Join(fmt.Errorf("the private PostgreSQL ended %d times within %s and is not started again: see %s", len(ends), restartsWithin, s.place.log()), failure)
		}
		if failure == nil {
			s.log.Warn("the private PostgreSQL has ended", slog.Int("pid", server.pid), slog.String("said", strings.Join(lastWords(s.place.log(), server.pid), "; ")))
		}
		if isOrderly(server.cluster) {
			wait = max(wait, handover)
		}
		if wait > 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-w.After(wait):
			}
		}
		var again *postmaster
		if again, failure = s.restart(ctx, w.Restarted); failure == nil {
			server = cmp.Or(again, server)
		} else if ctx.Err() == nil {
			s.log.Error("the private PostgreSQL could not be started again", slog.Any("error", failure))
		}
	}
	return nil
}

// outlasts waits for the end of the postmaster or of the context, and says whether the context goes on.
func (p *postmaster) outlasts(ctx context.Context) bool {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for p.isAlive() {
		select {
		case <-ctx.Done():
			return false
		case <-p.exited:
		case <-ticker.C:
		}
	}
	return ctx.Err() == nil
}

// isOrderly says whether the last postmaster took its file along, as it does where somebody asked it to end.
func isOrderly(cluster string) bool {
	_, err := os.Stat(postmasterFile(cluster))
	return errors.Is(err, os.ErrNotExist)
}

// restart gives the server that runs, which it starts unless another process was faster; nil where Stop was called.
func (s *Server) restart(ctx context.Context, starting func()) (*postmaster, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, nil
	}
	if major, err := s.place.major(); err != nil || major == 0 {
		return nil, cmp.Or(err, errGone)
	}
	gate, err := takeLock(ctx, s.place.gate(), exclusive)
	if err != nil {
		return nil, fmt.Errorf("waiting for another process that starts or stops the private PostgreSQL: %w", err)
	}
	defer gate.release()
	server, err := s.attach(ctx)
	if err == nil && server == nil {
		if starting != nil {
			starting()
		}
		if server, err = s.start(ctx); err == nil {
			s.log.Info("the private PostgreSQL was started again", slog.Int("pid", server.pid))
		}
	}
	if err == nil && server.socket != s.socket {
		err = errors.New("the private PostgreSQL cannot be had at its former socket: end this process and start it again")
	}
	return server, err
}

// endings are the moments at which a server ended, within the time that they are counted in.
type endings []time.Time

// note notes an end, and says after what time the server is started again, and whether it has ended too often for that.
func (e *endings) note(now time.Time) (wait time.Duration, isTooOften bool) {
	kept := (*e)[:0]
	for _, moment := range *e {
		if now.Sub(moment) < restartsWithin {
			kept = append(kept, moment)
		}
	}
	*e = append(kept, now)
	if before := len(kept); before > 0 {
		wait = min(time.Second<<(before-1), maxRestartWait)
	}
	return wait, len(*e) > maxRestarts
}
