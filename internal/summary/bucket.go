package summary

import (
	"cmp"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// TimeBucket is a span of time that contacts are grouped by: one of the calendar, or all those of an hour or a day of the week.
type TimeBucket struct {
	// From and To are nil for what is folded.
	From, To *time.Time
	// Date is the first day.
	Date    *string
	Weekday *contact.Weekday
	Hour    *int
	// Occurrences is how often it occurs in the period.
	Occurrences int
	// Complete is false where the period or the filter's hours cut it, or where it is not over.
	Complete bool

	place place
	// covered is how much of it the period holds, and whole how much it is.
	covered, whole time.Duration
	// unit is the last of its hours or days, by the start, and end the end of that.
	unit, end time.Time
}

// place is where a bucket lies in its period: so many days in, on a day of the week, at an hour, the nth of that name.
type place struct{ days, weekday, hour, nth int }

func (p place) compare(other place) int {
	return cmp.Or(cmp.Compare(p.days, other.days), cmp.Compare(p.weekday, other.weekday), cmp.Compare(p.hour, other.hour), cmp.Compare(p.nth, other.nth))
}

// buckets are those of a period by the dimensions of time, in their order.
type buckets struct {
	list []*TimeBucket
	// of is the bucket of each span, by its place in the list.
	of []int
}

// newBuckets puts the spans of a period, which begins on a day, into buckets; without a dimension of time, there is none.
func newBuckets(by []Dimension, spans []calendar.Span, from calendar.Day, zone *time.Location, asOf time.Time) buckets {
	found := buckets{of: make([]int, len(spans))}
	if !slices.ContainsFunc(by, Dimension.isTime) {
		return found
	}
	known, ofSpan := map[place]*TimeBucket{}, make([]*TimeBucket, len(spans))
	for i, span := range spans {
		unit := unitOf(by, span, zone)
		where := placeOf(by, span, from)
		one := known[where]
		if slices.Contains(by, Hour) {
			for one != nil && !one.unit.Equal(unit.Start) {
				where.nth++
				one = known[where]
			}
		}
		if one == nil {
			one = newBucket(by, span, unit, where)
			known[where] = one
			found.list = append(found.list, one)
		}
		if !one.unit.Equal(unit.Start) {
			one.Occurrences++
			one.whole += unit.End.Sub(unit.Start)
		}
		one.unit, one.end = unit.Start, unit.End
		one.covered += span.End.Sub(span.Start)
		ofSpan[i] = one
	}
	slices.SortStableFunc(found.list, func(a, b *TimeBucket) int { return a.place.compare(b.place) })
	index := make(map[*TimeBucket]int, len(found.list))
	for i, one := range found.list {
		index[one] = i
		one.Complete = one.covered == one.whole && !one.end.After(asOf)
	}
	for i := range spans {
		found.of[i] = index[ofSpan[i]]
	}
	return found
}

// unitOf is what a bucket is made of: an hour, a day, or the week or the month itself.
func unitOf(by []Dimension, span calendar.Span, zone *time.Location) calendar.Interval {
	first, end := span.Day, span.Day+1
	switch {
	case slices.ContainsFunc(by, Dimension.isHourly):
		return span.Of
	case slices.Contains(by, Day), slices.Contains(by, DayOfWeek):
	case slices.Contains(by, Week):
		first = span.Day.Monday()
		end = first + 7
	default:
		first, end = span.Day.First(), span.Day.NextMonth()
	}
	return calendar.Interval{Start: first.Start(zone), End: end.Start(zone)}
}

func placeOf(by []Dimension, span calendar.Span, from calendar.Day) place {
	var where place
	for _, one := range by {
		switch one {
		case Hour:
			where.days, where.hour = int(span.Day-from), span.Hour
		case Day:
			where.days = int(span.Day - from)
		case Week:
			where.days = int(span.Day.Monday()-from.Monday()) / 7
		case Month:
			where.days = span.Day.MonthsSince(from)
		case HourOfDay:
			where.hour = span.Hour
		case DayOfWeek:
			where.weekday = slices.Index(contact.Weekdays, span.Day.Weekday())
		}
	}
	return where
}

// newBucket is an empty one.
func newBucket(by []Dimension, span calendar.Span, unit calendar.Interval, where place) *TimeBucket {
	one := &TimeBucket{place: where}
	day, hour := span.Day, span.Hour
	for _, dimension := range by {
		switch dimension {
		case Hour:
			one.Hour = &hour
		case HourOfDay:
			one.Hour = &hour
		case Week:
			day = day.Monday()
		case Month:
			day = day.First()
		case DayOfWeek:
			weekday := span.Day.Weekday()
			one.Weekday = &weekday
		}
	}
	if !slices.ContainsFunc(by, func(one Dimension) bool { return slices.Contains(calendarDimensions, one) }) {
		return one
	}
	date := day.String()
	one.Date = &date
	if slices.Contains(by, Hour) || slices.Contains(by, Day) {
		weekday := span.Day.Weekday()
		one.Weekday = &weekday
	}
	byHour, byDay := slices.Contains(by, Hour), slices.Contains(by, Hour) || slices.Contains(by, Day)
	folded := slices.Contains(by, HourOfDay) && !byHour || slices.Contains(by, DayOfWeek) && !byDay
	if !folded {
		one.From, one.To = &unit.Start, &unit.End
	}
	return one
}
