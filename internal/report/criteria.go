package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// maxList is how many values one criterion may have.
const maxList = 250

// Criteria is a checked filter with its presets resolved: it means the same contacts whenever it is read.
type Criteria struct {
	days  calendar.Days
	hours *calendar.Window
	// weekdays are those of the days that count, nil for all.
	weekdays contact.Set[contact.Weekday]
	zone     *time.Location
	// now is when the filter was resolved, by which contacts are unfinished.
	now time.Time
	// until ends a period before that of a period which is not over; nil where the days do.
	until *time.Time

	values
	// asked are the values before they were narrowed to what the viewer sees.
	asked values
	// either restricts to the contacts of some campaigns or agents; nil where one of the sets above does so alone.
	either *directory.Visibility
	// seen are the conditions on other contacts that a criterion looks at.
	seen []plan.Condition

	filter contact.Filter
}

// Resolve checks a filter and makes of it what the report reads, frozen: presets become dates. Errors: the INVALID_…
// codes, PERIOD_TOO_LONG and UNKNOWN_ID, with the path of the criterion; FORBIDDEN for criteria on what the viewer may
// not see, lest it be found out by asking.
func (s *Reader) Resolve(ctx context.Context, f contact.Filter) (Criteria, error) {
	return s.resolve(ctx, f, nil, s.Existing)
}

// ResolveKept resolves a filter that was resolved before, perhaps for somebody who could see more then: what no longer
// exists for the viewer finds nothing, and is no error. Errors: FORBIDDEN as for Resolve.
func (s *Reader) ResolveKept(ctx context.Context, f contact.Filter) (Criteria, error) {
	return s.resolve(ctx, f, nil, func(_ context.Context, _ relay.Kind, ids []int64) (map[int64]bool, error) {
		all := make(map[int64]bool, len(ids))
		for _, id := range ids {
			all[id] = true // the reach is a criterion of its own
		}
		return all, nil
	})
}

// existsFunc says which things exist.
type existsFunc func(context.Context, relay.Kind, []int64) (map[int64]bool, error)

// resolve takes the dates that a preset came to from resolved, where an earlier page has resolved it.
func (s *Reader) resolve(ctx context.Context, f contact.Filter, resolved *calendar.Days, exists existsFunc) (Criteria, error) {
	c := Criteria{zone: s.config.Zone, now: s.config.Now()}
	for _, check := range []func(context.Context, contact.Filter) error{
		func(_ context.Context, f contact.Filter) error { return s.viewer.CheckFilter(f) },
		func(_ context.Context, f contact.Filter) error { return c.resolveTime(f, resolved) },
		func(_ context.Context, f contact.Filter) error { return c.resolveValues(f, s.viewer.BCC) },
		func(ctx context.Context, f contact.Filter) error { return c.resolveAgents(ctx, f, s.directory, exists) },
		func(ctx context.Context, f contact.Filter) error { return c.resolveThings(ctx, f, exists) },
		func(ctx context.Context, f contact.Filter) error { return c.resolveExternalIDs(ctx, s, f, exists) },
	} {
		if err := check(ctx, f); err != nil {
			return Criteria{}, err
		}
	}
	c.filter, c.asked = c.resolvedFilter(f), c.values
	visibility := s.Visibility()
	c.seen = visible(visibility)
	c.restrict(visibility)
	return c, nil
}

func (c *Criteria) resolveTime(f contact.Filter, resolved *calendar.Days) error {
	if f.TimeZone != nil {
		zone, err := calendar.LoadZone(*f.TimeZone)
		if err != nil {
			return err
		}
		c.zone = zone
	}
	var err error
	if c.days, err = calendar.ResolveDays(f.Period, calendar.DayOf(c.now.In(c.zone))); err != nil {
		return fault.At("period", err)
	}
	if f.Period.Preset != nil && resolved != nil {
		c.days = *resolved
	}
	if c.hours, err = calendar.ResolveHours(f.Hours); err != nil {
		return fault.At("hours", err)
	}
	c.weekdays, err = resolveEnum(f.Weekdays, contact.Weekdays, "weekdays")
	return err
}

// resolveValues counts hidden recipients among the addresses asked for if hidden.
func (c *Criteria) resolveValues(f contact.Filter, hidden bool) error {
	var err error
	if c.Types, err = resolveEnum(f.Types, contact.Types, "types"); err != nil {
		return err
	}
	if c.Statuses, err = resolveEnum(f.Statuses, contact.Statuses, "statuses"); err != nil {
		return err
	}
	if c.Outcomes, err = resolveEnum(f.Outcomes, contact.Outcomes, "outcomes"); err != nil {
		return err
	}
	if err := c.resolveDurations(f); err != nil {
		return err
	}
	if err := c.resolveComputed(f); err != nil {
		return err
	}
	if c.Sources, err = resolveAddresses(f.SourceAddresses, "sourceAddresses"); err != nil {
		return err
	}
	if c.Destinations, err = resolveAddresses(f.DestinationAddresses, "destinationAddresses"); err != nil {
		return err
	}
	anyRole, err := resolveAddresses(f.Addresses, "addresses")
	if err != nil {
		return err
	}
	if c.ShownAddresses = anyRole; hidden {
		c.Addresses, c.ShownAddresses = anyRole, nil
	}
	c.Tickets, err = resolveTexts(f.TicketIDs, "ticketIds")
	c.OutsideCampaign = isTrue(f.OutsideCampaign)
	c.WithoutSource, c.WithoutDestination = isTrue(f.WithoutSourceAddress), isTrue(f.WithoutDestinationAddress)
	c.Unfinished = isTrue(f.Unfinished)
	return err
}

