package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/sample"
	"github.com/kontakty/kontakty/internal/server"
)

type seedCommand struct {
	flags.Database

	Contacts flags.Number `default:"30000" placeholder:"N" help:"How many contacts to make, at most 100000000 (default: ${default})."`
	Months   flags.Number `default:"3" placeholder:"M" help:"How many months they cover, up to now (default: ${default})."`
	Seed     flags.Number `default:"1" placeholder:"S" help:"Tells sets of data apart: another seed adds others (default: ${default})."`
	Until    string       `placeholder:"TIME" help:"The moment the contacts lead up to, such as 2024-03-31T18:00:00+02:00 (default: now)."`

	options sample.Config
}

// Help teaches the command.
func (*seedCommand) Help() string {
	return `Invents the contacts of a call centre: all 17 types and 7 statuses, ways through the IVR, e-mails, chats,
deleted agents, in the rhythm of office hours. Nobody is meant; numbers and names are drawn by chance.

It works beside a running demo or serve on the same --data-dir.

Examples:
  kontakty seed --contacts 1_000_000 --months 12
  kontakty seed --contacts 10_000_000 --months 12 --seed 7 --database-url postgres://localhost/load_test`
}

func (c *seedCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.options = sample.Config{
		Contacts: int(c.Contacts.Read(wrong, "--contacts", 1, 100_000_000)),
		Months:   int(c.Months.Read(wrong, "--months", 1, 120)),
		Seed:     uint64(c.Seed.Read(wrong, "--seed", 0, 1<<62)),
		Until:    time.Now(),
	}
	if c.Until != "" {
		until, err := time.Parse(time.RFC3339, c.Until)
		if err != nil {
			wrong.Add("--until", fmt.Sprintf("%q is not a time", c.Until), "write for example 2024-03-31T18:00:00+02:00")
		}
		c.options.Until = until
	}
}

func (c *seedCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		line := newProgressLine(term.err)
		begun := time.Now()
		result, err := sample.Load(ctx, pool, c.options, func(p sample.Progress) {
			if p.Finishing {
				line.show("%d contacts, finishing", p.Contacts)
				return
			}
			line.show("%d of %d contacts", p.Contacts, p.Total)
		})
		line.clear()
		switch {
		case ctx.Err() != nil:
			return errors.New("interrupted: no contacts were added")
		case errors.Is(err, sample.ErrLoaded):
			return fmt.Errorf("%w: choose one with --seed", err)
		case postgres.IsFull(err):
			return errors.New("the disk of the database is full: no contacts were added. Make room, or ask for fewer --contacts")
		case err != nil:
			return err
		}
		took := time.Since(begun)
		fmt.Fprintf(term.out, "%d contacts, %d IVR steps, %d records, in %.1f s (%.0f contacts/s)\n",
			result.Contacts, result.Steps, result.Records, took.Seconds(), float64(result.Contacts)/took.Seconds())
		return nil
	})
}
