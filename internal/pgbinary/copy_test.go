package pgbinary_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgbinary"
	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	makeTable = `CREATE TABLE copied (i int, b bigint, t timestamptz, s text, k contact_type, y bytea, j jsonb, a text[])`
	columns   = "i, b, t, s, k, y, j, a"
)

// parts gives parts one after the other, then none.
func parts(all ...pgbinary.Rows) func() (pgbinary.Rows, error) {
	return func() (pgbinary.Rows, error) {
		if len(all) == 0 {
			return nil, nil
		}
		part := all[0]
		all = all[1:]
		return part, nil
	}
}

func TestCopyInto_BringsEveryTypeAsItWasWritten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), makeTable); err != nil {
		t.Fatal(err)
	}
	number, moment, text := -7, time.Date(1999, time.December, 31, 23, 59, 59, 123456000, time.UTC), "Zażółć"
	var full, empty pgbinary.Rows
	full.Row(8)
	full.Int(-2147483648)
	full.Bigint(1 << 40)
	full.Time(moment)
	full.Text(strings.Repeat("x", 100_000))
	full.Text("CHAT")
	full.Bytes([]byte{0, 255})
	full.JSONB([]byte(`{"a": [1, null]}`))
	full.Texts([]string{"a", "", `b"\`})
	empty.Row(8)
	empty.OptionalInt(nil)
	for range 2 {
		empty.Null()
	}
	empty.OptionalText(nil)
	for range 3 {
		empty.Null()
	}
	empty.Texts(nil)
	empty.Row(8)
	empty.OptionalInt(&number)
	empty.Null()
	empty.OptionalTime(&moment)
	empty.OptionalText(&text)
	for range 3 {
		empty.Null()
	}
	empty.Null()
	if err := pgbinary.CopyInto(t.Context(), conn.Conn().PgConn(), "copied", columns, "", parts(full, empty)); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), `SELECT concat_ws('|', i, b, t AT TIME ZONE 'UTC', length(s), left(s, 6), k, y, j, a, cardinality(a)) FROM copied`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, want := range []string{
		`-2147483648|1099511627776|1999-12-31 23:59:59.123456|100000|xxxxxx|CHAT|\x00ff|{"a": [1, null]}|{a,"","b\"\\"}|3`,
		`{}|0`,
		`-7|1999-12-31 23:59:59.123456|6|Zażółć`,
	} {
		var got string
		if !rows.Next() || rows.Scan(&got) != nil || got != want {
			t.Errorf("%q, want %q (%v)", got, want, rows.Err())
		}
	}
	if rows.Next() {
		t.Error("there are more rows")
	}
}

func TestCopyInto_WithoutRowsMakesNoStatement(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if err := pgbinary.CopyInto(t.Context(), conn.Conn().PgConn(), "no_such_table", "i", "", parts()); err != nil {
		t.Error(err)
	}
}

func TestCopyInto_LeavesNothingAndAUsableConnectionWhereRowsFail(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := db.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), "CREATE TABLE copied (i int CHECK (i > 0))"); err != nil {
		t.Fatal(err)
	}
	var good, bad pgbinary.Rows
	good.Row(1)
	good.Int(1)
	bad.Row(1)
	bad.Int(0)
	broken := errors.New("broken")
	asked := 0
	for name, next := range map[string]func() (pgbinary.Rows, error){
		"stored": parts(good, bad, good),
		"made": func() (pgbinary.Rows, error) {
			if asked++; asked == 1 {
				return good, nil
			}
			return nil, broken
		},
	} {
		if err := pgbinary.CopyInto(t.Context(), conn.Conn().PgConn(), "copied", "i", "", next); err == nil || !strings.Contains(err.Error(), "copying into copied") {
			t.Errorf("%s: %v", name, err)
		}
		var left int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM copied").Scan(&left); err != nil || left != 0 {
			t.Errorf("%s: %d rows are left (%v)", name, left, err)
		}
	}
}
