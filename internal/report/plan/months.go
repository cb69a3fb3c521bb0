package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
)

// PostgreSQL plans, locks and remembers every month that a statement may read, and only literals tell it before it runs
// which those are: with parameters, each statement of each connection costs all months that the database has.

// inPeriod is the condition that an instant lies in a month of some intervals, as literals.
func inPeriod(intervals []calendar.Interval, column string) string {
	if len(intervals) == 0 {
		return "false"
	}
	first, last := intervals[0].Start, intervals[len(intervals)-1].End.Add(-time.Microsecond)
	return between(column, MonthOf(first), MonthOf(last))
}

// InMonths is the condition that an instant lies in the months of some others, as literals. It is false where there are none.
func InMonths(column string, instants []time.Time) string {
	months := make([]time.Time, len(instants))
	for i, at := range instants {
		months[i] = MonthOf(at)
	}
	slices.SortFunc(months, time.Time.Compare)
	months = slices.Compact(months)
	var spans []string
	for begin := 0; begin < len(months); {
		end := begin
		for end+1 < len(months) && months[end+1].Equal(months[end].AddDate(0, 1, 0)) {
			end++
		}
		spans = append(spans, between(column, months[begin], months[end]))
		begin = end + 1
	}
	if spans == nil {
		return "false"
	}
	return "(" + strings.Join(spans, " OR ") + ")"
}

func between(column string, first, last time.Time) string {
	return fmt.Sprintf("%s >= '%s' AND %[1]s < '%[3]s'", column, instantOf(first), instantOf(last.AddDate(0, 1, 0)))
}

func instantOf(month time.Time) string { return month.Format("2006-01-02 15:04:05Z07:00") }

// MonthOf is the first instant of a month of UTC, which is how the tables are partitioned.
func MonthOf(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}
