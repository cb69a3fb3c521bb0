package contact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

const (
	// longestList is how many values one criterion may have.
	longestList = 250
	// longestText is how many characters a value may have.
	longestText = 256
)

// Criteria is a checked filter with its presets resolved: it means the same contacts whenever it is read. A set that
// is nil does not restrict; one that is empty lets nothing through.
type Criteria struct {
	days  days
	hours *clockWindow
	zone  *time.Location

	agents, campaigns, siteCalls, queues, classifiers, records, contacts set[int64]
	outsideCampaign                                                      bool
	sources, destinations, tickets                                       set[string]
	types                                                                set[Type]
	statuses                                                             set[Status]
	// either restricts to the contacts of some campaigns or agents; nil where one of the sets above does so alone.
	either *sight

	filter Filter
}

// set is sorted and has no value twice.
type set[T cmp.Ordered] []T

func newSet[T cmp.Ordered](values []T) set[T] {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// and keeps what both sets let through.
func (s set[T]) and(other set[T]) set[T] {
	if s == nil {
		return other
	}
	if other == nil {
		return s
	}
	both := set[T]{}
	for _, value := range s {
		if _, found := slices.BinarySearch(other, value); found {
			both = append(both, value)
		}
	}
	return both
}

// within says that the other set lets through all that this one does.
func (s set[T]) within(other set[T]) bool {
	return s != nil && len(s.and(other)) == len(s)
}

// Resolve checks a filter and makes of it what the report reads, frozen: presets become dates. Errors: the INVALID_…
// codes, PERIOD_TOO_LONG and UNKNOWN_ID, with the path of the criterion; FORBIDDEN for criteria on what the viewer may
// not see, lest it be found out by asking.
func (s *Reader) Resolve(ctx context.Context, f Filter) (Criteria, error) {
	return s.resolve(ctx, f, nil, s.Known)
}

// ResolveKept resolves a filter that was resolved before, perhaps for somebody who could see more then: what no longer
// exists for the viewer finds nothing, and is no error. Errors: FORBIDDEN as for Resolve.
func (s *Reader) ResolveKept(ctx context.Context, f Filter) (Criteria, error) {
	return s.resolve(ctx, f, nil, func(_ context.Context, _ relay.Kind, ids []int64) (map[int64]bool, error) {
		all := make(map[int64]bool, len(ids))
		for _, id := range ids {
			all[id] = true // the reach is a criterion of its own
		}
		return all, nil
	})
}

// known says which things exist.
type known func(context.Context, relay.Kind, []int64) (map[int64]bool, error)

// resolve takes the dates that a preset came to from resolved, where an earlier page has resolved it.
func (s *Reader) resolve(ctx context.Context, f Filter, resolved *days, exist known) (Criteria, error) {
	c := Criteria{zone: s.settings.Zone}
	for _, check := range []func(context.Context, Filter) error{
		func(_ context.Context, f Filter) error { return s.viewer.checkFilter(f) },
		func(_ context.Context, f Filter) error { return c.resolveTime(f, s.settings.Now(), resolved) },
		func(_ context.Context, f Filter) error { return c.resolveValues(f) },
		func(ctx context.Context, f Filter) error { return c.resolveAgents(ctx, f, s.directory, exist) },
		func(ctx context.Context, f Filter) error { return c.resolveThings(ctx, f, exist) },
	} {
		if err := check(ctx, f); err != nil {
			return Criteria{}, err
		}
	}
	c.filter = c.freeze(f)
	c.restrict(s.directory.sight(s.viewer.Reach))
	return c, nil
}

func (c *Criteria) resolveTime(f Filter, now time.Time, resolved *days) error {
	if f.TimeZone != nil {
		zone, err := loadZone(*f.TimeZone)
		if err != nil {
			return err
		}
		c.zone = zone
	}
	var err error
	if c.days, err = resolveDays(f.Period, dayOf(now.In(c.zone))); err != nil {
		return fault.At("period", err)
	}
	if f.Period.Preset != nil && resolved != nil {
		c.days = *resolved
	}
	c.hours, err = resolveHours(f.Hours)
	return fault.At("hours", err)
}

// loadZone takes IANA names alone: the loader would also read "Local", which means another zone on every machine.
func loadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fault.New(fault.TimeZoneUnknown, "timeZone")
	}
	return zone, nil
}

func (c *Criteria) resolveValues(f Filter) error {
	var err error
	if c.types, err = resolveEnum(f.Types, Types, "types"); err != nil {
		return err
	}
	if c.statuses, err = resolveEnum(f.Statuses, Statuses, "statuses"); err != nil {
		return err
	}
	if c.sources, err = resolveAddresses(f.SourceAddresses, "sourceAddresses"); err != nil {
		return err
	}
	if c.destinations, err = resolveAddresses(f.DestinationAddresses, "destinationAddresses"); err != nil {
		return err
	}
	c.tickets, err = resolveTexts(f.TicketIDs, "ticketIds")
	c.outsideCampaign = f.OutsideCampaign != nil && *f.OutsideCampaign
	return err
}

func (c *Criteria) resolveAgents(ctx context.Context, f Filter, directory *Directory, exist known) error {
	agents, err := resolveIDs(ctx, f.AgentIDs, relay.AgentKind, "agentIds", exist)
	if err != nil {
		return err
	}
	groups, err := resolveIDs(ctx, f.AgentGroupIDs, relay.AgentGroupKind, "agentGroupIds", exist)
	if err != nil {
		return err
	}
	c.agents = agents
	if groups != nil {
		members, err := directory.members(ctx, groups)
		if err != nil {
			return err
		}
		c.agents = agents.and(members)
	}
	return nil
}

