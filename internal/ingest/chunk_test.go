package ingest

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// line is a contact with more fields.
func line(startedAt, fields string) string {
	return `{"externalId":"c1","type":"INBOUND_CALL","status":"ANSWERED","startedAt":"` + startedAt + `"` + fields + "}"
}

// minimal is the shortest contact there is.
var minimal = line("2024-03-04T08:09:16+01:00", "")

// chunksOf is how many lines each chunk of an input has.
func chunksOf(t *testing.T, most int, lines []string) (sizes []int) {
	t.Helper()
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(strings.Join(lines, "\n"))), nil }
	in := &reader{sources: []Source{{Open: open}}, lines: most, send: func(c chunk) error {
		sizes = append(sizes, len(c.entries))
		return nil
	}}
	if err := in.run(t.Context()); err != nil {
		t.Error(err)
	}
	return sizes
}

func TestReader_BoundsAChunkByLinesBytesAndMonths(t *testing.T) {
	t.Parallel()
	var many, months, large []string
	for i := range 250 {
		many = append(many, minimal)
		months = append(months, line(fmt.Sprintf("%d-%02d-01T00:00:00Z", 1990+i/24, 1+i/2%12), ""))
	}
	for range 12 {
		large = append(large, line("2024-03-04T08:09:16Z", `,"details":{"sms":{"text":"`+strings.Repeat("x", 1<<20-200)+`"}}`))
	}
	for name, c := range map[string]struct {
		lines []string
		want  []int
	}{
		"lines":  {many, []int{100, 100, 50}},
		"months": {months, []int{47, 46, 46, 46, 46, 19}}, // two lines in each month, of which 24 fit
		"bytes":  {large, []int{8, 4}},
	} {
		if sizes := chunksOf(t, 100, c.lines); fmt.Sprint(sizes) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, sizes, c.want)
		}
	}
}

func TestReader_MakesTheFirstChunksSmallSoThatPostgreSQLHasSomethingToDoAtOnce(t *testing.T) {
	t.Parallel()
	lines := make([]string, 12_000)
	for i := range lines {
		lines[i] = minimal
	}
	if sizes := chunksOf(t, 5000, lines); fmt.Sprint(sizes) != "[500 1500 4500 5000 500]" {
		t.Errorf("%v", sizes)
	}
}
