package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/sources"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

// sourcesCommands are about telephone systems whose rows are taken as they are.
type sourcesCommands struct {
	Draft    draftSourceCommand    `cmd:"" help:"Write the source file of a FreePBX from its own tables."`
	Check    checkSourceCommand    `cmd:"" help:"Say what a source's records would come to, and land nothing."`
	List     listSourcesCommand    `cmd:"" help:"List the sources that rows were taken from."`
	Unmapped unmappedSourceCommand `cmd:"" help:"List the calls that became no contact, with the reason."`
	Remap    remapSourceCommand    `cmd:"" help:"Rebuild contacts from the rows that are kept, after a change of the source file."`
}

// sourceImport is an import of files as a telephone system wrote them.
type sourceImport struct {
	source    *telephony.Source
	newReader func() (telephony.Reader, error)
}

// readSourceFile reads the one source file that a command needs.
func readSourceFile(wrong *flags.Faults, files []string) *telephony.Source {
	if len(files) != 1 {
		wrong.Add("--source-file", fmt.Sprintf("%d source files are named", len(files)), "name the one whose records these are")
		return nil
	}
	source, err := telephony.ReadSource(files[0])
	if err != nil {
		wrong.Add("--source-file", err.Error(), "mend the source file")
		return nil
	}
	return source
}

func (s *sourceImport) check(wrong *flags.Faults, c *importCommand) {
	if s.source = readSourceFile(wrong, c.SourceFile); s.source == nil {
		return
	}
	var err error
	if s.newReader, err = system.ReaderMaker(s.source, c.Format, c.Columns); err != nil {
		wrong.Add("--format", err.Error(), "name the format that the telephone system writes")
	}
	if c.strict {
		wrong.Add("--strict", "is for newline-delimited JSON alone", "leave it out")
	}
	if slices.Contains(c.Files, "-") {
		wrong.Add("-", "records of a telephone system are read from files", "name files")
	}
}

func (s *sourceImport) run(ctx context.Context, term terminal, c *importCommand, watch *server.ImportWatch) error {
	defer debug.SetGCPercent(debug.SetGCPercent(importGarbage))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(importMemory))
	return withStore(ctx, c.Database.Config(), s.source, c.Oldest(), func(store *telephony.Store) error {
		line := newProgressLine(term.err)
		begun := time.Now()
		files := telephony.FileImport{
			Store: store, NewReader: s.newReader, Retry: c.retry(term, line),
			Faulty: func(bad telephony.BadLine) {
				line.clear()
				fmt.Fprintln(term.err, bad.Error())
			},
			Progress: func(l telephony.Landed) {
				watch.Progress(ingest.Progress{Lines: l.Rows + l.Bad, Skipped: l.Bad, Elapsed: time.Since(begun)})
				line.show("%d rows, %.0f rows/s, %d bad", l.Rows, float64(l.Rows)/time.Since(begun).Seconds(), l.Bad)
			},
		}
		paths, err := telephony.FilesIn(c.Files)
		if err != nil {
			return err
		}
		landed, err := files.Run(ctx, paths)
		line.clear()
		if finished := finishRun(context.WithoutCancel(ctx), term, store, landed, begun); err == nil {
			err = finished
		}
		switch {
		case ctx.Err() != nil:
			return errors.New("interrupted: what the figures say has landed; run it again for the rest")
		case err != nil:
			return err
		case landed.Bad > 0:
			return &statusError{status: statusSkipped, err: fmt.Errorf("lines that are no rows and were skipped: %d; everything else landed", landed.Bad)}
		}
		return nil
	})
}

// withStore opens the database and a source's store in it.
func withStore(ctx context.Context, config server.DatabaseConfig, source *telephony.Source, oldest time.Time, work func(*telephony.Store) error) error {
	return server.WithDatabase(ctx, config, func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		mapper, err := system.NewMapper(source)
		if err != nil {
			return err
		}
		store, err := telephony.OpenStore(ctx, pool, source, mapper, oldest, time.Now)
		if err != nil {
			return err
		}
		return work(store)
	})
}

// finishRun prints what the source file does not name, and what the run came to.
func finishRun(ctx context.Context, term terminal, store *telephony.Store, landed telephony.Landed, begun time.Time) error {
	summary, err := store.Summary(ctx)
	if err != nil {
		return err
	}
	for _, unknown := range summary.Unknown {
		fmt.Fprintf(term.err, "not in the source file: %s, met by %d calls\n", unknown.Value, unknown.Calls)
	}
	took := time.Since(begun).Seconds()
	fmt.Fprintf(term.out, "%s, in %.1f s (%.0f rows/s)\n", summary.Line(landed), took, float64(landed.Rows)/took)
	return nil
}

type listSourcesCommand struct{ flags.Database }

func (c *listSourcesCommand) check(wrong *flags.Faults) { c.Database.Check(wrong) }

