package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/server"
	"github.com/kontakty/kontakty/internal/telephony"
)

type serveCommand struct {
	flags.Database
	flags.Files
	flags.Changes
	flags.Recordings
	flags.OIDC
	flags.Metrics
	flags.Tracing
	flags.Serving

	Migrate  flags.Toggle `env:"KONTAKTY_MIGRATE" help:"Bring the tables of --database-url up to date before serving. The private PostgreSQL always is."`
	NoWorker flags.Toggle `name:"no-worker" env:"KONTAKTY_NO_WORKER" help:"Make no files here: leave that to \"kontakty worker\" processes."`

	Follow flags.Toggle `env:"KONTAKTY_FOLLOW" help:"Follow the telephone systems of --source-file here, as \"kontakty follow\" does."`

	SourceFiles []string `name:"source-file" env:"KONTAKTY_SOURCE_FILE" placeholder:"FILE" help:"A telephone system that --follow follows: its source file; may be given several times."`

	migrate, noWorker bool
	sources           []*telephony.Source
}

// Help teaches the command.
func (*serveCommand) Help() string {
	return `Serves the report on /, GraphQL on /graphql, GraphiQL on /graphiql, the schema on /schema.graphql, files on /files/, and
/healthz, /startupz, /readyz and /metrics for those who run it.

Whoever asks needs an API key ("kontakty keys create") or a token of the --oidc-issuer. Without either, a server that
other machines reach does not start.

Without --database-url a private PostgreSQL in the data directory is started, kept up to date and stopped
again. With it, a database that lacks migrations is refused unless --migrate is given.

Examples:
  kontakty serve
  kontakty serve --listen :8080 --public-url https://contacts.example.com
  kontakty serve --listen :8080 --shutdown-delay 5s --metrics-listen 127.0.0.1:9090
  kontakty serve --follow --source-file pbx1.json
  KONTAKTY_DATABASE_URL=postgres://kontakty:secret@db.example.com/kontakty kontakty serve --migrate

OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 has traces of requests and files sent there.

Files that are ordered are made by this process and by any "kontakty worker" beside it.

SIGTERM and Ctrl-C stop it in order: /readyz says 503 at once, everybody is still answered for --shutdown-delay, then
requests under way have 10 s to end, streams are told, and files in work go to other processes. A second signal ends it
at once.`
}

func (c *serveCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Files.Check(wrong)
	c.Changes.Check(wrong)
	c.Recordings.Check(wrong)
	c.OIDC.Check(wrong)
	c.Metrics.Check(wrong)
	c.Tracing.Check(wrong)
	c.Serving.Check(wrong)
	c.migrate = c.Migrate.Read(wrong, "--migrate")
	c.noWorker = c.NoWorker.Read(wrong, "--no-worker")
	if c.Follow.Read(wrong, "--follow") {
		c.sources = readFollowed(wrong, c.SourceFiles)
	}
}

func (c *serveCommand) run(ctx context.Context, term terminal) error {
	log := c.NewLog(term.err)
	beside := func(context.Context) {}
	if len(c.sources) > 0 {
		beside = func(ctx context.Context) { followBeside(ctx, log, c.Database.Config(), c.sources, c.Oldest()) }
	}
	return serve(ctx, term, log, beside, server.Config{
		HTTPConfig: c.Serving.Config(), OldestContact: c.Oldest(), NewThingsADay: c.NewThings(), Zone: c.Zone(),
		Database: c.Database.Config(), Files: c.Files.Config(c.DataDir), ChangesKept: c.Changes.Kept(), Media: c.Recordings.Config(), SignIn: c.OIDC.Config(),
		Migrate: c.migrate, NoWorker: c.noWorker, MetricsListen: c.MetricsListen, Traces: c.Traces(),
	})
}

const (
	// garbagePercent is how much garbage may gather before it is collected, in percent of what is in use, unless GOGC says
	// otherwise. What is in use is small here as a rule, so that collecting at the usual 100 takes a tenth of the processors;
	// twice that costs some 20 MiB.
	garbagePercent, usualPercent = 200, 100
	// smallInUse is how many bytes in use are small. Where there are more, as of very many agents, the usual is seldom enough.
	smallInUse = 32 << 20
	// startMemory is from how many bytes on garbage is collected more often while starting, which reads very many agents in parts.
	startMemory = 96 << 20
)

// letGarbageGather has garbage collected more seldom than usual, unless GOGC says how often, and often enough while starting, unless
// that fills a database. Settle ends what is for starting alone, gives back what that took, and has garbage collected as usual
// where much is in use.
func letGarbageGather(fills bool) (settle func()) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if fills || os.Getenv("GOMEMLIMIT") != "" {
		return settleGarbage
	}
	unlimited := debug.SetMemoryLimit(startMemory)
	return func() {
		debug.SetMemoryLimit(unlimited)
		settleGarbage()
	}
}

func settleGarbage() {
	debug.FreeOSMemory()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if os.Getenv("GOGC") == "" && memory.HeapAlloc > smallInUse {
		debug.SetGCPercent(usualPercent)
	}
}

// serve runs a serving process until ctx ends or it fails, and says where it answers. What works beside it begins when it
// answers, and ends before it does.
func serve(ctx context.Context, term terminal, log *slog.Logger, beside func(context.Context), config server.Config) (err error) {
	begun := time.Now()
	settle := letGarbageGather(config.Fill != nil)
	config.Version = version()
	server := server.New(config, log, time.Now)
	defer func() { err = errors.Join(err, server.Close()) }()
	if err := server.Run(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // told to stop while starting
		}
		return err
	}
	base := server.URL()
	if config.PublicURL != "" {
		base = config.PublicURL
	}
	fmt.Fprintf(term.out, `Kontakty answers (started in %.1f s).

  Report    %s/
  GraphiQL  %s/graphiql
  API       %s/graphql
  Schema    %s/schema.graphql

%sStop it with Ctrl-C.
`, time.Since(begun).Seconds(), base, base, base, base, server.SignInNotice())

	working, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { beside(working) })
	defer work.Wait()
	defer cancel()

	settle()

	select {
	case <-ctx.Done():
		stopping := "Stopping."
		if config.ShutdownDelay > 0 {
			stopping = fmt.Sprintf("Stopping, in %s.", config.ShutdownDelay)
		}
		fmt.Fprintln(term.out, stopping)
		return nil
	case err := <-server.Failed():
		return fmt.Errorf("serve: %w", err)
	}
}
