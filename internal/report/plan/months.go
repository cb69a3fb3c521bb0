package plan

import (
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/months"
)

// PostgreSQL plans, locks and remembers every month that a statement may read, and only literals tell it before it runs
// which those are: with parameters, each statement of each connection costs all months that the database has.

// inPeriodSQL is the condition that an instant lies in a month of some intervals, as literals.
func inPeriodSQL(intervals []calendar.Interval, column string) string {
	if len(intervals) == 0 {
		return "false"
	}
	first, last := intervals[0].Start, intervals[len(intervals)-1].End.Add(-time.Microsecond)
	return months.BetweenSQL(column, first, last)
}
