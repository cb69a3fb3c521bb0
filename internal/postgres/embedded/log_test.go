package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
