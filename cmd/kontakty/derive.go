package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/ingest/fill"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
)

type deriveCommand struct {
	flags.Database

	SelfServiceTiles []string `name:"self-service-tiles" env:"KONTAKTY_SELF_SERVICE_TILES" sep:"," placeholder:"TILE" help:"Tiles of the IVR, by their exact names, that give callers what they called for: who hung up in one of them was served, not lost (default: none)."`
}

// Help teaches the command.
func (*deriveCommand) Help() string {
	return `Works out anew what follows from each contact: what came of it (its outcome), and how long the client waited. Contacts have that
when they are taken in; this is for those that were before, when --self-service-tiles changes. The database keeps the tiles, so that
every import and server goes by them from then on.

Readers and writers go on meanwhile; contacts that were not reached yet show what followed by the old rules. One that was
stopped goes on where it was with "kontakty migrate up"; until it has ended, a server does not start, or completes it first with
--migrate.

Examples:
  kontakty derive --self-service-tiles "Godziny otwarcia,Stan zamówienia"
  kontakty derive --database-url postgres://localhost/kontakty`
}

func (c *deriveCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	for _, tile := range c.SelfServiceTiles {
		if strings.TrimSpace(tile) == "" {
			wrong.Add("--self-service-tiles", "a name is missing", "write the names as the IVR has them, with commas between them")
		}
	}
}

func (c *deriveCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		if err := fill.Derive(ctx, pool, c.SelfServiceTiles); err != nil {
			return err
		}
		if len(c.SelfServiceTiles) > 0 {
			fmt.Fprintf(term.out, "served by the IVR is who hung up in %s\n", strings.Join(c.SelfServiceTiles, ", "))
		}
		return workOutFacts(ctx, pool, term)
	})
}

// workOutFacts works out the facts that are to be, and says how many contacts were looked at.
func workOutFacts(ctx context.Context, pool *postgres.Pool, term terminal) error {
	line := newProgressLine(term.err)
	batches := 0
	done, err := fill.Facts(ctx, pool, func(time.Duration) error {
		batches++
		line.show("facts: %d batches of contacts", batches)
		return nil
	})
	line.clear()
	if done > 0 {
		fmt.Fprintf(term.out, "facts of %d contacts worked out\n", done)
	}
	return err
}
