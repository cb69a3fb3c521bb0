package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/postgres"
)

func TestBackend_WarnsOfADatabaseWithTooFewLocks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		locks postgres.Locks
		want  string // of the log; empty for silence
	}{
		"the private one":       {postgres.Locks{PerTransaction: 1024, Transactions: 100, Months: 120, PerStatement: 1801}, ""},
		"ten years, as it came": {postgres.Locks{PerTransaction: 64, Transactions: 100, Months: 120, PerStatement: 1801}, "max_locks_per_transaction=64 set=1024 months=120"},
		"a year, as it came":    {postgres.Locks{PerTransaction: 64, Transactions: 100, Months: 12, PerStatement: 181}, ""},
	} {
		var log bytes.Buffer
		warnOfLocks(slog.New(slog.NewTextHandler(&log, nil)), c.locks, 15)
		if got := log.String(); got != "" && c.want == "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: the log is %q, want %q", name, got, c.want)
		}
	}
}
