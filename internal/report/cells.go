package report

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/statement"
)

// Days are those of the period.
func (c Criteria) Days() calendar.Days { return c.days }

// Intervals are when a contact that meets the criteria may have started, earliest first.
func (c Criteria) Intervals() []calendar.Interval {
	all := c.intervals()
	if c.until == nil {
		return all
	}
	var before []calendar.Interval
	for _, one := range all {
		if one = one.Until(*c.until); !one.Empty() {
			before = append(before, one)
		}
	}
	return before
}

// Before are the criteria over the period before: as many days, and of a calendar month the month before. While the period is
// not over at a moment, the one before ends so many days in at the same local time, which is told; otherwise nil is.
func (c Criteria) Before(now time.Time) (before Criteria, until *time.Time) {
	before = c
	before.days = c.days.Before()
	local := now.In(c.zone)
	today := calendar.DayOf(local)
	if today > c.days.To {
		return before, nil
	}
	hour, minute, second := local.Clock()
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second + time.Duration(local.Nanosecond())
	cut := (before.days.From + max(today-c.days.From, 0)).At(clock, c.zone)
	if end := (before.days.To + 1).Start(c.zone); cut.After(end) {
		cut = end
	}
	if today < c.days.From {
		cut = before.days.From.Start(c.zone)
	}
	before.until = &cut
	return before, &cut
}

// Over are the criteria over the period of others.
func (c Criteria) Over(other Criteria) Criteria {
	c.days, c.until, c.now = other.days, other.until, other.now
	return c
}

// Cells counts the contacts that meet the criteria and start in some of their intervals, apart for each interval, outcome and
// label. What each is given is good until it returns; an error of it ends the reading and is returned as it is.
func (s *Snapshot) Cells(ctx context.Context, c Criteria, intervals []calendar.Interval, cells plan.Cells, each func(values [][]byte) error) error {
	if c.nothing() || len(intervals) == 0 {
		return nil
	}
	query := plan.Query{Conditions: c.conditions(), Intervals: intervals}
	// Planned for its values, once: what reads millions of rows is to know how many.
	err := eachRow(statement.With(ctx, statement.Count), pgx.QueryExecModeDescribeExec, s.connection, each, query.Cells(cells))
	if err != nil {
		return fmt.Errorf("counting cells of contacts: %w", err)
	}
	return nil
}
