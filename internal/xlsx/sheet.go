package xlsx

import (
	"io"
	"math"
	"strconv"
)

// sheet writes the part of one worksheet, row by row.
type sheet struct {
	deflater *deflater
	output   output
	letters  []string
	tails    [styleCount][tailCount]string
	mark     string
	rows     int
	cut      int
	err      error

	number []byte // the row's, in digits
	digits digits
	open   tail // how what was begun last ends
	places places
}

// flushAt is how much text is compressed at once.
const flushAt = 128 << 10

// tail is how a cell begins, behind its number, and ends.
type tail uint8

const (
	noTail tail = iota // of a row without cells as yet
	numberTail
	textTail
	spacedTail // a text that begins or ends with white space
	tailCount
)

// tailStarts stand behind a cell's style, tailEnds behind its value; a row's beginning ends like a tail, too.
var (
	tailStarts = [tailCount]string{"", `"><v>`, `" t="inlineStr"><is><t>`, `" t="inlineStr"><is><t xml:space="preserve">`}
	tailEnds   = [tailCount]string{`">`, `</v></c>`, `</t></is></c>`, `</t></is></c>`}
)

// places are the positions of what comes again and again.
type places struct {
	// row is that of the last row's beginning, by what ended before it, and digits that of this row's number.
	row    [tailCount]int
	digits int
	// columns are those of what leads to a cell of each column, by what ended before it, and values those of the values.
	columns [][tailCount]int
	values  []int
	// heads are those of the last cell's number with its style and tail, and in which row it was.
	heads [styleCount][tailCount]head
}

type head struct{ position, row int }

func newSheet(part io.Writer, encoder *encoder, columns int, styles [styleCount]int) *sheet {
	s := &sheet{deflater: newDeflater(), output: output{part: part, encoder: encoder}, letters: letters(columns)}
	for style, id := range styles {
		for tail, start := range tailStarts {
			s.tails[style][tail] = `" s="` + strconv.Itoa(id) + start
		}
	}
	s.places.columns, s.places.values = make([][tailCount]int, columns), make([]int, columns)
	return s
}

const sheetStart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>`

// begin writes all that stands before the first row.
func (s *sheet) begin(columns []Column, frozen, selected bool) {
	b := append(s.deflater.text, sheetStart...)
	b = append(b, `<sheetView`...)
	if selected {
		b = append(b, ` tabSelected="1"`...)
	}
	b = append(b, ` workbookViewId="0"`...)
	if frozen {
		b = append(b, `><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`...)
		b = append(b, `<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView>`...)
	} else {
		b = append(b, `/>`...)
	}
	b = append(b, `</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`...)
	for i, column := range columns {
		number := strconv.Itoa(i + 1)
		b = append(b, `<col min="`+number+`" max="`+number+`" width="`...)
		b = strconv.AppendFloat(b, column.Width, 'f', -1, 64)
		b = append(b, `" customWidth="1"/>`...)
	}
	s.deflater.text = append(b, `</cols><sheetData>`...)
	s.deflater.plain()
}

// row writes one row; more cells than there are columns are a mistake of the caller.
func (s *sheet) row(cells []Cell) {
	s.beginRow()
	for i := range cells {
		if cell := &cells[i]; cell.kind == numberCell {
			s.beginCell(i, cell.style, numberTail)
			s.deflater.text = s.digits.appendTo(s.deflater.text, cell.number)
			s.endValue(i)
		} else if cell.kind == textCell {
			s.text(i, cell)
		}
	}
	if s.deflater.pending() >= flushAt {
		s.flush()
	}
}

func (s *sheet) text(column int, cell *Cell) {
	text := cell.text
	if !cell.easy {
		var shortened bool
		if text, shortened = cut(clean(text), s.mark); shortened {
			s.cut++
		}
	}
	tail := textTail
	if keepsSpace(text) {
		tail = spacedTail
	}
	s.beginCell(column, cell.style, tail)
	if cell.easy {
		s.deflater.text = append(s.deflater.text, text...)
	} else {
		s.deflater.text = appendText(s.deflater.text, text)
	}
	s.endValue(column)
}

