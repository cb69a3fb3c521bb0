package report

import (
	"fmt"
	"unsafe"
)

// rowMemory is where lies what rows point at. Numbers and texts of many rows are allocated at once.
type rowMemory struct {
	numbers []int64
	seconds []int
	texts   []string

	// gathered are the texts of the row that is read, which become one string; ends are their ends, and who wants them.
	gathered []byte
	ends     []textEnd
}

type textEnd struct {
	end  int
	into *string
}

// makeRoom begins anew with room for so many values of each kind; what was given out stays as it is.
func (m *rowMemory) makeRoom(sizes [rooms]int) {
	m.numbers = make([]int64, 0, sizes[numberRoom])
	m.seconds = make([]int, 0, sizes[secondRoom])
	m.texts = make([]string, 0, sizes[textRoom])
}

// keep takes a text, which into has when the row is read.
func (m *rowMemory) keep(text []byte, into *string) {
	m.gathered = append(m.gathered, text...)
	m.ends = append(m.ends, textEnd{len(m.gathered), into})
}

// scan reads the values of a row into what lies at an address, a value of the type that the columns are those of.
func (m *rowMemory) scan(columns []modelColumn, into unsafe.Pointer, values [][]byte) error {
	if len(values) != len(columns) {
		return fmt.Errorf("a row of %d values, want %d", len(values), len(columns))
	}
	for i, value := range values {
		if value == nil {
			continue
		}
		if err := columns[i].set(m, unsafe.Add(into, columns[i].offset), value); err != nil {
			return err
		}
	}
	all, start := string(m.gathered), 0
	for _, one := range m.ends {
		*one.into = all[start:one.end]
		start = one.end
	}
	m.gathered, m.ends = m.gathered[:0], m.ends[:0]
	return nil
}
