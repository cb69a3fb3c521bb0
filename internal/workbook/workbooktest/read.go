// Package workbooktest reads workbooks without the library that wrote them, and makes contacts to write, for the tests of
// workbook and of what stands on it.
package workbooktest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Sheet is a worksheet as its XML has it.
type Sheet struct {
	Name string
	Rows [][]Cell
}

// Cell is the value of a cell: a text, or a number as it is kept.
type Cell struct {
	Text   string
	Number float64
	Kind   string // "text", "number" or "" for none
}

// Read reads a file without the library that wrote it.
func Read(t testing.TB, content []byte) []Sheet {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	part := func(name string, into any) {
		t.Helper()
		reader, err := archive.Open(name)
		must(t, err)
		content, err := io.ReadAll(reader)
		must(t, err)
		must(t, xml.Unmarshal(content, into))
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	part("xl/workbook.xml", &book)
	var sheets []Sheet
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
		one := Sheet{Name: entry.Name}
		for _, row := range data.Rows {
			var cells []Cell
			for _, c := range row.Cells {
				column := 0
				for _, letter := range strings.TrimRight(c.At, "0123456789") {
					column = column*26 + int(letter-'A') + 1
				}
				for len(cells) < column {
					cells = append(cells, Cell{})
				}
				if c.Type == "inlineStr" {
					cells[column-1] = Cell{Kind: "text", Text: *c.Text}
					continue
				}
				number, err := strconv.ParseFloat(c.Number, 64)
				must(t, err)
				cells[column-1] = Cell{Kind: "number", Number: number}
			}
			one.Rows = append(one.Rows, cells)
		}
		sheets = append(sheets, one)
	}
	return sheets
}

// Lines are the data lines of all sheets of the table, each under the headers of its sheet.
func Lines(t testing.TB, content []byte) []map[string]Cell {
	t.Helper()
	var all []map[string]Cell
	sheets := Read(t, content)
	for _, sheet := range sheets[:len(sheets)-1] {
		for _, row := range sheet.Rows[1:] {
			line := map[string]Cell{}
			for i, header := range sheet.Rows[0] {
				if i < len(row) {
					line[header.Text] = row[i]
				} else {
					line[header.Text] = Cell{}
				}
			}
			all = append(all, line)
		}
	}
	return all
}

// Notes are the lines of the last sheet.
func Notes(t testing.TB, content []byte) map[string]Cell {
	t.Helper()
	sheets := Read(t, content)
	said := map[string]Cell{}
	for _, row := range sheets[len(sheets)-1].Rows {
		said[row[0].Text] = row[1]
	}
	return said
}

// Seconds is a duration cell in seconds.
func (c Cell) Seconds() int { return int(math.Round(c.Number * 86400)) }

// Clock is a date cell as a wall clock.
func (c Cell) Clock() string {
	return time.Unix(int64(math.Round((c.Number-25569)*86400)), 0).UTC().Format("2006-01-02 15:04:05")
}

// Shown is a cell as text: a number is taken for a wall clock or a duration by its size.
func (c Cell) Shown() string {
	switch {
	case c.Kind == "text":
		return c.Text
	case c.Kind == "number" && c.Number > 40000:
		return c.Clock()
	case c.Kind == "number":
		return strconv.Itoa(c.Seconds()) + "s"
	}
	return ""
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
