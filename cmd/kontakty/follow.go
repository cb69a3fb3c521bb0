package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/changes"
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
	c.sources = readFollowed(wrong, c.SourceFiles)
}

// readFollowed reads the source files of telephone systems to follow.
func readFollowed(wrong *flags.Faults, files []string) []*telephony.Source {
	if len(files) == 0 {
		wrong.Add("--source-file", "no source file is named", "name the telephone systems to follow")
	}
	var all []*telephony.Source
	for _, file := range files {
		if source := readSourceFile(wrong, []string{file}); source != nil {
			all = append(all, source)
		}
	}
	return all
}

func (c *followCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(database.Lost(), cancel)()
		out := &lineWriter{said: term.err, finished: term.out}
		defer numberChanges(ctx, out, pool)()
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

// numberChanges has what followers change of contacts get its positions, which nobody else gives it where nobody serves. What it
// gives ends that, once all has its position.
func numberChanges(ctx context.Context, out *lineWriter, pool *postgres.Pool) (end func()) {
	running, cancel := context.WithCancel(ctx)
	numbering := changes.NewNumbering(pool, time.Now, time.After, slog.New(slog.NewTextHandler(saidLines{out}, nil)))
	var done sync.WaitGroup
	done.Go(func() { numbering.Run(running) })
	return func() {
		cancel()
		done.Wait()
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := changes.Number(ending, pool); err != nil {
			out.say("changes of contacts wait for their positions until somebody serves or follows: " + err.Error())
		}
	}
}

// saidLines says what is written to it.
type saidLines struct{ out *lineWriter }

// Write says a line.
func (l saidLines) Write(line []byte) (int, error) {
	l.out.say(strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
}

// lineWriter writes whole lines of several followers.
type lineWriter struct {
	mu             sync.Mutex
	said, finished io.Writer
}

func (w *lineWriter) say(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(w.said, text)
}

func (w *lineWriter) finish(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(w.finished, text)
}

// followBeside follows sources beside a server until the context ends. One that cannot be followed is told the log, and
// leaves the server as it is.
func followBeside(ctx context.Context, log *slog.Logger, config server.DatabaseConfig, sources []*telephony.Source, oldest time.Time) {
	out := &lineWriter{said: logLines{log}, finished: logLines{log}}
	err := server.WithDatabase(ctx, config, func(database *server.Database, pool *postgres.Pool) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(database.Lost(), cancel)()
		var followers sync.WaitGroup
		for _, source := range sources {
			followers.Go(func() {
				if err := follow(ctx, out, pool, source, oldest); err != nil {
					log.Error("a telephone system is not followed any more", "source", source.Name, "error", err.Error())
				}
			})
		}
		followers.Wait()
		return nil
	})
	if err != nil && ctx.Err() == nil {
		log.Error("no telephone system is followed", "error", err.Error())
	}
}

// logLines makes lines of a log of what is written.
type logLines struct{ log *slog.Logger }

// Write writes a line.
func (l logLines) Write(line []byte) (int, error) {
	l.log.Info(strings.TrimSuffix(string(line), "\n"))
	return len(line), nil
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
