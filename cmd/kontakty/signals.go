package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/kontakty/kontakty/internal/server"
)

// sameStop is how long after the first signal another one is taken for the same: who stops a process may signal its group,
// too.
const sameStop = time.Second

// untilSignalled ends the context at the first SIGINT or SIGTERM, so that everything stops in order. A later signal ends
// the process at once: the private PostgreSQL is stopped without a checkpoint and recovers at the next start. A third one
// does not wait for that either.
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
		second := after(signals, time.Now().Add(sameStop))
		fmt.Fprintf(os.Stderr, "kontakty: %s again: ending at once\n", second)
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			if err := server.StopDatabases(); err != nil {
				fmt.Fprintf(os.Stderr, "kontakty: %s\n", err)
			}
		}()
		select {
		case <-stopped:
		case <-signals:
		}
		os.Exit(128 + int(second.(syscall.Signal)))
	}()
	return ctx, cancel
}

// after waits for a signal that comes after a moment.
func after(signals <-chan os.Signal, moment time.Time) os.Signal {
	for {
		if next := <-signals; time.Now().After(moment) {
			return next
		}
	}
}
