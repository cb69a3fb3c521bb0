package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

type serveCommand struct {
	databaseFlags
	filesFlags
	oidcFlags
	servingFlags

	Migrate  toggle `env:"KONTAKTY_MIGRATE" help:"Bring the tables of --database-url up to date before serving. The private PostgreSQL always is."`
	NoWorker toggle `name:"no-worker" env:"KONTAKTY_NO_WORKER" help:"Make no files here: leave that to \"kontakty worker\" processes."`

	migrate, noWorker bool
}

// Help teaches the command.
func (*serveCommand) Help() string {
	return `Serves the report on /, GraphQL on /graphql, GraphiQL on /graphiql, the schema on /schema.graphql, files on /files/, and
/healthz, /readyz and /metrics for those who run it.

Whoever asks needs an API key ("kontakty keys create") or a token of the --oidc-issuer. Without either, a server that
other machines reach does not start.

Without --database-url a private PostgreSQL in the data directory is started, kept up to date and stopped
again. With it, a database that lacks migrations is refused unless --migrate is given.

Examples:
  kontakty serve
  kontakty serve --listen :8080 --public-url https://contacts.example.com
  KONTAKTY_DATABASE_URL=postgres://kontakty:secret@db.example.com/kontakty kontakty serve --migrate

Files that are ordered are made by this process and by any "kontakty worker" beside it.

SIGTERM and Ctrl-C stop it in order; a second one ends it at once.`
}

func (c *serveCommand) check(wrong *faults) {
	c.databaseFlags.check(wrong)
	c.filesFlags.check(wrong)
	c.oidcFlags.check(wrong)
	c.servingFlags.check(wrong)
	c.migrate = c.Migrate.read(wrong, "--migrate")
	c.noWorker = c.NoWorker.read(wrong, "--no-worker")
}

func (c *serveCommand) run(ctx context.Context, term terminal) error {
	return serve(ctx, term, options{
		databaseFlags: c.databaseFlags, filesFlags: c.filesFlags, oidcFlags: c.oidcFlags, servingFlags: c.servingFlags, migrate: c.migrate, noWorker: c.noWorker,
	})
}

// garbagePercent is how much garbage may gather before it is collected, in percent of what is in use, unless GOGC says
// otherwise. What is in use is small here, so that collecting at the usual 100 takes a tenth of the processors; twice
// that costs some 20 MiB.
const garbagePercent = 200

// serve runs a serving process until ctx ends or it fails, and says where it answers.
func serve(ctx context.Context, term terminal, options options) (err error) {
	begun := time.Now()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	main := New(options, newLog(options.LogFormat, term.err), time.Now)
	defer func() { err = errors.Join(err, main.Close()) }()
	if err := main.Run(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // told to stop while starting
		}
		return err
	}
	base := main.URL()
	if options.PublicURL != "" {
		base = options.PublicURL
	}
	fmt.Fprintf(term.out, `Kontakty answers (started in %.1f s).

  Report    %s/
  GraphiQL  %s/graphiql
  API       %s/graphql
  Schema    %s/schema.graphql

%sStop it with Ctrl-C.
`, time.Since(begun).Seconds(), base, base, base, base, main.signInNotice())

	debug.FreeOSMemory() // starting reads much that is not needed again

	select {
	case <-ctx.Done():
		fmt.Fprintln(term.out, "Stopping.")
		return nil
	case err := <-main.Failed():
		return fmt.Errorf("serve: %w", err)
	}
}
