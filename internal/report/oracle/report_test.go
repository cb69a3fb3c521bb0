package oracle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// question is all that the contents of a list depend on.
type question struct {
	Filter contact.Filter
	Within report.Within
	Order  contact.Order
	// Now is what the clock shows when the question is asked.
	Now time.Time
	// Zone is the platform's time zone.
	Zone *time.Location
	// Viewer is who asks; nil sees everything.
	Viewer *contact.Viewer `json:",omitempty"`
}

// answer is the whole list that a question asks for, or everything that is wrong with the question.
type answer struct {
	rows   []*row
	period report.ResolvedPeriod
	faults faults
}

// answer reads the question, keeps the rows that meet it one by one, and sorts them.
func (w *world) answer(q question) answer {
	c := criteria{world: w, faults: faults{}, visibility: w.visibility(q.viewer())}
	c.read(q)
	if len(c.faults) > 0 {
		return answer{faults: c.faults}
	}
	var rows []*row
	for _, r := range w.rows {
		if c.hold(r) {
			rows = append(rows, r)
		}
	}
	sortRows(rows, q.Order)
	return answer{rows: rows, period: report.ResolvedPeriod{From: c.from.String(), To: c.to.String(), TimeZone: c.zone.String()}}
}

// within is what makes a contact one of a thing's own.
func (w *world) within(thing report.Within) func(*row) bool {
	is := func(id *int64) bool { return id != nil && *id == thing.ID }
	switch thing.Kind {
	case "":
		return func(*row) bool { return true }
	case relay.AgentKind:
		return func(r *row) bool { return is(r.AgentID) }
	case relay.AgentGroupKind:
		index := slices.IndexFunc(w.groups, func(g group) bool { return g.id == thing.ID })
		return func(r *row) bool { return r.AgentID != nil && slices.Contains(w.groups[index].members, *r.AgentID) }
	case relay.CampaignKind:
		return func(r *row) bool { return is(r.CampaignID) }
	case relay.QueueKind:
		return func(r *row) bool { return is(r.QueueID) }
	case relay.ClassifierKind:
		return func(r *row) bool { return is(r.ClassifierID) }
	case relay.SiteCallKind:
		return func(r *row) bool { return is(r.SiteCallID) }
	case relay.RecordKind:
		return func(r *row) bool { return is(r.RecordID) }
	default:
		panic(fmt.Sprintf("a list within a thing of kind %q", thing.Kind))
	}
}

// hold says whether a contact meets all criteria.
func (c *criteria) hold(r *row) bool {
	return c.visibility.reaches(r) &&
		c.within(r) &&
		member(c.agents, r.AgentID) &&
		member(c.groups, r.AgentID) &&
		c.holdCampaign(r) &&
		member(c.queues, r.QueueID) &&
		member(c.classifiers, r.ClassifierID) &&
		member(c.siteCalls, r.SiteCallID) &&
		member(c.records, r.RecordID) &&
		member(c.contacts, &r.ID) &&
		member(c.types, &r.Type) &&
		member(c.statuses, &r.Status) &&
		member(c.outcomes, r.Outcome) &&
		within(c.queueTime, r.QueueTime) && within(c.timeToAnswer, r.TimeToAnswer) &&
		within(c.lostAfter, r.LostAfter) && within(c.agentTalkTime, r.AgentTalkTime) &&
		member(c.sources, r.sourceKey) &&
		member(c.destinations, r.destinationKey) &&
		member(c.tickets, r.TicketID) &&
		c.holdAddresses(r) &&
		member(c.externalIDs, &r.ExternalID) &&
		c.holdRecordExternalID(r) &&
		!(c.noSource && r.SourceAddress != nil) &&
		!(c.noDestination && r.DestinationAddress != nil) &&
		(c.unfinished == nil || r.Status == "RINGING" && r.StartedAt.Before(*c.unfinished)) &&
		c.holdTime(r) &&
		c.holdRecovery(r) &&
		c.holdRepeat(r)
}

// holdAddresses says whether a contact has one of the addresses in any role that whoever asks may see.
func (c *criteria) holdAddresses(r *row) bool {
	if c.addresses == nil || member(c.addresses, r.sourceKey) || member(c.addresses, r.destinationKey) {
		return true
	}
	return slices.ContainsFunc(r.further, func(f further) bool {
		return c.addresses[f.key] && (f.role != "BCC" || c.visibility.BCC)
	})
}

func (c *criteria) holdRecordExternalID(r *row) bool {
	return c.recordExternalIDs == nil || r.RecordID != nil && c.recordExternalIDs[recordOf(*r.RecordID).ExternalID]
}

func member[T comparable](wanted map[T]bool, value *T) bool {
	return wanted == nil || (value != nil && wanted[*value])
}

func (c *criteria) holdCampaign(r *row) bool {
	if c.outside && r.CampaignID == nil {
		return true
	}
	if c.outside && c.campaigns == nil {
		return false
	}
	return member(c.campaigns, r.CampaignID)
}

func (c *criteria) holdTime(r *row) bool {
	if today := localDay(r.StartedAt, c.zone); today < c.from || today > c.to {
		return false
	}
	if weekday := contact.Weekday(strings.ToUpper(r.StartedAt.In(c.zone).Weekday().String())); !member(c.weekdays, &weekday) {
		return false
	}
	return !c.hours || hoursHold(localMinute(r.StartedAt, c.zone), c.opens, c.closes)
}
