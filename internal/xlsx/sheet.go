package xlsx

import (
	"io"
	"strconv"
)

// sheet writes the part of one worksheet, row by row.
type sheet struct {
	out     io.Writer
	buffer  []byte
	letters []string
	styles  [styleCount]int
	mark    string
	rows    int
	bytes   int64
	cut     int
	err     error
}

// flushAt is the size at which the buffer is handed to the compressor.
const flushAt = 64 << 10

const sheetStart = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>`

// begin writes all that stands before the first row.
func (s *sheet) begin(columns []Column, frozen, selected bool) {
	b := append(s.buffer, sheetStart...)
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
	s.buffer = append(b, `</cols><sheetData>`...)
}

// row writes one row; more cells than there are columns are a mistake of the caller.
func (s *sheet) row(cells []Cell) {
	s.rows++
	b := append(s.buffer, `<row r="`...)
	b = strconv.AppendInt(b, int64(s.rows), 10)
	b = append(b, `">`...)
	for i := range cells {
		cell := &cells[i]
		if cell.kind == blankCell {
			continue
		}
		b = append(b, `<c r="`...)
		b = append(b, s.letters[i]...)
		b = strconv.AppendInt(b, int64(s.rows), 10)
		b = append(b, `" s="`...)
		b = strconv.AppendInt(b, int64(s.styles[cell.style]), 10)
		if cell.kind == numberCell {
			b = append(b, `"><v>`...)
			b = strconv.AppendFloat(b, cell.number, 'f', -1, 64)
			b = append(b, `</v></c>`...)
			continue
		}
		text, shortened := cut(clean(cell.text), s.mark)
		if shortened {
			s.cut++
		}
		b = append(b, `" t="inlineStr"><is><t`...)
		if keepsSpace(text) {
			b = append(b, ` xml:space="preserve"`...)
		}
		b = append(b, '>')
		b = appendText(b, text)
		b = append(b, `</t></is></c>`...)
	}
	s.buffer = append(b, `</row>`...)
	if len(s.buffer) >= flushAt {
		s.flush()
	}
}

// end writes all that stands behind the last row. The arrows to filter by stand in the header of the area; texts that
// look like numbers are meant so, and Excel need not warn of them.
func (s *sheet) end(filtered bool) {
	b := append(s.buffer, `</sheetData>`...)
	if filtered {
		b = append(b, `<autoFilter ref="`+s.area()+`"/>`...)
	}
	b = append(b, `<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>`...)
	b = append(b, `<ignoredErrors><ignoredError sqref="`+s.area()+`" numberStoredAsText="1"/></ignoredErrors>`...)
	s.buffer = append(b, `</worksheet>`...)
	s.flush()
}

// area is the range of all cells.
func (s *sheet) area() string {
	return "A1:" + s.letters[len(s.letters)-1] + strconv.Itoa(s.rows)
}

func (s *sheet) flush() {
	if s.err == nil {
		_, s.err = s.out.Write(s.buffer)
	}
	s.bytes += int64(len(s.buffer))
	s.buffer = s.buffer[:0]
}
