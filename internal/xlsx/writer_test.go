package xlsx_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/kontakty/kontakty/internal/xlsx"
)

var twoColumns = xlsx.Config{
	Sheet:   "Kontakty",
	Columns: []xlsx.Column{{Header: "Pierwsza", Width: 20}, {Header: "Druga", Width: 30}},
	CutMark: " … [ucięto]",
	Title:   "Kontakty", Author: "Zespół",
	Created: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC),
}

func TestCells_AreReadBackWithTheirTypesAndFormats(t *testing.T) {
	t.Parallel()
	warsaw := location(t, "Europe/Warsaw")
	book := written(t, twoColumns, func(w *xlsx.Writer) {
		must(t, w.Write([]xlsx.Cell{xlsx.Text("+48789789789"), xlsx.Instant(time.Date(2024, 10, 27, 0, 30, 15, 999_000_000, time.UTC).In(warsaw))}))
		must(t, w.Write([]xlsx.Cell{xlsx.Blank, xlsx.Seconds(100*3600 + 61)}))
		must(t, w.Write([]xlsx.Cell{xlsx.Integer(7), xlsx.Text("")}))
	})
	equal(t, shown(t, book, "Kontakty", "A1"), "Pierwsza")
	equal(t, shown(t, book, "Kontakty", "A2"), "+48789789789")
	equal(t, shown(t, book, "Kontakty", "B2"), "2024-10-27 02:30:15")
	equal(t, shown(t, book, "Kontakty", "B3"), "100:01:01")
	equal(t, shown(t, book, "Kontakty", "A4"), "7")
	for cell, want := range map[string]excelize.CellType{
		"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "B3": excelize.CellTypeUnset,
		"A3": excelize.CellTypeUnset, "B4": excelize.CellTypeUnset,
	} {
		kind, err := book.GetCellType("Kontakty", cell)
		must(t, err)
		equal(t, kind, want)
	}
	panes, err := book.GetPanes("Kontakty")
	must(t, err)
	if !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" {
		t.Errorf("the header is not frozen: %+v", panes)
	}
	width, err := book.GetColWidth("Kontakty", "B")
	must(t, err)
	equal(t, width, 30)
	names := book.GetDefinedName()
	if len(names) != 1 || names[0].Name != "_xlnm._FilterDatabase" || names[0].RefersTo != "'Kontakty'!$A$1:$B$4" {
		t.Errorf("the filter's area is %+v", names)
	}
}

func TestDates_AreRightAtTheEdgesOfExcelsCalendar(t *testing.T) {
	t.Parallel()
	for moment, want := range map[time.Time]float64{
		time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC):        1,
		time.Date(1900, 2, 28, 12, 0, 0, 0, time.UTC):      59.5,
		time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC):        61,
		time.Date(2024, 2, 29, 18, 0, 0, 0, time.UTC):      45351.75,
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC):   2958465 + 86399.0/86400,
		time.Date(2000, 1, 1, 0, 0, 0, 999_999, time.UTC):  36526,
		time.Date(2024, 3, 31, 1, 30, 0, 0, time.UTC):      45382.0625,
		time.Date(2024, 12, 31, 23, 59, 59, 0, time.Local): 45657 + 86399.0/86400,
	} {
		book := written(t, twoColumns, func(w *xlsx.Writer) { must(t, w.Write([]xlsx.Cell{xlsx.Instant(moment)})) })
		raw, err := book.GetCellValue("Kontakty", "A2", excelize.Options{RawCellValue: true})
		must(t, err)
		if raw != trimFloat(want) {
			t.Errorf("%s is %s, want %s", moment, raw, trimFloat(want))
		}
	}
	book := written(t, twoColumns, func(w *xlsx.Writer) {
		must(t, w.Write([]xlsx.Cell{xlsx.Instant(time.Date(1899, 12, 31, 23, 0, 0, 0, time.UTC))}))
	})
	equal(t, shown(t, book, "Kontakty", "A2"), "1899-12-31 23:00:00")
}