func (c *Criteria) resolveThings(ctx context.Context, f Filter, exist known) error {
	for _, criterion := range []struct {
		into  *set[int64]
		ids   []string
		kind  relay.Kind
		field string
	}{
		{&c.campaigns, f.CampaignIDs, relay.CampaignKind, "campaignIds"},
		{&c.siteCalls, f.SiteCallIDs, relay.SiteCallKind, "siteCallIds"},
		{&c.queues, f.QueueIDs, relay.QueueKind, "queueIds"},
		{&c.classifiers, f.ClassifierIDs, relay.ClassifierKind, "classifierIds"},
		{&c.records, f.RecordIDs, relay.RecordKind, "recordIds"},
		{&c.contacts, f.ContactIDs, relay.ContactKind, "contactIds"},
	} {
		var err error
		if *criterion.into, err = resolveIDs(ctx, criterion.ids, criterion.kind, criterion.field, exist); err != nil {
			return err
		}
	}
	return nil
}

// within narrows the criteria to the contacts of one thing.
func (c Criteria) within(ctx context.Context, within Within, directory *Directory) (Criteria, error) {
	one := set[int64]{within.ID}
	switch within.Kind {
	case "":
	case relay.AgentKind:
		c.agents = c.agents.and(one)
	case relay.AgentGroupKind:
		members, err := directory.members(ctx, one)
		if err != nil {
			return Criteria{}, err
		}
		c.agents = c.agents.and(members)
	case relay.CampaignKind:
		c.inCampaigns(one)
	case relay.QueueKind:
		c.queues = c.queues.and(one)
	case relay.ClassifierKind:
		c.classifiers = c.classifiers.and(one)
	case relay.SiteCallKind:
		c.siteCalls = c.siteCalls.and(one)
	case relay.RecordKind:
		c.records = c.records.and(one)
	default:
		return Criteria{}, fmt.Errorf("contacts within a %s", within.Kind)
	}
	return c, nil
}

// restrict narrows the criteria to what somebody sees.
func (c *Criteria) restrict(to *sight) {
	switch {
	case !to.restricted:
	case to.nothing():
		c.contacts = set[int64]{}
	case len(to.agents) == 0:
		c.inCampaigns(to.campaigns)
	case len(to.campaigns) == 0:
		c.agents = c.agents.and(to.agents)
	case !c.outsideCampaign && c.campaigns.within(to.campaigns), c.agents.within(to.agents):
	default:
		c.either = to
	}
}

// inCampaigns narrows the criteria to some campaigns. That must hold besides the filter's own "either of the campaigns,
// or outside any".
func (c *Criteria) inCampaigns(campaigns set[int64]) {
	if c.outsideCampaign && c.campaigns == nil {
		c.campaigns = set[int64]{}
	}
	c.campaigns, c.outsideCampaign = c.campaigns.and(campaigns), false
}

// resolveEnum guards against values that did not come through the schema, such as those of a kept filter.
func resolveEnum[T cmp.Ordered](values, all []T, field string) (set[T], error) {
	if len(values) > longestList {
		return nil, fault.New(fault.ListTooLong, field, longestList)
	}
	for i, value := range values {
		if !slices.Contains(all, value) {
			return nil, fault.New(fault.ValueUnknown, element(field, i))
		}
	}
	return newSet(values), nil
}

func resolveTexts(values []string, field string) (set[string], error) {
	return resolveEach(values, field, func(text string) (string, error) {
		if utf8.RuneCountInString(text) > longestText {
			return "", fault.New(fault.TextTooLong, "", longestText)
		}
		return text, nil
	})
}

func resolveAddresses(values []string, field string) (set[string], error) {
	return resolveEach(values, field, NormalizeAddress)
}

func resolveEach(values []string, field string, read func(string) (string, error)) (set[string], error) {
	if len(values) > longestList {
		return nil, fault.New(fault.ListTooLong, field, longestList)
	}
	found := make([]string, len(values))
	for i, value := range values {
		err := checkText(value)
		if err == nil {
			found[i], err = read(value)
		}
		if err != nil {
			return nil, fault.At(element(field, i), err)
		}
	}
	return newSet(found), nil
}

func checkText(text string) error {
	switch {
	case text == "":
		return fault.New(fault.TextEmpty, "")
	case !utf8.ValidString(text) || slices.Contains([]byte(text), 0):
		return fault.New(fault.TextMalformed, "")
	default:
		return nil
	}
}

func resolveIDs(ctx context.Context, ids []string, kind relay.Kind, field string, exist known) (set[int64], error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > longestList {
		return nil, fault.New(fault.ListTooLong, field, longestList)
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		var err error
		if numbers[i], err = relay.DecodeIDOf(kind, id); err != nil {
			return nil, fault.At(element(field, i), err)
		}
	}
	found, err := exist(ctx, kind, numbers)
	if err != nil {
		return nil, err
	}
	for i, number := range numbers {
		if !found[number] {
			return nil, fault.New(fault.IDUnknown, element(field, i))
		}
	}
	return newSet(numbers), nil
}

func element(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
