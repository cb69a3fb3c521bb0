package calendar

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

const (
	dateLayout    = "2006-01-02"
	secondsPerDay = 24 * 60 * 60
	// maxMonths is how many calendar months a report may span.
	maxMonths = 3
	firstYear = 1900
	lastYear  = 2999
)

// Day is a calendar date without a time zone: days since 1 January 1970.
type Day int

// DayOf is the date that an instant shows in its zone.
func DayOf(t time.Time) Day {
	year, month, date := t.Date()
	return Day(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDay reads YYYY-MM-DD. Errors: INVALID_PERIOD.
func ParseDay(text, field string) (Day, error) {
	date, err := time.Parse(dateLayout, text)
	if err != nil || len(text) != len(dateLayout) || date.Year() < firstYear || date.Year() > lastYear {
		return 0, fault.New(fault.DateMalformed, field)
	}
	return DayOf(date), nil
}

func (d Day) date() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// weekday is the day of the week.
func (d Day) weekday() contact.Weekday { return contact.Weekdays[(d.date().Weekday()+6)%7] }

func (d Day) String() string { return d.date().Format(dateLayout) }

// plusMonths adds calendar months and clamps at the month's end as PostgreSQL does: 30 November and 3 months is the
// last of February, where time.AddDate would overflow into March.
func (d Day) plusMonths(months int) Day {
	date := d.date()
	first := time.Date(date.Year(), date.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return DayOf(first.AddDate(0, 0, min(date.Day(), last.Day())-1))
}

// Start is the first instant at which the zone's calendars show the day or a later one: a day may begin at 01:00, and
// a zone that crossed the date line has skipped whole days.
func (d Day) Start(zone *time.Location) time.Time {
	midnight := d.date()
	for _, stretch := range stretches(midnight.Add(-48*time.Hour), midnight.Add(48*time.Hour), zone) {
		if begin := midnight.Add(-stretch.offset); begin.Before(stretch.end) {
			return latest(begin, stretch.start)
		}
	}
	return midnight
}

// Days is a range of calendar dates, both inclusive.
type Days struct{ From, To Day }

// ResolveDays makes dates of a period, presets by the date of today. Errors: INVALID_PERIOD, PERIOD_TOO_LONG.
func ResolveDays(p contact.Period, today Day) (Days, error) {
	switch {
	case p.Preset != nil && p.Range != nil:
		return Days{}, fault.New(fault.PeriodAmbiguous, "")
	case p.Preset != nil:
		return presetDays(*p.Preset, today)
	case p.Range != nil:
		return rangeDays(*p.Range)
	default:
		return Days{}, fault.New(fault.PeriodMissing, "")
	}
}

func rangeDays(r contact.Range) (Days, error) {
	from, err := ParseDay(r.From, "range.from")
	if err != nil {
		return Days{}, err
	}
	to, err := ParseDay(r.To, "range.to")
	if err != nil {
		return Days{}, err
	}
	if from > to {
		return Days{}, fault.New(fault.PeriodReversed, "range")
	}
	if bound := from.plusMonths(maxMonths); to+1 > bound {
		return Days{}, fault.New(fault.PeriodOverMonths, "range", maxMonths, (bound - 1).String())
	}
	return Days{from, to}, nil
}

func presetDays(preset contact.Preset, today Day) (Days, error) {
	date := today.date()
	monday := today - Day((date.Weekday()+6)%7)
	first := today - Day(date.Day()-1)
	switch preset {
	case contact.Today:
		return Days{today, today}, nil
	case contact.Yesterday:
		return Days{today - 1, today - 1}, nil
	case contact.CurrentWeek:
		return Days{monday, monday + 6}, nil
	case contact.PreviousWeek:
		return Days{monday - 7, monday - 1}, nil
	case contact.CurrentMonth:
		return Days{first, first.plusMonths(1) - 1}, nil
	case contact.PreviousMonth:
		return Days{first.plusMonths(-1), first - 1}, nil
	case contact.Last7Days:
		return Days{today - 6, today}, nil
	case contact.Last30Days:
		return Days{today - 29, today}, nil
	default:
		return Days{}, fault.New(fault.PeriodMissing, "preset")
	}
}
