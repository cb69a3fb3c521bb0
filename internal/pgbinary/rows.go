package pgbinary

import (
	"encoding/binary"
	"iter"
	"math"
	"time"
)

// Rows are rows in the binary COPY format, without the header and the trailer that enclose all of them. The values of a
// row follow its beginning in the order of the columns, each by the method of its column's type.
type Rows []byte

// textType is the number that PostgreSQL knows the type text by.
const textType = 25

// Row begins a row of so many values.
func (r *Rows) Row(values int) { *r = binary.BigEndian.AppendUint16(*r, uint16(values)) }

func (r *Rows) size(n int) { *r = binary.BigEndian.AppendUint32(*r, uint32(n)) }

// Null is no value, of any type.
func (r *Rows) Null() { *r = append(*r, 0xff, 0xff, 0xff, 0xff) }

// True appends a bool that is true.
func (r *Rows) True() {
	r.size(1)
	*r = append(*r, 1)
}

// Int is a value of type int.
func (r *Rows) Int(n int) {
	r.size(4)
	*r = binary.BigEndian.AppendUint32(*r, uint32(n))
}

// Bigint is a value of type bigint.
func (r *Rows) Bigint(n int64) {
	r.size(8)
	*r = binary.BigEndian.AppendUint64(*r, uint64(n))
}

// Time is a value of type timestamptz, which has microseconds.
func (r *Rows) Time(t time.Time) { r.Bigint(t.UnixMicro() - epoch) }

// Text is a value of type text, or the label of an enum.
func (r *Rows) Text(s string) {
	r.size(len(s))
	*r = append(*r, s...)
}

// Bytes is a value of type bytea.
func (r *Rows) Bytes(b []byte) {
	r.size(len(b))
	*r = append(*r, b...)
}

// JSONB is a value of type jsonb, given as its text.
func (r *Rows) JSONB(text []byte) {
	const version = 1
	r.size(1 + len(text))
	*r = append(append(*r, version), text...)
}

// Texts is a value of type text[].
func (r *Rows) Texts(all []string) {
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
		r.Text(s)
	}
}

func (r *Rows) dimensions(n int) {
	r.size(n)
	r.size(0) // no nulls
	r.size(textType)
}

// OptionalInt is an Int, or Null for nil.
func (r *Rows) OptionalInt(n *int) {
	if n == nil {
		r.Null()
	} else {
		r.Int(*n)
	}
}

// OptionalTime is a Time, or Null for nil.
func (r *Rows) OptionalTime(t *time.Time) {
	if t == nil {
		r.Null()
	} else {
		r.Time(*t)
	}
}

// OptionalText is a Text, or Null for nil.
func (r *Rows) OptionalText(s *string) {
	if s == nil {
		r.Null()
	} else {
		r.Text(*s)
	}
}

// Values gives the values of each row as they are written, nil for Null: they are what parameters of a statement are in
// binary form, too. They share the memory of the rows.
func (r Rows) Values() iter.Seq[[][]byte] {
	return func(yield func([][]byte) bool) {
		for at := 0; at < len(r); {
			row := make([][]byte, binary.BigEndian.Uint16(r[at:]))
			at += 2
			for i := range row {
				size := binary.BigEndian.Uint32(r[at:])
				at += 4
				if size != math.MaxUint32 { // that of Null
					end := at + int(size)
					row[i] = r[at:end:end]
					at = end
				}
			}
			if !yield(row) {
				return
			}
		}
	}
}
