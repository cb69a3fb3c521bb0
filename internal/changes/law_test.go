package changes_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// lawTime is for how long writers write; CI has less than somebody who looks for faults.
var lawTime = flag.Duration("law", 4*time.Second, "for how long the writers of the law of order write")

// writersOfAProcess is how many write side by side in each of three processes, two of which are killed again and again.
const writersOfAProcess = 3

// TestLog_IsReadInOrderWhateverWritersDo has writers in three processes leave changes, wait, commit or roll back and be killed, while
// others number, and a reader walks on from the last position that it saw.
func TestLog_IsReadInOrderWhateverWritersDo(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	breakOrder(t, database.URL)
	if wrong := walk(t, database, *lawTime); wrong != "" {
		t.Error(wrong)
	}
	findings, err := changes.Check(t.Context(), database.Pool)
	if err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
}

// TestLog_LosesChangesWhereNobodyLocks breaks the order on purpose: what holds above would not notice it otherwise.
func TestLog_LosesChangesWhereNobodyLocks(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	withoutLock(t, database.URL)
	for range 5 {
		if walk(t, database, *lawTime) != "" {
			return
		}
	}
	t.Error("positions were given side by side, and no reader missed any")
}

// withoutLock has positions be given by many at once.
func withoutLock(t testing.TB, url string) {
	t.Helper()
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), `DO $$ BEGIN
		EXECUTE replace(pg_get_functiondef('begin_contact_changes'::regproc), $x$PERFORM pg_advisory_xact_lock$x$, $x$PERFORM pg_advisory_xact_lock_shared$x$);
	END $$`); err != nil {
		t.Fatal(err)
	}
}

// walk writes and reads, and says what the reader missed.
func walk(t *testing.T, database *pgtest.Database, span time.Duration) string {
	t.Helper()
	if _, err := database.Pool.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS committed (contact_id bigint PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	var after int64
	if err := database.Pool.QueryRow(t.Context(), "SELECT coalesce(max(position), 0) FROM contact_changes").Scan(&after); err != nil {
		t.Fatal(err)
	}
	begun, seen := after, []int64{}
	writing, stop := context.WithTimeout(t.Context(), span)
	defer stop()
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for writing.Err() == nil {
				killWriter(t, writing, database.URL)
			}
		})
	}
	pool := database.Open(t, postgres.Config{MaxConns: 12})
	for range writersOfAProcess {
		all.Go(func() {
			for writing.Err() == nil {
				_ = writeOne(context.WithoutCancel(writing), pool)
			}
		})
	}
	for range 3 {
		all.Go(func() {
			for writing.Err() == nil {
				_ = numberSlowly(context.WithoutCancel(writing), pool)
			}
		})
	}
	read := func() {
		rows, err := database.Pool.Query(t.Context(), "SELECT position, contact_id FROM contact_changes WHERE position > $1 ORDER BY position LIMIT 1000", after)
		if err != nil {
			t.Fatal(err)
		}
		var id int64
		if _, err := pgx.ForEachRow(rows, []any{&after, &id}, func() error { seen = append(seen, id); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for writing.Err() == nil {
		read()
	}
	all.Wait()
	if _, err := changes.Number(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	for before := int64(-1); before != after; {
		before = after
		read()
	}
	return missed(t, database, begun, seen)
}

// missed compares what was seen with what was committed and with the log.
func missed(t *testing.T, database *pgtest.Database, begun int64, seen []int64) string {
	t.Helper()
	rows, err := database.Pool.Query(t.Context(), "SELECT contact_id FROM contact_changes WHERE position > $1 ORDER BY position", begun)
	if err != nil {
		t.Fatal(err)
	}
	logged, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	var committed, distinct, whole int
	if err := database.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM committed), count(DISTINCT contact_id), count(*) FROM contact_changes`).Scan(&committed, &distinct, &whole); err != nil {
		t.Fatal(err)
	}
	switch {
	case committed != distinct || distinct != whole:
		return fmt.Sprintf("%d changes were committed, the log has %d of %d contacts", committed, whole, distinct)
	case len(seen) != len(logged):
		return fmt.Sprintf("the reader saw %d changes of %d", len(seen), len(logged))
	case len(seen) < 20:
		t.Fatalf("%d changes in all: nothing was tried", len(seen))
	}
	for i := range seen {
		if seen[i] != logged[i] {
			return fmt.Sprintf("the reader saw contact %d at place %d, the log has %d there", seen[i], i, logged[i])
		}
	}
	return ""
}

// writeOne leaves a change, after which it waits, and commits or rolls back.
func writeOne(ctx context.Context, pool *postgres.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	var id int64
	if err := tx.QueryRow(ctx, "INSERT INTO committed VALUES (nextval('contact_ids')) RETURNING contact_id").Scan(&id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, changes.LeaveNew, []int64{id}); err != nil {
		return err
	}
	time.Sleep(rand.N(8 * time.Millisecond))
	if rand.N(5) == 0 {
		return tx.Rollback(ctx)
	}
	return tx.Commit(ctx)
}

// numberSlowly numbers what there is, some new contacts of its own among it, and waits before it commits or rolls back.
func numberSlowly(ctx context.Context, pool *postgres.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if rand.N(3) == 0 {
		rows, err := tx.Query(ctx, "INSERT INTO committed SELECT nextval('contact_ids') FROM generate_series(1, 3) RETURNING contact_id")
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, changes.LogNew, ids); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, "SELECT number_contact_changes(0, 100)"); err != nil {
		return err
	}
	time.Sleep(rand.N(8 * time.Millisecond))
	if rand.N(5) == 0 {
		return tx.Rollback(ctx)
	}
	return tx.Commit(ctx)
}

// killWriter runs a process that writes, and kills it after a while.
func killWriter(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Error(err)
		return
	}
	living, kill := context.WithTimeout(ctx, 300*time.Millisecond+rand.N(time.Second))
	defer kill()
	command := exec.CommandContext(living, program)
	command.Env = append(os.Environ(), writingVariable+"="+url)
	_ = command.Run() // it is killed
}

// writeForever writes and numbers until the process is killed.
func writeForever(url string) int {
	pool, err := postgres.Open(context.Background(), postgres.Config{URL: url, MaxConns: writersOfAProcess + 1})
	if err != nil {
		return 1
	}
	var all sync.WaitGroup
	for i := range writersOfAProcess + 1 {
		all.Go(func() {
			for {
				if i == 0 {
					_ = numberSlowly(context.Background(), pool)
				} else {
					_ = writeOne(context.Background(), pool)
				}
			}
		})
	}
	all.Wait()
	return 0
}
