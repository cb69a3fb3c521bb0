// Package ahead lets one goroutine make what another one takes, a few values ahead of it.
//
// It is the one form of producer and consumer here: reading a file while its lines land, fetching rows while those before are
// worked on, making lines while those before are written. What must hold:
//
//   - Each returns after produce and consume have returned, however they end, a panic of consume included: no goroutine is left.
//   - Values are consumed in the order in which they were sent, one at a time, in the goroutine of the caller.
//   - All that was sent before produce failed is consumed before its error is returned.
package ahead

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Each calls produce in a goroutine of its own, and consume with each value that produce sends; n values at most wait to be
// consumed. The context of produce ends with that of the caller and as soon as consume fails or panics, and so does a send that
// waits, with the context's error.
//
// The error is that of consume, or else that of the caller's context where it ended early, or else that of produce.
func Each[T any](ctx context.Context, n int, produce func(ctx context.Context, send func(T) error) error, consume func(T) error) (err error) {
	producing, stop := context.WithCancel(ctx)
	ready := make(chan T, n)
	send := func(value T) error {
		select {
		case ready <- value:
			return nil
		case <-producing.Done():
			return producing.Err()
		}
	}
	var group errgroup.Group
	group.Go(func() error {
		defer close(ready)
		return produce(producing, send)
	})
	defer func() {
		stop()
		switch failure := group.Wait(); {
		case err != nil || failure == nil:
		case ctx.Err() != nil:
			err = ctx.Err()
		default:
			err = failure
		}
	}()
	for value := range ready {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := consume(value); err != nil {
			return err
		}
	}
	return nil
}
