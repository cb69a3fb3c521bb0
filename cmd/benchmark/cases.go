package main

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// kind of a case says what is asked of it.
type kind string

const (
	// single is one criterion of the report, alone.
	single kind = "single"
	// combination is several criteria at once.
	combination kind = "combination"
	// client is a number or an address in either direction, alone or with another criterion.
	client kind = "client"
	// crowd is a hundred clients at once: each has its rows looked up, so that no aim bounds what the page costs.
	crowd kind = "crowd"
	// ordered is a page in another order than by time; no aim bounds how it grows.
	ordered kind = "ordered"
)

// maxBuffers is how many blocks of 8 KiB PostgreSQL may look at for a page.
var maxBuffers = map[kind]int{single: 400, client: 700, combination: 1_500, crowd: 9_000, ordered: 1_500}

// pageCase is a page of the report that must not become slower as the data grows.
type pageCase struct {
	name   string
	kind   kind
	filter contact.Filter
	order  contact.Order
	// deep is how many rows into the list the page begins.
	deep int
}

// cases are all of them, over the quarter that has every contact.
func (t *things) cases() []pageCase {
	all := slices.Concat(
		ofKind(single, t.singles()), ofKind(client, t.clients()), ofKind(crowd, t.crowds()),
		ofKind(combination, t.combinations()), ofKind(combination, t.absentCombinations()), ofKind(ordered, t.orders()),
	)
	for i := range all {
		all[i].filter.Period = contact.Period{Range: &quarter}
		if all[i].order.Field == "" {
			all[i].order = contact.NewestFirst
		}
	}
	return all
}

func ofKind(of kind, all []pageCase) []pageCase {
	for i := range all {
		all[i].kind = of
	}
	return all
}

// singles are the criteria of the report alone, with a frequent value, a rare one and one that is not there.
func (t *things) singles() []pageCase {
	return []pageCase{
		{name: "no filter"},
		{name: "no filter, oldest first", order: contact.Order{Field: contact.OrderByStartedAt, Direction: contact.Ascending}},
		{name: "far into the list", deep: min(50_000, t.total/5)},
		{name: "campaign, frequent", filter: campaign(t.campaigns[0])},
		{name: "campaign, frequent, far into it", filter: campaign(t.campaigns[0]), deep: min(10_000, t.total/50)},
		{name: "campaign, rare", filter: campaign(last(t.campaigns))},
		{name: "5 campaigns", filter: t.fiveCampaigns()},
		{name: "every campaign", filter: campaign(t.campaigns...)},
		{name: "outside any campaign", filter: outside()},
		{name: "a rare campaign or none", filter: and(campaign(last(t.campaigns)), outside())},
		{name: "agent, frequent", filter: agent(t.agents[0])},
		{name: "agent, rare", filter: agent(last(t.agents))},
		{name: "group of agents", filter: t.group()},
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
		{name: "queue, frequent", filter: queue(t.queues[0])},
		{name: "queue, rare", filter: queue(last(t.queues))},
		{name: "classifier, frequent", filter: classifier(t.classifiers[0])},
		{name: "classifier, rare", filter: classifier(last(t.classifiers))},
		{name: "record", filter: contact.Filter{RecordIDs: ids(relay.RecordKind, t.records...)}},
		{name: "contact", filter: contact.Filter{ContactIDs: ids(relay.ContactKind, t.contacts...)}},
		{name: "lost", filter: contact.Filter{Outcomes: contact.Outcomes[3:8]}},
		{name: "lost in the queue", filter: contact.Filter{Outcomes: []contact.Outcome{contact.LostInQueue}}},
		{name: "outcome, absent", filter: contact.Filter{Outcomes: []contact.Outcome{contact.HandedOver}}},
		{name: "answered within 20 s", filter: contact.Filter{TimeToAnswer: &contact.DurationRange{AtMost: new(20)}}},
		{name: "queued for an hour", filter: contact.Filter{QueueTime: &contact.DurationRange{AtLeast: new(3600)}}},
		{name: "Saturdays", filter: contact.Filter{Weekdays: []contact.Weekday{contact.Saturday}}},
		{name: "9 to 10 o'clock", filter: hours("09:00", "10:00")},
		{name: "22 to 6 o'clock", filter: hours("22:00", "06:00")},
		{name: "03:00 to 03:02", filter: hours("03:00", "03:02")},
	}
}

// clients are filters by a number or an address in either direction.
func (t *things) clients() []pageCase {
	return []pageCase{
		{name: "client, frequent", filter: addresses(t.topSource)},
		{name: "client, frequent, far into it", filter: addresses(t.topSource), deep: 100},
		{name: "client, rare", filter: addresses(t.rareSource)},
		{name: "client, absent", filter: addresses(absentSource)},
		{name: "client, a campaign's own number", filter: addresses(t.topDestination)},
		{name: "client, a further recipient", filter: addresses(t.topFurther)},
		{name: "client, rare agent", filter: and(addresses(t.topSource), agent(last(t.agents)))},
		{name: "a campaign's own number, rare agent", filter: and(addresses(t.topDestination), agent(last(t.agents)))},
	}
}

// crowds are filters by a hundred clients.
func (t *things) crowds() []pageCase {
	oldestFirst := contact.Order{Field: contact.OrderByStartedAt, Direction: contact.Ascending}
	return []pageCase{
		{name: "100 clients", filter: addresses(t.clientKeys...)},
		{name: "100 clients, oldest first", filter: addresses(t.clientKeys...), order: oldestFirst},
		{name: "100 clients, rare status", filter: and(addresses(t.clientKeys...), statuses(t.rareStatus))},
		{name: "100 sources", filter: contact.Filter{SourceAddresses: t.clientKeys}},
	}
}

// orders are pages in another order than by time.
func (t *things) orders() []pageCase {
	by := func(field contact.OrderField, direction contact.Direction) contact.Order {
		return contact.Order{Field: field, Direction: direction}
	}
	return []pageCase{
		{name: "by talk time", order: by(contact.OrderByTalkTime, contact.Descending)},
		{name: "by talk time, shortest first", order: by(contact.OrderByTalkTime, contact.Ascending)},
		{name: "by ring time", order: by(contact.OrderByRingTime, contact.Descending)},
		{name: "by time in queues", order: by(contact.OrderByQueueTime, contact.Descending)},
		{name: "by when they were lost", order: by(contact.OrderByLostAfter, contact.Descending), filter: contact.Filter{Outcomes: contact.Outcomes[3:8]}},
		{name: "by agent's talk time", order: by(contact.OrderByAgentTalkTime, contact.Descending)},
		{name: "by talk time, frequent campaign", order: by(contact.OrderByTalkTime, contact.Descending), filter: campaign(t.campaigns[0])},
		{name: "by talk time, group of agents", order: by(contact.OrderByTalkTime, contact.Descending), filter: t.group()},
		{name: "by talk time, rare status", order: by(contact.OrderByTalkTime, contact.Descending), filter: statuses(t.rareStatus)},
		{name: "by talk time, frequent type", order: by(contact.OrderByTalkTime, contact.Descending), filter: types(t.commonType)},
		{name: "by talk time, 9 to 10 o'clock", order: by(contact.OrderByTalkTime, contact.Descending), filter: hours("09:00", "10:00")},
		{name: "by talk time, 03:00 to 03:02", order: by(contact.OrderByTalkTime, contact.Descending), filter: hours("03:00", "03:02")},
		{name: "by talk time, rare agent", order: by(contact.OrderByTalkTime, contact.Descending), filter: agent(last(t.agents))},
	}
}
