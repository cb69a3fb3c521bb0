package calendar

import (
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

const (
	clockLayout = "15:04"
	midnight    = 24 * time.Hour
)

// Window is a half-open window of times of day; From later than To wraps past midnight.
type Window struct{ From, To time.Duration }

// ResolveHours checks a window of hours; nil says that there is no restriction. Errors: INVALID_HOURS.
func ResolveHours(h *contact.Hours) (*Window, error) {
	if h == nil || (h.From == nil && h.To == nil) {
		return nil, nil
	}
	window := Window{From: 0, To: midnight}
	var err error
	if h.From != nil {
		if window.From, err = parseClock(*h.From, "from"); err != nil {
			return nil, err
		}
	}
	if h.To != nil {
		if window.To, err = parseClock(*h.To, "to"); err != nil {
			return nil, err
		}
	}
	if window.From == window.To {
		return nil, fault.New(fault.HoursEmpty, "")
	}
	return &window, nil
}

func parseClock(text, field string) (time.Duration, error) {
	clock, err := time.Parse(clockLayout, text)
	if err != nil || len(text) != len(clockLayout) {
		return 0, fault.New(fault.TimeMalformed, field)
	}
	return time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute, nil
}

// pieces are the spans of one calendar day that lie in the window, earliest first.
func (w Window) pieces() []Window {
	switch {
	case w.From < w.To:
		return []Window{w}
	case w.To == 0:
		return []Window{{w.From, midnight}}
	default:
		return []Window{{0, w.To}, {w.From, midnight}}
	}
}

// Intervals are the instants of a range of days that lie in the window, earliest first, disjoint and not touching.
// The wall clock decides: an hour that a clock change repeats counts twice, one that it skips does not exist.
func (d Days) Intervals(window *Window, zone *time.Location) []Interval {
	return d.IntervalsOn(nil, window, zone)
}

// IntervalsOn are those of some days of the week alone, nil for all.
func (d Days) IntervalsOn(weekdays contact.Set[contact.Weekday], window *Window, zone *time.Location) []Interval {
	whole := Interval{d.From.Start(zone), (d.To + 1).Start(zone)}
	if window == nil {
		if len(weekdays) == 0 || len(weekdays) == len(contact.Weekdays) {
			return []Interval{whole}
		}
		window = &Window{0, midnight}
	}
	var found []Interval
	for _, stretch := range stretches(whole.Start, whole.End, zone) {
		first, last := DayOf(stretch.start.In(zone)), DayOf(stretch.end.Add(-time.Nanosecond).In(zone))
		for date := first; date <= last; date++ {
			if weekdays != nil && !slices.Contains(weekdays, date.weekday()) {
				continue
			}
			for _, piece := range window.pieces() {
				local := date.date().Add(-stretch.offset)
				found = appendInterval(found, Interval{
					latest(local.Add(piece.From), stretch.start), earliest(local.Add(piece.To), stretch.end),
				})
			}
		}
	}
	return found
}
