package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// copyRows are rows on their way into one table, in PostgreSQL's binary COPY format. Values follow in the order of the
// columns.
type copyRows struct {
	table   string
	columns string
	width   int16
	rows    int
	data    []byte
}

// copyHeader is the signature, no flags and no extension.
const copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"

// textType is the number that PostgreSQL knows the type text by.
const textType = 25

// postgresEpoch is where PostgreSQL counts its microseconds from.
var postgresEpoch = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func (r *copyRows) row() {
	if r.rows == 0 {
		r.data = append(r.data[:0], copyHeader...)
	}
	r.rows++
	r.data = binary.BigEndian.AppendUint16(r.data, uint16(r.width))
}

func (r *copyRows) size(n int) { r.data = binary.BigEndian.AppendUint32(r.data, uint32(n)) }

func (r *copyRows) null() { r.data = binary.BigEndian.AppendUint32(r.data, 0xffffffff) }

func (r *copyRows) int(n int) {
	r.size(4)
	r.data = binary.BigEndian.AppendUint32(r.data, uint32(n))
}

func (r *copyRows) bigint(n int64) {
	r.size(8)
	r.data = binary.BigEndian.AppendUint64(r.data, uint64(n))
}

func (r *copyRows) time(t time.Time) { r.bigint(t.UnixMicro() - postgresEpoch) }

func (r *copyRows) text(s string) {
	r.size(len(s))
	r.data = append(r.data, s...)
}

func (r *copyRows) bytes(b []byte) {
	r.size(len(b))
	r.data = append(r.data, b...)
}

func (r *copyRows) jsonb(b []byte) {
	const version = 1
	r.size(1 + len(b))
	r.data = append(append(r.data, version), b...)
}

func (r *copyRows) optionalInt(n *int) {
	if n == nil {
		r.null()
		return
	}
	r.int(*n)
}

func (r *copyRows) optionalText(s *string) {
	if s == nil {
		r.null()
		return
	}
	r.text(*s)
}

func (r *copyRows) optionalTime(t *time.Time) {
	if t == nil {
		r.null()
		return
	}
	r.time(*t)
}

func (r *copyRows) textArray(all []string) {
	if len(all) == 0 {
		r.size(12)
		r.dimensions(0)
		return
	}
	size := 20
	for _, s := range all {
		size += 4 + len(s)
	}
	r.size(size)
	r.dimensions(1)
	r.size(len(all))
	r.size(1) // counted from 1
	for _, s := range all {
		r.text(s)
	}
}

func (r *copyRows) dimensions(n int) {
	r.size(n)
	r.size(0) // no nulls
	r.size(textType)
}

// send copies the rows into their table, if there are any, and forgets them.
func (r *copyRows) send(ctx context.Context, conn *pgconn.PgConn) error {
	if r.rows == 0 {
		return nil
	}
	r.data = binary.BigEndian.AppendUint16(r.data, 0xffff)
	r.rows = 0
	_, err := conn.CopyFrom(ctx, bytes.NewReader(r.data), "COPY "+r.table+" ("+r.columns+") FROM STDIN (FORMAT binary)")
	if err != nil {
		return fmt.Errorf("copying into %s: %w", r.table, err)
	}
	return nil
}
