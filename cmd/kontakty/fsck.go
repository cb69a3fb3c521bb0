package main

import (
	"context"
	"fmt"
	"os"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/export/storage"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
)

type fsckCommand struct {
	flags.Database
	flags.Bucket
}

// Help teaches the command.
func (*fsckCommand) Help() string {
	return `Compares what the database says of the files with what is there: states, leases and jobs; the size and the
SHA-256 of every file that is offered, read from its first byte to its last; what lies in the bucket or in the
temporary directory and belongs to nobody. It changes nothing, and works beside running servers and workers.

Each thing that is wrong is a line on standard output, such as
  DIGEST_DIFFERS download=17 downloads/17/1.xlsx

Examples:
  kontakty fsck
  kontakty fsck --database-url postgres://localhost/kontakty --files-url s3://files?region=eu-central-1

Exit status: 0 nothing is wrong; 3 what is wrong is listed; 1 it could not look; 2 the command line is wrong.`
}

func (c *fsckCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Bucket.Check(wrong)
}

func (c *fsckCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		bucket, err := storage.Open(ctx, c.Address(c.DataDir))
		if err != nil {
			return err
		}
		defer bucket.Close()
		findings, err := export.Check(ctx, pool, export.CheckConfig{Bucket: bucket, TempDir: os.TempDir()})
		if err != nil {
			return err
		}
		for _, finding := range findings.Wrong {
			fmt.Fprintln(term.out, finding)
		}
		fmt.Fprintf(term.out, "%d downloads, %d files read, %d things wrong\n", findings.Downloads, findings.Files, len(findings.Wrong))
		if len(findings.Wrong) > 0 {
			return &statusError{status: statusFindings, err: fmt.Errorf("things wrong with the files: %d", len(findings.Wrong))}
		}
		return nil
	})
}