// hostile are texts and how they must come back.
var hostile = map[string]string{
	"=1+1":                     "=1+1",
	"+48 600":                  "+48 600",
	"-5":                       "-5",
	"@SUM(A1)":                 "@SUM(A1)",
	"=HYPERLINK(\"http://x\")": "=HYPERLINK(\"http://x\")",
	"007":                      "007",
	"1E5":                      "1E5",
	"TRUE":                     "TRUE",
	"2024-01-01":               "2024-01-01",
	" spaces ":                 " spaces ",
	"\ttab\n":                  "\ttab\n",
	"a\r\nb\rc":                "a\r\nb\rc",
	"<b>&amp;]]></b>\"'":       "<b>&amp;]]></b>\"'",
	"_x0041_":                  "_x0041_",
	"_x000D_x000A_":            "_x000D_x000A_",
	"_x005F_x0041_":            "_x005F_x0041_",
	"__x0041__":                "__x0041__",
	"nul\x00 bell\x07":         "nul\uFFFD bell\uFFFD",
	"esc\x1b[31m":              "esc\uFFFD[31m",
	"\uFFFE\uFFFF":             "\uFFFD\uFFFD",
	"bad\xff\xfeutf8":          "bad\uFFFD\uFFFDutf8",
	"lone\xed\xa0\x80high":     "lone\uFFFDhigh",
	"lone\xed\xbf\xbflow":      "lone\uFFFDlow",
	"cut\xe2\x82":              "cut\uFFFD\uFFFD",
	"\uFFFD stays":             "\uFFFD stays",
	"\u0085\u2028\u007f":       "\u0085\u2028\u007f",
	"مرحبا \u202eabc":          "مرحبا \u202eabc",
	"👩‍👩‍👧‍👦 𝔘𝔫𝔦":              "👩‍👩‍👧‍👦 𝔘𝔫𝔦",
	"zażółć gęślą jaźń":        "zażółć gęślą jaźń",
}

func TestTexts_ComeBackUnchangedAndAreNeverFormulas(t *testing.T) {
	t.Parallel()
	var texts []string
	for text := range hostile {
		texts = append(texts, text)
	}
	content := render(t, twoColumns, func(w *xlsx.Writer) {
		for _, text := range texts {
			must(t, w.Write([]xlsx.Cell{xlsx.Text(text), xlsx.Text("x" + text)}))
		}
		must(t, w.Notes("Informacje", []xlsx.Note{{Label: "Filtr", Value: xlsx.Text("=1+1")}}))
	})
	book := opened(t, content)
	for i, text := range texts {
		equal(t, shown(t, book, "Kontakty", fmt.Sprintf("A%d", i+2)), hostile[text])
		equal(t, shown(t, book, "Kontakty", fmt.Sprintf("B%d", i+2)), "x"+hostile[text])
	}
	equal(t, shown(t, book, "Informacje", "B1"), "=1+1")
	sheet := string(parts(t, content)["xl/worksheets/sheet1.xml"])
	for _, kept := range []string{`<t xml:space="preserve"> spaces </t>`, "<t xml:space=\"preserve\">\ttab\n</t>", `<t>=1+1</t>`} {
		if !strings.Contains(sheet, kept) {
			t.Errorf("no element %q: readers drop white space that is not said to be kept", kept)
		}
	}
	for name, part := range parts(t, content) {
		if regexp.MustCompile(`<f[ >/]`).Match(part) {
			t.Errorf("%s holds a formula", name)
		}
	}
}

func TestTexts_OverExcelsLimitAreCutWithAMarkAndCounted(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("a", 32767)
	emoji := strings.Repeat("😀", 20000) // two units each
	book := written(t, twoColumns, func(w *xlsx.Writer) {
		must(t, w.Write([]xlsx.Cell{xlsx.Text(whole), xlsx.Text(whole + "b")}))
		must(t, w.Write([]xlsx.Cell{xlsx.Text(emoji), xlsx.Text(strings.Repeat("ż", 32767))}))
		equal(t, w.Cut(), 2)
	})
	equal(t, shown(t, book, "Kontakty", "A2"), whole)
	equal(t, shown(t, book, "Kontakty", "B3"), strings.Repeat("ż", 32767))
	for _, cell := range []string{"B2", "A3"} {
		text := shown(t, book, "Kontakty", cell)
		if n := len(utf16.Encode([]rune(text))); n > 32767 || n < 32766 {
			t.Errorf("%s has %d units", cell, n)
		}
		if !strings.HasSuffix(text, twoColumns.CutMark) || strings.ContainsRune(text, '\uFFFD') {
			t.Errorf("%s ends with %q", cell, text[len(text)-20:])
		}
	}
}

