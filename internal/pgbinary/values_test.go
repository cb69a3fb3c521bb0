package pgbinary

import (
	"reflect"
	"testing"
	"time"
)

// value is what was written of the first value, without the width in front.
func value(rows Rows) []byte { return rows[4:] }

func TestValues_ReadWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, -1, 1<<31 - 1, -1 << 31} {
		var long, short Rows
		long.Bigint(n)
		short.Int(int(n))
		for _, rows := range []Rows{long, short} {
			if got, err := Integer(value(rows)); err != nil || got != n {
				t.Errorf("%d reads back as %d (%v)", n, got, err)
			}
		}
	}
	for _, at := range []time.Time{{}, time.Date(1999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
		var rows Rows
		rows.Time(at)
		if got, err := Time(value(rows)); err != nil || got != at {
			t.Errorf("%s reads back as %s (%v)", at, got, err)
		}
	}
	for _, texts := range [][]string{{}, {""}, {"Zażółć", "", `a"\`}} {
		var rows Rows
		rows.Texts(texts)
		if got, err := Texts(value(rows)); err != nil || !reflect.DeepEqual(got, texts) {
			t.Errorf("%q reads back as %q (%v)", texts, got, err)
		}
	}
}

func FuzzTexts(f *testing.F) {
	var rows Rows
	rows.Texts([]string{"a", ""})
	f.Add(value(rows))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, value []byte) {
		_, _ = Texts(value)
		_, _ = Integer(value)
		_, _ = Time(value)
	})
}

func TestValues_OfAnotherWidthAreErrors(t *testing.T) {
	t.Parallel()
	var rows Rows
	rows.Texts([]string{"abc", "d"})
	whole := value(rows)
	for cut := range whole {
		if texts, err := Texts(whole[:cut]); err == nil {
			t.Errorf("%d of %d bytes read as %q", cut, len(whole), texts)
		}
	}
	for _, width := range []int{0, 1, 3, 5, 9} {
		if n, err := Integer(make([]byte, width)); err == nil {
			t.Errorf("%d bytes read as %d", width, n)
		}
		if at, err := Time(make([]byte, width)); err == nil {
			t.Errorf("%d bytes read as %s", width, at)
		}
	}
}
