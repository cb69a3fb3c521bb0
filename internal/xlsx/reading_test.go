package xlsx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/xlsx"
)

// render writes a workbook and gives its bytes.
func render(t testing.TB, config xlsx.Config, fill func(*xlsx.Writer)) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w, err := xlsx.NewWriter(&buffer, config)
	must(t, err)
	fill(w)
	must(t, w.Close())
	return buffer.Bytes()
}

// written writes a workbook and opens it again.
func written(t *testing.T, config xlsx.Config, fill func(*xlsx.Writer)) *excelize.File {
	t.Helper()
	return opened(t, render(t, config, fill))
}

func opened(t *testing.T, content []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	must(t, err)
	t.Cleanup(func() { must(t, book.Close()) })
	return book
}

// shown is what Excel would show in a cell.
func shown(t *testing.T, book *excelize.File, sheet, cell string) string {
	t.Helper()
	value, err := book.GetCellValue(sheet, cell)
	must(t, err)
	return value
}

// parts are the contents of the package by name.
func parts(t *testing.T, content []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	must(t, err)
	parts := map[string][]byte{}
	for _, file := range archive.File {
		reader, err := file.Open()
		must(t, err)
		parts[file.Name], err = io.ReadAll(reader)
		must(t, err)
	}
	return parts
}

// decoded is the text of cell A2 as the format says it is read: XML first, then _xHHHH_.
func decoded(t *testing.T, part string) string {
	t.Helper()
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Text string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	must(t, xml.Unmarshal([]byte(part), &sheet))
	return regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`).ReplaceAllStringFunc(sheet.Rows[1].Cells[0].Text, func(code string) string {
		number, err := strconv.ParseUint(code[2:6], 16, 16)
		must(t, err)
		return string(rune(number))
	})
}

// expected is a text as a cell must show it, worked out another way than the writer does.
func expected(text string) string {
	var out []rune
	for len(text) > 0 {
		if surrogate := regexp.MustCompile(`^\xed[\xa0-\xbf][\x80-\xbf]`); len(text) >= 3 && text[0] == 0xed && surrogate.MatchString(latin(text[:3])) {
			out, text = append(out, utf8.RuneError), text[3:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		if strings.ContainsRune("\uFFFE\uFFFF", r) || r < ' ' && !strings.ContainsRune("\t\n\r", r) {
			r = utf8.RuneError
		}
		out = append(out, r)
	}
	if len(utf16.Encode(out)) <= 32767 {
		return string(out)
	}
	room := 32767 - len(utf16.Encode([]rune(twoColumns.CutMark)))
	for len(utf16.Encode(out)) > room {
		out = out[:len(out)-1]
	}
	return string(out) + twoColumns.CutMark
}

// latin turns bytes into the characters of the same numbers.
func latin(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

func trimFloat(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	must(t, err)
	return zone
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
