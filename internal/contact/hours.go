package contact

import (
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	clockLayout = "15:04"
	midnight    = 24 * time.Hour
)

// clockWindow is a half-open window of times of day; from later than to wraps past midnight.
type clockWindow struct{ from, to time.Duration }

// resolveHours checks a window of hours; nil says that there is no restriction. Errors: INVALID_HOURS.
func resolveHours(h *Hours) (*clockWindow, error) {
	if h == nil || (h.From == nil && h.To == nil) {
		return nil, nil
	}
	window := clockWindow{from: 0, to: midnight}
	var err error
	if h.From != nil {
		if window.from, err = parseClock(*h.From, "from"); err != nil {
			return nil, err
		}
	}
	if h.To != nil {
		if window.to, err = parseClock(*h.To, "to"); err != nil {
			return nil, err
		}
	}
	if window.from == window.to {
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
func (w clockWindow) pieces() []clockWindow {
	switch {
	case w.from < w.to:
		return []clockWindow{w}
	case w.to == 0:
		return []clockWindow{{w.from, midnight}}
	default:
		return []clockWindow{{0, w.to}, {w.from, midnight}}
	}
}

// interval is a half-open span of instants.
type interval struct{ start, end time.Time }

// intervals are the instants of a range of days that lie in the window, earliest first, disjoint and not touching.
// The wall clock decides: an hour that a clock change repeats counts twice, one that it skips does not exist.
func (d days) intervals(window *clockWindow, zone *time.Location) []interval {
	whole := interval{d.from.start(zone), (d.to + 1).start(zone)}
	if window == nil {
		return []interval{whole}
	}
	var found []interval
	for _, stretch := range stretches(whole.start, whole.end, zone) {
		first, last := dayOf(stretch.start.In(zone)), dayOf(stretch.end.Add(-time.Nanosecond).In(zone))
		for date := first; date <= last; date++ {
			for _, piece := range window.pieces() {
				local := date.date().Add(-stretch.offset)
				found = appendInterval(found, interval{
					latest(local.Add(piece.from), stretch.start), earliest(local.Add(piece.to), stretch.end),
				})
			}
		}
	}
	return found
}

func appendInterval(found []interval, next interval) []interval {
	if !next.start.Before(next.end) {
		return found
	}
	if n := len(found); n > 0 && found[n-1].end.Equal(next.start) {
		found[n-1].end = next.end
		return found
	}
	return append(found, next)
}
