package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// Listen calls refresh after every connection it makes to the channel and after every notification on it, until the
// context ends; it returns the context's error.
//
// It has a connection of its own beside the pool's. A notification sent while the connection was lost is not heard,
// which is why refresh must read everything anew. Notifications that arrive while refresh runs are answered by one
// more call. If refresh fails, the connection is made again, later and later, up to every five seconds.
func Listen(ctx context.Context, pool *Pool, channel string, refresh func(context.Context) error) error {
	wait := minBackOff
	for {
		refreshed := false
		err := listenOnce(ctx, pool, channel, func(ctx context.Context) error {
			err := refresh(ctx)
			refreshed = refreshed || err == nil
			return err
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if refreshed {
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

// listenOnce listens until the connection or a refresh fails.
func listenOnce(ctx context.Context, pool *Pool, channel string, refresh func(context.Context) error) error {
	conn, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return fmt.Errorf("listening: %w", err)
	}

	changed := make(chan struct{}, 1)
	changed <- struct{}{}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for {
			if err := waitForNotification(ctx, conn); err != nil {
				return err
			}
			select {
			case changed <- struct{}{}:
			default: // a refresh is already due
			}
		}
	})
	group.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-changed:
				if err := refresh(ctx); err != nil {
					return fmt.Errorf("refreshing: %w", err)
				}
			}
		}
	})
	return group.Wait()
}

// waitForNotification finds out within twice the quiet time that the other side is gone without a word.
func waitForNotification(ctx context.Context, conn *pgx.Conn) error {
	for {
		quiet, cancel := context.WithTimeout(ctx, quietTime)
		_, err := conn.WaitForNotification(quiet)
		cancel()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil || !pgconn.Timeout(err) && !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("waiting for a notification: %w", err)
		}
		alive, cancel := context.WithTimeout(ctx, quietTime)
		err = conn.Ping(alive)
		cancel()
		if err != nil {
			return fmt.Errorf("asking whether the connection lives: %w", err)
		}
	}
}
