// Package months names the tables of months: the contacts, and what is kept beside them, lie in one table for each month of
// UTC in which contacts start.
package months

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Of is the first instant of the month of UTC that an instant lies in.
func Of(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// Distinct are the months of some instants, each once, earliest first.
func Distinct(instants []time.Time) []time.Time {
	found := make([]time.Time, len(instants))
	for i, at := range instants {
		found[i] = Of(at)
	}
	slices.SortFunc(found, time.Time.Compare)
	return slices.Compact(found)
}

// InSQL is the condition that an instant lies in the months of some others, as literals of SQL. It is false where there are
// none. PostgreSQL locks the tables of no other month then; with parameters it locks those of all.
func InSQL(column string, instants []time.Time) string {
	found := Distinct(instants)
	var spans []string
	for begin := 0; begin < len(found); {
		end := begin
		for end+1 < len(found) && found[end+1].Equal(found[end].AddDate(0, 1, 0)) {
			end++
		}
		spans = append(spans, BetweenSQL(column, found[begin], found[end]))
		begin = end + 1
	}
	if spans == nil {
		return "false"
	}
	return "(" + strings.Join(spans, " OR ") + ")"
}

// BetweenSQL is the condition that an instant lies in the months from that of one instant to that of another, as literals.
func BetweenSQL(column string, first, last time.Time) string {
	return fmt.Sprintf("%s >= '%s' AND %[1]s < '%[3]s'", column, literal(Of(first)), literal(Of(last).AddDate(0, 1, 0)))
}

func literal(month time.Time) string { return month.Format("2006-01-02 15:04:05Z07:00") }

// Table is the table of a month below one of Parents.
func Table(parent string, month time.Time) string { return parent + "_" + month.Format("200601") }

// Parents are the tables that are cut into months.
var Parents = []string{"contacts", "ivr_steps", "contact_details", "contact_addresses"}