func (c *listSourcesCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		states, err := sources.Read(ctx, pool, time.Now())
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "SOURCE\tKIND\tROWS\tBAD\tCALLS\tWITHOUT A CONTACT\tERRORS\tLATEST ROW\tREAD\tBEHIND")
		for _, s := range states {
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\n", s.Name, s.Kind, s.Rows, s.Bad, s.Calls, s.Unmapped(), s.Errors, instantOrNever(s.LastRowAt), instantOrNever(s.ReadAt), lagText(s.Lag))
		}
		return table.Flush()
	})
}

// lagText is how far behind a follower is, a dash where there was none.
func lagText(lag *time.Duration) string {
	if lag == nil {
		return "-"
	}
	return lag.Round(time.Second).String()
}

func instantOrNever(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return at.UTC().Format(time.RFC3339)
}

type unmappedSourceCommand struct {
	flags.Database

	Name  string       `arg:"" name:"source" help:"The source's name."`
	Limit flags.Number `default:"100" placeholder:"NUMBER" help:"How many calls, the latest first (default: ${default})."`

	limit int
}

func (c *unmappedSourceCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.limit = int(c.Limit.Read(wrong, "--limit", 1, 100_000))
}

func (c *unmappedSourceCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		return telephony.ListUnmapped(ctx, pool, c.Name, c.limit, func(call telephony.Unmapped) error {
			_, err := fmt.Fprintf(term.out, "%s %s %s: %v\n", call.At.UTC().Format(time.RFC3339), call.Key, call.Reason, call.Rows)
			return err
		})
	})
}

type remapSourceCommand struct {
	flags.Database
	flags.Starts

	Name       string `arg:"" name:"source" help:"The source's name."`
	SourceFile string `name:"source-file" placeholder:"FILE" help:"The source file (default: the one that the source was read by last)."`
	From       string `required:"" placeholder:"DATE" help:"First day, such as 2026-11-01."`
	To         string `required:"" placeholder:"DATE" help:"Last day."`
}

func (c *remapSourceCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Starts.Check(wrong)
	for _, given := range []struct{ flag, day string }{{"--from", c.From}, {"--to", c.To}} {
		if _, err := time.Parse(time.DateOnly, given.day); err != nil {
			wrong.Add(given.flag, fmt.Sprintf("%q is not a date", given.day), "write for example "+given.flag+" 2026-11-01")
		}
	}
	if c.To < c.From {
		wrong.Add("--to", "lies before --from", "name the last day")
	}
}

func (c *remapSourceCommand) run(ctx context.Context, term terminal) error {
	file := c.SourceFile
	if file == "" {
		if err := server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
			if err := database.Prepare(ctx, pool, false); err != nil {
				return err
			}
			var err error
			file, err = telephony.FileOf(ctx, pool, c.Name)
			return err
		}); err != nil {
			return err
		}
	}
	if file == "" {
		return fmt.Errorf("no rows were taken from a source named %s", c.Name)
	}
	source, err := telephony.ReadSource(file)
	if err != nil {
		return err
	}
	if source.Name != c.Name {
		return fmt.Errorf("%s is the source file of %s, not of %s", file, source.Name, c.Name)
	}
	zone := source.Location()
	from, _ := time.ParseInLocation(time.DateOnly, c.From, zone)
	to, _ := time.ParseInLocation(time.DateOnly, c.To, zone)
	begun := time.Now()
	return withStore(ctx, c.Database.Config(), source, c.Oldest(), func(store *telephony.Store) error {
		landed, err := store.Remap(ctx, from, to.AddDate(0, 0, 1))
		if err != nil {
			return err
		}
		return finishRun(ctx, term, store, landed, begun)
	})
}

type checkSourceCommand struct {
	SourceFile string   `arg:"" name:"source-file" help:"The source file."`
	Files      []string `arg:"" optional:"" name:"file" help:"Files to read, of the format that --format names."`
	Format     string   `placeholder:"FORMAT" help:"Format of the files: ${formats}."`
	Columns    []string `placeholder:"COLUMN" help:"Columns of asterisk-cel."`

	source *telephony.Source
}

func (c *checkSourceCommand) check(wrong *flags.Faults) {
	if c.source = readSourceFile(wrong, []string{c.SourceFile}); c.source == nil {
		return
	}
	for _, name := range c.Files {
		if _, err := os.Stat(name); err != nil {
			wrong.Add(name, errors.Unwrap(err).Error(), "name a file that can be read")
		}
	}
	if len(c.Files) > 0 {
		if _, err := system.ReaderMaker(c.source, c.Format, c.Columns); err != nil {
			wrong.Add("--format", err.Error(), "name the format that the telephone system writes")
		}
	}
}

func (c *checkSourceCommand) run(ctx context.Context, term terminal) error {
	findings, err := system.Check(ctx, c.source, c.Files, c.Format, c.Columns, time.Now())
	if err != nil {
		return err
	}
	for _, finding := range findings {
		fmt.Fprintln(term.out, finding)
	}
	return nil
}
