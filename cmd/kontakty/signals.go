package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// untilSignalled ends the context at the first SIGINT or SIGTERM, so that everything stops in order. A second signal
// ends the process at once: the private PostgreSQL then recovers at the next start, as after a kill -9.
func untilSignalled(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
			return
		}
		second := <-signals
		fmt.Fprintf(os.Stderr, "kontakty: %s again: ending at once\n", second)
		os.Exit(128 + int(second.(syscall.Signal)))
	}()
	return ctx, cancel
}
