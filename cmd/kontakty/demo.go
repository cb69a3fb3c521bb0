package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/sample"
	"github.com/kontakty/kontakty/internal/sample/speech"
	"github.com/kontakty/kontakty/internal/server"
)

// What the demo is filled with.
const (
	demoContacts = 30_000
	demoMonths   = 3
	demoSeed     = 0 // seed starts at 1, so that its contacts can be added to the demo's
)

// fillingNotice is printed when the demo is filled.
const fillingNotice = "Filling the database with invented contacts, once."

// whileFilling is how long to wait before looking again whether another process has filled the database.
const whileFilling = 100 * time.Millisecond

type demoCommand struct {
	flags.Data
	flags.Files
	flags.Changes
	flags.Recordings
	flags.OIDC
	flags.Serving
	flags.Tracing
}

// Help teaches the command.
func (*demoCommand) Help() string {
	return `Starts a private PostgreSQL in the data directory, fills it once with 30,000 invented contacts of the last
three months, and serves the API. The next start finds them there and takes a second. Its recordings are spoken while
they are heard.

It makes an administrator's key, prints it, and keeps it in admin.key in the data directory. As long as it listens on
this machine alone, its pages sign in with that key by themselves.

A data directory that holds contacts already, such as your own, is served as it is: nothing is mixed into it.
Remove the data directory to begin anew.

Examples:
  kontakty demo
  kontakty demo --listen 127.0.0.1:9090 --data-dir /tmp/kontakty

OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 has traces of requests and files sent there.`
}

func (c *demoCommand) check(wrong *flags.Faults) {
	c.Data.Check(wrong)
	c.Files.Check(wrong)
	c.Changes.Check(wrong)
	c.Recordings.Check(wrong)
	c.OIDC.Check(wrong)
	c.Serving.Check(wrong)
	c.Tracing.Check(wrong)
}

func (c *demoCommand) run(ctx context.Context, term terminal) error {
	recordings := c.Recordings.Config()
	recordings.Speech = speech.Archive{}
	return serve(ctx, term, c.NewLog(term.err), func(context.Context) {}, server.Config{
		HTTPConfig: c.Serving.Config(), OldestContact: c.Oldest(), NewThingsADay: c.NewThings(), Zone: c.Zone(),
		Database: c.Data.Config(), Files: c.Files.Config(c.DataDir), ChangesKept: c.Changes.Kept(), Media: recordings, SignIn: c.OIDC.Config(),
		Demo: true, Traces: c.Traces(),
		Fill: func(ctx context.Context, pool *postgres.Pool) error {
			return fillDemo(ctx, pool, time.Now(), func() { fmt.Fprintln(term.out, fillingNotice) })
		},
	})
}

// fillDemo fills a database that holds no contacts; filling is called when it begins. All contacts appear in one
// transaction at the end, so they are their own mark: a process that is killed leaves none, and the next one starts anew.
func fillDemo(ctx context.Context, pool *postgres.Pool, now time.Time, filling func()) error {
	for {
		var filled bool
		if err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM contact_identities)").Scan(&filled); err != nil {
			return fmt.Errorf("look for contacts: %w", err)
		}
		if filled {
			return nil
		}
		filling()
		_, err := sample.Load(ctx, pool, sample.Config{Contacts: demoContacts, Months: demoMonths, Seed: demoSeed, Until: now}, nil)
		switch {
		case err == nil, errors.Is(err, sample.ErrLoaded):
			return nil
		case !errors.Is(err, sample.ErrLoading):
			return fmt.Errorf("fill the demo: %w", err)
		}
		// Another process fills it, or its sessions are still ending after it was killed.
		select {
		case <-time.After(whileFilling):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
