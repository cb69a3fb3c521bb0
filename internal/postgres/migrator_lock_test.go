package postgres_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// lockMigrations holds the lock of the migrations until the test ends.
func lockMigrations(t *testing.T, database *pgtest.Database) {
	t.Helper()
	conn, err := database.Open(t, postgres.Config{ApplicationName: "another kontakty"}).Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	// As a program before 0021 did; the lock of a transaction has the same key.
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_lock($1)", postgres.MigrationLock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Exec(context.Background(), "SELECT pg_advisory_unlock($1)", postgres.MigrationLock); err != nil {
			t.Error(err)
		}
	})
}

func TestMigrator_TakesNoLockToReadTheState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		database *pgtest.Database
		applied  bool
	}{{pgtest.New(t), true}, {pgtest.NewEmpty(t), false}} {
		lockMigrations(t, c.database)
		migrator := postgres.NewMigrator(c.database.Pool)
		migrator.LockWait = time.Nanosecond
		steps, err := migrator.Status(t.Context())
		if err != nil || slices.ContainsFunc(steps, func(s postgres.Step) bool { return s.Applied != c.applied }) {
			t.Errorf("the state is %v, %v; applied should be %t", steps, err, c.applied)
		}
		switch taken, err := migrator.Up(t.Context()); {
		case c.applied && (err != nil || len(taken) > 0):
			t.Errorf("where nothing is missing, up took %v, %v", taken, err)
		case !c.applied && (err == nil || !strings.Contains(err.Error(), "another migration did not end")):
			t.Errorf("beside another, up took %v, %v", taken, err)
		}
	}
}

func TestMigrator_WritesNothingToReadTheState(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	execute(t, database.Pool, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
	if steps, err := postgres.NewMigrator(database.Pool).Status(t.Context()); err != nil || len(steps) == 0 {
		t.Errorf("where nothing may be written, the state is %v, %v", steps, err)
	}
}

func TestMigrator_SaysWhomItWaitsForAndGivesUp(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	lockMigrations(t, database)
	migrator := postgres.NewMigrator(database.Pool)
	migrator.LockWait = 2200 * time.Millisecond
	var told []string
	migrator.Waiting = func(sentence string) { told = append(told, sentence) }
	_, err := migrator.Up(t.Context())
	holder := regexp.MustCompile(` \(process \d+ of "another kontakty" since \d\d:\d\d\)$`)
	if err == nil || !strings.HasPrefix(err.Error(), "another migration did not end within 2.2s") || !holder.MatchString(err.Error()) {
		t.Errorf("the error is %v", err)
	}
	if len(told) != 1 || !strings.HasPrefix(told[0], "waiting for another migration (") || !holder.MatchString(told[0]) {
		t.Errorf("told was %q", told)
	}
}

func TestMigrator_WaitsForNoIndexThatAStepBuildsConcurrently(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	files := fstest.MapFS{
		"0001_table.tx.up.sql":   {Data: []byte("CREATE TABLE a (n int)")},
		"0001_table.tx.down.sql": {Data: []byte("DROP TABLE a")},
		"0002_index.up.sql":      {Data: []byte("CREATE INDEX CONCURRENTLY a_n ON a (n)")},
		"0002_index.down.sql":    {Data: []byte("DROP INDEX CONCURRENTLY a_n")},
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var migrating sync.WaitGroup
	failures := make([]error, 3)
	for i := range failures {
		migrator := postgres.NewMigrator(database.Pool).WithFiles(files)
		migrating.Go(func() { _, failures[i] = migrator.Up(ctx) })
	}
	migrating.Wait()
	for _, failure := range failures {
		if failure != nil {
			t.Error(failure)
		}
	}
	var valid bool
	if err := database.Pool.QueryRow(t.Context(), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass").Scan(&valid); err != nil || !valid {
		t.Errorf("the index is valid: %t, %v", valid, err)
	}
	var locks int
	if err := database.Pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&locks); err != nil || locks != 0 {
		t.Errorf("%d advisory locks are left, %v", locks, err)
	}
}
