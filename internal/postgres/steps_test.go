package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/migrations"
)

// withStep is all steps that there are, and one after them.
func withStep(t testing.TB, kind, text string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	files["9001_more"+kind+"up.sql"] = &fstest.MapFile{Data: []byte(text)}
	files["9001_more"+kind+"down.sql"] = &fstest.MapFile{}
	return files
}

const moreIndexes = `
CREATE INDEX IF NOT EXISTS contacts_more ON ONLY contacts (external_id);
-- each partition of contacts without contacts_more:
--   CREATE INDEX CONCURRENTLY {child}_more ON {child} (external_id)
-- each partition of contacts without contacts_more: ALTER INDEX contacts_more ATTACH PARTITION {child}_more
`

// indexes are the names of the indexes that end so, each with whether it is valid.
func indexes(t testing.TB, pool *postgres.Pool, suffix string) map[string]bool {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE '%'||$1", suffix)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]bool)
	var name string
	var valid bool
	if _, err := pgx.ForEachRow(rows, []any{&name, &valid}, func() error { found[name] = valid; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

func waitFor(t testing.TB, pool *postgres.Pool, what, condition string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var met bool
		if err := pool.QueryRow(t.Context(), "SELECT "+condition).Scan(&met); err != nil {
			t.Fatal(err)
		}
		if met {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("for a minute: not %s", what)
		}
	}
}

// migrateVariable, in a test process begun by the test below, is the database that it migrates.
const migrateVariable = "KONTAKTY_POSTGRES_MIGRATE"

// TestStep_IsTakenByAnotherProcess is the only test of such a process; elsewhere it has nothing to do.
func TestStep_IsTakenByAnotherProcess(t *testing.T) {
	url := os.Getenv(migrateVariable)
	if url == "" {
		return
	}
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	fmt.Println("migrating")
	up(t, postgres.NewMigrator(pool).WithFiles(withStep(t, ".", moreIndexes)))
}

func TestStep_ThatWasKilledAmongItsIndexesIsTakenToItsEnd(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	execute(t, database.Pool, "SELECT ensure_contact_partitions('2024-01-01Z', '2024-04-01Z')")
	writing, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writing.Rollback(context.WithoutCancel(t.Context())) }()

	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	migrating := exec.Command(program, "-test.run=^TestStep_IsTakenByAnotherProcess$")
	migrating.Env = append(os.Environ(), migrateVariable+"="+database.URL)
	output, err := migrating.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	// Who writes into the third month holds up its index; those before it are built, those after it are not begun.
	if _, err := writing.Exec(t.Context(), "INSERT INTO contacts_202403 (id, started_at, type, status, external_id) VALUES (1, '2024-03-03Z', 'CHAT', 'ANSWERED', 'a')"); err != nil {
		t.Fatal(err)
	}
	if err := migrating.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(output).ReadString('\n'); err != nil || said != "migrating\n" {
		t.Fatalf("it said %q, %v", said, err)
	}
	waitFor(t, database.Pool, "held up", "to_regclass('contacts_202403_more') IS NOT NULL")
	if err := migrating.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = migrating.Wait()
	if found := indexes(t, database.Pool, "_more"); len(found) != 4 || !found["contacts_202402_more"] || found["contacts_202403_more"] || found["contacts_more"] {
		t.Fatalf("after the kill there are %v", found)
	}
	if err := writing.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	execute(t, database.Pool, "SELECT ensure_contact_partitions('2024-05-01Z', '2024-05-01Z')") // has its part already, by another name

	migrator := postgres.NewMigrator(database.Pool).WithFiles(withStep(t, ".", moreIndexes))
	if taken := up(t, migrator); !slices.Equal(taken, []string{"9001_more"}) {
		t.Errorf("up took %v", taken)
	}
	if taken := up(t, migrator); taken != nil {
		t.Errorf("up again took %v", taken)
	}
	found := indexes(t, database.Pool, "_more")
	for month := 1; month <= 4; month++ {
		if name := fmt.Sprintf("contacts_20240%d_more", month); !found[name] {
			t.Errorf("%s is not valid", name)
		}
	}
	if !found["contacts_more"] || found["contacts_202405_more"] {
		t.Errorf("there are %v", found)
	}
}

// TestStep_ChangesAKeyBesideReaders follows the recipe for a primary key: indexes beside all, then one short transaction.
func TestStep_ChangesAKeyBesideReaders(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2024-01-01Z', '2024-02-01Z')")
	files := withStep(t, ".", "-- each partition of contacts: CREATE UNIQUE INDEX CONCURRENTLY {child}_key ON {child} (started_at, id) INCLUDE (type)")
	files["9002_key.tx.up.sql"] = &fstest.MapFile{Data: []byte(`
		-- each partition of contacts: CREATE UNIQUE INDEX IF NOT EXISTS {child}_key ON {child} (started_at, id) INCLUDE (type)
		ALTER TABLE contacts DROP CONSTRAINT contacts_pkey;
		ALTER TABLE ONLY contacts ADD CONSTRAINT contacts_pkey PRIMARY KEY (started_at, id) INCLUDE (type);
		-- each partition of contacts: ALTER TABLE {child} ADD CONSTRAINT {child}_pkey PRIMARY KEY USING INDEX {child}_key
		-- each partition of contacts: ALTER INDEX contacts_pkey ATTACH PARTITION {child}_pkey`)}
	files["9002_key.tx.down.sql"] = &fstest.MapFile{}
	migrator := postgres.NewMigrator(pool)
	up(t, migrator.WithFiles(withStep(t, ".", string(files["9001_more.up.sql"].Data))))
	execute(t, pool, "SELECT ensure_contact_partitions('2024-03-01Z', '2024-03-01Z')") // between the two steps
	if taken := up(t, migrator.WithFiles(files)); !slices.Equal(taken, []string{"9002_key"}) {
		t.Errorf("up took %v", taken)
	}
	if found := indexes(t, pool, "_pkey"); !found["contacts_pkey"] || !found["contacts_202401_pkey"] || !found["contacts_202403_pkey"] {
		t.Errorf("there are %v", found)
	}
}

func TestStep_LetsReadersGoOnWhileItWaitsForALock(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	reading, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reading.Rollback(context.WithoutCancel(t.Context())) }()
	var n int
	if err := reading.QueryRow(t.Context(), "SELECT count(*) FROM agents").Scan(&n); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{".", ".tx."} {
		files := withStep(t, kind, "ALTER TABLE agents ADD COLUMN IF NOT EXISTS more int")
		migrator := postgres.NewMigrator(database.Pool).WithFiles(files).WithLockTries(50*time.Millisecond, 3, 10*time.Millisecond)
		if taken, err := migrator.Up(t.Context()); err == nil || len(taken) > 0 || !strings.Contains(err.Error(), "each of 3 tries of 50ms") {
			t.Errorf("up took %v, %v", taken, err)
		}
	}
	// With the tries that steps have, it is taken once the reader has gone; whoever else reads waits no longer than a try.
	migrator := postgres.NewMigrator(database.Pool).WithFiles(withStep(t, ".tx.", "ALTER TABLE agents ADD COLUMN more int"))
	taken := make(chan error, 1)
	go func() {
		_, err := migrator.Up(t.Context())
		taken <- err
	}()
	waitFor(t, database.Pool, "waiting for the lock", "EXISTS (SELECT FROM pg_locks WHERE relation = 'agents'::regclass AND NOT granted)")
	begun := time.Now()
	if err := database.Pool.QueryRow(t.Context(), "SELECT count(*) FROM agents").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(begun); waited > 10*time.Second {
		t.Errorf("a reader waited %s behind a step that waits for 2 s", waited)
	}
	if err := reading.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-taken; err != nil {
		t.Error(err)
	}
}

// TestStep_BuildsIndexesHoweverLongOthersWrite holds a writer longer than a step waits for locks.
func TestStep_BuildsIndexesHoweverLongOthersWrite(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	writing, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writing.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := writing.Exec(t.Context(), "INSERT INTO records (external_id) VALUES ('a')"); err != nil {
		t.Fatal(err)
	}
	migrator := postgres.NewMigrator(database.Pool).WithFiles(withStep(t, ".", "CREATE INDEX CONCURRENTLY records_more ON records (external_id)")).
		WithLockTries(10*time.Millisecond, 1, 0)
	taken := make(chan error, 1)
	go func() {
		_, err := migrator.Up(t.Context())
		taken <- err
	}()
	waitFor(t, database.Pool, "begun", "to_regclass('records_more') IS NOT NULL")
	time.Sleep(100 * time.Millisecond)
	if err := writing.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-taken; err != nil || !indexes(t, database.Pool, "records_more")["records_more"] {
		t.Errorf("the index is %v, %v", indexes(t, database.Pool, "records_more"), err)
	}
}
