package contact

import (
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	dateLayout    = "2006-01-02"
	secondsPerDay = 24 * 60 * 60
	// longestPeriod is how many calendar months a report may span.
	longestPeriod = 3
	firstYear     = 1900
	lastYear      = 2999
)

// day is a calendar date without a time zone: days since 1 January 1970.
type day int

func dayOf(t time.Time) day {
	year, month, date := t.Date()
	return day(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// parseDay reads YYYY-MM-DD. Errors: INVALID_PERIOD.
func parseDay(text, field string) (day, error) {
	date, err := time.Parse(dateLayout, text)
	if err != nil || len(text) != len(dateLayout) || date.Year() < firstYear || date.Year() > lastYear {
		return 0, fault.New(fault.DateMalformed, field)
	}
	return dayOf(date), nil
}

func (d day) date() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

func (d day) String() string { return d.date().Format(dateLayout) }

// plusMonths adds calendar months and clamps at the month's end as PostgreSQL does: 30 November and 3 months is the
// last of February, where time.AddDate would overflow into March.
func (d day) plusMonths(months int) day {
	date := d.date()
	first := time.Date(date.Year(), date.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return dayOf(first.AddDate(0, 0, min(date.Day(), last.Day())-1))
}

// start is the first instant at which the zone's calendars show the day or a later one: a day may begin at 01:00, and
// a zone that crossed the date line has skipped whole days.
func (d day) start(zone *time.Location) time.Time {
	midnight := d.date()
	for _, stretch := range stretches(midnight.Add(-48*time.Hour), midnight.Add(48*time.Hour), zone) {
		if begin := midnight.Add(-stretch.offset); begin.Before(stretch.end) {
			return latest(begin, stretch.start)
		}
	}
	return midnight
}

// stretch is a span of instants throughout which a zone keeps one offset from UTC.
type stretch struct {
	start, end time.Time
	offset     time.Duration
}

// stretches cuts a span of instants where the zone changes its clocks.
func stretches(start, end time.Time, zone *time.Location) []stretch {
	var found []stretch
	for at := start; at.Before(end); {
		local := at.In(zone)
		_, seconds := local.Zone()
		_, until := local.ZoneBounds()
		if until.IsZero() || until.After(end) {
			until = end
		}
		found = append(found, stretch{start: at, end: until.UTC(), offset: time.Duration(seconds) * time.Second})
		at = until.UTC()
	}
	return found
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// days is a range of calendar dates, both inclusive.
type days struct{ from, to day }

// resolveDays makes dates of a period, presets by the date of today. Errors: INVALID_PERIOD, PERIOD_TOO_LONG.
func resolveDays(p Period, today day) (days, error) {
	switch {
	case p.Preset != nil && p.Range != nil:
		return days{}, fault.New(fault.PeriodAmbiguous, "")
	case p.Preset != nil:
		return presetDays(*p.Preset, today)
	case p.Range != nil:
		return rangeDays(*p.Range)
	default:
		return days{}, fault.New(fault.PeriodMissing, "")
	}
}

func rangeDays(r Range) (days, error) {
	from, err := parseDay(r.From, "range.from")
	if err != nil {
		return days{}, err
	}
	to, err := parseDay(r.To, "range.to")
	if err != nil {
		return days{}, err
	}
	if from > to {
		return days{}, fault.New(fault.PeriodReversed, "range")
	}
	if bound := from.plusMonths(longestPeriod); to+1 > bound {
		return days{}, fault.New(fault.PeriodOverMonths, "range", longestPeriod, (bound - 1).String())
	}
	return days{from, to}, nil
}

func presetDays(preset Preset, today day) (days, error) {
	date := today.date()
	monday := today - day((date.Weekday()+6)%7)
	first := today - day(date.Day()-1)
	switch preset {
	case Today:
		return days{today, today}, nil
	case Yesterday:
		return days{today - 1, today - 1}, nil
	case CurrentWeek:
		return days{monday, monday + 6}, nil
	case PreviousWeek:
		return days{monday - 7, monday - 1}, nil
	case CurrentMonth:
		return days{first, first.plusMonths(1) - 1}, nil
	case PreviousMonth:
		return days{first.plusMonths(-1), first - 1}, nil
	case Last7Days:
		return days{today - 6, today}, nil
	case Last30Days:
		return days{today - 29, today}, nil
	default:
		return days{}, fault.New(fault.PeriodMissing, "preset")
	}
}
