package pgbinary

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// The header is the signature, no flags and no extension; the trailer stands where the next row's width would.
const (
	header  = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	trailer = "\xff\xff"
)

// CopyInto copies rows into a table: next is asked for more until it gives none, and may use the same memory again. Options
// follow the format, such as ", FREEZE". Without any row there is no statement.
//
// The rows are asked for while PostgreSQL stores those before them, by one goroutine. After an error that goroutine may
// be asking once more.
func CopyInto(ctx context.Context, conn *pgconn.PgConn, table, columns, options string, next func() (Rows, error)) error {
	first, err := next()
	if err == nil && len(first) == 0 {
		return nil
	}
	if err == nil {
		in := io.MultiReader(strings.NewReader(header), &stream{rows: first, next: next}, strings.NewReader(trailer))
		_, err = conn.CopyFrom(ctx, in, "COPY "+table+" ("+columns+") FROM STDIN (FORMAT binary"+options+")")
	}
	if err != nil {
		return fmt.Errorf("copying into %s: %w", table, err)
	}
	return nil
}

// stream is the rows of a COPY.
type stream struct {
	rows Rows // what is left of those that next gave, none at the end
	next func() (Rows, error)
}

// Read fills p whole, as each part costs PostgreSQL a message.
func (s *stream) Read(p []byte) (n int, err error) {
	for n < len(p) && s.next != nil {
		if len(s.rows) == 0 {
			if s.rows, err = s.next(); err != nil {
				return n, err
			}
			if len(s.rows) == 0 {
				s.next = nil
			}
		}
		done := copy(p[n:], s.rows)
		s.rows, n = s.rows[done:], n+done
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
