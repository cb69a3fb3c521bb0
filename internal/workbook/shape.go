package workbook

import (
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// Shape is how a file shows its contacts.
type Shape struct {
	// Kind is how much of a contact it shows.
	Kind Kind
	// Columns are its columns, in this order; nil or empty for the report's own.
	Columns []Column
	// Extras are what it shows beyond them; nil for nothing.
	Extras []Extra
	// Format is how it is written; empty is XLSX.
	Format Format
}

// Check says whether a viewer may have files of the shape. Errors: INVALID_COLUMNS; FORBIDDEN under "columns" for a column that
// shows what the viewer may not see.
func (s Shape) Check(viewer contact.Viewer) error {
	for i, name := range s.Columns {
		at := fmt.Sprintf("columns[%d]", i)
		if _, known := columnsByName[name]; !known {
			return fault.New(fault.ColumnUnknown, at)
		}
		if slices.Contains(s.Columns[:i], name) {
			return fault.New(fault.ColumnTwice, at)
		}
		if name == BCCAddressesColumn {
			if err := viewer.SeesBCC(); err != nil {
				return fault.At(at, err)
			}
		}
	}
	return nil
}

// columns are the columns of a file: those that were chosen or the report's own, those of its extras that are not among them,
// and those of its steps.
func (s Shape) columns() []column {
	columns := slices.Clone(contactColumns)
	if len(s.Columns) > 0 {
		columns = columns[:0]
		for _, name := range s.Columns {
			columns = append(columns, columnsByName[name])
		}
	}
	if slices.Contains(s.Extras, Facts) {
		for _, fact := range factColumns {
			if !slices.Contains(s.Columns, fact.name) {
				columns = append(columns, fact)
			}
		}
	}
	if s.Kind == Detailed {
		columns = append(columns, stepColumns...)
	}
	return columns
}

// columnsByName are all columns that can be chosen.
var columnsByName = byName(contactColumns, furtherColumns, factColumns)

func byName(tables ...[]column) map[Column]column {
	all := make(map[Column]column)
	for _, column := range slices.Concat(tables...) {
		all[column.name] = column
	}
	return all
}

// needsOf is what must be read of a contact for columns, and its type, which decides how many lines the contact takes.
func needsOf(columns []column) contact.Columns {
	needs := contact.ColumnType
	for _, column := range columns {
		needs |= column.needs
	}
	return needs
}