func (s *sheet) beginRow() {
	d := s.deflater
	if s.rows > 0 {
		d.text = append(append(d.text, tailEnds[s.open]...), `</row>`...)
	}
	s.rows++
	d.text = append(d.text, `<row r="`...)
	s.number = strconv.AppendInt(s.number[:0], int64(s.rows), 10)
	s.places.digits = d.written()
	d.text = append(d.text, s.number...)
	s.places.row[s.open] = d.again(s.places.row[s.open])
	s.open = noTail
}

// beginCell writes what stands between the value before and the value of a cell. Most of it stood in the row before; the
// row's number, and the style and tail, in a cell before.
func (s *sheet) beginCell(column int, style style, tail tail) {
	d := s.deflater
	d.text = append(append(append(d.text, tailEnds[s.open]...), `<c r="`...), s.letters[column]...)
	s.places.columns[column][s.open] = d.again(s.places.columns[column][s.open])
	d.text = append(d.text, s.number...)
	last := &s.places.heads[style][tail]
	if last.row == s.rows {
		d.text = append(d.text, s.tails[style][tail]...)
		last.position = d.again(last.position)
	} else {
		// A number has as many digits as the one before, but for four or five.
		before := last.position + len(s.number)
		last.position, last.row = d.again(s.places.digits), s.rows
		d.text = append(d.text, s.tails[style][tail]...)
		d.again(before)
	}
	s.open = tail
}

// endValue says that what was appended is the value of the cell.
func (s *sheet) endValue(column int) {
	s.places.values[column] = s.deflater.value(s.places.values[column])
}

// end writes all that stands behind the last row. The arrows to filter by stand in the header of the area; texts that
// look like numbers are meant so, and Excel need not warn of them.
func (s *sheet) end(filtered bool) {
	b := append(append(s.deflater.text, tailEnds[s.open]...), `</row></sheetData>`...)
	if filtered {
		b = append(b, `<autoFilter ref="`+s.area()+`"/>`...)
	}
	b = append(b, `<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>`...)
	b = append(b, `<ignoredErrors><ignoredError sqref="`+s.area()+`" numberStoredAsText="1"/></ignoredErrors>`...)
	s.deflater.text = append(b, `</worksheet>`...)
	s.flush()
	s.stop()
}

// area is the range of all cells.
func (s *sheet) area() string {
	return "A1:" + s.letters[len(s.letters)-1] + strconv.Itoa(s.rows)
}

// bytes is how many there are so far.
func (s *sheet) bytes() int { return s.deflater.written() }

// digits remembers how numbers are written: durations are the same few thousand, and each takes a while to work out.
type digits [1 << digitBits]struct {
	number float64
	text   [22]byte
	length uint8
}

const digitBits = 9

func (d *digits) appendTo(text []byte, number float64) []byte {
	one := &d[math.Float64bits(number)*0x9E3779B97F4A7C15>>(64-digitBits)]
	if one.length == 0 || one.number != number {
		start := len(text)
		text = strconv.AppendFloat(text, number, 'f', -1, 64)
		if length := len(text) - start; length <= len(one.text) {
			one.number, one.length = number, uint8(copy(one.text[:], text[start:]))
		}
		return text
	}
	return append(text, one.text[:one.length]...)
}

// flush has what is pending written while the next rows are made.
func (s *sheet) flush() {
	s.stop()
	if piece := s.deflater.take(); s.err == nil {
		s.output.begin(piece)
	}
}

// stop waits until nothing is being written.
func (s *sheet) stop() {
	if err := s.output.wait(); s.err == nil {
		s.err = err
	}
}

// output writes one piece at a time, in a goroutine that ends with it.
type output struct {
	part    io.Writer
	encoder *encoder
	result  chan error // nil while nothing is being written
}

func (o *output) begin(next piece) {
	result := make(chan error, 1)
	o.encoder.next, o.result = next, result
	go func() {
		_, err := o.part.Write(next.text)
		result <- err
	}()
}

func (o *output) wait() (err error) {
	if o.result != nil {
		err = <-o.result
		o.result = nil
	}
	return err
}
