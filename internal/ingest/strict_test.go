package ingest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestImport_LandsNothingIfStrictAndALineIsFaulty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  []string
	}{
		"faulty in itself": {
			[]string{everything[0], call("a", "2024-03-04T08:09:16Z", ""), call("b", "2024-03-04T08:09:16Z", ""), "{}", call("d", "2025-03-04T08:09:16Z", ""), "[]"},
			[]string{"line 4: externalId: is required", "line 6: is not an object"},
		},
		"an unknown reference": {
			[]string{call("a", "2024-03-04T08:09:16Z", ""), call("b", "2024-03-04T08:09:16Z", ""), call("d", "2025-03-04T08:09:16Z", `,"queue":{"externalId":"q"}`)},
			[]string{"line 3: queue: is not known yet, so a name is required"},
		},
	} {
		db := pgtest.New(t)
		importLines(t, db.Pool, ingest.Config{}, everything...)
		before := dumpNumbers(t, db.Pool)
		lines := slices.Concat([]string{call("new", "2026-03-04T08:09:16Z", `,"queue":{"externalId":"made","name":"Made"}`)}, c.lines[:])
		for i := range c.want { // one line was put in front
			var n int
			var rest string
			_, _ = fmt.Sscanf(c.want[i], "line %d:", &n)
			_, rest, _ = strings.Cut(c.want[i], ":")
			c.want[i] = fmt.Sprintf("line %d:%s", n+1, rest)
		}
		if name == "an unknown reference" {
			lines[3] = strings.Replace(lines[3], `"q"`, `"never"`, 1)
		}
		var faults []string
		result, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(strings.Join(lines, "\n")), ingest.Config{
			Strict: true, ChunkSize: 2, Faulty: func(f format.Fault) { faults = append(faults, f.Error()) },
		})
		if want := (ingest.Result{Lines: len(lines), Skipped: len(c.want)}); !errors.Is(err, ingest.ErrRefused) || result != want {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
		if !slices.Equal(faults, c.want) {
			t.Errorf("%s: got %q, want %q", name, faults, c.want)
		}
		wantDump(t, dumpNumbers(t, db.Pool), before)
	}
}

func TestImport_LandsWholeIfStrictAndWithoutFaults(t *testing.T) {
	t.Parallel()
	plain, strict := pgtest.New(t), pgtest.New(t)
	importLines(t, plain.Pool, ingest.Config{}, everything...)
	result, _ := importLines(t, strict.Pool, ingest.Config{Strict: true, ChunkSize: 2}, everything...)
	if result.Recorded != 4 || result.Described != 6 {
		t.Errorf("%+v", result)
	}
	wantDump(t, dump(t, strict.Pool), dump(t, plain.Pool))
}
