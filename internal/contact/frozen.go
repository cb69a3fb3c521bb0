package contact

import (
	"encoding/json"
	"time"

	"github.com/kontakty/kontakty/internal/relay"
)

// Period is the resolved period.
func (c Criteria) Period() ResolvedPeriod {
	return ResolvedPeriod{From: c.days.from.String(), To: c.days.to.String(), TimeZone: c.zone.String()}
}

// Zone is the report's time zone.
func (c Criteria) Zone() *time.Location { return c.zone }

// Frozen is the filter with its preset replaced by the dates it came to and its time zone spelt out: resolving it
// again, at any later time, gives the same period.
func (c Criteria) Frozen() Filter { return c.filter }

func (c Criteria) freeze(f Filter) Filter {
	zone := c.zone.String()
	f.Period = Period{Range: &Range{From: c.days.from.String(), To: c.days.to.String()}}
	f.TimeZone = &zone
	return f
}

// scope names the list that a cursor belongs to: what the filter means, not how it was spelt. A preset counts by its
// name too, lest the cursor of one preset freeze the dates of another; and somebody else's list is another list.
func (q ListQuery) scope(c Criteria, reach Reach) relay.Scope {
	type hours struct{ From, To time.Duration }
	description := struct {
		Preset                                                     *Preset
		From, To                                                   day
		Hours                                                      *hours
		Zone                                                       string
		Agents, Groups                                             set[string] // as ids: members of a group come and go
		Campaigns, SiteCalls, Queues, Classifiers, Records, Single set[int64]
		OutsideCampaign                                            bool
		Sources, Destinations, Tickets                             set[string]
		Types                                                      set[Type]
		Statuses                                                   set[Status]
		Within                                                     Within
		Reach                                                      Reach
		Order                                                      Order
	}{
		Preset: q.Filter.Period.Preset, From: c.days.from, To: c.days.to, Zone: c.zone.String(),
		Agents: newSet(q.Filter.AgentIDs), Groups: newSet(q.Filter.AgentGroupIDs),
		Campaigns: c.campaigns, SiteCalls: c.siteCalls, Queues: c.queues, Classifiers: c.classifiers,
		Records: c.records, Single: c.contacts, OutsideCampaign: c.outsideCampaign,
		Sources: c.sources, Destinations: c.destinations, Tickets: c.tickets, Types: c.types, Statuses: c.statuses,
		Within: q.Within, Reach: reach, Order: q.Order,
	}
	if c.hours != nil {
		description.Hours = &hours{c.hours.from, c.hours.to}
	}
	encoded, err := json.Marshal(description)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	return relay.NewScope(encoded)
}
