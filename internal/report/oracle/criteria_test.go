package oracle

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// criteria is a filter that was read. A nil set does not restrict.
type criteria struct {
	world      *world
	faults     faults
	visibility visibility

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
	outcomes       map[contact.Outcome]bool
	weekdays       map[contact.Weekday]bool
	// durations bound what a row holds of them; those that are nil do not restrict.
	queueTime, timeToAnswer, lostAfter, agentTalkTime *contact.DurationRange
	sources                                           map[string]bool
	destinations                                      map[string]bool
	tickets                                           map[string]bool
	addresses                                         map[string]bool // in whichever role
	externalIDs                                       map[string]bool
	recordExternalIDs                                 map[string]bool
	noSource                                          bool
	noDestination                                     bool
	within                                            func(*row) bool
	// recoveryStates are nil, and so is repeatDays, where nothing is asked for.
	recoveryStates map[contact.RecoveryState]bool
	recoveryHours  int
	repeatDays     *int
	// unfinished contacts rang before this instant; nil does not restrict.
	unfinished *time.Time
}

const (
	maxList = 250
	maxText = 256
)

func (c *criteria) read(q question) {
	f := q.Filter
	c.readZone(f.TimeZone, q.Zone)
	c.readPeriod(f.Period, q.Now)
	c.readHours(f.Hours)
	c.agents = c.readIDs("agentIds", relay.AgentKind, f.AgentIDs, identifiers(c.world.agents))
	c.groups = c.membersOf(f.AgentGroupIDs)
	c.campaigns = c.readIDs("campaignIds", relay.CampaignKind, f.CampaignIDs, c.world.campaigns)
	c.outside = f.OutsideCampaign != nil && *f.OutsideCampaign
	c.queues = c.readIDs("queueIds", relay.QueueKind, f.QueueIDs, c.world.queues)
	c.classifiers = c.readIDs("classifierIds", relay.ClassifierKind, f.ClassifierIDs, c.world.classifiers)
	c.siteCalls = c.readIDs("siteCallIds", relay.SiteCallKind, f.SiteCallIDs, c.world.siteCalls)
	c.records = c.readIDs("recordIds", relay.RecordKind, f.RecordIDs, c.world.records)
	c.contacts = c.readContactIDs(f.ContactIDs)
	c.types = oneOf(c, "types", f.Types, contact.Types)
	c.statuses = oneOf(c, "statuses", f.Statuses, contact.Statuses)
	c.outcomes = oneOf(c, "outcomes", f.Outcomes, contact.Outcomes)
	c.weekdays = oneOf(c, "weekdays", f.Weekdays, contact.Weekdays)
	c.queueTime = c.readBounds("queueTime", f.QueueTime)
	c.timeToAnswer = c.readBounds("timeToAnswer", f.TimeToAnswer)
	c.lostAfter = c.readBounds("lostAfter", f.LostAfter)
	c.agentTalkTime = c.readBounds("agentTalkTime", f.AgentTalkTime)
	c.readRecovery(f.Recovery)
	c.readRepeat(f.RepeatWithinDays)
	c.sources = c.readAddresses("sourceAddresses", f.SourceAddresses)
	c.destinations = c.readAddresses("destinationAddresses", f.DestinationAddresses)
	c.addresses = c.readAddresses("addresses", f.Addresses)
	c.noSource = f.WithoutSourceAddress != nil && *f.WithoutSourceAddress
	c.noDestination = f.WithoutDestinationAddress != nil && *f.WithoutDestinationAddress
	c.externalIDs = c.readExternalIDs("externalIds", relay.ContactKind, f.ExternalIDs, c.world.numbers)
	c.recordExternalIDs = c.readExternalIDs("recordExternalIds", relay.RecordKind, f.RecordExternalIDs, c.world.recordNumbers())
	c.tickets = c.readTexts("ticketIds", f.TicketIDs, askedText)
	c.within = c.world.within(q.Within)
	if f.Unfinished != nil && *f.Unfinished {
		c.unfinished = pointer(q.Now.Add(-12 * time.Hour))
	}
}

func (c *criteria) readBounds(field string, bounds *contact.DurationRange) *contact.DurationRange {
	if bounds == nil {
		return nil
	}
	least, most := orElse(bounds.AtLeast, pointer(0)), orElse(bounds.AtMost, pointer(1<<31))
	switch {
	case bounds.AtLeast == nil && bounds.AtMost == nil:
		c.fault(fault.InvalidDuration, field)
	case *least < 0:
		c.fault(fault.InvalidDuration, field+".atLeast")
	case *most < 0:
		c.fault(fault.InvalidDuration, field+".atMost")
	case *least > *most:
		c.fault(fault.InvalidDuration, field)
	}
	return &contact.DurationRange{AtLeast: least, AtMost: most}
}

// within says whether a duration lies within bounds: one that there is not does not.
func within(bounds *contact.DurationRange, seconds *int) bool {
	return bounds == nil || seconds != nil && *bounds.AtLeast <= *seconds && *seconds <= *bounds.AtMost
}

func (c *criteria) fault(code fault.Code, field string) { c.faults[finding{code, field}] = true }

// placeName is how the names of the IANA list are made up: each part begins with a capital.
var placeName = regexp.MustCompile(`^[A-Z][A-Za-z0-9+-]*(?:/[A-Z][A-Za-z0-9_+-]*){0,2}$`)