func TestLines_GoOnOnTheNextSheetAndAGroupIsNeverSplit(t *testing.T) {
	t.Parallel()
	config := twoColumns
	config.MaxLines = 5
	content := render(t, config, func(w *xlsx.Writer) {
		for group := range 4 {
			var lines [][]xlsx.Cell
			for line := range 3 {
				lines = append(lines, []xlsx.Cell{xlsx.Integer(group), xlsx.Integer(line)})
			}
			must(t, w.Write(lines...))
		}
		must(t, w.Write([]xlsx.Cell{xlsx.Integer(4), xlsx.Integer(0)}))
		must(t, w.Notes("Informacje", []xlsx.Note{{Label: "Wiersze", Value: xlsx.Integer(w.Lines())}}))
		equal(t, w.Sheets(), 4)
		equal(t, w.Lines(), 13)
	})
	book := opened(t, content)
	equal(t, strings.Join(book.GetSheetList(), "|"), "Kontakty|Kontakty 2|Kontakty 3|Kontakty 4|Informacje")
	for group, sheet := range book.GetSheetList()[:4] {
		rows, err := book.GetRows(sheet)
		must(t, err)
		want := 4
		if group == 3 {
			want = 5
		}
		equal(t, len(rows), want)
		equal(t, strings.Join(rows[0], "|"), "Pierwsza|Druga")
		for _, row := range rows[1:4] {
			equal(t, row[0], fmt.Sprint(group))
		}
	}
	equal(t, shown(t, book, "Informacje", "B1"), "13")
}

func TestWriter_LosesNothingOfAGroupLargerThanASheet(t *testing.T) {
	t.Parallel()
	config := twoColumns
	config.MaxLines = 2
	book := written(t, config, func(w *xlsx.Writer) {
		must(t, w.Write([]xlsx.Cell{xlsx.Integer(0)}))
		must(t, w.Write([]xlsx.Cell{xlsx.Integer(1)}, []xlsx.Cell{xlsx.Integer(2)}, []xlsx.Cell{xlsx.Integer(3)}))
	})
	for cell, want := range map[string]string{"Kontakty!A2": "0", "Kontakty 2!A2": "1", "Kontakty 2!A3": "2", "Kontakty 3!A2": "3"} {
		sheet, address, _ := strings.Cut(cell, "!")
		equal(t, shown(t, book, sheet, address), want)
	}
}

func TestWriter_WritesTheHeaderWithoutLines(t *testing.T) {
	t.Parallel()
	rows, err := written(t, twoColumns, func(*xlsx.Writer) {}).GetRows("Kontakty")
	must(t, err)
	equal(t, len(rows), 1)
}

func TestWriter_KeepsTheFirstErrorOfTheUnderlyingWriter(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	for _, room := range []int{0, 3000, 60_000} {
		w, err := xlsx.NewWriter(&limited{room: room, err: full}, twoColumns)
		for range 50_000 {
			if err != nil {
				break
			}
			err = w.Write([]xlsx.Cell{xlsx.Text("text"), xlsx.Integer(1)})
		}
		if err = w.Close(); !errors.Is(err, full) {
			t.Errorf("with room for %d bytes Close gives %v", room, err)
		}
		if err := w.Write([]xlsx.Cell{xlsx.Text("late")}); !errors.Is(err, full) {
			t.Errorf("with room for %d bytes a later line gives %v", room, err)
		}
	}
}

func TestWriter_AnswersAMistakenCallWithAnError(t *testing.T) {
	t.Parallel()
	w, err := xlsx.NewWriter(io.Discard, twoColumns)
	must(t, err)
	if err := w.Write(make([]xlsx.Cell, 3)); err == nil {
		t.Error("a line longer than the table was taken")
	}
	w, err = xlsx.NewWriter(io.Discard, twoColumns)
	must(t, err)
	must(t, w.Notes("Informacje", nil))
	if err := w.Write([]xlsx.Cell{xlsx.Text("late")}); err == nil {
		t.Error("a line after the notes was taken")
	}
	if _, err := xlsx.NewWriter(io.Discard, xlsx.Config{Sheet: "Kontakty"}); err == nil {
		t.Error("a table without columns was taken")
	}
}

type limited struct {
	room int
	err  error
}

func (l *limited) Write(p []byte) (int, error) {
	if l.room -= len(p); l.room < 0 {
		return 0, l.err
	}
	return len(p), nil
}

func FuzzText(f *testing.F) {
	for text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		content := render(t, twoColumns, func(w *xlsx.Writer) { must(t, w.Write([]xlsx.Cell{xlsx.Text("." + text)})) })
		part := string(parts(t, content)["xl/worksheets/sheet1.xml"])
		if got, want := decoded(t, part), expected("."+text); got != want {
			t.Errorf("%q came back as %q, want %q", text, got, want)
		}
	})
}
