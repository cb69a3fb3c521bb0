package summary

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// turns are taken by summaries that are read: half of the processors leave room for pages.
var turns = make(chan struct{}, max(1, runtime.NumCPU()/2))

// Summary is what contacts come to, all numbers of one moment.
type Summary struct {
	ResolvedPeriod report.ResolvedPeriod
	PreviousPeriod PreviousPeriod
	// AsOf is the moment.
	AsOf time.Time

	total, previous *Measures
	groupings       map[string]*Groups
}

// PreviousPeriod is the days before, to which a period is compared, both inclusive.
type PreviousPeriod struct {
	report.ResolvedPeriod
	// Until is where it is cut as the period is by its not being over, nil if it is not.
	Until *time.Time
}

// Total is what all contacts come to.
func (s *Summary) Total() *Measures { return s.total }

// PreviousTotal is what those of the period before come to.
func (s *Summary) PreviousTotal() *Measures { return s.previous }

// Groups are those of a grouping that was asked for.
func (s *Summary) Groups(by []Dimension, orderBy *Order, first int) *Groups {
	return s.groupings[Grouping{By: by, Order: orderBy, First: first}.name()]
}

// Facet are the groups by a dimension whose criterion does not count.
func (s *Summary) Facet(of Dimension, first int) *Groups {
	return s.groupings[Grouping{By: []Dimension{of}, First: first, Facet: true}.name()]
}

// Read answers a question. Errors: those of Resolve under "filter", INVALID_GROUPING, INVALID_FILTER, LIMIT_EXCEEDED.
func Read(ctx context.Context, reader *report.Reader, small *directory.Directory, q Question) (*Summary, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	criteria, err := reader.Resolve(ctx, q.Filter)
	if err != nil {
		return nil, fault.At("filter", err)
	}
	if days := criteria.Days(); days.To-days.From >= maxHourlyDays {
		for _, one := range q.Groupings {
			if slices.Contains(one.By, Hour) {
				return nil, fault.New(fault.GroupsTooFine, "by", maxHourlyDays)
			}
		}
	}
	for _, one := range q.Groupings {
		if one.Order != nil && one.Order.By == OrderByTalk {
			q.Duration(plan.OfAgentTalk, false)
		}
		if one.Order != nil && one.Order.By == OrderByQueueTime {
			q.Duration(plan.OfQueue, false)
		}
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r := reading{reader: reader, small: small, question: &q, criteria: criteria}
	err = reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) error { return r.read(ctx, snapshot) })
	return r.summary, err
}

// reading is the reading of one summary.
type reading struct {
	reader   *report.Reader
	small    *directory.Directory
	question *Question
	criteria report.Criteria
	summary  *Summary
}

// period is what was counted of one period: in all, and by grouping in the order of the question.
type period struct {
	total     *part
	groupings []*part
}

func (r *reading) read(ctx context.Context, snapshot *report.Snapshot) error {
	before, until := r.criteria.Before(r.criteria.ResolvedAt())
	r.summary = &Summary{
		ResolvedPeriod: r.criteria.Period(), PreviousPeriod: PreviousPeriod{before.Period(), until},
		AsOf: r.criteria.ResolvedAt(), groupings: map[string]*Groups{},
	}
	q := r.question
	now, err := r.count(ctx, snapshot, r.criteria, q.Total, func(Grouping) bool { return true })
	if err != nil {
		return err
	}
	then, err := r.count(ctx, snapshot, before, q.Previous, func(g Grouping) bool { return g.Previous })
	if err != nil {
		return err
	}
	r.summary.total, r.summary.previous = now.total.whole(&q.Wanted), then.total.whole(&q.Wanted)
	for i, one := range now.groupings {
		if err := one.complete(&q.Wanted); err != nil {
			return err
		}
		found, err := thingsOf(ctx, r.small, []*part{one})
		if err != nil {
			return fmt.Errorf("finding what groups point at: %w", err)
		}
		groups := cut(one.sorted(&found, q.Groupings[i].Order), q.Groupings[i].First, &q.Wanted)
		if earlier := then.groupings[i]; earlier != nil {
			one.compareTo(earlier, groups.Nodes, &q.Wanted)
		}
		r.summary.groupings[q.Groupings[i].name()] = groups
	}
	return nil
}

// count counts the contacts of one period, for those groupings that are wanted of it. What is by time alone, and the total, is
// read in one pass; other groupings by one each.
func (r *reading) count(ctx context.Context, snapshot *report.Snapshot, c report.Criteria, total bool, wanted func(Grouping) bool) (period, error) {
	counted := period{groupings: make([]*part, len(r.question.Groupings))}
	var together []*part
	if total {
		counted.total = newPart(nil)
		together = append(together, counted.total)
	}
	for i, one := range r.question.Groupings {
		if !wanted(one) {
			continue
		}
		grouped := newPart(one.By)
		counted.groupings[i] = grouped
		if !one.Facet && !slices.ContainsFunc(one.By, func(one Dimension) bool { return labels[one] != "" }) {
			together = append(together, grouped)
			continue
		}
		criteria := c
		if one.Facet {
			var err error
			if criteria, err = r.without(ctx, one.By[0], c); err != nil {
				return period{}, err
			}
		}
		if err := newPass(criteria, r.summary.AsOf, grouped).read(ctx, snapshot, criteria, &r.question.Wanted); err != nil {
			return period{}, err
		}
	}
	if len(together) == 0 {
		return counted, nil
	}
	return counted, newPass(c, r.summary.AsOf, together...).read(ctx, snapshot, c, &r.question.Wanted)
}

// without are the criteria over the same period without that on a dimension.
func (r *reading) without(ctx context.Context, of Dimension, c report.Criteria) (report.Criteria, error) {
	filter := r.criteria.ResolvedFilter()
	switch of {
	case ByType:
		filter.Types = nil
	case ByStatus:
		filter.Statuses = nil
	case ByOutcome:
		filter.Outcomes = nil
	case ByCampaign:
		filter.CampaignIDs, filter.OutsideCampaign = nil, nil
	case ByQueue:
		filter.QueueIDs = nil
	case ByAgent:
		filter.AgentIDs, filter.AgentGroupIDs = nil, nil
	case ByClass:
		filter.ClassifierIDs = nil
	}
	without, err := r.reader.ResolveKept(ctx, filter)
	if err != nil {
		return report.Criteria{}, err
	}
	return without.Over(c), nil
}

// whole is what a part without dimensions comes to, nil for no part.
func (p *part) whole(wanted *Wanted) *Measures {
	if p == nil {
		return nil
	}
	if one := p.groups[key{}]; one != nil {
		return one
	}
	return newMeasures(wanted)
}

// compareTo gives groups their measures in the period before: spans of time by their place, others by their values.
func (p *part) compareTo(earlier *part, groups []*Group, wanted *Wanted) {
	places := make(map[place]int, len(earlier.list))
	for i, one := range earlier.list {
		places[one.place] = i
	}
	for _, one := range groups {
		one.Previous = newMeasures(wanted)
		same := key{values: one.key.values}
		if one.Time != nil {
			at, found := places[one.Time.place]
			if !found {
				continue
			}
			same.bucket = at
		}
		if measures := earlier.groups[same]; measures != nil {
			one.Previous = measures
		}
	}
}
