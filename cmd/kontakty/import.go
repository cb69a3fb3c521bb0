package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
)

type importCommand struct {
	flags.Database
	flags.Starts
	flags.Metrics
	flags.Tracing

	Files      []string     `arg:"" optional:"" name:"file" help:"Files of newline-delimited JSON, plain or gzip; - is standard input."`
	Strict     flags.Toggle `help:"Land nothing at all if any line of any file is faulty, or would have to be mended."`
	RetryFor   flags.Span   `name:"retry-for" env:"KONTAKTY_RETRY_FOR" default:"10m" placeholder:"DURATION" help:"For how long what does not land is tried again while the database is away; 0s: not at all. --strict never is (default: ${default})."`
	NoFeed     flags.Toggle `name:"no-feed" help:"Leave what is imported out of the log of changes, for a first load: whoever keeps a copy is told to begin anew."`
	Repairs    string       `placeholder:"FILE" help:"Write what is mended into this file, as CSV: line, field, reason and file, never a value."`
	Format     string       `placeholder:"FORMAT" help:"Take files as a telephone system wrote them: ${formats}."`
	SourceFile []string     `name:"source-file" env:"KONTAKTY_SOURCE_FILE" placeholder:"FILE" help:"The telephone system whose files --format takes: its source file."`
	Columns    []string     `placeholder:"COLUMN" help:"Columns of asterisk-cel, where cel_custom was given others than its sample has."`

	strict   bool
	noFeed   bool
	retryFor time.Duration
	source   sourceImport
}

// Help teaches the command.
func (*importCommand) Help() string {
	return `One JSON object a line, an interaction each:

  {"kind": "contact", "externalId": "A-1", "type": "INBOUND_CALL", "status": "ANSWERED",
   "startedAt": "2024-03-04T08:09:16+01:00", "sourceAddress": "+48501723894"}

(written on one line). Importing the same file again changes nothing, so an import that was interrupted is
simply run again, and one whose database goes away tries again by itself. A line with a higher "revision"
replaces what an earlier one brought. A faulty line is told on standard error with its number and skipped; the
others land. One bad field does not take its contact with it: a negative duration is left out, a text beyond its
bound cut, a type that is unknown becomes OTHER, and so on. Such contacts are counted as repaired; --repairs
lists what was mended, --strict makes faults of it.

It works beside a running demo or serve on the same --data-dir.

Examples:
  kontakty import contacts.ndjson
  kontakty import 2024-*.ndjson.gz
  zcat old.gz | ./convert | kontakty import --strict -
  kontakty import --source-file pbx1.json --format asterisk-cel cel.csv.1.gz cel.csv
  kontakty import --source-file fs1.json --format freeswitch /var/log/freeswitch/json_cdr/
  kontakty import --source-file aws.json --format amazon-connect export/

OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 has traces sent there.

Exit status: 0 everything landed; 3 everything but the faulty lines landed; 1 it failed, or --strict refused
it; 2 the command line is wrong, nothing was done.`
}

func (c *importCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Starts.Check(wrong)
	c.Metrics.Check(wrong)
	c.Tracing.Check(wrong)
	c.noFeed = c.NoFeed.Read(wrong, "--no-feed")
	c.strict = c.Strict.Read(wrong, "--strict")
	c.retryFor = c.RetryFor.ReadShort(wrong, "--retry-for", 0, 24*time.Hour)
	if c.Format != "" {
		if c.noFeed {
			wrong.Add("--no-feed", "does not go with --format", "leave it out")
		}
		c.source.check(wrong, c)
	}
	if len(c.Files) == 0 {
		wrong.Add("import", "no file is named", "name files, or - for standard input")
	}
	inputs := 0
	for _, name := range c.Files {
		if name == "-" {
			if inputs++; inputs == 2 {
				wrong.Add("-", "standard input can be read only once", "name it once")
			}
			continue
		}
		switch info, err := os.Stat(name); {
		case err != nil:
			wrong.Add(name, errors.Unwrap(err).Error(), "name a file that can be read")
		case info.IsDir() && c.Format == "":
			wrong.Add(name, "is a directory", "name the files in it")
		}
	}
}

