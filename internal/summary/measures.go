package summary

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// Measures are what some contacts come to.
type Measures struct {
	wanted *Wanted
	// outcomes are counts by outcome in the order of contact.Outcomes, from 1 on; the first is of contacts without one.
	outcomes [11]int
	// reached are those of the contacts with which a client came that reached an agent.
	reached              int
	durations            []Durations
	shorts               []int
	offered, offeredLost int
	levels               []levelCounts
}

// levelCounts are the calls of a service level.
type levelCounts struct{ short, met, gone int }

func newMeasures(wanted *Wanted) *Measures {
	return &Measures{
		wanted: wanted, durations: make([]Durations, len(wanted.durations)), shorts: make([]int, len(wanted.shorts)),
		levels: make([]levelCounts, len(wanted.levels)),
	}
}

// add adds the measures of other contacts.
func (m *Measures) add(other *Measures) {
	for i, count := range other.outcomes {
		m.outcomes[i] += count
	}
	m.reached += other.reached
	for i := range other.durations {
		m.durations[i].add(&other.durations[i])
	}
	for i, count := range other.shorts {
		m.shorts[i] += count
	}
	m.offered, m.offeredLost = m.offered+other.offered, m.offeredLost+other.offeredLost
	for i, counts := range other.levels {
		m.levels[i].short += counts.short
		m.levels[i].met += counts.met
		m.levels[i].gone += counts.gone
	}
}

// Contacts is how many there are.
func (m *Measures) Contacts() int {
	all := 0
	for _, count := range m.outcomes {
		all += count
	}
	return all
}

// OutcomeCount is how many contacts have an outcome, nil for those without.
type OutcomeCount struct {
	Outcome  *contact.Outcome
	Contacts int
}

// Outcomes counts by outcome, in their order, those that occur.
func (m *Measures) Outcomes() []OutcomeCount {
	counts := []OutcomeCount{}
	for i, outcome := range contact.Outcomes {
		if m.outcomes[i+1] > 0 {
			counts = append(counts, OutcomeCount{&outcome, m.outcomes[i+1]})
		}
	}
	if m.outcomes[0] > 0 {
		counts = append(counts, OutcomeCount{nil, m.outcomes[0]})
	}
	return counts
}

func (m *Measures) of(outcome contact.Outcome) int {
	return m.outcomes[slices.Index(contact.Outcomes, outcome)+1]
}

// ReachedAgent is how many reached an agent.
func (m *Measures) ReachedAgent() int { return m.of(contact.ReachedAgent) }

// NotReached is how many clients were not reached.
func (m *Measures) NotReached() int { return m.of(contact.NotReached) }

// Lost is how many clients were lost, at some places or, if none is named, at any.
func (m *Measures) Lost(at []contact.LostAt) int {
	lost := 0
	for _, outcome := range contact.LostOutcomes {
		if len(at) == 0 || slices.Contains(at, *outcome.LostAt()) {
			lost += m.of(outcome)
		}
	}
	return lost
}

// LostShort is how many were lost in less than so many seconds.
func (m *Measures) LostShort(within int) int { return m.shorts[slices.Index(m.wanted.shorts, within)] }

// LostRate is the share of the lost among the clients who came and were lost or reached an agent, nil for none.
func (m *Measures) LostRate() *float64 { return ratio(m.Lost(nil), m.Lost(nil)+m.reached) }

func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	share := float64(part) / float64(whole)
	return &share
}

// LostTreatment is how a service level counts calls that were lost.
type LostTreatment string

// The treatments.
const (
	Against LostTreatment = "AGAINST"
	Ignored LostTreatment = "IGNORED"
	For     LostTreatment = "FOR"
)

// LevelSummary is a service level with the counts that it is made of.
type LevelSummary struct {
	Offered, OfferedLost, Short, Met, Gone int
	Ratio                                  *float64
}

// ServiceLevel is the share of calls that were answered in time.
func (m *Measures) ServiceLevel(seconds, shortAbandon int, lost LostTreatment) LevelSummary {
	counts := m.levels[slices.Index(m.wanted.levels, plan.Level{Seconds: seconds, ShortAbandon: shortAbandon})]
	level := LevelSummary{Offered: m.offered, OfferedLost: m.offeredLost, Short: counts.short, Met: counts.met, Gone: counts.gone}
	switch lost {
	case Ignored:
		level.Ratio = ratio(counts.met, m.offered-counts.gone)
	case For:
		level.Ratio = ratio(counts.met+counts.gone, m.offered)
	default:
		level.Ratio = ratio(counts.met, m.offered-counts.short)
	}
	return level
}

func (m *Measures) duration(of plan.Duration) *Durations {
	return &m.durations[slices.Index(m.wanted.durations, of)]
}

// TalkTime is the seconds in the IVR and with the agent together.
func (m *Measures) TalkTime() *Durations { return m.duration(plan.OfTalk) }

// AgentTalkTime is the seconds of conversation between agent and client.
func (m *Measures) AgentTalkTime() *Durations { return m.duration(plan.OfAgentTalk) }

// IVRTime is the seconds in the IVR.
func (m *Measures) IVRTime() *Durations { return m.duration(plan.OfIVR) }

// RingTime is the seconds that agents waited for the pick-up.
func (m *Measures) RingTime() *Durations { return m.duration(plan.OfRinging) }

// QueueTime is the seconds that clients waited in queues.
func (m *Measures) QueueTime() *Durations { return m.duration(plan.OfQueue) }

// TimeToAnswer is the seconds to the agent's answer.
func (m *Measures) TimeToAnswer() *Durations { return m.duration(plan.OfAnswer) }

// LostAfter is the seconds after which clients were lost.
func (m *Measures) LostAfter() *Durations { return m.duration(plan.OfBeingLost) }

// Durations are what one duration of some contacts comes to.
type Durations struct {
	Count             int
	Sum               int64
	shortest, longest int
	seconds           map[int]int
}

func (d *Durations) add(other *Durations) {
	if other.Count > 0 {
		if d.Count == 0 || other.shortest < d.shortest {
			d.shortest = other.shortest
		}
		d.longest = max(d.longest, other.longest)
	}
	d.Count, d.Sum = d.Count+other.Count, d.Sum+other.Sum
	for seconds, count := range other.seconds {
		d.count(seconds, count)
	}
}

// count adds contacts whose duration is so many seconds.
func (d *Durations) count(seconds, contacts int) {
	if d.seconds == nil {
		d.seconds = map[int]int{}
	}
	d.seconds[seconds] += contacts
}

// Average is the mean, nil for none.
func (d *Durations) Average() *float64 {
	if d.Count == 0 {
		return nil
	}
	average := float64(d.Sum) / float64(d.Count)
	return &average
}

// Minimum is the shortest, nil for none.
func (d *Durations) Minimum() *int { return d.bound(d.shortest) }

// Maximum is the longest, nil for none.
func (d *Durations) Maximum() *int { return d.bound(d.longest) }

func (d *Durations) bound(seconds int) *int {
	if d.Count == 0 {
		return nil
	}
	return &seconds
}

// Percentile is the value of the nearest rank, in per cent, nil for none. Errors: INVALID_FILTER.
func (d *Durations) Percentile(rank float64) (*int, error) {
	if !(rank > 0 && rank <= 100) {
		return nil, fault.New(fault.NumberOutOfRange, "rank", 0, 100)
	}
	return d.nearest(rank), nil
}