func (c *criteria) readZone(name *string, platform *time.Location) {
	c.zone = platform
	if name == nil {
		return
	}
	zone, err := time.LoadLocation(*name)
	if err != nil || !placeName.MatchString(*name) || *name == "Local" || *name == "Factory" {
		c.fault(fault.InvalidTimeZone, "timeZone")
		return
	}
	c.zone = zone
}

func (c *criteria) readPeriod(p contact.Period, now time.Time) {
	switch {
	case (p.Preset == nil) == (p.Range == nil):
		c.fault(fault.InvalidPeriod, "period")
	case p.Preset != nil:
		var known bool
		if c.from, c.to, known = presetDays(*p.Preset, localDay(now, c.zone)); !known {
			c.fault(fault.InvalidPeriod, "period.preset")
		}
	default:
		c.readRange(*p.Range)
	}
}

func (c *criteria) readRange(r contact.Range) {
	var fromOK, toOK bool
	if c.from, fromOK = parseDay(r.From); !fromOK {
		c.fault(fault.InvalidPeriod, "period.range.from")
	}
	if c.to, toOK = parseDay(r.To); !toOK {
		c.fault(fault.InvalidPeriod, "period.range.to")
	}
	switch {
	case !fromOK || !toOK:
	case c.from > c.to:
		c.fault(fault.InvalidPeriod, "period.range")
	case c.to+1 > c.from.threeMonthsLater():
		c.fault(fault.PeriodTooLong, "period.range")
	}
}

func (c *criteria) readHours(h *contact.Hours) {
	if h == nil || (h.From == nil && h.To == nil) {
		return
	}
	fromOK, toOK := true, true
	c.hours, c.opens, c.closes = true, 0, 24*60
	if h.From != nil {
		if c.opens, fromOK = parseMinute(*h.From); !fromOK {
			c.fault(fault.InvalidHours, "hours.from")
		}
	}
	if h.To != nil {
		if c.closes, toOK = parseMinute(*h.To); !toOK {
			c.fault(fault.InvalidHours, "hours.to")
		}
	}
	if fromOK && toOK && c.opens == c.closes {
		c.fault(fault.InvalidHours, "hours")
	}
}

func (c *criteria) readIDs(field string, kind relay.Kind, ids []string, known []int64) map[int64]bool {
	return c.readNumbers(field, kind, ids, func(number int64) bool { return slices.Contains(known, number) })
}

func (c *criteria) readContactIDs(ids []string) map[int64]bool {
	return c.readNumbers("contactIds", relay.ContactKind, ids, func(number int64) bool { return c.world.byID[number] != nil })
}

func (c *criteria) readNumbers(field string, kind relay.Kind, ids []string, known func(int64) bool) map[int64]bool {
	numbers := map[int64]bool{}
	for i, id := range ids {
		number, ok := readID(kind, id)
		switch {
		case !ok:
			c.fault(fault.InvalidID, element(field, i))
		case !known(number) || !c.visibility.sees(kind, number):
			c.fault(fault.UnknownID, element(field, i))
		}
		numbers[number] = true
	}
	return restricting(c, field, len(ids), numbers)
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
	wanted := c.readIDs("agentGroupIds", relay.AgentGroupKind, ids, known)
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

// askedText takes a text as it is, if it is not too long.
func askedText(text string) (string, fault.Code) {
	if utf8.RuneCountInString(text) > maxText {
		return "", fault.InvalidText
	}
	return text, ""
}

// askedKey takes whatever is an address, blanks among its characters too.
func askedKey(text string) (string, fault.Code) {
	key, ok := addressKey(text)
	if !ok || utf8.RuneCountInString(text) > maxKey || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return "", fault.InvalidAddress
	}
	return key, ""
}

// readTexts reads texts by what they are compared by. What is no text at all is not looked at as an address.
func (c *criteria) readTexts(field string, texts []string, keyOf func(string) (string, fault.Code)) map[string]bool {
	keys := map[string]bool{}
	for i, text := range texts {
		key, code := keyOf(text)
		switch {
		case text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0):
			c.fault(fault.InvalidText, element(field, i))
		case code != "":
			c.fault(code, element(field, i))
		}
		keys[key] = true
	}
	return restricting(c, field, len(texts), keys)
}

// readExternalIDs reads the platform's own ids of what there is, by the numbers that we have for it.
func (c *criteria) readExternalIDs(field string, kind relay.Kind, texts []string, numbers map[string]int64) map[string]bool {
	read := c.readTexts(field, texts, askedText)
	for i, text := range texts {
		if number, known := numbers[text]; !known || !c.visibility.sees(kind, number) {
			c.fault(fault.UnknownID, element(field, i))
		}
	}
	return read
}

func oneOf[T comparable](c *criteria, field string, values, all []T) map[T]bool {
	wanted := map[T]bool{}
	for i, value := range values {
		if !slices.Contains(all, value) {
			c.fault(fault.InvalidFilter, element(field, i))
		}
		wanted[value] = true
	}
	if len(values) == 0 {
		return nil
	}
	return wanted
}

// restricting is what the values of a criterion let through: nil, which is everything, where there are none.
func restricting[T comparable](c *criteria, field string, values int, wanted map[T]bool) map[T]bool {
	if values > maxList {
		c.fault(fault.InvalidFilter, field)
	}
	if values == 0 {
		return nil
	}
	return wanted
}

func element(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