// How much may lie about until it is collected, in percent of what is held, and how much in all. An import collects often
// by default, and each time on every processor, while PostgreSQL waits for one.
const (
	importGarbage = 300
	importMemory  = 160 << 20
)

func (c *importCommand) run(ctx context.Context, term terminal) error {
	watch, err := server.WatchImport(ctx, c.MetricsListen, version(), c.Traces(), slog.New(slog.NewTextHandler(term.err, nil)))
	if err != nil {
		return err
	}
	defer watch.Close()
	if c.Format != "" {
		return c.source.run(ctx, term, c, watch)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(importGarbage))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(importMemory))
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		repairs, err := newRepairsFile(c.Repairs)
		if err != nil {
			return err
		}
		line := newProgressLine(term.err)
		begun := time.Now()
		result, err := ingest.ImportAll(ctx, pool, c.sources(term), ingest.Config{
			Starts:   ingest.Starts{Oldest: c.Oldest()},
			Strict:   c.strict,
			NoFeed:   c.noFeed,
			Retry:    c.retry(term, line),
			Repaired: repairs.add,
			Faulty: func(fault format.Fault) {
				line.clear()
				fmt.Fprintln(term.err, fault.Error())
			},
			Progress: func(p ingest.Progress) {
				watch.Progress(p)
				line.show("%d lines, %.0f rows/s, %d skipped", p.Lines, p.LinesPerSecond(), p.Skipped)
			},
		})
		line.clear()
		err = errors.Join(err, repairs.close())
		fmt.Fprintln(term.out, figures(result, time.Since(begun)))
		switch {
		case ctx.Err() != nil:
			return errors.New("interrupted: what the figures say has landed; run it again for the rest")
		case err != nil:
			return err
		case result.Skipped > 0:
			return &statusError{status: statusSkipped, err: fmt.Errorf("faulty lines that were skipped: %d; everything else landed", result.Skipped)}
		}
		return nil
	})
}

// retry tries again for as long as the setting says, and says so.
func (c *importCommand) retry(term terminal, line *progressLine) postgres.Retry {
	return postgres.Retry{For: c.retryFor, Away: func(away bool) {
		line.clear()
		if away {
			fmt.Fprintf(term.err, "the database does not answer; trying again for %s\n", c.retryFor)
		} else {
			fmt.Fprintln(term.err, "the database answers again")
		}
	}}
}

// sources are the inputs that were named.
func (c *importCommand) sources(term terminal) []ingest.Source {
	var sources []ingest.Source
	for _, name := range c.Files {
		shown := name
		if len(c.Files) == 1 {
			shown = "" // a fault then says its line alone
		}
		open := func() (io.ReadCloser, error) { return os.Open(name) }
		if name == "-" {
			open = func() (io.ReadCloser, error) { return io.NopCloser(term.in), nil }
		}
		sources = append(sources, ingest.Source{Name: shown, Open: open})
	}
	return sources
}

// figures is the outcome on one line.
func figures(r ingest.Result, took time.Duration) string {
	return fmt.Sprintf("%d lines: %d contacts recorded, %d replaced, %d unchanged, %d stale, %d descriptions, %d skipped, %d repaired, %d collided, in %.1f s (%.0f lines/s)",
		r.Lines, r.Recorded, r.Replaced, r.Unchanged, r.Stale, r.Described, r.Skipped, r.Repaired, r.Collided, took.Seconds(), float64(r.Lines)/took.Seconds())
}

// progressLine is one line on a terminal that is written over; anywhere else it is nothing.
type progressLine struct {
	w     io.Writer
	shown bool
}

func newProgressLine(w io.Writer) *progressLine {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &progressLine{}
	}
	return &progressLine{w: w}
}

// eraseLine moves to the start of the line and clears it.
const eraseLine = "\r\x1b[K"

func (l *progressLine) show(format string, args ...any) {
	if l.w == nil {
		return
	}
	l.shown = true
	fmt.Fprintf(l.w, eraseLine+format, args...)
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.w, eraseLine)
		l.shown = false
	}
}
