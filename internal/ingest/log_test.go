package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// guarded is a database whose guard is on.
func guarded(t *testing.T) *pgtest.Database {
	t.Helper()
	database := pgtest.New(t)
	if _, err := database.Pool.Exec(t.Context(), "ALTER TABLE contacts ENABLE TRIGGER tells_the_feed"); err != nil {
		t.Fatal(err)
	}
	return database
}

// disagreeing is how many contacts the log, from its beginning on, tells of otherwise than the tables do: whether each is there,
// that it was new first, and what it was before each change.
const disagreeing = `WITH told AS (
	SELECT contact_id, (array_agg(kind ORDER BY position DESC))[1] IN ('n', 'c') AS there, (array_agg(kind ORDER BY position))[1] AS first,
		count(*) FILTER (WHERE kind = 'n') AS begun, count(*) FILTER (WHERE (kind = 'n') <> (was_started_at IS NULL)) AS odd
	FROM contact_changes GROUP BY contact_id)
SELECT count(*) FROM told FULL JOIN contacts c ON c.id = told.contact_id
WHERE (c.id IS NOT NULL) IS DISTINCT FROM told.there OR first <> 'n' OR begun <> 1 OR odd > 0`

// agrees makes sure that the log, once all is numbered, tells what the tables hold, and gives how many changes it has of each kind.
func agrees(t *testing.T, database *pgtest.Database) map[string]int {
	t.Helper()
	if _, err := changes.Number(t.Context(), database.Pool); err != nil {
		t.Fatal(err)
	}
	var wrong int
	if err := database.Pool.QueryRow(t.Context(), disagreeing).Scan(&wrong); err != nil || wrong > 0 {
		t.Errorf("the log disagrees about %d contacts, %v", wrong, err)
	}
	if findings, err := changes.Check(t.Context(), database.Pool); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
	rows, err := database.Pool.Query(t.Context(), "SELECT kind::text, count(*) FROM contact_changes GROUP BY kind")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	var kind string
	var count int
	if _, err := pgx.ForEachRow(rows, []any{&kind, &count}, func() error { found[kind] = count; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

// revised are lines of so many contacts at a revision.
func revised(contacts, revision int) []byte {
	var file bytes.Buffer
	for i := range contacts {
		fmt.Fprintf(&file, `{"kind":"contact","externalId":"L-%d","revision":%d,"type":"CHAT","status":"ANSWERED","startedAt":"2024-0%d-04T08:09:16Z"}`+"\n", i, revision, 3+revision%2)
	}
	return file.Bytes()
}

func TestLog_TellsWhatEveryWriterWrites(t *testing.T) {
	t.Parallel()
	database := guarded(t)
	pool := database.Open(t, postgres.Config{PreparedStatements: true})
	imported := func(config ingest.Config, contacts, revision int) {
		t.Helper()
		if _, err := ingest.Import(t.Context(), pool, bytes.NewReader(revised(contacts, revision)), config); err != nil {
			t.Fatal(err)
		}
	}
	imported(ingest.Config{}, 3, 1)
	imported(ingest.Config{}, 40, 1)
	imported(ingest.Config{ChunkSize: 20}, 40, 1) // unchanged
	imported(ingest.Config{ChunkSize: 20}, 60, 2)
	imported(ingest.Config{Strict: true}, 70, 2)
	lines := bytes.Split(bytes.TrimSpace(revised(100, 3)), []byte("\n"))
	texts := make([]string, len(lines))
	for i, line := range lines {
		texts[i] = string(line)
	}
	contacts := ingest.DecodeContacts(t, texts)
	for _, part := range [][2]int{{0, 1}, {0, 1}, {69, 72}, {1, 100}} {
		if _, _, errs := ingest.Record(t.Context(), pool, contacts[part[0]:part[1]], ingest.Bounds{}, nil); errs != nil {
			t.Fatal(errs)
		}
	}
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		_, gone, _, err := ingest.Land(t.Context(), tx, ingest.DecodeContacts(t, []string{string(revised(1, 9))}), []string{"L-4", "L-5", "L-none"}, ingest.Starts{})
		if err == nil && gone != 2 {
			t.Errorf("%d contacts were taken back, want 2", gone)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// 40 were imported, 20 and 10 after them, 30 recorded; 40 of them were replaced once, 70 once, one once more; two were taken back.
	if found := agrees(t, database); found["n"] != 100 || found["c"] != 40+70+1 || found["r"] != 2 {
		t.Errorf("the log has %v", found)
	}
}

func TestLog_SaysThatAnImportWasLeftOut(t *testing.T) {
	t.Parallel()
	database := guarded(t)
	if _, err := ingest.Import(t.Context(), database.Pool, bytes.NewReader(revised(60, 1)), ingest.Config{NoFeed: true, ChunkSize: 20}); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Import(t.Context(), database.Pool, bytes.NewReader(revised(60, 2)), ingest.Config{NoFeed: true, ChunkSize: 20}); err != nil {
		t.Fatal(err)
	}
	var told, good int
	err := database.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM contact_changes) + (SELECT count(*) FROM contact_changes_unnumbered),
		(SELECT count(*) FROM contact_change_epochs WHERE began_behind = -1)`).Scan(&told, &good)
	if err != nil || told != 0 || good != 1 {
		t.Errorf("%d changes are logged, %d epochs say that some are not, %v", told, good, err)
	}
}

// TestLog_AgreesAfterImportsThatWereCutOff ends the sessions of an import at each of its steps, and runs it again.
func TestLog_AgreesAfterImportsThatWereCutOff(t *testing.T) {
	t.Parallel()
	database := guarded(t)
	cut := 0
	for step := 0; ; step++ {
		seen := 0
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := errors.New("cut off")
		tracer := &cutting{at: step, seen: &seen, cut: func() { cancel(ended) }}
		pool := database.Open(t, postgres.Config{PreparedStatements: true, Tracer: tracer})
		_, err := ingest.Import(ctx, pool, bytes.NewReader(append(revised(30, step), revised(30+step, 0)...)), ingest.Config{ChunkSize: 25})
		pool.Close()
		cancel(nil)
		agrees(t, database)
		if err == nil {
			break
		}
		cut++
	}
	if cut < 15 {
		t.Errorf("the import was cut off %d times", cut)
	}
}

// cutting cuts a context off before the statement at a place.
type cutting struct {
	at   int
	seen *int
	cut  func()
}

func (c *cutting) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if *c.seen == c.at {
		c.cut()
	}
	*c.seen++
	return ctx
}

func (*cutting) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
