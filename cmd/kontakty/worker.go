package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/server"
)

type workerCommand struct {
	flags.Database
	flags.Files
	flags.Changes
	flags.OIDC
	flags.Metrics
	flags.Tracing
	flags.Log

	stage func(stage string) // see server.Config
}

// Help teaches the command.
func (*workerCommand) Help() string {
	return `Makes the files that are ordered, in a process of its own: beside "kontakty serve --no-worker", or beside any
number of others. Processes on one database share the work, and need the same --files-url. What a process had in
work when it was killed is begun anew by another within 20 seconds; what it had in work when it was told to stop,
at once.

Examples:
  kontakty worker --data-dir .kontakty
  kontakty worker --data-dir .kontakty --metrics-listen 127.0.0.1:9091
  kontakty worker --database-url postgres://localhost/kontakty --files-url s3://files?region=eu-central-1 --files-at-once 2

OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 has traces of files sent there.

SIGTERM and Ctrl-C stop it in order; a second one ends it at once.`
}

func (c *workerCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Files.Check(wrong)
	c.Changes.Check(wrong)
	c.OIDC.Check(wrong)
	c.Metrics.Check(wrong)
	c.Tracing.Check(wrong)
	c.Log.Check(wrong)
}

// workerMemory is how much memory garbage is let fill, besides as much for each file in work, unless GOMEMLIMIT says
// otherwise. A long file keeps packed records, through which the collector need not go: then it collects the more often.
const (
	workerMemory        = 14 << 20
	workerMemoryOfAFile = 36 << 20
)

func (c *workerCommand) run(ctx context.Context, term terminal) (err error) {
	files := c.Files.Config(c.DataDir)
	if os.Getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(workerMemory + int64(files.Concurrency)*workerMemoryOfAFile))
	}
	worker := server.NewWorker(server.Config{
		Database: c.Database.Config(), Files: files, ChangesKept: c.Changes.Kept(), SignIn: c.OIDC.Config(),
		Zone:    time.UTC, // an order that lies in the database names its own
		Version: version(), MetricsListen: c.MetricsListen, Traces: c.Traces(), Stage: c.stage,
	}, c.NewLog(term.err), time.Now)
	defer func() { err = errors.Join(err, worker.Close()) }()
	err = worker.Run(ctx)
	if ctx.Err() != nil {
		return nil // told to stop while starting
	}
	if err != nil {
		return err
	}
	pace := "one at a time"
	if files.Concurrency > 1 {
		pace = fmt.Sprintf("%d at once", files.Concurrency)
	}
	fmt.Fprintf(term.out, "Kontakty makes files, %s. Stop it with Ctrl-C.\n", pace)
	select {
	case <-ctx.Done():
		fmt.Fprintln(term.out, "Stopping.")
		return nil
	case err := <-worker.Failed():
		return fmt.Errorf("worker: %w", err)
	}
}
