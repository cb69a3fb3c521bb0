package ingest_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// endless is an input that is never held whole: lines made while they are read.
type endless struct {
	line func(i int) string
	left int
	made int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.made == e.left {
			return 0, io.EOF
		}
		e.rest = e.line(e.made) + "\n"
		e.made++
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// Not parallel: it watches the memory of the whole process.
func TestImport_KeepsMemoryFlatHoweverLongTheInputAndItsLines(t *testing.T) {
	db := pgtest.New(t)
	body := strings.Repeat("x", 1<<19)
	var peak atomic.Uint64
	watch, done := context.WithCancel(t.Context())
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-tick.C:
			case <-watch.Done():
				return
			}
		}
	}()
	// 200 MiB in e-mails of half a mebibyte. The texts are alike and fold to little in the database.
	input := &endless{left: 400, line: func(i int) string {
		return call(fmt.Sprint(i), "2024-03-04T08:09:16Z", `,"details":{"email":{"subject":"s","body":"`+body+`"}}`)
	}}
	result, err := ingest.Import(t.Context(), db.Pool, input, ingest.Config{})
	done()
	<-finished
	if err != nil || result.Recorded != 400 {
		t.Errorf("%+v %v", result, err)
	}
	if peak.Load() > 256<<20 {
		t.Errorf("%d MiB at the peak", peak.Load()>>20)
	}
	t.Logf("%d MiB at the peak", peak.Load()>>20)
}

// Not parallel: a session that begins anywhere on the server holds back what VACUUM may mark.
func TestSettle_LetsCountsReadIndexesAlone(t *testing.T) {
	db := pgtest.New(t)
	lines := func(i int) string {
		return call(fmt.Sprint(i), "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"p","name":"P"}`)
	}
	// The test server reports commits before they are written; VACUUM marks no row until they are.
	pool := db.Open(t, postgres.Config{PreparedStatements: true})
	if _, err := pool.Exec(t.Context(), "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$"); err != nil {
		t.Fatal(err)
	}
	pool.Reset()
	if _, err := ingest.Import(t.Context(), pool, &endless{left: 20_000, line: lines}, ingest.Config{}); err != nil {
		t.Fatal(err)
	}
	if counted := column[int](t, db.Pool, "SELECT reltuples::int FROM pg_class WHERE relname = 'contacts_202403'"); counted[0] != 20_000 {
		t.Errorf("the planner believes in %d contacts", counted[0])
	}
	// What is all visible is counted without a look at the table.
	const pages = "SELECT relallvisible || ' of ' || relpages FROM pg_class WHERE relname = 'contacts_202403' AND relallvisible <> relpages"
	if visible := column[string](t, db.Pool, pages); visible != nil {
		t.Errorf("%s pages are counted without a look at them", visible)
	}
}
