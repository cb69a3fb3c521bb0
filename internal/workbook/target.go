package workbook

import (
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// drawing makes the lines of a contact in a batch: one, or one for each of its steps.
type drawing func(b *batch, columns []column, l *line, steps []*contact.IVRStep)

// drawCells makes the lines of a sheet.
func drawCells(b *batch, columns []column, l *line, steps []*contact.IVRStep) {
	eachLine(l, steps, func() { b.add(columns, l) })
}

// drawFields makes lines of CSV.
func drawFields(b *batch, columns []column, l *line, steps []*contact.IVRStep) {
	eachLine(l, steps, func() { addFields(&b.fields, columns, l) })
}

func addFields(f *fields, columns []column, l *line) {
	start := len(f.bytes)
	for i := range columns {
		columns[i].field(l, f)
	}
	f.endLine(start)
}

// headerOf is the first line of CSV.
func headerOf(columns []column, locale fault.Locale) []byte {
	f := &fields{bytes: []byte(byteOrderMark)}
	for i := range columns {
		f.text(columns[i].header.in(locale))
	}
	f.endLine(0)
	return f.bytes
}

// eachLine calls draw for each line of a contact.
func eachLine(l *line, steps []*contact.IVRStep, draw func()) {
	if l.step = nil; len(steps) == 0 {
		draw()
	}
	for _, step := range steps {
		l.step = step
		draw()
	}
}

// sheets are a workbook while it is written.
type sheets struct{ book *xlsx.Writer }

func (w *writing) newBook(out io.Writer) (*xlsx.Writer, error) {
	locale := w.report.Locale
	config := xlsx.Config{
		Sheet: reportLabel.in(locale), CutMark: cutLabel.in(locale), Title: w.report.Title(),
		Author: w.report.OrderedBy, Created: w.takenAt.Truncate(time.Second), MaxLines: w.config.MaxLines,
	}
	for _, column := range w.columns {
		config.Columns = append(config.Columns, xlsx.Column{Header: column.header.in(locale), Width: column.width})
	}
	return xlsx.NewWriter(out, config)
}

func (s *sheets) write(b *batch) error {
	written := 0
	for lines := range b.contacts() {
		yieldCPU(written)
		if err := s.book.Write(lines...); err != nil {
			return err
		}
		written++
	}
	return nil
}

func (s *sheets) close(w *writing) error {
	w.cut = s.book.Cut()
	if err := s.book.Notes(notesLabel.in(w.report.Locale), w.notes(s.book)); err != nil {
		return err
	}
	return s.book.Close()
}

func (s *sheets) stop() { s.book.Stop() }

// lines are a file of text while it is written.
type lines struct{ out io.Writer }

func (t *lines) write(b *batch) error {
	_, err := t.out.Write(b.fields.bytes)
	return err
}

func (t *lines) close(*writing) error { return nil }

func (t *lines) stop() {}
