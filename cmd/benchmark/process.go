package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// measureProcess starts the server over and over, and watches its memory when it idles and under load.
func measureProcess(ctx context.Context, b *bench) (err error) {
	var starts []float64
	for range 2*b.scale.rounds + 1 {
		begun := time.Now()
		server, err := b.large().serve(ctx, b.scratch)
		if err != nil {
			return err
		}
		ready := fmt.Appendf(nil, "GET /readyz HTTP/1.1\r\nHost: %s\r\n\r\n", server.address)
		_, err = once(ctx, server.address, ready)
		starts = append(starts, milliseconds(time.Since(begun)))
		if err := errors.Join(err, server.stop()); err != nil {
			return err
		}
	}
	b.results.atMost("6a", median(starts), 150, "from the start of serve to its first answer, %s ms")

	server, err := b.large().serve(ctx, b.scratch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	idle, _ := server.memory()
	b.results.atMost("6b", idle, 60, "resident when idle, %s MiB")
	pages, err := server.pages("full page", fullPage)
	if err != nil {
		return err
	}
	for range b.scale.rounds {
		if _, err := pages.load(ctx, clients, b.scale.span); err != nil {
			return err
		}
	}
	_, most := server.memory()
	b.results.atMost("6c", most, 150, fmt.Sprintf("resident at most under %d clients of full pages, %%s MiB", clients))
	return nil
}
