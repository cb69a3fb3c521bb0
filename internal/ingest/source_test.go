package ingest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// Two megabytes of gzip can stand for two thousand million empty lines.
func TestLineReader_GivesUpWhereNothingButEmptyLinesCome(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"\n", "\r\n", " \t\n"} {
		var packed bytes.Buffer
		packing := gzip.NewWriter(&packed)
		if _, err := packing.Write(bytes.Repeat([]byte(line), maxBlank+10)); err != nil {
			t.Fatal(err)
		}
		if err := packing.Close(); err != nil {
			t.Fatal(err)
		}
		lines, err := newLineReader(&packed)
		for err == nil {
			_, err = lines.next()
		}
		if !errors.Is(err, errBlank) || lines.number != maxBlank+1 {
			t.Errorf("%q ends after %d lines with %v", line, lines.number, err)
		}
	}
	few, err := newLineReader(bytes.NewReader(append(bytes.Repeat([]byte("\n"), 1_000), "{}\n\n"...)))
	for ; err == nil; _, err = few.next() {
	}
	if !errors.Is(err, io.EOF) || few.number != 1_002 {
		t.Errorf("a few end after %d lines with %v", few.number, err)
	}
}
