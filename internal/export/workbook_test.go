package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sheet is a worksheet as its XML has it.
type sheet struct {
	name string
	rows [][]cell
}

// cell is the value of a cell: a text, or a number as it is kept.
type cell struct {
	text   string
	number float64
	kind   string // "text", "number" or "" for none
}

// openWorkbook reads a file without the library that wrote it.
func openWorkbook(t testing.TB, content []byte) []sheet {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	part := func(name string, into any) {
		t.Helper()
		reader, err := archive.Open(name)
		must(t, err)
		must(t, xml.Unmarshal(readAll(t, reader), into))
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	part("xl/workbook.xml", &book)
	var sheets []sheet
	for i, entry := range book.Sheets {
		var data struct {
			Rows []struct {
				Cells []struct {
					At     string  `xml:"r,attr"`
					Type   string  `xml:"t,attr"`
					Number string  `xml:"v"`
					Text   *string `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		part("xl/worksheets/sheet"+strconv.Itoa(i+1)+".xml", &data)
		one := sheet{name: entry.Name}
		for _, row := range data.Rows {
			var cells []cell
			for _, c := range row.Cells {
				column := 0
				for _, letter := range strings.TrimRight(c.At, "0123456789") {
					column = column*26 + int(letter-'A') + 1
				}
				for len(cells) < column {
					cells = append(cells, cell{})
				}
				if c.Type == "inlineStr" {
					cells[column-1] = cell{kind: "text", text: *c.Text}
					continue
				}
				number, err := strconv.ParseFloat(c.Number, 64)
				must(t, err)
				cells[column-1] = cell{kind: "number", number: number}
			}
			one.rows = append(one.rows, cells)
		}
		sheets = append(sheets, one)
	}
	return sheets
}

// lines are the data lines of all sheets of the table, each under the headers of its sheet.
func lines(t testing.TB, content []byte) []map[string]cell {
	t.Helper()
	var all []map[string]cell
	sheets := openWorkbook(t, content)
	for _, sheet := range sheets[:len(sheets)-1] {
		for _, row := range sheet.rows[1:] {
			line := map[string]cell{}
			for i, header := range sheet.rows[0] {
				if i < len(row) {
					line[header.text] = row[i]
				} else {
					line[header.text] = cell{}
				}
			}
			all = append(all, line)
		}
	}
	return all
}

// notes are the lines of the last sheet.
func notes(t testing.TB, content []byte) map[string]cell {
	t.Helper()
	sheets := openWorkbook(t, content)
	said := map[string]cell{}
	for _, row := range sheets[len(sheets)-1].rows {
		said[row[0].text] = row[1]
	}
	return said
}

// seconds is a duration cell in seconds.
func (c cell) seconds() int { return int(math.Round(c.number * 86400)) }

// clock is a date cell as a wall clock.
func (c cell) clock() string {
	return time.Unix(int64(math.Round((c.number-25569)*86400)), 0).UTC().Format("2006-01-02 15:04:05")
}

// shown is a cell as text: a number is taken for a wall clock or a duration by its size.
func (c cell) shown() string {
	switch {
	case c.kind == "text":
		return c.text
	case c.kind == "number" && c.number > 40000:
		return c.clock()
	case c.kind == "number":
		return strconv.Itoa(c.seconds()) + "s"
	}
	return ""
}
