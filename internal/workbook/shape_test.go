package workbook

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// shapesTried is how many choices of columns are made into files of each kind.
var shapesTried = flag.Int("shapes", 60, "how many choices of columns the tests make files of")

// allColumns are all that can be chosen, in the order of the tables.
func allColumns() []Column {
	var names []Column
	for _, column := range slices.Concat(contactColumns, furtherColumns, factColumns) {
		names = append(names, column.name)
	}
	return names
}

// chosen draws some columns in some order.
func chosen(random *rand.Rand) []Column {
	names := allColumns()
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names[:1+random.IntN(len(names))]
}

func TestColumns_ChosenInAnyOrderShowWhatAllOfThemShow(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 60)
	s.exec(t, `UPDATE contacts SET outcome = 'REACHED_AGENT', queue_time = id, time_to_answer = id + 1, lost_after = id + 2,
		conversation_id = 'c' || id, site_call_order_id = 'o' || id`)
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // the same choices in every run
	for _, kind := range Kinds {
		_, content := s.of(t, workbooktest.March(), Report{Shape: Shape{Kind: kind, Columns: allColumns()}, Locale: fault.English})
		whole := workbooktest.Read(t, content)[0].Rows
		equal(t, "columns", len(whole[0]), len(columnsByName)+map[Kind]int{Detailed: len(stepColumns)}[kind])
		places := map[string]int{}
		for i, cell := range whole[0] {
			places[cell.Text] = i
		}
		equal(t, "different headers", len(places), len(whole[0]))
		for range *shapesTried {
			shape := Shape{Kind: kind, Columns: chosen(random)}
			_, content := s.of(t, workbooktest.March(), Report{Shape: shape, Locale: fault.English})
			rows := workbooktest.Read(t, content)[0].Rows
			for i, column := range shape.columns() {
				if got := rows[0][i].Text; got != column.header.en {
					t.Fatalf("column %d of %v is called %q", i, shape.Columns, got)
				}
			}
			equal(t, "lines", len(rows), len(whole))
			for n, row := range rows[1:] {
				for i, header := range rows[0] {
					if got, want := cellAt(row, i), cellAt(whole[n+1], places[header.Text]); got != want {
						t.Fatalf("%v: line %d shows %v as %s, and %v among all columns", shape.Columns, n, got, header.Text, want)
					}
				}
			}
		}
	}
}

// cellAt is a cell of a row, whose last ones are left out where they are blank.
func cellAt(row []workbooktest.Cell, i int) workbooktest.Cell {
	if i < len(row) {
		return row[i]
	}
	return workbooktest.Cell{}
}

func TestColumns_AreReadOnlyWhereTheyAreChosen(t *testing.T) {
	t.Parallel()
	for name, column := range columnsByName {
		equal(t, string(name), needsOf(Shape{Columns: []Column{name}}.columns()), column.needs|contact.ColumnType)
	}
	shape := Shape{Kind: Detailed, Columns: []Column{LostAfterColumn, AgentColumn, OutcomeColumn}, Extras: []Extra{Facts}}
	var names []Column
	for _, column := range shape.columns() {
		if column.name != "" {
			names = append(names, column.name)
		}
	}
	equal(t, "with the facts that are not among them", fmt.Sprint(names), "[LOST_AFTER AGENT OUTCOME QUEUE_TIME TIME_TO_ANSWER]")
}

func TestShape_IsRefusedForAColumnTwiceOrBeyondTheScopes(t *testing.T) {
	t.Parallel()
	masked := contact.Unlimited
	masked.BCC = false
	for what, c := range map[string]struct {
		columns []Column
		viewer  contact.Viewer
		want    string
	}{
		"the report's own": {nil, masked, ""},
		"all":              {allColumns(), contact.Unlimited, ""},
		"one twice":        {[]Column{AgentColumn, TypeColumn, AgentColumn}, contact.Unlimited, "INVALID_COLUMNS columns[2]"},
		"one unknown":      {[]Column{AgentColumn, "SALARY"}, contact.Unlimited, "INVALID_COLUMNS columns[1]"},
		"hidden ones":      {[]Column{AgentColumn, BCCAddressesColumn}, masked, "FORBIDDEN columns[1]"},
	} {
		got := ""
		if err := (Shape{Columns: c.columns}).Check(c.viewer); err != nil {
			var problem *fault.Error
			if !errors.As(err, &problem) {
				t.Fatal(err)
			}
			got = string(problem.Code) + " " + problem.Field
		}
		equal(t, what, got, c.want)
	}
	equal(t, "names", len(slices.Collect(maps.Keys(columnsByName))), len(allColumns()))
}
