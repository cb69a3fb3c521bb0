package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// interruptible is an input whose reads end with a context. A read that waits for input, of standard input for one, cannot be
// ended itself: it is left behind then, ends with its input, and the input is closed after it.
type interruptible struct {
	ctx context.Context
	in  io.ReadCloser
	// buffer holds what was read, rest what was not given of it yet, err what comes after it.
	buffer, rest []byte
	err          error
	// reading gives the result of the read that goes on, nil while there is none.
	reading chan readResult
}

type readResult struct {
	n   int
	err error
}

// Read reads as the input does, or gives the context's error.
func (i *interruptible) Read(p []byte) (int, error) {
	if len(i.rest) == 0 && i.err == nil {
		i.fill()
	}
	if len(i.rest) == 0 {
		return 0, i.err
	}
	n := copy(p, i.rest)
	i.rest = i.rest[n:]
	return n, nil
}

func (i *interruptible) fill() {
	if i.err = i.ctx.Err(); i.err != nil {
		return
	}
	if i.buffer == nil {
		i.buffer = make([]byte, 256<<10)
	}
	i.reading = make(chan readResult, 1)
	go func() {
		n, err := i.in.Read(i.buffer)
		i.reading <- readResult{n, err}
	}()
	select {
	case result := <-i.reading:
		i.reading, i.rest, i.err = nil, i.buffer[:result.n], result.err
	case <-i.ctx.Done():
		i.err = i.ctx.Err()
	}
}

// Close closes the input, once no read is under way.
func (i *interruptible) Close() error {
	if i.reading == nil {
		return i.in.Close()
	}
	go func() {
		<-i.reading
		_ = i.in.Close()
	}()
	return nil
}

// maxBlank is how many lines in a row may be empty. A file of contacts has none, and gzip packs a thousand of them into a
// byte.
const maxBlank = 1_000_000

// errBlank ends a source that goes on and on without a line.
var errBlank = fmt.Errorf("more than %d lines in a row are empty: this is no file of contacts", maxBlank)

// errTooLong is the answer of lineReader.next to a line over the limit, which is passed over.
var errTooLong = errors.New("the line is too long")

// byteOrderMark begins what some programs write in UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// lineReader gives the lines of an input one by one, whatever its size, out of plain or gzip data.
type lineReader struct {
	in     *bufio.Reader
	buffer []byte
	number int
	// blank is how many lines in a row were empty until now.
	blank int
}

// newLineReader looks at the first bytes to tell what the input is.
func newLineReader(r io.Reader) (*lineReader, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	if start, _ := in.Peek(2); bytes.Equal(start, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, unreadable(err)
		}
		in = bufio.NewReaderSize(unzipped, 256<<10)
	}
	if start, _ := in.Peek(len(byteOrderMark)); bytes.Equal(start, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark))
	}
	if err := foreign(in); err != nil {
		return nil, err
	}
	return &lineReader{in: in}, nil
}

// foreign says that an input is none of lines in UTF-8, by its beginning, and how to make it so.
func foreign(in *bufio.Reader) error {
	start, _ := in.Peek(64)
	if bytes.HasPrefix(start, []byte{0xff, 0xfe}) || bytes.HasPrefix(start, []byte{0xfe, 0xff}) ||
		len(start) > 1 && (start[0] == 0) != (start[1] == 0) {
		return errors.New("it is written in UTF-16, not in UTF-8: write it anew with iconv -f UTF-16 -t UTF-8, and import that")
	}
	if bytes.HasPrefix(bytes.TrimLeft(start, " \t\r\n"), []byte("[")) {
		return errors.New("it is one JSON array, not an object a line: make lines of it with jq -c '.[]', and import those")
	}
	return nil
}

// next gives a line without its end; the bytes are good until the next call. At the end it gives io.EOF.
func (r *lineReader) next() ([]byte, error) {
	r.buffer = r.buffer[:0]
	tooLong, empty := false, true
	for {
		part, err := r.in.ReadSlice('\n')
		empty = empty && len(part) == 0
		if !tooLong && len(r.buffer)+len(bytes.TrimRight(part, "\r\n")) > format.MaxLineBytes {
			tooLong = true
		}
		if !tooLong {
			r.buffer = append(r.buffer, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && empty:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, unreadable(err)
		}
		r.number++
		if tooLong {
			return nil, errTooLong
		}
		// Files that begin with a byte order mark are put one behind the other.
		line := bytes.TrimPrefix(bytes.TrimRight(r.buffer, "\r\n"), byteOrderMark)
		if r.blank++; !isBlank(line) {
			r.blank = 0
		}
		if r.blank > maxBlank {
			return nil, errBlank
		}
		return line, nil
	}
}

// unreadable says that an input cannot be read on. The cause is put in words and not kept where it is an end that came
// too early: whoever looks at errors for a connection to the database that broke would take it for one.
func unreadable(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the gzip data ends in the middle")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return fmt.Errorf("the gzip data is damaged: %w", err)
	default:
		return err
	}
}