func (c *Criteria) resolveDurations(f contact.Filter) error {
	for _, criterion := range []struct {
		into  **contact.DurationRange
		asked *contact.DurationRange
		field string
	}{
		{&c.QueueTime, f.QueueTime, "queueTime"},
		{&c.TimeToAnswer, f.TimeToAnswer, "timeToAnswer"},
		{&c.LostAfter, f.LostAfter, "lostAfter"},
		{&c.AgentTalkTime, f.AgentTalkTime, "agentTalkTime"},
	} {
		asked := criterion.asked
		switch {
		case asked == nil:
			continue
		case asked.AtLeast == nil && asked.AtMost == nil:
			return fault.New(fault.DurationUnbounded, criterion.field)
		case asked.AtLeast != nil && *asked.AtLeast < 0:
			return fault.New(fault.DurationNegative, criterion.field+".atLeast")
		case asked.AtMost != nil && *asked.AtMost < 0:
			return fault.New(fault.DurationNegative, criterion.field+".atMost")
		case asked.AtLeast != nil && asked.AtMost != nil && *asked.AtLeast > *asked.AtMost:
			return fault.New(fault.DurationReversed, criterion.field)
		}
		*criterion.into = asked
	}
	return nil
}

func (c *Criteria) resolveComputed(f contact.Filter) error {
	if f.Recovery != nil {
		states, err := resolveEnum(f.Recovery.States, contact.RecoveryStates, "recovery.states")
		if err != nil {
			return err
		}
		if err := CheckRecoveryHours(f.Recovery.WithinHours); err != nil {
			return fault.At("recovery", err)
		}
		if states != nil {
			c.Recovery = &recovery{states, f.Recovery.WithinHours}
		}
	}
	if f.RepeatWithinDays != nil {
		if err := checkRange("repeatWithinDays", *f.RepeatWithinDays, contact.MaxRepeatDays); err != nil {
			return err
		}
		c.RepeatWithinDays = f.RepeatWithinDays
	}
	return nil
}

func (c *Criteria) resolveAgents(ctx context.Context, f contact.Filter, small *directory.Directory, exists existsFunc) error {
	agents, err := resolveIDs(ctx, f.AgentIDs, relay.AgentKind, "agentIds", exists)
	if err != nil {
		return err
	}
	groups, err := resolveIDs(ctx, f.AgentGroupIDs, relay.AgentGroupKind, "agentGroupIds", exists)
	if err != nil {
		return err
	}
	c.Agents = agents
	if groups != nil {
		members, err := small.Members(ctx, groups)
		if err != nil {
			return err
		}
		c.Agents = agents.And(members)
	}
	return nil
}

func (c *Criteria) resolveThings(ctx context.Context, f contact.Filter, exists existsFunc) error {
	for _, criterion := range []struct {
		into  *contact.Set[int64]
		ids   []string
		kind  relay.Kind
		field string
	}{
		{&c.Campaigns, f.CampaignIDs, relay.CampaignKind, "campaignIds"},
		{&c.SiteCalls, f.SiteCallIDs, relay.SiteCallKind, "siteCallIds"},
		{&c.Queues, f.QueueIDs, relay.QueueKind, "queueIds"},
		{&c.Classifiers, f.ClassifierIDs, relay.ClassifierKind, "classifierIds"},
		{&c.Records, f.RecordIDs, relay.RecordKind, "recordIds"},
		{&c.Contacts, f.ContactIDs, relay.ContactKind, "contactIds"},
	} {
		var err error
		if *criterion.into, err = resolveIDs(ctx, criterion.ids, criterion.kind, criterion.field, exists); err != nil {
			return err
		}
	}
	return nil
}

func isTrue(asked *bool) bool { return asked != nil && *asked }

