package calendar

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// Span is a part of a local day, or of one of its hours.
type Span struct {
	Interval
	Day Day
	// Hour is that of the wall clock at its start.
	Hour int
	// Of is the day or the hour that the span is a part of, whole unless hours of the day cut it.
	Of Interval
}

// Spans cuts intervals into local days, or into their hours. An hour that a clock change repeats is two, a day is one.
func Spans(intervals []Interval, zone *time.Location, hourly bool) []Span {
	var found []Span
	for _, one := range intervals {
		for at := one.Start; at.Before(one.End); {
			next := spanAt(at, zone, hourly)
			next.Interval = Interval{at, earliest(next.Of.End, one.End)}
			found, at = append(found, next), next.End
		}
	}
	return found
}

// spanAt is the day or the hour of an instant.
func spanAt(at time.Time, zone *time.Location, hourly bool) Span {
	local := at.In(zone)
	day := DayOf(local)
	span := Span{Day: day, Hour: local.Hour(), Of: Interval{day.Start(zone), (day + 1).Start(zone)}}
	if !hourly {
		if !at.Before(span.Of.End) { // a zone that crossed the date line shows the day again
			span.Of.End = at.Add(midnight)
		}
		return span
	}
	_, seconds := local.Zone()
	offset := time.Duration(seconds) * time.Second
	start := day.date().Add(time.Duration(span.Hour)*time.Hour - offset)
	from, until := local.ZoneBounds()
	span.Of = Interval{start, start.Add(time.Hour)}
	if !from.IsZero() && changes(from, zone) {
		span.Of = span.Of.Since(from.UTC())
	}
	if !until.IsZero() && changes(until, zone) {
		span.Of = span.Of.Until(until.UTC())
	}
	return span
}

// changes says whether clocks change at an instant, not just the zone's name.
func changes(at time.Time, zone *time.Location) bool {
	_, before := at.Add(-time.Nanosecond).In(zone).Zone()
	_, after := at.In(zone).Zone()
	return before != after
}

// Weekday is the day of the week.
func (d Day) Weekday() contact.Weekday { return d.weekday() }

// Monday is the first day of the week.
func (d Day) Monday() Day { return d - Day((d.date().Weekday()+6)%7) }

// First is the first day of the month.
func (d Day) First() Day { return d - Day(d.date().Day()-1) }

// NextMonth is the first day of the next month.
func (d Day) NextMonth() Day { return d.First().plusMonths(1) }

// Before is the period before: the month before of a calendar month, and otherwise as many days, so that weeks come after weeks.
func (d Days) Before() Days {
	if d.From == d.From.First() && d.To+1 == d.From.NextMonth() {
		return Days{d.From.plusMonths(-1), d.From - 1}
	}
	length := d.To - d.From + 1
	return Days{d.From - length, d.From - 1}
}

// At is the instant that a zone shows at a time of a day, the later one where the clocks skip it.
func (d Day) At(clock time.Duration, zone *time.Location) time.Time {
	date := d.date()
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, int(clock), zone).UTC()
}

// MonthsSince is how many calendar months lie between a day's and that of an earlier one.
func (d Day) MonthsSince(earlier Day) int {
	a, b := earlier.date(), d.date()
	return 12*(b.Year()-a.Year()) + int(b.Month()-a.Month())
}
