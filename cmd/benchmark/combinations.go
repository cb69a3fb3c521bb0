package main

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// combinations are filters of which one criterion finds little of what another one finds much.
func (t *things) combinations() []pageCase {
	return []pageCase{
		{name: "frequent agent, 22 to 6", filter: and(agent(t.agents[0]), hours("22:00", "06:00"))},
		{name: "frequent agent, 03:00 to 03:02", filter: and(agent(t.agents[0]), hours("03:00", "03:02"))},
		{name: "rare agent, 22 to 6", filter: and(agent(last(t.agents)), hours("22:00", "06:00"))},
		{name: "frequent campaign, 03:00 to 03:02", filter: and(campaign(t.campaigns[0]), hours("03:00", "03:02"))},
		{name: "group, 03:00 to 03:02", filter: and(t.group(), hours("03:00", "03:02"))},
		{name: "200 agents, 03:00 to 03:02", filter: and(contact.Filter{AgentIDs: t.crowd}, hours("03:00", "03:02"))},
		{name: "not called back", filter: contact.Filter{Recovery: &contact.RecoveryFilter{
			States: []contact.RecoveryState{contact.Tried, contact.NotRecovered}, WithinHours: 24,
		}}},
		{name: "rare status, 9 to 10", filter: and(statuses(t.rareStatus), hours("09:00", "10:00"))},
		{name: "rare type, 03:00 to 03:02", filter: and(types(t.rareType), hours("03:00", "03:02"))},
		{name: "frequent destination, 03:00 to 03:02", filter: and(destination(t.topDestination), hours("03:00", "03:02"))},
		{name: "frequent campaign, type, status", filter: and(campaign(t.campaigns[0]), types(t.commonType), statuses(t.commonStatus))},
		{name: "frequent campaign, its rare status", filter: and(campaign(t.campaigns[0]), statuses(t.rareHere))},
		{name: "frequent campaign, absent type and status", filter: and(campaign(t.campaigns[0]), types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "rare agent, rare status", filter: and(agent(last(t.agents)), statuses(t.rareStatus))},
		{name: "frequent agent, its rare status", filter: and(agent(t.agents[0]), statuses(t.rareOfAgent))},
		{name: "group, campaign, status", filter: and(t.group(), campaign(t.campaigns[0]), statuses(t.commonStatus))},
		{name: "group, absent type and status", filter: and(t.group(), types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "group, rare campaign", filter: and(t.group(), campaign(last(t.campaigns)))},
		{name: "5 campaigns, rare status", filter: and(t.fiveCampaigns(), statuses(t.rareStatus))},
		{name: "rare type and status", filter: and(types(t.rarePair.kind), statuses(t.rarePair.status))},
		{name: "absent type and status", filter: and(types(t.absentPair.kind), statuses(t.absentPair.status))},
		{name: "campaign's own number, rare status", filter: and(destination(t.topDestination), statuses(t.rareHere))},
		{name: "campaign's own number, rare agent", filter: and(destination(t.topDestination), agent(last(t.agents)))},
		{name: "campaign's own number, absent source", filter: and(destination(t.topDestination), source(absentSource))},
		{name: "campaign's own number, rare source", filter: and(destination(t.metDestination), source(t.metSource))},
		{name: "frequent queue, rare status", filter: and(queue(t.queues[0]), statuses(t.rareHere))},
		{name: "frequent queue, rare agent", filter: and(queue(t.queues[0]), agent(last(t.agents)))},
		{name: "frequent classifier, rare agent", filter: and(classifier(t.classifiers[0]), agent(last(t.agents)))},
		{name: "frequent classifier, frequent queue", filter: and(classifier(t.classifiers[0]), queue(t.queues[0]))},
		{name: "outside any campaign, rare status", filter: and(outside(), statuses(t.rareStatus))},
	}
}

// absentCombinations are pairs that never met, which a small call centre may not have.
func (t *things) absentCombinations() (all []pageCase) {
	if t.stranger != 0 {
		all = append(all, pageCase{name: "frequent campaign, agent never on it", filter: and(campaign(t.campaigns[0]), agent(t.stranger))})
	}
	if t.neverHere != "" {
		all = append(all, pageCase{name: "frequent campaign, absent status", filter: and(campaign(t.campaigns[0]), statuses(t.neverHere))})
	}
	if t.neverOfAgent != "" {
		all = append(all, pageCase{name: "frequent agent, absent status", filter: and(agent(t.agents[0]), statuses(t.neverOfAgent))})
	}
	return all
}

func campaign(numbers ...int64) contact.Filter {
	return contact.Filter{CampaignIDs: ids(relay.CampaignKind, numbers...)}
}

func agent(numbers ...int64) contact.Filter {
	return contact.Filter{AgentIDs: ids(relay.AgentKind, numbers...)}
}

func queue(number int64) contact.Filter {
	return contact.Filter{QueueIDs: ids(relay.QueueKind, number)}
}

func classifier(number int64) contact.Filter {
	return contact.Filter{ClassifierIDs: ids(relay.ClassifierKind, number)}
}

func (t *things) group() contact.Filter { return contact.Filter{AgentGroupIDs: t.maxGroup} }

func (t *things) fiveCampaigns() contact.Filter {
	return campaign(t.campaigns[:min(5, len(t.campaigns))]...)
}

func hours(from, to string) contact.Filter {
	return contact.Filter{Hours: &contact.Hours{From: &from, To: &to}}
}

func types(all ...contact.Type) contact.Filter { return contact.Filter{Types: all} }

func statuses(all ...contact.Status) contact.Filter { return contact.Filter{Statuses: all} }

func source(address string) contact.Filter {
	return contact.Filter{SourceAddresses: []string{address}}
}

func destination(address string) contact.Filter {
	return contact.Filter{DestinationAddresses: []string{address}}
}

func addresses(all ...string) contact.Filter { return contact.Filter{Addresses: all} }

func outside() contact.Filter { return contact.Filter{OutsideCampaign: new(true)} }

func last(numbers []int64) int64 { return numbers[len(numbers)-1] }

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
		whole.Addresses = append(whole.Addresses, one.Addresses...)
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
