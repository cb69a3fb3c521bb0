package main

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// kind of a case says what is asked of it.
type kind string

const (
	// single is one filter of the report, alone.
	single kind = "single"
	// combination is several filters at once.
	combination kind = "combination"
	// ordered is a page in another order than by time; no aim bounds how it grows.
	ordered kind = "ordered"
)

// mostBuffers is how many blocks of 8 KiB PostgreSQL may look at for a page.
var mostBuffers = map[kind]int{single: 400, combination: 1_500, ordered: 1_500}

// pageCase is a page of the report that must not become slower as the data grows.
type pageCase struct {
	name   string
	kind   kind
	filter contact.Filter
	order  contact.Order
	// deep is how many rows into the list the page begins.
	deep int
}

// cases are the filters of the report alone, with a frequent value, a rare one and one that is not there, and the
// combinations in which one of them finds little of what another one finds much.
func (t *things) cases() []pageCase {
	campaign := func(numbers ...int64) contact.Filter {
		return contact.Filter{CampaignIDs: ids(relay.CampaignKind, numbers...)}
	}
	agent := func(numbers ...int64) contact.Filter {
		return contact.Filter{AgentIDs: ids(relay.AgentKind, numbers...)}
	}
	group := contact.Filter{AgentGroupIDs: t.largestGroup}
	hours := func(from, to string) contact.Filter {
		return contact.Filter{Hours: &contact.Hours{From: &from, To: &to}}
	}
	types := func(all ...contact.Type) contact.Filter { return contact.Filter{Types: all} }
	statuses := func(all ...contact.Status) contact.Filter { return contact.Filter{Statuses: all} }
	source := func(address string) contact.Filter { return contact.Filter{SourceAddresses: []string{address}} }
	destination := func(address string) contact.Filter { return contact.Filter{DestinationAddresses: []string{address}} }
	outside := contact.Filter{OutsideCampaign: new(true)}
	last := func(numbers []int64) int64 { return numbers[len(numbers)-1] }
	by := func(field contact.OrderField, direction contact.Direction) contact.Order {
		return contact.Order{Field: field, Direction: direction}
	}

	all := []pageCase{
		{name: "no filter"},
		{name: "no filter, oldest first", order: by(contact.OrderByStartedAt, contact.Ascending)},
		{name: "far into the list", deep: min(50_000, t.total/5)},
		{name: "campaign, frequent", filter: campaign(t.campaigns[0])},
		{name: "campaign, frequent, far into it", filter: campaign(t.campaigns[0]), deep: min(10_000, t.total/50)},
		{name: "campaign, rare", filter: campaign(last(t.campaigns))},
		{name: "5 campaigns", filter: campaign(t.campaigns[:min(5, len(t.campaigns))]...)},
		{name: "every campaign", filter: campaign(t.campaigns...)},
		{name: "outside any campaign", filter: outside},
		{name: "a rare campaign or none", filter: and(campaign(last(t.campaigns)), outside)},
		{name: "agent, frequent", filter: agent(t.agents[0])},
		{name: "agent, rare", filter: agent(last(t.agents))},
		{name: "group of agents", filter: group},
		{name: "200 agents", filter: contact.Filter{AgentIDs: t.crowd}},
		{name: "type, frequent", filter: types(t.commonType)},
		{name: "type, rare", filter: types(t.rareType)},
		{name: "8 types", filter: types(contact.Types[:8]...)},
		{name: "status, frequent", filter: statuses(t.commonStatus)},
		{name: "status, rare", filter: statuses(t.rareStatus)},
		{name: "3 statuses", filter: statuses(contact.Statuses[:3]...)},
		{name: "source, frequent", filter: source(t.topSource)},
		{name: "source, rare", filter: source(t.rareSource)},
		{name: "source, absent", filter: source(absentSource)},
		{name: "destination, frequent", filter: destination(t.topDestination)},
		{name: "destination, rare", filter: destination(t.rareDestination)},
		{name: "ticket", filter: contact.Filter{TicketIDs: []string{t.ticket}}},
		{name: "ticket, absent", filter: contact.Filter{TicketIDs: []string{"there is none"}}},
		{name: "SiteCall form", filter: contact.Filter{SiteCallIDs: ids(relay.SiteCallKind, t.siteCalls[0])}},
		{name: "queue, frequent", filter: contact.Filter{QueueIDs: ids(relay.QueueKind, t.queues[0])}},
		{name: "queue, rare", filter: contact.Filter{QueueIDs: ids(relay.QueueKind, last(t.queues))}},
		{name: "classifier, frequent", filter: contact.Filter{ClassifierIDs: ids(relay.ClassifierKind, t.classifiers[0])}},
		{name: "classifier, rare", filter: contact.Filter{ClassifierIDs: ids(relay.ClassifierKind, last(t.classifiers))}},
		{name: "record", filter: contact.Filter{RecordIDs: ids(relay.RecordKind, t.records...)}},
		{name: "contact", filter: contact.Filter{ContactIDs: ids(relay.ContactKind, t.contacts...)}},
		{name: "9 to 10 o'clock", filter: hours("09:00", "10:00")},
		{name: "22 to 6 o'clock", filter: hours("22:00", "06:00")},
		{name: "03:00 to 03:02", filter: hours("03:00", "03:02")},
	}
	for i := range all {
		all[i].kind = single
	}
	combinations := []pageCase{
		{name: "frequent agent, 22 to 6", filter: and(agent(t.agents[0]), hours("22:00", "06:00"))},
		{name: "frequent agent, 03:00 to 03:02", filter: and(agent(t.agents[0]), hours("03:00", "03:02"))},
		{name: "rare agent, 22 to 6", filter: and(agent(last(t.agents)), hours("22:00", "06:00"))},
		{name: "frequent campaign, 03:00 to 03:02", filter: and(campaign(t.campaigns[0]), hours("03:00", "03:02"))},
		{name: "group, 03:00 to 03:02", filter: and(group, hours("03:00", "03:02"))},
		{name: "200 agents, 03:00 to 03:02", filter: and(contact.Filter{AgentIDs: t.crowd}, hours("03:00", "03:02"))},
		{name: "rare status, 9 to 10", filter: and(statuses(t.rareStatus), hours("09:00", "10:00"))},
		{name: "rare type, 03:00 to 03:02", filter: and(types(t.rareType), hours("03:00", "03:02"))},
		{name: "frequent destination, 03:00 to 03:02", filter: and(destination(t.topDestination), hours("03:00", "03:02"))},
		{name: "frequent campaign, type, status", filter: and(campaign(t.campaigns[0]), types(t.commonType), statuses(t.commonStatus))},
		{name: "frequent campaign, its rare status", filter: and(campaign(t.campaigns[0]), statuses(t.rareHere))},
		{name: "frequent campaign, absent type and status", filter: and(campaign(t.campaigns[0]), types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "rare agent, rare status", filter: and(agent(last(t.agents)), statuses(t.rareStatus))},
		{name: "frequent agent, his rare status", filter: and(agent(t.agents[0]), statuses(t.rareOfAgent))},
		{name: "group, campaign, status", filter: and(group, campaign(t.campaigns[0]), statuses(t.commonStatus))},
		{name: "group, absent type and status", filter: and(group, types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "group, rare campaign", filter: and(group, campaign(last(t.campaigns)))},
		{name: "5 campaigns, rare status", filter: and(campaign(t.campaigns[:min(5, len(t.campaigns))]...), statuses(t.rareStatus))},
		{name: "rare type and status", filter: and(types(t.rarePair.kind), statuses(t.rarePair.status))},
		{name: "absent type and status", filter: and(types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "campaign's own number, rare status", filter: and(destination(t.topDestination), statuses(t.rareHere))},
		{name: "campaign's own number, rare agent", filter: and(destination(t.topDestination), agent(last(t.agents)))},
		{name: "campaign's own number, absent source", filter: and(destination(t.topDestination), source(absentSource))},
		{name: "campaign's own number, rare source", filter: and(destination(t.metDestination), source(t.metSource))},
		{name: "frequent queue, rare status", filter: and(contact.Filter{QueueIDs: ids(relay.QueueKind, t.queues[0])}, statuses(t.rareHere))},
		{name: "frequent queue, rare agent", filter: and(contact.Filter{QueueIDs: ids(relay.QueueKind, t.queues[0])}, agent(last(t.agents)))},
		{name: "frequent classifier, rare agent", filter: and(contact.Filter{ClassifierIDs: ids(relay.ClassifierKind, t.classifiers[0])}, agent(last(t.agents)))},
		{name: "frequent classifier, frequent queue", filter: and(contact.Filter{ClassifierIDs: ids(relay.ClassifierKind, t.classifiers[0])}, contact.Filter{QueueIDs: ids(relay.QueueKind, t.queues[0])})},
		{name: "outside any campaign, rare status", filter: and(outside, statuses(t.rareStatus))},
	}
	// In a small call centre everybody may have worked on everything.
	if t.stranger != 0 {
		combinations = append(combinations, pageCase{name: "frequent campaign, agent never on it", filter: and(campaign(t.campaigns[0]), agent(t.stranger))})
	}
	if t.neverHere != "" {
		combinations = append(combinations, pageCase{name: "frequent campaign, absent status", filter: and(campaign(t.campaigns[0]), statuses(t.neverHere))})
	}
	if t.neverOfAgent != "" {
		combinations = append(combinations, pageCase{name: "frequent agent, absent status", filter: and(agent(t.agents[0]), statuses(t.neverOfAgent))})
	}
	for i := range combinations {
		combinations[i].kind = combination
	}
	orders := []pageCase{
		{name: "by talk time", order: by(contact.OrderByTalkTime, contact.Descending)},
		{name: "by talk time, shortest first", order: by(contact.OrderByTalkTime, contact.Ascending)},
		{name: "by ring time", order: by(contact.OrderByRingTime, contact.Descending)},
		{name: "by agent's talk time", order: by(contact.OrderByAgentTalkTime, contact.Descending)},
		{name: "by talk time, frequent campaign", order: by(contact.OrderByTalkTime, contact.Descending), filter: campaign(t.campaigns[0])},
		{name: "by talk time, group of agents", order: by(contact.OrderByTalkTime, contact.Descending), filter: group},
		{name: "by talk time, rare status", order: by(contact.OrderByTalkTime, contact.Descending), filter: statuses(t.rareStatus)},
		{name: "by talk time, frequent type", order: by(contact.OrderByTalkTime, contact.Descending), filter: types(t.commonType)},
		{name: "by talk time, 9 to 10 o'clock", order: by(contact.OrderByTalkTime, contact.Descending), filter: hours("09:00", "10:00")},
		{name: "by talk time, 03:00 to 03:02", order: by(contact.OrderByTalkTime, contact.Descending), filter: hours("03:00", "03:02")},
		{name: "by talk time, rare agent", order: by(contact.OrderByTalkTime, contact.Descending), filter: agent(last(t.agents))},
	}
	for i := range orders {
		orders[i].kind = ordered
	}
	all = append(append(all, combinations...), orders...)
	for i := range all {
		all[i].filter.Period = contact.Period{Range: &quarter}
		if all[i].order.Field == "" {
			all[i].order = contact.NewestFirst
		}
	}
	return all
}

// and puts filters together that do not restrict the same thing.
func and(filters ...contact.Filter) contact.Filter {
	var whole contact.Filter
	for _, one := range filters {
		whole.AgentIDs = append(whole.AgentIDs, one.AgentIDs...)
		whole.AgentGroupIDs = append(whole.AgentGroupIDs, one.AgentGroupIDs...)
		whole.CampaignIDs = append(whole.CampaignIDs, one.CampaignIDs...)
		whole.QueueIDs = append(whole.QueueIDs, one.QueueIDs...)
		whole.ClassifierIDs = append(whole.ClassifierIDs, one.ClassifierIDs...)
		whole.Types = append(whole.Types, one.Types...)
		whole.Statuses = append(whole.Statuses, one.Statuses...)
		whole.SourceAddresses = append(whole.SourceAddresses, one.SourceAddresses...)
		whole.DestinationAddresses = append(whole.DestinationAddresses, one.DestinationAddresses...)
		if one.OutsideCampaign != nil {
			whole.OutsideCampaign = one.OutsideCampaign
		}
		if one.Hours != nil {
			whole.Hours = one.Hours
		}
	}
	return whole
}
