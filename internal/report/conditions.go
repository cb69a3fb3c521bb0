package report

import (
	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// values are what the criteria of a filter ask for. A set that is nil does not restrict; one that is empty lets nothing
// through. A cursor belongs to all of them, by their names here.
type values struct {
	// Agents are those of the filter and of its groups. A cursor belongs to the ids: members of a group come and go.
	Agents          contact.Set[int64] `json:"-"`
	Campaigns       contact.Set[int64]
	SiteCalls       contact.Set[int64]
	Queues          contact.Set[int64]
	Classifiers     contact.Set[int64]
	Records         contact.Set[int64]
	Contacts        contact.Set[int64] `json:"Single"`
	OutsideCampaign bool
	Sources         contact.Set[string]
	Destinations    contact.Set[string]
	// Addresses are those of any role, ShownAddresses those of any but that of a hidden recipient.
	Addresses          contact.Set[string] `json:",omitempty"`
	ShownAddresses     contact.Set[string] `json:",omitempty"`
	WithoutSource      bool                `json:",omitempty"`
	WithoutDestination bool                `json:",omitempty"`
	Tickets            contact.Set[string]
	Types              contact.Set[contact.Type]
	Statuses           contact.Set[contact.Status]
	Outcomes           contact.Set[contact.Outcome] `json:",omitempty"`
	QueueTime          *contact.DurationRange       `json:",omitempty"`
	TimeToAnswer       *contact.DurationRange       `json:",omitempty"`
	LostAfter          *contact.DurationRange       `json:",omitempty"`
	AgentTalkTime      *contact.DurationRange       `json:",omitempty"`
	Unfinished         bool                         `json:",omitempty"`
	Recovery           *recovery                    `json:",omitempty"`
	RepeatWithinDays   *int                         `json:",omitempty"`
}

// recovery asks for lost contacts by whether their clients were talked with after all.
type recovery struct {
	States      contact.Set[contact.RecoveryState]
	WithinHours int
}

// criterion is how the values of a criterion become a condition.
type criterion struct {
	by *plan.Criterion
	// condition is false where the values do not restrict.
	condition func(values, *plan.Criterion) (plan.Condition, bool)
}

// criteria are all criteria, the one first that leaves the fewest rows.
var criteria = []criterion{
	{plan.ContactID, in(func(v values) contact.Set[int64] { return v.Contacts })},
	{plan.TicketID, in(func(v values) contact.Set[string] { return v.Tickets })},
	{plan.RecordID, in(func(v values) contact.Set[int64] { return v.Records })},
	{plan.SourceKey, in(func(v values) contact.Set[string] { return v.Sources })},
	{plan.DestinationKey, in(func(v values) contact.Set[string] { return v.Destinations })},
	{plan.AddressKey, addressed(true, func(v values) contact.Set[string] { return v.Addresses })},
	{plan.AddressKey, addressed(false, func(v values) contact.Set[string] { return v.ShownAddresses })},
	{plan.SiteCallID, in(func(v values) contact.Set[int64] { return v.SiteCalls })},
	{plan.AgentID, in(func(v values) contact.Set[int64] { return v.Agents })},
	{plan.ClassifierID, in(func(v values) contact.Set[int64] { return v.Classifiers })},
	{plan.QueueID, in(func(v values) contact.Set[int64] { return v.Queues })},
	{plan.CampaignID, inCampaigns},
	{plan.SourceAddress, absent(func(v values) bool { return v.WithoutSource })},
	{plan.Destination, absent(func(v values) bool { return v.WithoutDestination })},
	{plan.Outcome, in(func(v values) contact.Set[string] { return contact.Texts(v.Outcomes) })},
	{plan.Recovery, recovered},
	{plan.QueueTime, between(func(v values) *contact.DurationRange { return v.QueueTime })},
	{plan.TimeToAnswer, between(func(v values) *contact.DurationRange { return v.TimeToAnswer })},
	{plan.LostAfter, between(func(v values) *contact.DurationRange { return v.LostAfter })},
	{plan.AgentTalkTime, between(func(v values) *contact.DurationRange { return v.AgentTalkTime })},
	{plan.Repeat, repeated},
	{plan.Type, in(func(v values) contact.Set[string] { return contact.Texts(v.Types) })},
	{plan.Status, in(func(v values) contact.Set[string] { return contact.Texts(v.statuses()) })},
}

func in[T int64 | string](of func(values) contact.Set[T]) func(values, *plan.Criterion) (plan.Condition, bool) {
	return func(v values, by *plan.Criterion) (plan.Condition, bool) {
		set := of(v)
		return plan.In(by, set), set != nil
	}
}

// statuses are those that a contact may have: what is unfinished rings.
func (v values) statuses() contact.Set[contact.Status] {
	if v.Unfinished {
		return v.Statuses.And(contact.Set[contact.Status]{contact.Ringing})
	}
	return v.Statuses
}

// inCampaigns lets contacts outside any campaign through, too, where the filter asks for them.
func inCampaigns(v values, by *plan.Criterion) (plan.Condition, bool) {
	if v.OutsideCampaign {
		return plan.InOrNull(by, v.Campaigns), true
	}
	return plan.In(by, v.Campaigns), v.Campaigns != nil
}

// addressed asks for an address in any role.
func addressed(hidden bool, of func(values) contact.Set[string]) func(values, *plan.Criterion) (plan.Condition, bool) {
	return func(v values, _ *plan.Criterion) (plan.Condition, bool) {
		return plan.Addressed(of(v), hidden), of(v) != nil
	}
}

// absent asks for contacts that have no value.
func absent(asked func(values) bool) func(values, *plan.Criterion) (plan.Condition, bool) {
	return func(v values, by *plan.Criterion) (plan.Condition, bool) { return plan.Absent(by), asked(v) }
}

// between asks for a duration within bounds.
func between(of func(values) *contact.DurationRange) func(values, *plan.Criterion) (plan.Condition, bool) {
	return func(v values, by *plan.Criterion) (plan.Condition, bool) {
		if of(v) == nil {
			return plan.Condition{}, false
		}
		return plan.Between(by, *of(v)), true
	}
}

func recovered(v values, _ *plan.Criterion) (plan.Condition, bool) {
	if v.Recovery == nil {
		return plan.Condition{}, false
	}
	return plan.Recovered(v.Recovery.States, plan.RecoveryRule{Hours: v.Recovery.WithinHours}), true
}

func repeated(v values, _ *plan.Criterion) (plan.Condition, bool) {
	if v.RepeatWithinDays == nil {
		return plan.Condition{}, false
	}
	return plan.Repeated(plan.RepeatRule{Days: *v.RepeatWithinDays}), true
}

// query is what the criteria mean to a statement.
func (c Criteria) query() plan.Query {
	return plan.Query{Conditions: c.conditions(), Intervals: c.intervals()}
}

// intervals are when a contact may have started: what is unfinished has been ringing for long.
func (c Criteria) intervals() []calendar.Interval {
	all := c.days.IntervalsOn(c.weekdays, c.hours, c.zone)
	if !c.Unfinished {
		return all
	}
	begun := make([]calendar.Interval, 0, len(all))
	for _, one := range all {
		if one = one.Until(c.now.Add(-contact.UnfinishedAfter)); !one.Empty() {
			begun = append(begun, one)
		}
	}
	return begun
}

// conditions come with the one first that leaves the fewest rows: that of the viewer's reach leaves fewer than a
// duration or a type does.
func (c Criteria) conditions() []plan.Condition {
	var all []plan.Condition
	for _, one := range criteria {
		if one.by == plan.QueueTime && c.either != nil {
			all = append(all, visible(c.either)...)
		}
		if condition, restricts := one.condition(c.values, one.by); restricts {
			all = append(all, condition.Among(c.seen))
		}
	}
	return all
}

// visible are the conditions on the contacts that are seen.
func visible(v *directory.Visibility) []plan.Condition {
	if !v.Restricted {
		return nil
	}
	var either []plan.Condition
	if v.Campaigns != nil {
		either = append(either, plan.In(plan.CampaignID, v.Campaigns))
	}
	if v.Agents != nil {
		either = append(either, plan.In(plan.AgentID, v.Agents))
	}
	if len(either) == 2 {
		return []plan.Condition{plan.Either(either[0], either[1])}
	}
	return either
}

// nothing says that no row can meet the criteria, so that none need be looked for.
func (c Criteria) nothing() bool {
	return plan.Impossible(c.conditions()) || (c.Unfinished || c.weekdays != nil) && len(c.intervals()) == 0
}
