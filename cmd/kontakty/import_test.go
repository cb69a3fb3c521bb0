package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ownContact is a line of the import format: a call in March 2024.
func ownContact(n int) string {
	return fmt.Sprintf(`{"externalId": "own-%d", "type": "INBOUND_CALL", "status": "ANSWERED", "startedAt": "2024-03-05T%02d:%02d:00+01:00", "sourceAddress": "+48789%06d"}`+"\n",
		n, 6+n/60%12, n%60, n)
}

func ownContacts(count int) string {
	var lines strings.Builder
	for n := range count {
		lines.WriteString(ownContact(n))
	}
	return lines.String()
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var march2024 = [2]time.Time{time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC)}

func TestImport_WorksBesideARunningServer(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	server := serving(t, directory, "serve")
	if n := server.count(march2024[0], march2024[1]); n != 0 {
		t.Fatalf("%d contacts in an empty database", n)
	}

	file := writeFile(t, "calls.ndjson", ownContacts(500))
	for range 2 {
		mustRun(t, "import", "--data-dir", directory, file)
		if n := server.count(march2024[0], march2024[1]); n != 500 {
			t.Fatalf("%d contacts, want 500", n)
		}
	}
	mustRun(t, "seed", "--data-dir", directory, "--contacts", "2000", "--months", "1", "--seed", "9")
	if n := server.all(); n != 2000 {
		t.Errorf("%d seeded contacts, want 2000", n)
	}
	if out := mustRun(t, "migrate", "status", "--data-dir", directory); !strings.Contains(out, "0001_contacts") || strings.Contains(out, "missing") {
		t.Errorf("migrate status beside a running server:\n%s", out)
	}
	if status, _ := server.get("/readyz"); status != 200 {
		t.Errorf("readyz answers %d after the commands left", status)
	}
	if status := server.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("status %d after SIGTERM", status)
	}
}

func TestImport_AloneStartsThePrivatePostgreSQLAndStopsIt(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	mustRun(t, "migrate", "up", "--data-dir", directory)
	mustRun(t, "import", "--data-dir", directory, writeFile(t, "calls.ndjson", ownContacts(20)))
	if _, err := os.Stat(filepath.Join(directory, "postgres", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("a PostgreSQL is left behind: %v", err)
	}
	server := serving(t, directory, "serve")
	if n := server.count(march2024[0], march2024[1]); n != 20 {
		t.Errorf("%d contacts, want 20", n)
	}
}

func TestImport_TellsFaultyLinesByNumberAndSkipsThem(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	server := serving(t, directory, "serve")
	lines := ownContact(1) + `{"externalId": "x", "status": "ANSWERD"}` + "\n" + ownContact(2) + "not json\n"
	file := writeFile(t, "calls.ndjson", lines)

	status, out, errs := command(t, nil, "import", "--strict", "--data-dir", directory, file)
	if status != statusFailed && status != statusSkipped {
		t.Errorf("--strict: status %d", status)
	}
	if n := server.count(march2024[0], march2024[1]); n != 0 {
		t.Errorf("--strict landed %d contacts\n%s%s", n, out, errs)
	}

	status, out, errs = command(t, strings.NewReader(lines), "import", "--data-dir", directory, "-")
	if status != statusSkipped {
		t.Errorf("status %d, want %d", status, statusSkipped)
	}
	if !strings.HasPrefix(errs, "line 2: ") || !strings.Contains(errs, "\nline 4: ") {
		t.Errorf("the faulty lines are not told by their numbers alone:\n%s", errs)
	}
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, "2 skipped") {
		t.Errorf("the figures are not on one line: %q", out)
	}
	if n := server.count(march2024[0], march2024[1]); n != 2 {
		t.Errorf("%d contacts, want 2", n)
	}

	second := writeFile(t, "more.ndjson", ownContacts(10))
	status, out, errs = command(t, nil, "import", "--data-dir", directory, file, second)
	if status != statusSkipped || !strings.Contains(errs, file+": line 2: ") {
		t.Errorf("several files: status %d, %s", status, errs)
	}
	if n := server.count(march2024[0], march2024[1]); n != 10 {
		t.Errorf("%d contacts, want 10: %s", n, out)
	}
}
