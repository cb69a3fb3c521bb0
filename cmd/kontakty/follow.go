package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

type followCommand struct {
	flags.Database
	flags.Starts

	SourceFiles []string `name:"source-file" env:"KONTAKTY_SOURCE_FILE" placeholder:"FILE" help:"A telephone system to follow: its source file; may be given several times."`

	sources []*telephony.Source
}

// Help teaches the command.
func (*followCommand) Help() string {
	return `Reads the tables of the databases that the source files name, the history first, then each call while it runs, until
Ctrl-C. It needs the right to SELECT there and nothing else. What was read is remembered: it may be ended and started
at any time. Of two that follow one source the second waits, and takes over when the first ends.

It works beside a running demo or serve on the same --data-dir.

Example:
  kontakty follow --source-file pbx1.json`
}

func (c *followCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Starts.Check(wrong)
	if len(c.SourceFiles) == 0 {
		wrong.Add("--source-file", "no source file is named", "name the telephone systems to follow")
	}
	for _, file := range c.SourceFiles {
		if source := readSourceFile(wrong, []string{file}); source != nil {
			c.sources = append(c.sources, source)
		}
	}
}

func (c *followCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(database.Lost(), cancel)()
		out := &lineWriter{term: term}
		failures := make([]error, len(c.sources))
		var followers sync.WaitGroup
		for i, source := range c.sources {
			followers.Go(func() {
				if failures[i] = follow(ctx, out, pool, source, c.Oldest()); failures[i] != nil {
					cancel()
				}
			})
		}
		followers.Wait()
		return errors.Join(failures...)
	})
}

// lineWriter writes whole lines of several followers.
type lineWriter struct {
	mu   sync.Mutex
	term terminal
}

func (w *lineWriter) say(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(w.term.err, text)
}

func (w *lineWriter) finish(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(w.term.out, text)
}

// follow follows one source until the context ends, and says what that came to.
func follow(ctx context.Context, out *lineWriter, pool *postgres.Pool, source *telephony.Source, oldest time.Time) error {
	follower, err := system.NewFollower(source, pool, oldest, time.Now)
	if err != nil {
		return err
	}
	follower.Notify = out.say
	caughtUp := false
	follower.Caught = func(landed telephony.Landed) {
		if !caughtUp {
			caughtUp = true
			out.say(fmt.Sprintf("%s: caught up after %d rows; following", source.Name, landed.Rows))
		}
	}
	if err := follower.Run(ctx); err != nil {
		return fmt.Errorf("%s: %w", source.Name, err)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	line, err := follower.Summary(ending)
	if err == nil && line != "" {
		out.finish(source.Name + ": " + line)
	}
	return err
}
