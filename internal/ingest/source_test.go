package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

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

// readFunc is an input that is a function.
type readFunc struct {
	read   func([]byte) (int, error)
	closed chan struct{}
}

func (f readFunc) Read(p []byte) (int, error) { return f.read(p) }
func (f readFunc) Close() error               { close(f.closed); return nil }

func TestInterruptible_GivesWhatItsInputGives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		text := strings.Repeat("0123456789", 100_000)
		closed := make(chan struct{})
		in := &interruptible{ctx: t.Context(), in: readFunc{iotest.DataErrReader(strings.NewReader(text)).Read, closed}}
		if err := iotest.TestReader(in, []byte(text)); err != nil {
			t.Error(err)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		<-closed
	})
}

// The test fails if a goroutine is left when it ends.
func TestInterruptible_EndsWithItsContextThoughItsInputWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		input, closed := make(chan struct{}), make(chan struct{})
		in := &interruptible{ctx: ctx, in: readFunc{func([]byte) (int, error) { <-input; return 0, io.EOF }, closed}}
		for range 2 {
			if n, err := in.Read(make([]byte, 10)); n != 0 || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%d %v", n, err)
			}
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		select {
		case <-closed:
			t.Error("closed while it is read")
		default:
		}
		close(input)
		<-closed
	})
}

// Each of two files that begin with a byte order mark may be the second of one input.
func TestLineReader_TakesFilesPutOneBehindTheOther(t *testing.T) {
	t.Parallel()
	lines, err := newLineReader(bytes.NewReader([]byte("\xef\xbb\xbf{\"a\":1}\r\n\xef\xbb\xbf{\"b\":\"\xef\xbb\xbf\"}\n")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"a":1}`, "{\"b\":\"\xef\xbb\xbf\"}"} {
		if line, err := lines.next(); err != nil || string(line) != want {
			t.Errorf("the line is %q (%v), want %q", line, err, want)
		}
	}
}
