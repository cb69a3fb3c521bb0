package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
)

// tuples are rows in PostgreSQL's binary COPY format, without the header and the trailer that enclose all of them.
type tuples []byte

// The header is the signature, no flags, no extension; the trailer stands where the next row's width would.
const (
	copyHeader  = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	copyTrailer = "\xff\xff"
)

// postgresEpoch is the instant that PostgreSQL counts its microseconds from.
var postgresEpoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// textOID is PostgreSQL's number of the type text.
const textOID = 25

// row begins a row of so many values, which must follow.
func (t *tuples) row(values int) { *t = binary.BigEndian.AppendUint16(*t, uint16(values)) }

func (t *tuples) length(bytes int) { *t = binary.BigEndian.AppendUint32(*t, uint32(bytes)) }

func (t *tuples) null() { *t = append(*t, 0xff, 0xff, 0xff, 0xff) }

func (t *tuples) int32(n int) {
	t.length(4)
	*t = binary.BigEndian.AppendUint32(*t, uint32(n))
}

func (t *tuples) int64(n int64) {
	t.length(8)
	*t = binary.BigEndian.AppendUint64(*t, uint64(n))
}

func (t *tuples) time(at time.Time) { t.int64(at.UnixMicro() - postgresEpoch) }

func (t *tuples) text(s string) {
	t.length(len(s))
	*t = append(*t, s...)
}

func (t *tuples) bytes(b []byte) {
	t.length(len(b))
	*t = append(*t, b...)
}

// jsonb is version 1 of the format: the text.
func (t *tuples) jsonb(b []byte) {
	t.length(1 + len(b))
	*t = append(append(*t, 1), b...)
}

func (t *tuples) texts(list []string) {
	if len(list) == 0 {
		t.length(12) // no dimensions, no nulls, of text
		t.length(0)
		t.length(0)
		t.length(textOID)
		return
	}
	size := 20
	for _, s := range list {
		size += 4 + len(s)
	}
	t.length(size) // one dimension, no nulls, of text, so many, counted from 1
	t.length(1)
	t.length(0)
	t.length(textOID)
	t.length(len(list))
	t.length(1)
	for _, s := range list {
		t.text(s)
	}
}

func (t *tuples) optionalInt32(n *int) {
	if n == nil {
		t.null()
	} else {
		t.int32(*n)
	}
}

func (t *tuples) optionalTime(at *time.Time) {
	if at == nil {
		t.null()
	} else {
		t.time(*at)
	}
}

func optionalText[S ~string](t *tuples, s *S) {
	if s == nil {
		t.null()
	} else {
		t.text(string(*s))
	}
}

// receive takes rows from a channel until it is closed.
func receive(ctx context.Context, parts <-chan tuples) func() (tuples, error) {
	return func() (tuples, error) {
		for {
			select {
			case part, more := <-parts:
				if !more || len(part) > 0 {
					return part, nil
				}
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
		}
	}
}

// copyIn copies rows into a table until next gives none.
func copyIn(ctx context.Context, conn *pgx.Conn, table, columns, options string, next func() (tuples, error)) error {
	in := &copyReader{part: tuples(copyHeader), next: next}
	_, err := conn.PgConn().CopyFrom(ctx, in, "COPY "+table+" ("+columns+") FROM STDIN (FORMAT binary"+options+")")
	if err != nil {
		return fmt.Errorf("copying into %s: %w", table, err)
	}
	return nil
}

// copyReader is the stream of a COPY.
type copyReader struct {
	part  tuples
	next  func() (tuples, error)
	ended bool
}

func (r *copyReader) Read(p []byte) (int, error) {
	for len(r.part) == 0 {
		if r.ended {
			return 0, io.EOF
		}
		part, err := r.next()
		if err != nil {
			return 0, err
		}
		if len(part) == 0 {
			part, r.ended = tuples(copyTrailer), true
		}
		r.part = part
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}
