package oracle

import (
	"regexp"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// day is a calendar date without a time zone, as the number of days since 1 January 1970.
type day int

func dayOf(year int, month time.Month, d int) day {
	return day(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// localDay is the date on a wall calendar in a zone.
func localDay(t time.Time, zone *time.Location) day { return dayOf(t.In(zone).Date()) }

// localMinute is the number of minutes that a wall clock in a zone shows since 00:00.
func localMinute(t time.Time, zone *time.Location) int {
	hour, minute, _ := t.In(zone).Clock()
	return hour*60 + minute
}

func (d day) civil() (year int, month time.Month, dayOfMonth int) {
	return time.Unix(int64(d)*86400, 0).UTC().Date()
}

func (d day) String() string { return time.Unix(int64(d)*86400, 0).UTC().Format("2006-01-02") }

// weekday counts from Monday, which is 0.
func (d day) weekday() int { return (int(time.Unix(int64(d)*86400, 0).UTC().Weekday()) + 6) % 7 }

func (d day) firstOfMonth() day {
	year, month, _ := d.civil()
	return dayOf(year, month, 1)
}

func daysIn(year int, month time.Month) int {
	return int(dayOf(year, month+1, 1) - dayOf(year, month, 1))
}

// threeMonthsLater is the same day of the month three months on, or that month's last day where there is none.
func (d day) threeMonthsLater() day {
	year, month, dayOfMonth := d.civil()
	if month += 3; month > time.December {
		year, month = year+1, month-12
	}
	return dayOf(year, month, min(dayOfMonth, daysIn(year, month)))
}

var datePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

func parseDay(text string) (day, bool) {
	if !datePattern.MatchString(text) {
		return 0, false
	}
	year, _ := strconv.Atoi(text[:4])
	month, _ := strconv.Atoi(text[5:7])
	dayOfMonth, _ := strconv.Atoi(text[8:])
	if year < 1900 || year > 2999 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysIn(year, time.Month(month)) {
		return 0, false
	}
	return dayOf(year, time.Month(month), dayOfMonth), true
}

// presetDays are the first and last day of a preset on a given day.
func presetDays(preset contact.Preset, today day) (from, to day, known bool) {
	monday := today - day(today.weekday())
	switch preset {
	case contact.Today:
		return today, today, true
	case contact.Yesterday:
		return today - 1, today - 1, true
	case contact.CurrentWeek:
		return monday, monday + 6, true
	case contact.PreviousWeek:
		return monday - 7, monday - 1, true
	case contact.CurrentMonth:
		return today.firstOfMonth(), (today.firstOfMonth() + 31).firstOfMonth() - 1, true
	case contact.PreviousMonth:
		return (today.firstOfMonth() - 1).firstOfMonth(), today.firstOfMonth() - 1, true
	case contact.Last7Days:
		return today - 6, today, true
	case contact.Last30Days:
		return today - 29, today, true
	default:
		return 0, 0, false
	}
}

var timePattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// parseMinute reads HH:MM as minutes since 00:00.
func parseMinute(text string) (int, bool) {
	if !timePattern.MatchString(text) {
		return 0, false
	}
	hour, _ := strconv.Atoi(text[:2])
	minute, _ := strconv.Atoi(text[3:])
	return hour*60 + minute, true
}

// hoursHold says whether a wall clock that shows the given minute is within a window. A window that begins later than
// it ends goes round midnight.
func hoursHold(minute, from, to int) bool {
	if from > to {
		return minute >= from || minute < to
	}
	return minute >= from && minute < to
}
