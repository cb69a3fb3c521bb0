package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/ingest/fill"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/server"
)

type migrateCommand struct {
	flags.Database
	flags.Starts

	Action string `arg:"" optional:"" placeholder:"up|down|status|plan|drop-empty-months|grants" help:"up, down, status, plan, drop-empty-months or grants."`
	Role   string `placeholder:"ROLE" help:"The role that grants prints the rights of."`
}

// Help teaches the command.
func (*migrateCommand) Help() string {
	return `up      takes every step that the database lacks, and completes contacts that older versions stored; doing it again does nothing
down    takes the newest step back, and with it the data that it gave room to
status  lists the steps and says which are taken, and whether there are more months than there should be
plan    prints what up is going to do: the statements of the missing steps, and the locks that each takes
drop-empty-months
        drops the tables of months that hold nothing, but for this month and its neighbours; what is written into one later
        makes it anew. Readers and writers go on, and wait two seconds at most for each
grants  prints the SQL that gives the role of --role what it needs to serve, import and make files, and nothing else: execute
        it as the owner of the tables, again after each migration

It works beside a running demo or serve on the same --data-dir.

Examples:
  kontakty migrate status
  kontakty migrate plan --database-url postgres://kontakty:secret@db.example.com/kontakty
  kontakty migrate up --database-url postgres://kontakty:secret@db.example.com/kontakty
  kontakty migrate grants --role app | psql kontakty`
}

func (c *migrateCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	c.Starts.Check(wrong)
	switch c.Action {
	case "up", "down", "status", "plan", "drop-empty-months":
	case "grants":
		if c.Role == "" {
			wrong.Add("--role", "no role is named", "write for example kontakty migrate grants --role app")
		}
	default:
		wrong.Add("migrate", fmt.Sprintf("%q is no action", c.Action), "write kontakty migrate up, down, status, plan, drop-empty-months or grants")
	}
}

func (c *migrateCommand) run(ctx context.Context, term terminal) error {
	return server.WithDatabase(ctx, c.Database.Config(), func(database *server.Database, pool *postgres.Pool) error {
		migrator := database.Migrator(pool)
		migrator.Waiting = func(sentence string) { fmt.Fprintln(term.err, sentence) }
		switch c.Action {
		case "up":
			return c.up(ctx, pool, migrator, term)
		case "down":
			return c.down(ctx, migrator, term)
		case "plan":
			return c.plan(ctx, migrator, term)
		case "drop-empty-months":
			return c.dropEmptyMonths(ctx, pool, term)
		case "grants":
			return c.grants(ctx, pool, term)
		default:
			return errors.Join(c.status(ctx, migrator, term), c.survey(ctx, pool, migrator, term))
		}
	})
}

func (c *migrateCommand) up(ctx context.Context, pool *postgres.Pool, migrator *postgres.Migrator, term terminal) error {
	taken, err := migrator.Up(ctx)
	for _, step := range taken {
		fmt.Fprintf(term.out, "up    %s\n", step)
	}
	if err != nil {
		return err
	}
	if len(taken) == 0 {
		fmt.Fprintln(term.out, "The tables are up to date.")
	}
	filled, err := fill.Addresses(ctx, pool, func(time.Duration) error { return nil })
	if filled > 0 {
		fmt.Fprintf(term.out, "keys of the addresses of %d contacts filled\n", filled)
	}
	if err == nil {
		err = workOutFacts(ctx, pool, term)
	}
	return errors.Join(err, c.survey(ctx, pool, migrator, term))
}

// survey says whether there are more months than there should be, of a database whose tables are up to date.
func (c *migrateCommand) survey(ctx context.Context, pool *postgres.Pool, migrator *postgres.Migrator, term terminal) error {
	steps, err := migrator.Status(ctx)
	if err != nil || slices.ContainsFunc(steps, func(step postgres.Step) bool { return !step.Applied }) {
		return err
	}
	found, err := months.Look(ctx, pool, c.Oldest(), time.Now())
	if err == nil && found.Excessive() {
		fmt.Fprintln(term.out, found)
	}
	return err
}

func (c *migrateCommand) dropEmptyMonths(ctx context.Context, pool *postgres.Pool, term terminal) error {
	found, err := months.Look(ctx, pool, c.Oldest(), time.Now())
	if err != nil {
		return err
	}
	dropped, err := months.Drop(ctx, pool, found.Empty)
	fmt.Fprintf(term.out, "%d of %d months dropped: they held nothing.\n", len(dropped), found.Months)
	return err
}

func (c *migrateCommand) grants(ctx context.Context, pool *postgres.Pool, term terminal) error {
	grants, err := postgres.Grants(ctx, pool, c.Role)
	for _, grant := range grants {
		fmt.Fprintln(term.out, grant+";")
	}
	return err
}

func (c *migrateCommand) down(ctx context.Context, migrator *postgres.Migrator, term terminal) error {
	step, err := migrator.Down(ctx)
	if err != nil {
		return err
	}
	if step == "" {
		fmt.Fprintln(term.out, "There is nothing left to take back.")
		return nil
	}
	fmt.Fprintf(term.out, "down  %s\n", step)
	return nil
}

func (c *migrateCommand) status(ctx context.Context, migrator *postgres.Migrator, term terminal) error {
	steps, err := migrator.Status(ctx)
	if err != nil {
		return err
	}
	for _, step := range steps {
		state := "missing"
		if step.Applied {
			state = "taken"
		}
		fmt.Fprintf(term.out, "%-8s %s\n", state, step.Name)
	}
	return nil
}

func (c *migrateCommand) plan(ctx context.Context, migrator *postgres.Migrator, term terminal) error {
	steps, err := migrator.Plan(ctx)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		fmt.Fprintln(term.out, "The tables are up to date.")
	}
	for _, step := range steps {
		fmt.Fprintln(term.out, step.Name+howTaken(step))
		for _, statement := range step.Statements {
			if statement.EachPartition {
				fmt.Fprintf(term.out, "  for each of %d partitions: %s\n", len(statement.Partitions), strings.Join(statement.Partitions, " "))
			}
			fmt.Fprintf(term.out, "  %s;\n", strings.ReplaceAll(statement.SQL, "\n", "\n  "))
			for _, lock := range statement.Locks {
				fmt.Fprintf(term.out, "    lock on %s\n", lock)
			}
		}
	}
	return nil
}

// howTaken says how the statements of a step belong together, and who may go on meanwhile.
func howTaken(step postgres.PlannedStep) string {
	how := ": statements of their own"
	switch {
	case step.Statements == nil:
		return ": the tables of jobs"
	case step.Transaction:
		how = ": one transaction, which holds its locks to its end"
	}
	if step.Compatible {
		how += "; a server of the version before goes on"
	}
	return how
}
