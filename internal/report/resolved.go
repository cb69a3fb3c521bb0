package report

import (
	"encoding/json"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// Period is the resolved period.
func (c Criteria) Period() ResolvedPeriod {
	return ResolvedPeriod{From: c.days.From.String(), To: c.days.To.String(), TimeZone: c.zone.String()}
}

// Zone is the report's time zone.
func (c Criteria) Zone() *time.Location { return c.zone }

// ResolvedAt is when the filter was resolved, by which contacts are unfinished.
func (c Criteria) ResolvedAt() time.Time { return c.now }

// ResolvedFilter is the filter with its preset replaced by the dates it came to and its time zone spelt out: resolving it
// again, at any later time, gives the same period.
func (c Criteria) ResolvedFilter() contact.Filter { return c.filter }

func (c Criteria) resolvedFilter(f contact.Filter) contact.Filter {
	zone := c.zone.String()
	f.Period = contact.Period{Range: &contact.Range{From: c.days.From.String(), To: c.days.To.String()}}
	f.TimeZone = &zone
	return f
}

// scope names the list that a cursor belongs to: what the filter asks for, not how it was spelt, nor what
// the viewer's reach makes of it. A preset counts by its
// name too, lest the cursor of one preset freeze the dates of another; and somebody else's list is another list.
func (q ListQuery) scope(c Criteria, reach contact.Reach) relay.Scope {
	type hours struct{ From, To time.Duration }
	description := struct {
		Preset         *contact.Preset
		From, To       calendar.Day
		Hours          *hours
		Zone           string
		Agents, Groups contact.Set[string] // as ids: members of a group come and go
		values
		Within   Within
		Reach    contact.Reach
		Order    contact.Order
		Weekdays contact.Set[contact.Weekday] `json:",omitempty"`
		// The platform's own ids, though others may ask for the same by our ids.
		ExternalIDs       contact.Set[string] `json:",omitempty"`
		RecordExternalIDs contact.Set[string] `json:",omitempty"`
		// Our ids where they are asked for beside those: the values hold what both leave.
		ContactIDs contact.Set[string] `json:",omitempty"`
		RecordIDs  contact.Set[string] `json:",omitempty"`
	}{
		Preset: q.Filter.Period.Preset, From: c.days.From, To: c.days.To, Zone: c.zone.String(),
		Agents: contact.NewSet(q.Filter.AgentIDs), Groups: contact.NewSet(q.Filter.AgentGroupIDs),
		values: c.asked,
		Within: q.Within, Reach: reach, Order: q.Order,
		Weekdays:    c.weekdays,
		ExternalIDs: contact.NewSet(q.Filter.ExternalIDs), RecordExternalIDs: contact.NewSet(q.Filter.RecordExternalIDs),
	}
	if len(q.Filter.ExternalIDs) > 0 {
		description.ContactIDs = contact.NewSet(q.Filter.ContactIDs)
	}
	if len(q.Filter.RecordExternalIDs) > 0 {
		description.RecordIDs = contact.NewSet(q.Filter.RecordIDs)
	}
	if c.hours != nil {
		description.Hours = &hours{c.hours.From, c.hours.To}
	}
	encoded, err := json.Marshal(description)
	if err != nil {
		panic(err) // numbers and strings alone
	}
	return relay.NewScope(encoded)
}
