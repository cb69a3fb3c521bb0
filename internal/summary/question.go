package summary

import (
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report/plan"
)

const (
	// maxGroupings is how many groupings and facets one summary may have.
	maxGroupings = 8
	// maxFirst is how many groups of a grouping are given at most.
	maxFirst = 1000
	// maxSeconds bounds the seconds of a service level.
	maxSeconds = 86_400
	// maxLevels is how many service levels, and how many bounds of short calls, one summary may have.
	maxLevels = 10
)

// Question is what is asked: nothing else is read.
type Question struct {
	Filter contact.Filter
	Wanted
	// Total and Previous are asked for of all contacts.
	Total, Previous bool
	Groupings       []Grouping
}

// Wanted are the measures that are asked for of anything, beside counts by outcome.
type Wanted struct {
	durations   []plan.Duration
	percentiles []plan.Duration
	levels      []plan.Level
	shorts      []int
}

// Duration asks for a duration, and perhaps for its percentiles.
func (w *Wanted) Duration(of plan.Duration, percentiles bool) {
	w.durations = appendOnce(w.durations, of)
	if percentiles {
		w.percentiles = appendOnce(w.percentiles, of)
	}
}

// Level asks for a service level.
func (w *Wanted) Level(of plan.Level) { w.levels = appendOnce(w.levels, of) }

// Short asks how many were lost within so many seconds.
func (w *Wanted) Short(within int) { w.shorts = appendOnce(w.shorts, within) }

func appendOnce[T comparable](to []T, one T) []T {
	if slices.Contains(to, one) {
		return to
	}
	return append(to, one)
}

// Grouping asks for the groups by some dimensions.
type Grouping struct {
	By    []Dimension
	Order *Order
	First int
	// Facet says that the filter's criterion on the dimension does not count.
	Facet bool
	// Previous asks for the period before, too.
	Previous bool
}

// name tells groupings apart.
func (g Grouping) name() string {
	order := Order{}
	if g.Order != nil {
		order = *g.Order
	}
	return fmt.Sprint(g.By, order, g.First, g.Facet)
}

// Ask asks for groups; groups that are asked for twice are read once.
func (q *Question) Ask(g Grouping) {
	for i, one := range q.Groupings {
		if one.name() == g.name() {
			q.Groupings[i].Previous = one.Previous || g.Previous
			return
		}
	}
	q.Groupings = append(q.Groupings, g)
}

// check refuses what cannot be answered. Errors: INVALID_GROUPING, INVALID_FILTER, LIMIT_EXCEEDED.
func (q *Question) check() error {
	if len(q.Groupings) > maxGroupings {
		return fault.New(fault.GroupingsTooMany, "", maxGroupings)
	}
	for _, one := range q.Groupings {
		if err := checkDimensions(one.By); err != nil {
			return err
		}
		if one.First < 1 || one.First > maxFirst {
			return fault.New(fault.NumberOutOfRange, "first", 1, maxFirst)
		}
	}
	if len(q.levels) > maxLevels || len(q.shorts) > maxLevels {
		return fault.New(fault.GroupingsTooMany, "", maxLevels)
	}
	for _, level := range q.levels {
		if min(level.Seconds, level.ShortAbandon) < 0 || max(level.Seconds, level.ShortAbandon) > maxSeconds {
			return fault.New(fault.NumberOutOfRange, "serviceLevel", 0, maxSeconds)
		}
	}
	for _, within := range q.shorts {
		if within < 0 || within > maxSeconds {
			return fault.New(fault.NumberOutOfRange, "lostShort", 0, maxSeconds)
		}
	}
	return nil
}
