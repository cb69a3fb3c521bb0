package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
	"github.com/kontakty/kontakty/internal/storage"
)

type fsckCommand struct {
	flags.Database
	flags.Starts
	flags.Bucket
	flags.Recordings
}

// Help teaches the command.
func (*fsckCommand) Help() string {
	return `Compares what the database says of the files with what is there: states, leases and jobs; the size and the
SHA-256 of every file that is offered, read from its first byte to its last; what lies in the bucket or in the
temporary directory and belongs to nobody; whether there are more months of contacts than there
should be; and whether the log of changes is whole. With
--recordings-url it looks for every recording that a contact names and counts those that are absent: that is not wrong, since
exchanges remove old ones. It changes nothing, and works beside running servers and workers.

Each thing that is wrong is a line on standard output, such as
  DIGEST_DIFFERS download=17 downloads/17/1.xlsx

Examples:
  kontakty fsck
  kontakty fsck --database-url postgres://localhost/kontakty --files-url s3://files?region=eu-central-1
  kontakty fsck --recordings-url file:///var/spool/asterisk/monitor

Exit status: 0 nothing is wrong; 3 what is wrong is listed; 1 it could not look; 2 the command line is wrong.`
}

func (c *fsckCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Starts.Check(wrong)
	c.Bucket.Check(wrong)
	c.Recordings.Check(wrong)
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
		survey, err := months.Look(ctx, pool, c.Oldest(), time.Now())
		if err != nil {
			return err
		}
		if err := c.lookForRecordings(ctx, term, pool); err != nil {
			return err
		}
		log, err := changes.Check(ctx, pool)
		if err != nil {
			return err
		}
		return c.say(term, findings, survey, log)
	})
}

// lookForRecordings counts the recordings that are where they should be, and those that are not, if it is said where that is.
func (c *fsckCommand) lookForRecordings(ctx context.Context, term terminal, pool *postgres.Pool) error {
	if len(c.RecordingsURL) == 0 {
		return nil
	}
	places, err := media.OpenPlaces(ctx, c.Recordings.Addresses())
	if err != nil {
		return err
	}
	defer places.Close()
	line := newProgressLine(term.err)
	found, err := media.Look(ctx, pool, places, func(so media.Survey) { line.show("%s", so) })
	line.clear()
	if err != nil {
		return err
	}
	fmt.Fprintln(term.out, found)
	return nil
}

// say says what is wrong, if anything is.
func (*fsckCommand) say(term terminal, findings export.Findings, survey months.Survey, log []string) error {
	for _, finding := range findings.Wrong {
		fmt.Fprintln(term.out, finding)
	}
	wrong := len(findings.Wrong)
	if survey.Excessive() {
		fmt.Fprintln(term.out, survey)
		wrong++
	}
	for _, finding := range log {
		fmt.Fprintln(term.out, finding)
	}
	wrong += len(log)
	fmt.Fprintf(term.out, "%d downloads, %d files read, %d things wrong\n", findings.Downloads, findings.Files, wrong)
	switch {
	case len(findings.Wrong) > 0:
		return &statusError{status: statusFindings, err: fmt.Errorf("things wrong with the files: %d", len(findings.Wrong))}
	case len(log) > 0:
		return &statusError{status: statusFindings, err: fmt.Errorf("things wrong with the log of changes: %d", len(log))}
	case wrong > 0:
		return &statusError{status: statusFindings, err: errors.New("there are more months than there should be")}
	default:
		return nil
	}
}
