package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

type workerCommand struct {
	databaseFlags
	filesFlags
	oidcFlags
	logFlags

	step func(step string) // see options
}

// Help teaches the command.
func (*workerCommand) Help() string {
	return `Makes the files that are ordered, in a process of its own: beside "kontakty serve --no-worker", or beside any
number of others. Processes on one database share the work, and need the same --files-url. What a process had in
work when it was killed is begun anew by another within 20 seconds; what it had in work when it was told to stop,
at once.

Examples:
  kontakty worker --data-dir .kontakty
  kontakty worker --database-url postgres://localhost/kontakty --files-url s3://files?region=eu-central-1 --files-at-once 2

SIGTERM and Ctrl-C stop it in order; a second one ends it at once.`
}

func (c *workerCommand) check(wrong *faults) {
	c.databaseFlags.check(wrong)
	c.filesFlags.check(wrong)
	c.oidcFlags.check(wrong)
	c.logFlags.check(wrong)
}

// workerMemory is how much memory garbage is let fill, besides as much for each file in work, unless GOMEMLIMIT says
// otherwise. A long file keeps packed records, through which the collector need not go: then it collects the more often.
const (
	workerMemory        = 14 << 20
	workerMemoryOfAFile = 36 << 20
)

func (c *workerCommand) run(ctx context.Context, term terminal) (err error) {
	if os.Getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(workerMemory + int64(c.atOnce)*workerMemoryOfAFile))
	}
	b := &backend{
		options: options{
			databaseFlags: c.databaseFlags,
			filesFlags:    c.filesFlags,
			oidcFlags:     c.oidcFlags,
			// An order that lies in the database names its time zone.
			servingFlags: servingFlags{zone: time.UTC},
			step:         c.step,
		},
		log: newLog(c.LogFormat, term.err),
		now: time.Now,
	}
	defer func() { err = errors.Join(err, b.handOver(), b.close()) }()
	if err = b.open(ctx); err == nil {
		err = b.openFiles(ctx)
	}
	if ctx.Err() != nil {
		return nil // told to stop while starting
	}
	if err != nil {
		return err
	}
	files := "files, one at a time"
	if c.atOnce > 1 {
		files = fmt.Sprintf("files, %d at once", c.atOnce)
	}
	fmt.Fprintf(term.out, "Kontakty makes %s. Stop it with Ctrl-C.\n", files)
	<-ctx.Done()
	fmt.Fprintln(term.out, "Stopping.")
	return nil
}
