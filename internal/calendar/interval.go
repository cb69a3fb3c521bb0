package calendar

import "time"

// Interval is a half-open span of instants.
type Interval struct{ Start, End time.Time }

// Since is the part of an interval from an instant on.
func (i Interval) Since(at time.Time) Interval { return Interval{latest(i.Start, at), i.End} }

// Until is the part of an interval before an instant.
func (i Interval) Until(at time.Time) Interval { return Interval{i.Start, earliest(i.End, at)} }

// Empty says that no instant lies in the interval.
func (i Interval) Empty() bool { return !i.Start.Before(i.End) }

// Months cuts an interval at the months of UTC.
func (i Interval) Months() []Interval {
	var months []Interval
	for at := i.Start; at.Before(i.End); {
		year, month, _ := at.UTC().Date()
		end := earliest(time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC), i.End)
		months, at = append(months, Interval{at, end}), end
	}
	return months
}

func appendInterval(found []Interval, next Interval) []Interval {
	if next.Empty() {
		return found
	}
	if n := len(found); n > 0 && found[n-1].End.Equal(next.Start) {
		found[n-1].End = next.End
		return found
	}
	return append(found, next)
}
