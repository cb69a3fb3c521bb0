package xlsx

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// MaxSheetLines is the number of data lines that fit on one sheet below the header.
const MaxSheetLines = 1_048_575

// maxBytes bounds one sheet's XML: past 4 GiB a part needs ZIP64, which Excel reads only in a form that Go's packages
// do not write.
const maxBytes = 3 << 30

// Column is a column of the table.
type Column struct {
	// Header stands in the first row of every sheet.
	Header string
	// Width is its width in characters of the standard font.
	Width float64
}

// Config of a workbook.
type Config struct {
	// Sheet is the name of the first sheet; the ones that continue it are numbered from 2.
	Sheet string
	// Columns are the columns of the table.
	Columns []Column
	// CutMark ends the text of a cell that was too long.
	CutMark string
	// Title and Author go into the properties of the document.
	Title, Author string
	// Created goes there too.
	Created time.Time
	// MaxLines bounds the data lines of one sheet; 0 is MaxSheetLines.
	MaxLines int
}

// Note is a line of the last sheet: what is said, and its value.
type Note struct {
	Label string
	Value Cell
}

// Writer writes one workbook. The first error sticks: every later call returns it. It is not safe for use by several
// goroutines. Whoever does not Close it has to Stop it.
type Writer struct {
	config Config
	book   *book
	sheet  *sheet
	header []Cell
	lines  int
	cut    int
	closed bool
	err    error
}

// NewWriter begins a workbook on w, with the header on its first sheet.
func NewWriter(w io.Writer, config Config) (*Writer, error) {
	if len(config.Columns) == 0 || config.MaxLines < 0 || config.MaxLines > MaxSheetLines {
		return nil, errors.New("xlsx: config without columns, or with more lines than a sheet holds")
	}
	if config.MaxLines == 0 {
		config.MaxLines = MaxSheetLines
	}
	book, err := newBook(w, config)
	if err != nil {
		return nil, fmt.Errorf("beginning the workbook: %w", err)
	}
	writer := &Writer{config: config, book: book}
	for _, column := range config.Columns {
		writer.header = append(writer.header, Cell{kind: textCell, style: headerStyle, text: column.Header})
	}
	writer.nextSheet()
	return writer, writer.err
}

// Write writes lines that belong together: they all stand on one sheet, unless they are more than a whole sheet holds.
func (w *Writer) Write(lines ...[]Cell) error {
	if w.closed && w.err == nil {
		w.err = errors.New("xlsx: line after the notes or Close")
	}
	if w.err != nil {
		return w.err
	}
	if w.sheet.rows-1+len(lines) > w.config.MaxLines || w.sheet.bytes() > maxBytes {
		if w.sheet.rows > 1 {
			w.nextSheet()
		}
	}
	for _, line := range lines {
		if len(line) > len(w.config.Columns) {
			w.err = fmt.Errorf("xlsx: a line of %d cells in a table of %d columns", len(line), len(w.config.Columns))
			return w.err
		}
		if w.sheet.rows > w.config.MaxLines {
			w.nextSheet()
		}
		w.sheet.row(line)
		w.lines++
	}
	w.keep(w.sheet.err)
	return w.err
}

// Lines is the number of data lines written, on all sheets.
func (w *Writer) Lines() int { return w.lines }

// Cut is the number of cells that were too long and cut.
func (w *Writer) Cut() int { return w.cut + w.sheet.cut }

// Sheets is the number of sheets of the table.
func (w *Writer) Sheets() int { return len(w.book.tables) }

// Notes ends the table and adds the last sheet. No line can follow.
func (w *Writer) Notes(sheet string, notes []Note) error {
	w.endTable()
	if w.err != nil {
		return w.err
	}
	part, err := w.book.addSheet(sheet, 2)
	if err != nil {
		w.err = err
		return err
	}
	part.mark = w.config.CutMark
	part.begin([]Column{{Width: 34}, {Width: 90}}, false, false)
	for _, note := range notes {
		value := note.Value
		if value.kind == textCell {
			value.style = noteStyle
		}
		part.row([]Cell{{kind: textCell, style: labelStyle, text: note.Label}, value})
	}
	part.end(false)
	w.err = part.err
	return w.err
}

// Close completes the workbook and returns the first error of all that happened. It does not close the underlying
// writer.
func (w *Writer) Close() error {
	w.endTable()
	if w.err == nil {
		w.err = w.book.close()
	}
	return w.err
}

// Stop waits until nothing is being written to the underlying writer any more: what was handed over is compressed and
// written beside what comes next. Close does so as well; Stop is for those who give the workbook up, and may follow either.
func (w *Writer) Stop() {
	if w.sheet != nil {
		w.sheet.stop()
	}
}

// nextSheet ends the sheet and begins the next one with its header.
func (w *Writer) nextSheet() {
	w.endSheet()
	name := w.config.Sheet
	if number := len(w.book.tables) + 1; number > 1 {
		name = fmt.Sprintf("%s %d", name, number)
	}
	part, err := w.book.addSheet(name, len(w.config.Columns))
	if err != nil {
		w.keep(err)
		return
	}
	part.mark = w.config.CutMark
	part.begin(w.config.Columns, true, len(w.book.tables) == 0)
	part.row(w.header)
	w.sheet = part
	w.book.tables = append(w.book.tables, name)
}

func (w *Writer) endSheet() {
	if w.sheet == nil {
		return
	}
	w.sheet.end(true)
	w.cut += w.sheet.cut
	w.sheet.cut = 0
	w.keep(w.sheet.err)
	w.book.areas = append(w.book.areas, w.sheet.area())
}

// keep remembers the first error.
func (w *Writer) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *Writer) endTable() {
	if !w.closed {
		w.closed = true
		w.endSheet()
	}
}

// letters are the names of the columns: A, B, … Z, AA, …
func letters(n int) []string {
	names := make([]string, n)
	for i := range names {
		var name []byte
		for rest := i + 1; rest > 0; rest = (rest - 1) / 26 {
			name = append(name, byte('A'+(rest-1)%26))
		}
		slices.Reverse(name)
		names[i] = string(name)
	}
	return names
}
