package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
)

// An access path is followed by probes: searches in an index for one value within one interval, each for
// no more keys than a page has, whose findings are merged.

const (
	// nearDays are those at the beginning of a list that several values are looked for in first, and longPeriod is from
	// where on that is worth it.
	nearDays   = 30 * 24 * time.Hour
	longPeriod = 45 * 24 * time.Hour
)

// pathSQL takes the keys of a page by one path.
func (r *reading) pathSQL(p accessPath) string {
	lists := make([]string, len(p.drivers))
	for i, d := range p.drivers {
		lists[i] = r.probesSQL(d, p.byRow)
	}
	if len(lists) == 1 {
		return lists[0]
	}
	return r.mergeSQL(lists)
}

// mergeSQL makes one list of keys of several.
func (r *reading) mergeSQL(lists []string) string {
	return mergeSkeleton.fill(map[string]string{
		"lists": strings.Join(lists, ")\nUNION ALL\n("), "order": r.orderColumnsSQL("k"), "limit": r.limitSQL(),
	})
}

// probesSQL takes the keys of a page by one driver: per value, and within a value per interval.
func (r *reading) probesSQL(d driver, byRow bool) string {
	if d.from == "" {
		return r.intervalProbesSQL(d, byRow)
	}
	perValue := func(keys string) string {
		return "SELECT " + d.distinctSQL() + "k.started_at, k.id FROM " + d.from + " CROSS JOIN LATERAL (\n" + keys + "\n) k\n" + r.orderLimitSQL("k")
	}
	if len(r.intervals) != 1 || r.intervals[0].End.Sub(r.intervals[0].Start) <= longPeriod {
		return perValue(r.intervalProbesSQL(d, byRow))
	}
	// Values that are frequent fill the page from the nearest days; those that are rare are looked for month by month, as
	// the tables lie, and no further than the month that fills the page.
	near, far := r.cut()
	return nearSkeleton.fill(map[string]string{
		"near": r.overSQL(near, func() string { return perValue(r.probeSQL(d, r.periodSQL())) }),
		"far": r.overSQL(far, func() string {
			return r.untilFullSQL(r.months(), perValue(r.probeSQL(d, append([]string{"c.started_at >= d.a", "c.started_at < d.b"}, r.periodSQL()...))))
		}),
		"order": r.orderColumnsSQL("k"), "limit": r.limitSQL(),
	})
}

// cut cuts a long period in two: where the page begins, and the rest.
func (r *reading) cut() (near, far calendar.Interval) {
	whole := r.intervals[0]
	if r.scan.Descending {
		at := whole.End.Add(-nearDays)
		return calendar.Interval{Start: at, End: whole.End}, calendar.Interval{Start: whole.Start, End: at}
	}
	at := whole.Start.Add(nearDays)
	return calendar.Interval{Start: whole.Start, End: at}, calendar.Interval{Start: at, End: whole.End}
}

// overSQL writes SQL for a part of the period.
func (r *reading) overSQL(part calendar.Interval, write func() string) string {
	whole := r.intervals
	r.intervals = []calendar.Interval{part}
	defer func() { r.intervals = whole }()
	return write()
}

// months are the period cut where the tables are: at the months of UTC.
func (r *reading) months() []calendar.Interval {
	var months []calendar.Interval
	for _, one := range r.intervals {
		months = append(months, one.Months()...)
	}
	return months
}

// untilFullSQL takes the keys of a page interval by interval, d.a to d.b, until the page is full.
func (r *reading) untilFullSQL(intervals []calendar.Interval, keys string) string {
	ordered := slices.Clone(intervals)
	if r.scan.Descending {
		slices.Reverse(ordered)
	}
	return untilFullSkeleton.fill(map[string]string{
		"intervals": r.intervalsSQL(ordered), "keys": keys, "order": r.orderColumnsSQL("k"), "limit": r.limitSQL(),
	})
}

func (r *reading) intervalProbesSQL(d driver, byRow bool) string {
	switch {
	case len(r.intervals) == 1:
		return r.probeSQL(d, r.periodSQL())
	case byRow:
		return r.probeSQL(d, append(r.periodSQL(), r.hoursSQL()))
	default:
		return r.untilFullSQL(r.intervals, r.probeSQL(d, append([]string{"c.started_at >= d.a", "c.started_at < d.b"}, r.periodSQL()...)))
	}
}

// probeSQL takes the keys of a page by one value of a driver within bounds.
func (r *reading) probeSQL(d driver, bounds []string) string {
	if d.further {
		return r.furtherProbeSQL(d, bounds)
	}
	where := slices.Concat(d.where, bounds, r.checksSQL(d), r.behindSQL())
	order := r.orderColumnsSQL("c")
	if d.absent != "" {
		// The column is the same in all rows; naming it leaves no other index that is in this order.
		order = "c." + d.absent + " " + r.directionSQL() + ", " + order
	}
	return probeSkeleton.fill(map[string]string{
		"contacts": r.contactsSQL(), "conditions": strings.Join(where, " AND "), "order": order, "limit": r.limitSQL(),
	})
}

// hoursSQL checks a row's start against all intervals by a binary search: it lies in the one that starts last before
// it, or in none.
func (r *reading) hoursSQL() string {
	starts, ends := r.bounds(r.intervals)
	return fmt.Sprintf("c.started_at < (%s::timestamptz[])[width_bucket(c.started_at, %s::timestamptz[])]", r.bind(ends), r.bind(starts))
}
