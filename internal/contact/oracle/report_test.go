package oracle

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// question is all that the contents of a list depend on.
type question struct {
	Filter contact.Filter
	Within contact.Within
	Order  contact.Order
	// Now is what the clock shows when the question is asked.
	Now time.Time
	// Zone is the platform's time zone.
	Zone *time.Location
}

// answer is the whole list that a question asks for, or everything that is wrong with the question.
type answer struct {
	rows   []*row
	period contact.ResolvedPeriod
	faults codes
}

// codes is a set of error codes: a question with several faults may be refused for any of them.
type codes map[fault.Code]bool

// answer reads the question, keeps the rows that meet it one by one, and sorts them.
func (w *world) answer(q question) answer {
	c := criteria{world: w, faults: codes{}}
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
	return answer{rows: rows, period: contact.ResolvedPeriod{From: c.from.String(), To: c.to.String(), TimeZone: c.zone.String()}}
}

// criteria is a filter that was read. A nil set does not restrict.
type criteria struct {
	world  *world
	faults codes

	zone           *time.Location
	from, to       day
	hours          bool
	opens, closes  int
	agents, groups map[int64]bool
	campaigns      map[int64]bool
	outside        bool
	queues         map[int64]bool
	classifiers    map[int64]bool
	siteCalls      map[int64]bool
	records        map[int64]bool
	contacts       map[int64]bool
	types          map[contact.Type]bool
	statuses       map[contact.Status]bool
	sources        map[string]bool
	destinations   map[string]bool
	tickets        map[string]bool
	within         func(*row) bool
}

const longestList = 250

func (c *criteria) read(q question) {
	f := q.Filter
	c.readZone(f.TimeZone, q.Zone)
	c.readPeriod(f.Period, q.Now)
	c.readHours(f.Hours)
	c.agents = c.readIDs(relay.AgentKind, f.AgentIDs, identifiers(c.world.agents))
	c.groups = c.membersOf(f.AgentGroupIDs)
	c.campaigns = c.readIDs(relay.CampaignKind, f.CampaignIDs, c.world.campaigns)
	c.outside = f.OutsideCampaign != nil && *f.OutsideCampaign
	c.queues = c.readIDs(relay.QueueKind, f.QueueIDs, c.world.queues)
	c.classifiers = c.readIDs(relay.ClassifierKind, f.ClassifierIDs, c.world.classifiers)
	c.siteCalls = c.readIDs(relay.SiteCallKind, f.SiteCallIDs, c.world.siteCalls)
	c.records = c.readIDs(relay.RecordKind, f.RecordIDs, c.world.records)
	c.contacts = c.readContactIDs(f.ContactIDs)
	c.types = oneOf(c, f.Types, contact.Types)
	c.statuses = oneOf(c, f.Statuses, contact.Statuses)
	c.sources = c.readAddresses(f.SourceAddresses)
	c.destinations = c.readAddresses(f.DestinationAddresses)
	c.tickets = c.readTickets(f.TicketIDs)
	c.within = c.world.within(q.Within)
}

func (c *criteria) fault(several ...fault.Code) {
	for _, code := range several {
		c.faults[code] = true
	}
}

func (c *criteria) readZone(name *string, platform *time.Location) {
	c.zone = platform
	if name == nil {
		return
	}
	zone, err := time.LoadLocation(*name)
	if err != nil || *name == "" || *name == "Local" {
		c.fault(fault.InvalidTimeZone)
		return
	}
	c.zone = zone
}

func (c *criteria) readPeriod(p contact.Period, now time.Time) {
	switch {
	case (p.Preset == nil) == (p.Range == nil):
		c.fault(fault.InvalidPeriod)
	case p.Preset != nil:
		var known bool
		if c.from, c.to, known = presetDays(*p.Preset, localDay(now, c.zone)); !known {
			c.fault(fault.InvalidPeriod)
		}
	default:
		from, fromOK := parseDay(p.Range.From)
		to, toOK := parseDay(p.Range.To)
		switch {
		case !fromOK || !toOK || from > to:
			c.fault(fault.InvalidPeriod)
		case to+1 > from.threeMonthsLater():
			c.fault(fault.PeriodTooLong)
		}
		c.from, c.to = from, to
	}
}

