package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/uptrace/bun/migrate"

	"github.com/kontakty/kontakty/migrations"
)

// Migrator changes the schema of a database: the files of package migrations in the order of their names, then
// River's own tables.
//
// A step of a .tx file and the note that it was taken are one transaction, so it is never half taken nor taken twice,
// whatever ends the process. Any other step is a list of statements that may be taken again: one that was cut off is taken
// from its beginning, but for the indexes that were built. Migrators on one database wait for each other, so many processes
// may start at once. A lock that PostgreSQL itself drops with the transaction, not a row in a table, keeps them apart: it
// cannot outlive a crash. What changes nothing takes no lock.
type Migrator struct {
	// LockWait is how long another migrator is waited for, DefaultLockWait by default.
	LockWait time.Duration
	// Waiting is given a sentence that says whom this one waits for, once, where that takes longer than two seconds; the
	// pool's log by default.
	Waiting func(sentence string)

	pool      *Pool
	files     fs.FS
	lockTries lockTries
}

// Step is one step of the schema.
type Step struct {
	// Name is the step's name, such as "0001_contacts" or "river_006".
	Name string
	// Applied says whether the database has it.
	Applied bool
}

// NewMigrator makes a migrator for the database of a pool. It works on connections of its own, so neither the pool's
// statement timeout nor its being read-only touches it.
func NewMigrator(pool *Pool) *Migrator {
	return &Migrator{
		LockWait: DefaultLockWait,
		Waiting:  func(sentence string) { pool.log.Warn(sentence) },
		pool:     pool, files: migrations.FS, lockTries: defaultLockTries,
	}
}

// Up takes every step that the database lacks and names those it took. It refuses a database that was migrated by a newer
// program, unless it lacks nothing and what it has beyond is marked as compatible.
func (m *Migrator) Up(ctx context.Context) ([]string, error) {
	var taken []string
	if steps, err := m.Status(ctx); err != nil || !slices.ContainsFunc(steps, func(step Step) bool { return !step.Applied }) {
		return nil, err
	}
	err := m.alone(ctx, func(ctx context.Context, w *workplace) error {
		ours, err := w.ours(ctx)
		if err == nil {
			err = w.schema.refuseUp()
		}
		if err != nil {
			return err
		}
		for _, step := range ours.Unapplied() {
			if err := m.take(ctx, w.pool, step, ours.LastGroupID()+1); err != nil {
				return fmt.Errorf("migrating up to %s: %w", step.String(), err)
			}
			taken = append(taken, step.String())
		}
		rivers, err := w.river.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err != nil {
			return fmt.Errorf("migrating River's tables up: %w", err)
		}
		for _, version := range rivers.Versions {
			taken = append(taken, riverStep(version.Version))
		}
		return nil
	})
	return taken, err
}

// Down takes the newest file's step back and names it; when no file's step is left, all of River's. It gives "" when
// nothing is left to take back.
func (m *Migrator) Down(ctx context.Context) (string, error) {
	name := ""
	err := m.alone(ctx, func(ctx context.Context, w *workplace) error {
		ours, err := w.ours(ctx)
		if err == nil {
			err = w.schema.refuseDown()
		}
		if err != nil {
			return err
		}
		if applied := ours.Applied(); len(applied) > 0 {
			newest := applied[0]
			if err := m.takeBack(ctx, w.pool, newest); err != nil {
				return fmt.Errorf("migrating down from %s: %w", newest.String(), err)
			}
			name = newest.String()
			return nil
		}
		rivers, err := w.river.Migrate(ctx, rivermigrate.DirectionDown, &rivermigrate.MigrateOpts{TargetVersion: -1})
		if err != nil {
			return fmt.Errorf("migrating River's tables down: %w", err)
		}
		if len(rivers.Versions) > 0 {
			name = "river"
		}
		return nil
	})
	return name, err
}

// Status lists every step in the order of Up. It reads only, and waits for nobody.
func (m *Migrator) Status(ctx context.Context) ([]Step, error) {
	var steps []Step
	err := m.work(ctx, func(w *workplace) error {
		ours, err := w.ours(ctx)
		if err != nil {
			return err
		}
		for _, step := range ours {
			steps = append(steps, Step{Name: step.String(), Applied: step.IsApplied()})
		}
		existing, err := w.river.ExistingVersions(ctx)
		if err != nil {
			return fmt.Errorf("reading River's migrations: %w", err)
		}
		for _, version := range w.river.AllVersions() {
			applied := slices.ContainsFunc(existing, func(e rivermigrate.Migration) bool { return e.Version == version.Version })
			steps = append(steps, Step{Name: riverStep(version.Version), Applied: applied})
		}
		return nil
	})
	return steps, err
}

// riverPrefix begins the names of River's steps.
const riverPrefix = "river_"

func riverStep(version int) string { return fmt.Sprintf(riverPrefix+"%03d", version) }

// workplace is what a migrator works with.
type workplace struct {
	pool   *Pool
	files  fs.FS
	steps  *migrate.Migrations
	list   *migrate.Migrator // of the steps of the files, which it does not take itself
	schema Schema            // as it was when the list was read
	river  *rivermigrate.Migrator[pgx.Tx]
}

// work calls do with connections of its own.
func (m *Migrator) work(ctx context.Context, do func(*workplace) error) error {
	steps := migrate.NewMigrations()
	if err := steps.Discover(m.files); err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	pool, err := Open(ctx, Config{
		URL: m.pool.Config().ConnString(), ApplicationName: "kontakty migrate", MaxConns: 4, PreparedStatements: true,
	})
	if err != nil {
		return err
	}
	defer pool.Close()
	river, err := rivermigrate.New(riverpgxv5.New(pool.Pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("preparing River's migrations: %w", err)
	}
	return do(&workplace{
		pool: pool, files: m.files, steps: steps,
		list:  migrate.NewMigrator(pool.DB, steps),
		river: river,
	})
}

// alone calls do when no other migrator changes the database.
func (m *Migrator) alone(ctx context.Context, do func(context.Context, *workplace) error) error {
	return m.work(ctx, func(w *workplace) error {
		release, err := m.lock(ctx, w.pool)
		if err != nil {
			return err
		}
		defer release()
		if err := w.list.Init(ctx); err != nil {
			return fmt.Errorf("preparing the list of migrations: %w", hintOfRights(err))
		}
		return do(ctx, w)
	})
}

// ours are the steps of the files with their state.
func (w *workplace) ours(ctx context.Context) (migrate.MigrationSlice, error) {
	var err error
	if w.schema, err = readSchema(ctx, w.pool, w.files); err == nil {
		err = w.schema.refuse()
	}
	if err != nil {
		return nil, err
	}
	steps, err := w.list.MigrationsWithStatus(ctx)
	if hasCode(err, undefinedTable) {
		return w.steps.Sorted(), nil // nobody has migrated yet
	}
	if err != nil {
		return nil, fmt.Errorf("reading the list of migrations: %w", err)
	}
	return steps, nil
}
