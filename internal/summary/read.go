package summary

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgbinary"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/report/plan"
)

const (
	// maxGroups is how many groups a grouping may have, those with nothing in them included.
	maxGroups = 100_000
	// maxCells is how many cells a pass may read.
	maxCells = 1_000_000
)

// key is a group: its bucket of time and, for each other dimension, the number of a thing or the place of a word from 1 on,
// 0 for none.
type key struct {
	bucket int
	values [maxDimensions]int64
}

// part is one grouping of a pass, with what was counted of its groups.
type part struct {
	by     []Dimension
	groups map[key]*Measures
	buckets
}

func newPart(by []Dimension) *part { return &part{by: by, groups: map[key]*Measures{}} }

// pass is what is read by one walk through the contacts of a period, and one more for each duration with percentiles.
type pass struct {
	labels []plan.Label
	// labelled are the dimensions of the labels.
	labelled []Dimension
	spans    []calendar.Span
	parts    []*part
}

// newPass reads parts together, all without dimensions that are columns or one alone.
func newPass(c report.Criteria, asOf time.Time, parts ...*part) *pass {
	p := &pass{parts: parts}
	var all []Dimension
	for _, one := range parts {
		all = append(all, one.by...)
	}
	for _, one := range all {
		if label, found := labels[one]; found {
			p.labels, p.labelled = append(p.labels, label), append(p.labelled, one)
		}
	}
	if slices.ContainsFunc(all, Dimension.isTime) {
		p.spans = calendar.Spans(c.Intervals(), c.Zone(), slices.ContainsFunc(all, Dimension.isHourly))
	} else {
		for _, one := range c.Intervals() {
			p.spans = append(p.spans, calendar.Span{Interval: one})
		}
	}
	for _, one := range parts {
		one.buckets = newBuckets(one.by, p.spans, c.Days().From, c.Zone(), asOf)
	}
	return p
}

// read counts.
func (p *pass) read(ctx context.Context, snapshot *report.Snapshot, c report.Criteria, wanted *Wanted) error {
	intervals := make([]calendar.Interval, len(p.spans))
	for i, span := range p.spans {
		intervals[i] = span.Interval
	}
	cells := plan.Cells{By: p.labels, Durations: wanted.durations, Levels: wanted.levels, Shorts: wanted.shorts, Limit: maxCells + 1}
	read := 0
	each := func(values [][]byte, count func(m *Measures, of kind, rest *numbers)) error {
		if read++; read > maxCells {
			return fault.New(fault.GroupsTooMany, "", maxGroups)
		}
		return p.cell(values, wanted, count)
	}
	err := snapshot.Cells(ctx, c, intervals, cells, func(values [][]byte) error { return each(values, countCell) })
	if err != nil {
		return err
	}
	for _, duration := range wanted.percentiles {
		of := slices.Index(wanted.durations, duration)
		read, cells.Value = 0, duration
		err := snapshot.Cells(ctx, c, intervals, cells, func(values [][]byte) error {
			return each(values, func(m *Measures, _ kind, rest *numbers) {
				seconds := rest.next()
				m.durations[of].count(seconds, rest.next())
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// cell adds a cell to its groups.
func (p *pass) cell(values [][]byte, wanted *Wanted, count func(m *Measures, of kind, rest *numbers)) error {
	span := numbers{values: values}
	at := span.next() - 1
	outcome := placeOfWord(ByOutcome, values[1])
	rest := numbers{values: values[3+len(p.labels):]}
	of := kind{outcome: outcome, campaignCall: string(values[2]) == string(contact.CampaignInboundCall), came: slices.Contains(contact.CameTypes, contact.Type(values[2]))}
	for _, one := range p.parts {
		group := key{bucket: one.of[at]}
		for i, dimension := range one.by {
			switch {
			case dimension == ByOutcome:
				group.values[i] = int64(outcome)
			case labels[dimension] == "":
			default:
				column := values[3+slices.Index(p.labelled, dimension)]
				if words[dimension] != nil {
					group.values[i] = int64(placeOfWord(dimension, column))
				} else if column != nil {
					number := numbers{values: [][]byte{column}}
					group.values[i] = int64(number.next())
				}
			}
		}
		m := one.groups[group]
		if m == nil {
			if len(one.groups) == maxGroups {
				return fault.New(fault.GroupsTooMany, "", maxGroups)
			}
			m = newMeasures(wanted)
			one.groups[group] = m
		}
		counted := rest
		count(m, of, &counted)
		if counted.err != nil {
			return fmt.Errorf("reading a cell of contacts: %w", counted.err)
		}
	}
	return span.err
}

// kind is what contacts of a cell have in common.
type kind struct {
	outcome int
	// came says that a client came to us, campaignCall that it was by a call to a campaign.
	came, campaignCall bool
}

func (k kind) is(outcome contact.Outcome) bool {
	return k.outcome > 0 && contact.Outcomes[k.outcome-1] == outcome
}

func (k kind) lost() bool { return k.outcome > 0 && contact.Outcomes[k.outcome-1].LostAt() != nil }

// countCell adds the counts of a cell.
func countCell(m *Measures, of kind, rest *numbers) {
	contacts := rest.next()
	m.outcomes[of.outcome] += contacts
	if of.came && of.is(contact.ReachedAgent) {
		m.reached += contacts
	}
	for i := range m.durations {
		count, sum := rest.next(), rest.next()
		m.durations[i].add(&Durations{Count: count, Sum: int64(sum), shortest: rest.next(), longest: rest.next()})
	}
	for i := range m.shorts {
		m.shorts[i] += rest.next()
	}
	if len(m.levels) > 0 {
		m.countLevels(of, contacts, rest)
	}
}

// countLevels adds the counts of a cell to the service levels. Offered are calls to campaigns that were answered, rang at an agent
// or waited in a queue.
func (m *Measures) countLevels(of kind, contacts int, rest *numbers) {
	answered, queued := rest.next(), rest.next()
	unqueued := 0
	switch {
	case !of.campaignCall:
		return
	case of.is(contact.ReachedAgent):
		m.offered += answered
	case of.is(contact.LostWhileRinging):
		unqueued = contacts - queued
		m.offered, m.offeredLost = m.offered+contacts, m.offeredLost+contacts
	case of.lost():
		m.offered, m.offeredLost = m.offered+queued, m.offeredLost+queued
	}
	for i := range m.levels {
		short, met, gone := rest.next(), rest.next(), rest.next()
		switch {
		case of.is(contact.ReachedAgent):
			m.levels[i].met += met
		case of.lost():
			m.levels[i].short += short
			m.levels[i].gone += gone + unqueued
		}
	}
}

// placeOfWord is the place of a value of an enumeration, from 1 on, 0 for none.
func placeOfWord(dimension Dimension, value []byte) int {
	if value == nil {
		return 0
	}
	return 1 + slices.IndexFunc(words[dimension], func(word string) bool { return bytes.Equal([]byte(word), value) })
}

// numbers reads the columns of a row one after the other, null as 0.
type numbers struct {
	values [][]byte
	err    error
}

func (n *numbers) next() int {
	value := n.values[0]
	n.values = n.values[1:]
	if value == nil {
		return 0
	}
	number, err := pgbinary.Integer(value)
	if err != nil {
		n.err = err
	}
	return int(number)
}