func (c *criteria) readHours(h *contact.Hours) {
	if h == nil || (h.From == nil && h.To == nil) {
		return
	}
	c.hours, c.opens, c.closes = true, 0, 24*60
	for _, bound := range []struct {
		text *string
		into *int
	}{{h.From, &c.opens}, {h.To, &c.closes}} {
		if bound.text == nil {
			continue
		}
		minute, ok := parseMinute(*bound.text)
		if !ok {
			c.fault(fault.InvalidHours)
		}
		*bound.into = minute
	}
	if c.opens == c.closes {
		c.fault(fault.InvalidHours)
	}
}

func (c *criteria) readIDs(kind relay.Kind, ids []string, known []int64) map[int64]bool {
	return c.readNumbers(kind, ids, func(number int64) bool { return slices.Contains(known, number) })
}

func (c *criteria) readContactIDs(ids []string) map[int64]bool {
	return c.readNumbers(relay.ContactKind, ids, func(number int64) bool { return c.world.byID[number] != nil })
}

func (c *criteria) readNumbers(kind relay.Kind, ids []string, known func(int64) bool) map[int64]bool {
	if !restricts(c, ids) {
		return nil
	}
	numbers := map[int64]bool{}
	for _, id := range ids {
		number, ok := readID(kind, id)
		switch {
		case !ok:
			c.fault(fault.InvalidID)
		case !known(number):
			c.fault(fault.UnknownID)
		}
		numbers[number] = true
	}
	return numbers
}

// readID takes an id apart as the API's documentation of it says: the kind and number in unpadded URL-safe base 64.
func readID(kind relay.Kind, id string) (int64, bool) {
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil {
		return 0, false
	}
	digits, ours := strings.CutPrefix(string(decoded), string(kind)+":")
	number, err := strconv.ParseInt(digits, 10, 64)
	return number, ours && err == nil && strconv.FormatInt(number, 10) == digits
}

func (c *criteria) membersOf(ids []string) map[int64]bool {
	var known []int64
	for _, g := range c.world.groups {
		known = append(known, g.id)
	}
	wanted := c.readIDs(relay.AgentGroupKind, ids, known)
	if wanted == nil {
		return nil
	}
	members := map[int64]bool{}
	for _, g := range c.world.groups {
		for _, member := range g.members {
			if wanted[g.id] {
				members[member] = true
			}
		}
	}
	return members
}

func (c *criteria) readAddresses(raw []string) map[string]bool {
	if !restricts(c, raw) {
		return nil
	}
	keys := map[string]bool{}
	for _, address := range raw {
		key, ok := addressKey(address)
		switch {
		case address == "" || !wellFormed(address):
			c.fault(fault.InvalidText, fault.InvalidAddress)
		case !ok:
			c.fault(fault.InvalidAddress)
		}
		keys[key] = true
	}
	return keys
}

func (c *criteria) readTickets(tickets []string) map[string]bool {
	if !restricts(c, tickets) {
		return nil
	}
	wanted := map[string]bool{}
	for _, ticket := range tickets {
		if ticket == "" || !wellFormed(ticket) {
			c.fault(fault.InvalidText)
		}
		wanted[ticket] = true
	}
	return wanted
}

func wellFormed(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func restricts[T any](c *criteria, values []T) bool {
	if len(values) > longestList {
		c.fault(fault.InvalidFilter)
	}
	return len(values) > 0
}

func oneOf[T comparable](c *criteria, values, all []T) map[T]bool {
	if !restricts(c, values) {
		return nil
	}
	wanted := map[T]bool{}
	for _, value := range values {
		if !slices.Contains(all, value) {
			c.fault(fault.InvalidFilter, fault.InvalidText)
		}
		wanted[value] = true
	}
	return wanted
}

// within is what makes a contact one of a thing's own.
func (w *world) within(thing contact.Within) func(*row) bool {
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
	return c.within(r) &&
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
		member(c.sources, r.sourceKey) &&
		member(c.destinations, r.destinationKey) &&
		member(c.tickets, r.TicketID) &&
		c.holdTime(r)
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
	return !c.hours || hoursHold(localMinute(r.StartedAt, c.zone), c.opens, c.closes)
}
