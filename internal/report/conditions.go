package report

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// query is what the criteria mean to a statement.
func (c Criteria) query() plan.Query {
	return plan.Query{Conditions: c.conditions(), Intervals: c.days.Intervals(c.hours, c.zone)}
}

// conditions come with the one first that leaves the fewest rows.
func (c Criteria) conditions() []plan.Condition {
	var all []plan.Condition
	all = plan.Append(all, "id", "bigint", c.contacts)
	all = plan.Append(all, "ticket_id", "text", c.tickets)
	all = plan.Append(all, "record_id", "bigint", c.records)
	all = plan.Append(all, "source_key", "text", c.sources)
	all = plan.Append(all, "destination_key", "text", c.destinations)
	all = plan.Append(all, "site_call_id", "int", c.siteCalls)
	all = plan.Append(all, "agent_id", "int", c.agents)
	all = plan.Append(all, "classifier_id", "int", c.classifiers)
	all = plan.Append(all, "queue_id", "int", c.queues)
	if c.outsideCampaign {
		all = append(all, plan.OrNull("campaign_id", "int", c.campaigns))
	} else {
		all = plan.Append(all, "campaign_id", "int", c.campaigns)
	}
	if c.either != nil {
		all = append(all, visible(c.either)...)
	}
	all = plan.Append(all, "type", "contact_type", contact.Texts(c.types))
	all = plan.Append(all, "status", "contact_status", contact.Texts(c.statuses))
	return all
}

// visible are the conditions on the contacts that are seen.
func visible(v *directory.Visibility) []plan.Condition {
	if !v.Restricted {
		return nil
	}
	either := plan.Append(nil, "campaign_id", "int", v.Campaigns)
	either = plan.Append(either, "agent_id", "int", v.Agents)
	if len(either) == 2 {
		return []plan.Condition{plan.Either(either[0], either[1])}
	}
	return either
}

// nothing says that no row can meet the criteria, so that none need be looked for.
func (c Criteria) nothing() bool { return plan.Impossible(c.conditions()) }
