package embedded

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTrimLog_KeepsTheLastWholeLinesAndAppendingGoesOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	writer, err := openPrivate(path, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Close() }()
	write := func(text string) {
		if _, err := writer.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	read := func() string {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	write(strings.Repeat("0123456789\n", 10))
	trimLog(path, 110, 30)
	if got := read(); len(got) != 110 {
		t.Fatalf("a log of the allowed length was cut to %d bytes", len(got))
	}
	write("x\n")
	trimLog(path, 110, 30)
	write("y\n")
	if got, want := read(), "0123456789\n0123456789\nx\ny\n"; got != want {
		t.Fatalf("the log is %q, want %q", got, want)
	}
}

func TestLastWords_TellWhyAServerEndedAndNoStatement(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	log := `2026-03-04 08:09:16.000 UTC [70] LOG:  of the server before
2026-03-04 08:09:16.123 UTC [71] LOG:  database system is ready to accept connections
2026-03-04 08:09:17.123 UTC [80] LOG:  statement: SELECT '+48601234567'
2026-03-04 08:09:17.123 UTC [80] ERROR:  invalid input: "+48601234567"
2026-03-04 08:09:18.123 UTC [81] PANIC:  could not write to file "pg_wal/xlogtemp.81": No space left on device
2026-03-04 08:09:18.123 UTC [81] STATEMENT:  COPY contacts
	+48601234567 [71] LOG:  +48601234567
2026-03-04 08:09:19.123 UTC [71] LOG:  server process (PID 81) was terminated by signal 6: Aborted
2026-03-04 08:09:19.123 UTC [71] DETAIL:  Failed process was running: SELECT '+48601234567'
2026-03-04 08:09:19.124 UTC [82] FATAL:  terminating connection due to unexpected postmaster exit
2026-03-04 08:09:19.125 UTC [83] FATAL:  terminating connection due to unexpected postmaster exit
`
	if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"LOG: database system is ready to accept connections",
		`PANIC: could not write to file "pg_wal/xlogtemp.81": No space left on device`,
		"LOG: server process (PID 81) was terminated by signal 6: Aborted",
		"FATAL: terminating connection due to unexpected postmaster exit",
	}
	if got := lastWords(path, 71); !slices.Equal(got, want) {
		t.Errorf("it is said:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEndings_AreAnsweredLaterAndLaterAndTenTimes(t *testing.T) {
	t.Parallel()
	var ends endings
	now := time.Date(2026, 3, 4, 8, 9, 16, 0, time.UTC)
	for i, seconds := range []int{0, 1, 2, 4, 8, 16, 30, 30, 30, 30} {
		now = now.Add(50 * time.Second)
		if wait, isTooOften := ends.note(now); wait != time.Duration(seconds)*time.Second || isTooOften {
			t.Errorf("end %d: wait %s, too often %t, want %d s", i+1, wait, isTooOften, seconds)
		}
	}
	if _, isTooOften := ends.note(now.Add(50 * time.Second)); !isTooOften {
		t.Error("the eleventh end within ten minutes is not too often")
	}
	if wait, isTooOften := ends.note(now.Add(11 * time.Minute)); wait != 0 || isTooOften {
		t.Errorf("eleven minutes later: wait %s, too often %t", wait, isTooOften)
	}
}
