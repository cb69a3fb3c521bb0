package summary_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/summary"
)

// compareOrder says where two groups stand in the wrong order by what they are sorted by.
func (a *asked) compareOrder(got *summary.Groups, by summary.Grouping) string {
	isTime := slices.ContainsFunc(by.By, func(one summary.Dimension) bool { return slices.Contains(times, one) })
	field, ascending := summary.OrderByContacts, false
	switch {
	case by.Order != nil:
		field, ascending = by.Order.By, by.Order.Direction == contact.Ascending
	case slices.Contains(times, by.By[0]):
		return a.compareTimes(got)
	case isTime:
		return "" // by something else first
	}
	if field == summary.OrderByKey {
		return ""
	}
	last := math.Inf(-1)
	for i, group := range got.Nodes {
		value := map[summary.OrderField]float64{
			summary.OrderByContacts: float64(group.Measures.Contacts()), summary.OrderByLost: float64(group.Measures.Lost(nil)),
			summary.OrderByReachedAgent: float64(group.Measures.ReachedAgent()), summary.OrderByQueueTime: float64(group.Measures.QueueTime().Sum),
		}[field]
		if rate := group.Measures.LostRate(); field == summary.OrderByLostRate {
			value = math.Inf(1)
			if rate != nil {
				value = *rate
			}
		}
		if !ascending && !math.IsInf(value, 1) {
			value = -value
		}
		if value < last {
			return fmt.Sprintf("group %d by %s, %s, stands behind one that comes after it", i, field, a.nameOf(by.By, group))
		}
		last = value
	}
	return ""
}

// compareTimes says where an earlier span of the calendar comes after a later one.
func (a *asked) compareTimes(got *summary.Groups) string {
	var last time.Time
	for _, group := range got.Nodes {
		if group.Time == nil || group.Time.From == nil {
			continue
		}
		if group.Time.From.Before(last) {
			return fmt.Sprintf("%s comes after %s", group.Time.From, last)
		}
		last = *group.Time.From
	}
	return ""
}

// times are the dimensions of time, and folded those whose values occur in every period alike.
var (
	times  = []summary.Dimension{summary.Hour, summary.Day, summary.Week, summary.Month, summary.HourOfDay, summary.DayOfWeek}
	folded = []summary.Dimension{summary.HourOfDay, summary.DayOfWeek}
)

// comparePrevious compares what groups come to in the period before: days by their place, what is folded and things by their
// names. Weeks, months and hours are left out.
func (a *asked) comparePrevious(got *summary.Groups, by summary.Grouping, before []row, days int) string {
	daily := slices.Contains(by.By, summary.Day)
	for _, one := range by.By {
		if slices.Contains(times, one) && one != summary.Day && (daily || !slices.Contains(folded, one)) {
			return ""
		}
	}
	want := map[string][]row{}
	for _, r := range before {
		named := r
		if daily {
			local := r.at.In(a.zone)
			named.at = time.Date(local.Year(), local.Month(), local.Day()+days, 12, 0, 0, 0, a.zone)
		}
		name := a.name(by.By, named)
		want[name] = append(want[name], r)
	}
	for _, group := range got.Nodes {
		name := a.nameOf(by.By, group)
		if said, want := a.told(group.Previous), a.expected(want[name]); said != want {
			return fmt.Sprintf("%s came before to\n%+v, want\n%+v", name, said, want)
		}
	}
	return ""
}
