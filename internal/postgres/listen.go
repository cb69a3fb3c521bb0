package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"
)

const (
	// minBackOff and maxBackOff bound the wait before a lost connection is made again.
	minBackOff = 50 * time.Millisecond
	maxBackOff = 5 * time.Second
	// quietTime without a notification is when the connection is asked whether it still lives.
	quietTime = 30 * time.Second
)

// Listen calls refresh after every connection it makes to the channel and after every notification on it, as Follow does:
// a notification sent while the connection was lost is not heard, which is why refresh must read everything anew.
func Listen(ctx context.Context, pool *Pool, channel string, refresh func(context.Context) error) error {
	return Follow(ctx, pool, channel, func(ctx context.Context, _ []string) error { return refresh(ctx) })
}

// Follow calls take with what was notified on the channel since the last time, in that order, until the context ends; it
// returns the context's error. After every connection it makes, and after more than can be kept, it calls take with nil:
// anything may have been notified before, and not heard.
//
// It has a connection of its own beside the pool's. Notifications that arrive while take runs are answered by one more
// call. If take fails, the connection is made again, later and later, up to every five seconds.
func Follow(ctx context.Context, pool *Pool, channel string, take func(context.Context, []string) error) error {
	wait := minBackOff
	for {
		taken := false
		err := followOnce(ctx, pool, channel, func(ctx context.Context, payloads []string) error {
			err := take(ctx, payloads)
			taken = taken || err == nil
			return err
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if taken {
			wait = minBackOff
		}
		pool.log.Warn("listening was interrupted", slog.String("channel", channel), slog.Any("error", err), slog.Duration("retry_in", wait))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, maxBackOff)
	}
}

// followOnce listens until the connection or taking fails.
func followOnce(ctx context.Context, pool *Pool, channel string, take func(context.Context, []string) error) error {
	conn, err := pgx.ConnectConfig(ctx, pool.listen.Copy())
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	pool.listening(channel, true)
	defer pool.listening(channel, false)

	heard := &mailbox{overflowed: true, filled: make(chan struct{}, 1)}
	heard.filled <- struct{}{}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for {
			payload, err := waitForNotification(ctx, conn)
			if err != nil {
				return err
			}
			heard.put(payload)
		}
	})
	group.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-heard.filled:
				if err := take(ctx, heard.empty()); err != nil {
					return fmt.Errorf("taking what was notified: %w", err)
				}
			}
		}
	})
	return group.Wait()
}

// maxKept is how many notifications are kept for who takes them.
const maxKept = 1000

// mailbox keeps notifications until they are taken. It is safe for use by many goroutines.
type mailbox struct {
	mu         sync.Mutex
	payloads   []string
	overflowed bool
	// filled has an element while there is something to take.
	filled chan struct{}
}

func (m *mailbox) put(payload string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.payloads = append(m.payloads, payload); len(m.payloads) > maxKept {
		m.payloads, m.overflowed = nil, true
	}
	select {
	case m.filled <- struct{}{}:
	default: // it is due to be taken already
	}
}

// empty gives what is kept, nil where that is not all.
func (m *mailbox) empty() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	payloads := m.payloads
	if m.overflowed {
		payloads = nil
	}
	m.payloads, m.overflowed = nil, false
	return payloads
}

// waitForNotification finds out within twice the quiet time that the other side is gone without a word.
func waitForNotification(ctx context.Context, conn *pgx.Conn) (payload string, _ error) {
	for {
		quiet, cancel := context.WithTimeout(ctx, quietTime)
		heard, err := conn.WaitForNotification(quiet)
		cancel()
		if err == nil {
			return heard.Payload, nil
		}
		if ctx.Err() != nil || !pgconn.Timeout(err) && !errors.Is(err, context.DeadlineExceeded) {
			return "", fmt.Errorf("waiting for a notification: %w", err)
		}
		alive, cancel := context.WithTimeout(ctx, quietTime)
		err = conn.Ping(alive)
		cancel()
		if err != nil {
			return "", fmt.Errorf("asking whether the connection lives: %w", err)
		}
	}
}