// resolveExternalIDs finds contacts and records by the platform's own ids. One that is none becomes the number 0,
// which nothing has.
func (c *Criteria) resolveExternalIDs(ctx context.Context, s *Reader, f contact.Filter, exists existsFunc) error {
	for _, criterion := range []struct {
		numbers *contact.Set[int64]
		ids     []string
		kind    relay.Kind
		field   string
		find    func([]string) plan.Statement
	}{
		{&c.Contacts, f.ExternalIDs, relay.ContactKind, "externalIds", plan.ContactsByExternalID},
		{&c.Records, f.RecordExternalIDs, relay.RecordKind, "recordExternalIds", plan.RecordsByExternalID},
	} {
		if _, err := resolveTexts(criterion.ids, criterion.field); err != nil {
			return err
		}
		if len(criterion.ids) == 0 {
			continue
		}
		var numbers []int64
		if err := s.query(ctx, s.pool, &numbers, criterion.find(criterion.ids)); err != nil {
			return fmt.Errorf("finding the platform's ids: %w", err)
		}
		found, err := exists(ctx, criterion.kind, numbers)
		if err != nil {
			return err
		}
		for i, number := range numbers {
			if !found[number] {
				return fault.New(fault.IDUnknown, element(criterion.field, i))
			}
		}
		*criterion.numbers = criterion.numbers.And(contact.NewSet(numbers))
	}
	return nil
}

// narrowTo narrows the criteria to the contacts of one thing.
func (c Criteria) narrowTo(ctx context.Context, thing Within, small *directory.Directory) (Criteria, error) {
	one := contact.Set[int64]{thing.ID}
	switch thing.Kind {
	case "":
	case relay.AgentKind:
		c.Agents = c.Agents.And(one)
	case relay.AgentGroupKind:
		members, err := small.Members(ctx, one)
		if err != nil {
			return Criteria{}, err
		}
		c.Agents = c.Agents.And(members)
	case relay.CampaignKind:
		c.narrowToCampaigns(one)
	case relay.QueueKind:
		c.Queues = c.Queues.And(one)
	case relay.ClassifierKind:
		c.Classifiers = c.Classifiers.And(one)
	case relay.SiteCallKind:
		c.SiteCalls = c.SiteCalls.And(one)
	case relay.RecordKind:
		c.Records = c.Records.And(one)
	default:
		return Criteria{}, fmt.Errorf("contacts within a %s", thing.Kind)
	}
	return c, nil
}

// restrict narrows the criteria to what somebody sees.
func (c *Criteria) restrict(to *directory.Visibility) {
	switch {
	case !to.Restricted:
	case to.Nothing():
		c.Contacts = contact.Set[int64]{}
	case len(to.Agents) == 0:
		c.narrowToCampaigns(to.Campaigns)
	case len(to.Campaigns) == 0:
		c.Agents = c.Agents.And(to.Agents)
	case !c.OutsideCampaign && c.Campaigns.SubsetOf(to.Campaigns), c.Agents.SubsetOf(to.Agents):
	default:
		c.either = to
	}
}

// narrowToCampaigns narrows the criteria to some campaigns. That must hold besides the filter's own "either of the campaigns,
// or outside any".
func (c *Criteria) narrowToCampaigns(campaigns contact.Set[int64]) {
	if c.OutsideCampaign && c.Campaigns == nil {
		c.Campaigns = contact.Set[int64]{}
	}
	c.Campaigns, c.OutsideCampaign = c.Campaigns.And(campaigns), false
}

// resolveEnum guards against values that did not come through the schema, such as those of a kept filter.
func resolveEnum[T cmp.Ordered](values, all []T, field string) (contact.Set[T], error) {
	if len(values) > maxList {
		return nil, fault.New(fault.ListTooLong, field, maxList)
	}
	for i, value := range values {
		if !slices.Contains(all, value) {
			return nil, fault.New(fault.ValueUnknown, element(field, i))
		}
	}
	return contact.NewSet(values), nil
}

func resolveTexts(values []string, field string) (contact.Set[string], error) {
	return resolveEach(values, field, func(text string) (string, error) { return text, contact.CheckText(text) })
}

func resolveAddresses(values []string, field string) (contact.Set[string], error) {
	return resolveEach(values, field, func(text string) (string, error) {
		if err := contact.CheckCharacters(text); err != nil {
			return "", err
		}
		return contact.NormalizeAddress(text)
	})
}

func resolveEach(values []string, field string, read func(string) (string, error)) (contact.Set[string], error) {
	if len(values) > maxList {
		return nil, fault.New(fault.ListTooLong, field, maxList)
	}
	found := make([]string, len(values))
	for i, value := range values {
		var err error
		if found[i], err = read(value); err != nil {
			return nil, fault.At(element(field, i), err)
		}
	}
	return contact.NewSet(found), nil
}

func resolveIDs(ctx context.Context, ids []string, kind relay.Kind, field string, exists existsFunc) (contact.Set[int64], error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > maxList {
		return nil, fault.New(fault.ListTooLong, field, maxList)
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		var err error
		if numbers[i], err = relay.DecodeIDOf(kind, id); err != nil {
			return nil, fault.At(element(field, i), err)
		}
	}
	found, err := exists(ctx, kind, numbers)
	if err != nil {
		return nil, err
	}
	for i, number := range numbers {
		if !found[number] {
			return nil, fault.New(fault.IDUnknown, element(field, i))
		}
	}
	return contact.NewSet(numbers), nil
}

func element(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
