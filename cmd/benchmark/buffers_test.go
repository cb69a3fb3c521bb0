package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestPages_LookAtFewBuffersAmongAMillionContacts asks PostgreSQL how many blocks it looks at for the page of every case of
// the benchmark. Unlike times, their number is the same on every machine, however busy it is.
func TestPages_LookAtFewBuffersAmongAMillionContacts(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	// A program of its own fills the database at full speed, also when the tests run under the race detector.
	binary := filepath.Join(t.TempDir(), "kontakty")
	for _, command := range [][]string{
		{"go", "build", "-o", binary, "github.com/kontakty/kontakty/cmd/kontakty"},
		{binary, "seed", "--database-url", db.URL, "--contacts", "1000000", "--months", "12", "--until", seededUntil},
	} {
		if output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, output)
		}
	}
	things, err := findThings(t.Context(), db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := openReader(t.Context(), db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.close()
	looked := 0
	for _, one := range things.cases() {
		sent, err := reader.page(t.Context(), one)
		if err != nil {
			t.Fatalf("%s: %v", one.name, err)
		}
		cost, err := explain(t.Context(), db.Pool, planCacheMode, sent)
		if err != nil {
			t.Fatalf("%s: %v", one.name, err)
		}
		if bound := maxBuffers[one.kind]; cost.buffers > bound {
			t.Errorf("%s: %d buffers, more than %d:\n%s", one.name, cost.buffers, bound, cost.plan)
		}
		looked += cost.buffers
	}
	if looked < 1_000 {
		t.Errorf("all pages together looked at %d buffers: nothing was measured", looked)
	}
}
