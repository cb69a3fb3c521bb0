package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
)

// Groups are those of one grouping, in their order.
type Groups struct {
	Nodes      []*Group
	TotalCount int
	// Rest is what the groups left out come to, nil if none is.
	Rest *Measures
}

// Group is one of them: what it is grouped by, nil for all else, and for contacts that have none.
type Group struct {
	Time        *TimeBucket
	Type        *contact.Type
	Status      *contact.Status
	Outcome     *contact.Outcome
	HangupParty *contact.HangupParty
	Campaign    *directory.Campaign
	Queue       *directory.Queue
	Agent       *directory.Agent
	Classifier  *directory.Classifier
	Measures    *Measures
	// Previous is the same group in the period before.
	Previous *Measures

	key   key
	names [maxDimensions]string
}

// OrderField is what groups are sorted by.
type OrderField string

// The fields.
const (
	OrderByKey          OrderField = "KEY"
	OrderByContacts     OrderField = "CONTACTS"
	OrderByLost         OrderField = "LOST"
	OrderByLostRate     OrderField = "LOST_RATE"
	OrderByReachedAgent OrderField = "REACHED_AGENT"
	OrderByTalk         OrderField = "AGENT_TALK_TIME"
	OrderByQueueTime    OrderField = "QUEUE_TIME"
)

// Order is what groups are sorted by, and which end comes first.
type Order struct {
	By        OrderField
	Direction contact.Direction
}

// complete adds the spans of time in which nothing was counted, once for each combination of other values that occurs.
// Errors: LIMIT_EXCEEDED.
func (p *part) complete(wanted *Wanted) error {
	others := map[[maxDimensions]int64]bool{}
	for group := range p.groups {
		others[group.values] = true
	}
	if !slices.ContainsFunc(p.by, func(one Dimension) bool { return !one.isTime() }) {
		others[[maxDimensions]int64{}] = true
	}
	if len(others)*len(p.list) > maxGroups {
		return fault.New(fault.GroupsTooMany, "", maxGroups)
	}
	for values := range others {
		for at := range p.list {
			group := key{bucket: at, values: values}
			if p.groups[group] == nil {
				p.groups[group] = newMeasures(wanted)
			}
		}
	}
	return nil
}

// sorted are the groups of a part in an order.
func (p *part) sorted(of *things, order *Order) []*Group {
	all := make([]*Group, 0, len(p.groups))
	for at, measures := range p.groups {
		all = append(all, p.group(of, at, measures))
	}
	byTime := slices.ContainsFunc(p.by, Dimension.isTime)
	compare := func(a, b *Group) int { return -cmp.Compare(a.Measures.Contacts(), b.Measures.Contacts()) }
	switch {
	case order == nil && byTime, order != nil && order.By == OrderByKey:
		compare = p.compareKeys
	case order != nil:
		compare = order.compare
	}
	if order != nil && order.Direction == contact.Ascending || order == nil || order.By != OrderByKey {
		slices.SortFunc(all, func(a, b *Group) int { return cmp.Or(compare(a, b), p.compareKeys(a, b)) })
		return all
	}
	slices.SortFunc(all, func(a, b *Group) int { return -compare(a, b) })
	return all
}

// compare sorts by a measure; groups without it come last.
func (o Order) compare(a, b *Group) int {
	value := func(g *Group) *float64 {
		number := 0.0
		switch m := g.Measures; o.By {
		case OrderByLost:
			number = float64(m.Lost(nil))
		case OrderByLostRate:
			return m.LostRate()
		case OrderByReachedAgent:
			number = float64(m.ReachedAgent())
		case OrderByTalk:
			number = float64(m.AgentTalkTime().Sum)
		case OrderByQueueTime:
			number = float64(m.QueueTime().Sum)
		default:
			number = float64(m.Contacts())
		}
		return &number
	}
	one, other := value(a), value(b)
	switch {
	case one == nil || other == nil:
		return cmp.Compare(boolean(one == nil), boolean(other == nil))
	case o.Direction == contact.Ascending:
		return cmp.Compare(*one, *other)
	default:
		return cmp.Compare(*other, *one)
	}
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}

// compareKeys sorts spans of time by their order, things by their names, words by their order; none comes last.
func (p *part) compareKeys(a, b *Group) int {
	for i, dimension := range p.by {
		var order int
		switch one, other := a.key.values[i], b.key.values[i]; {
		case dimension.isTime():
			order = cmp.Compare(a.key.bucket, b.key.bucket)
		case one == 0 || other == 0:
			order = cmp.Compare(boolean(one == 0), boolean(other == 0))
		case words[dimension] != nil:
			order = cmp.Compare(one, other)
		default:
			order = cmp.Or(strings.Compare(a.names[i], b.names[i]), cmp.Compare(one, other))
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// group gives a group its values.
func (p *part) group(of *things, at key, measures *Measures) *Group {
	group := &Group{Measures: measures, key: at}
	if len(p.list) > 0 {
		group.Time = p.list[at.bucket]
	}
	for i, dimension := range p.by {
		value := at.values[i]
		if value == 0 {
			continue
		}
		switch dimension {
		case ByType:
			group.Type = &contact.Types[value-1]
		case ByStatus:
			group.Status = &contact.Statuses[value-1]
		case ByOutcome:
			group.Outcome = &contact.Outcomes[value-1]
		case ByHangup:
			group.HangupParty = &contact.HangupParties[value-1]
		case ByCampaign:
			if group.Campaign = of.campaigns[value]; group.Campaign != nil {
				group.names[i] = group.Campaign.Name
			}
		case ByQueue:
			if group.Queue = of.queues[value]; group.Queue != nil {
				group.names[i] = group.Queue.Name
			}
		case ByAgent:
			if group.Agent = of.agents[value]; group.Agent != nil {
				group.names[i] = group.Agent.Name
			}
		case ByClass:
			if group.Classifier = of.classifiers[value]; group.Classifier != nil {
				group.names[i] = group.Classifier.Name
			}
		}
	}
	return group
}

// cut leaves the first groups, and adds the others up.
func cut(all []*Group, first int, wanted *Wanted) *Groups {
	groups := &Groups{Nodes: all, TotalCount: len(all)}
	if len(all) > first {
		groups.Nodes, groups.Rest = all[:first], newMeasures(wanted)
		for _, one := range all[first:] {
			groups.Rest.add(one.Measures)
		}
	}
	return groups
}
