package workbook

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// readCSV reads a file of CSV with the library that others read it with; each line must end as RFC 4180 has it.
func readCSV(t testing.TB, content []byte) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(content), "\uFEFF")
	if !marked || !strings.HasSuffix(text, "\r\n") {
		t.Fatalf("the file begins with %q and ends with %q", text[:min(3, len(text))], text[max(0, len(text)-3):])
	}
	reader := csv.NewReader(strings.NewReader(text))
	rows, err := reader.ReadAll()
	must(t, err)
	return rows
}

// asCSV is a cell of a sheet as the same field of CSV reads.
func asCSV(column column, offset string, cell workbooktest.Cell) string {
	switch {
	case cell.Kind == "":
		return ""
	case cell.Kind == "text":
		return strings.ReplaceAll(cell.Text, "\r\n", "\n") // what encoding/csv makes of it
	case cell.Number > 40000 && column.width == 20:
		return strings.Replace(cell.Clock(), " ", "T", 1) + offset
	case column.header.en == "Step":
		return fmt.Sprint(cell.Number)
	}
	return fmt.Sprint(cell.Seconds())
}

// TestCSV_HoldsWhatTheSheetHolds compares each field with the cell of the same column and line.
func TestCSV_HoldsWhatTheSheetHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 300)
	s.exec(t, `UPDATE contacts SET outcome = 'LOST_IN_QUEUE', queue_time = 100000, conversation_id = E'a "b", c\r\nd', site_call_order_id = ' blank ' WHERE id % 5 = 0`)
	s.exec(t, `UPDATE agents SET name = '"Anna", ' || name || E'\nLis' WHERE id = 2`)
	must(t, s.directory.Refresh(t.Context()))
	random := rand.New(rand.NewPCG(8, 8)) //nolint:gosec // the same choices in every run
	shapes := []Shape{{}, {Extras: Extras}, {Columns: allColumns()}, {Columns: []Column{QueueTimeColumn}}}
	for range *shapesTried / 4 {
		shapes = append(shapes, Shape{Columns: chosen(random)})
	}
	for _, shape := range shapes {
		for _, kind := range Kinds {
			for _, locale := range []fault.Locale{fault.Polish, fault.English} {
				shape.Kind, shape.Format = kind, XLSX
				sheet, content := s.of(t, workbooktest.March(), Report{Shape: shape, Locale: locale})
				want := workbooktest.Read(t, content)[0].Rows
				shape.Format = CSV
				text, content := s.of(t, workbooktest.March(), Report{Shape: shape, Locale: locale})
				rows := readCSV(t, content)
				equal(t, "lines", len(rows), len(want))
				equal(t, "lines told", [2]int{text.Lines, text.Contacts}, [2]int{sheet.Lines, sheet.Contacts})
				equal(t, "progress", [3]int{text.done, text.total, text.lines}, [3]int{sheet.done, sheet.total, sheet.lines})
				quoted := 0
				for n, row := range rows {
					for i, column := range shape.columns() {
						got, offset := row[i], ""
						if n > 0 && len(got) > 19 && got[10] == 'T' {
							offset = got[19:]
						}
						if strings.HasPrefix(got, "'") {
							got, quoted = got[1:], quoted+1
						}
						if strings.Contains(column.header.en, "CC") || strings.Contains(column.header.en, "address") {
							got = strings.ReplaceAll(got, "; ", ", ")
						}
						if expected := asCSV(column, offset, cellAt(want[n], i)); got != expected {
							t.Fatalf("%v %s: line %d, %s is %q, on the sheet %q", shape.Columns, kind, n, column.header.en, got, expected)
						}
					}
				}
				equal(t, "fields told to be quoted", text.CellsQuoted, quoted)
			}
		}
	}
}

func TestCSV_LeavesNoFormulaToPrograms(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 0)
	canaries := []string{"=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", `=HYPERLINK("https://example.com","x")`, "=cmd|' /C calc'!A0", "+48 600 100 200 =1", "-48600100200", "harmless"}
	for i, canary := range canaries {
		s.exec(t, `INSERT INTO agents (id, external_id, name) VALUES ($1, $2, $3)`, 100+i, fmt.Sprint("x", i), canary)
		s.exec(t, `INSERT INTO records (id, external_id, significant_name, significant_value) VALUES ($1, $2, 'x', $2)`, 100+i, canary)
		s.exec(t, `INSERT INTO contacts (id, started_at, type, status, external_id, agent_id, record_id, ticket_id, conversation_id, source_address, destination_address, cc_addresses)
			VALUES ($1::int, $2, 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', $3::text, $1::int, $1::int, $3, $3, $3, '+48 600-100-200', ARRAY[$3, 'a@x.pl'])`,
			100+i, time.Date(2024, 3, 2, 0, 0, i, 0, time.UTC), canary)
		s.exec(t, `INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, name, choice) VALUES ($2::timestamptz, $1, 1, 'MENU', $2::timestamptz, $3::text, $3::text)`,
			100+i, time.Date(2024, 3, 2, 0, 0, i, 0, time.UTC), canary)
	}
	must(t, s.directory.Refresh(t.Context()))
	made, content := s.of(t, workbooktest.March(), Report{Shape: Shape{Kind: Detailed, Columns: allColumns(), Format: CSV}, Locale: fault.English})
	rows := readCSV(t, content)
	quoted := 0
	for n, row := range rows[1:] {
		for i, field := range row {
			switch {
			case strings.HasPrefix(field, "'"):
				quoted++
			case rows[0][i] == "UTC offset" || strings.HasPrefix(rows[0][i], "UTC offset on"):
			case field == "+48 600-100-200" && rows[0][i] == "Destination number/address":
			case isFormula(field):
				t.Errorf("line %d gives %q as %s", n+1, field, rows[0][i])
			}
		}
	}
	// The agent, the record, its field, two ids, the source, the copies, the tile and its choice; and the contact's own.
	equal(t, "quoted fields", quoted, (len(canaries)-1)*10)
	equal(t, "quoted fields told", made.CellsQuoted, quoted)
}

func TestCSV_ShowsNumbersAsTheyAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+48789789789": "+48789789789", "+48 789-789-789": "+48 789-789-789", "+48 *** *** 789": "+48 *** *** 789", "+1 ***": "+1 ***", "101": "101",
		"+1-1": "'+1-1", "+": "'+", "+48*1": "'+48*1", "+48789789789;=1": "'+48789789789;=1", "@nadawca": "'@nadawca", "-48789789789": "'-48789789789",
		"+***=1": "'+***=1", "anna@x.pl": "anna@x.pl", "=1": "'=1",
	} {
		f := &fields{}
		f.addresses(text)
		equal(t, text, string(f.bytes), want)
	}
	f := &fields{}
	f.addresses("+48789789789", "=1, 2")
	equal(t, "a list", string(f.bytes), `"+48789789789; =1, 2"`)
	equal(t, "the lines of nothing", string(bytes.ReplaceAll(linesOf(""), []byte("\r\n"), []byte("|"))), `""|`)
}

// linesOf is the line of one field.
func linesOf(text string) []byte {
	f := &fields{}
	c := &contact.Contact{ExternalID: text}
	addFields(f, Shape{Columns: []Column{ExternalIDColumn}}.columns(), &line{contact: c})
	return f.bytes
}
