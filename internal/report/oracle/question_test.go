package oracle

import (
	"fmt"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// asker makes up questions about a world. Most values are those of one contact, so that lists are seldom empty; the
// others are anything, so that they are seldom everything.
type asker struct {
	dice
	w      *world
	anchor *row
	book   []string
}

func (w *world) asker(d dice) *asker { return &asker{dice: d, w: w} }

// withAnchor has the questions be about some contact.
func (a *asker) withAnchor() *asker {
	a.anchor = pick(a.dice, a.w.rows)
	return a
}

// question makes one up; about one in twelve has a fault.
func (a *asker) question() question {
	a.withAnchor()
	q := question{Order: a.order(), Zone: a.w.zones[0]}
	if a.chance(20) {
		q.Zone = pick(a.dice, a.w.zones)
	}
	zone := q.Zone
	if a.chance(60) {
		zone = pick(a.dice, a.w.zones)
		q.Filter.TimeZone = pointer(zone.String())
	}
	q.Now = a.anchor.StartedAt.Add(time.Duration(a.IntN(45*24*60)-5*24*60) * time.Minute)
	if a.chance(25) {
		q.Filter.Period.Preset = pointer(pick(a.dice, contact.Presets))
		q.Now = a.nowFor(*q.Filter.Period.Preset)
		// A frozen preset is a range of dates, which are within these years.
		q.Now = latest(time.Date(1900, 3, 5, 0, 0, 0, 0, time.UTC), earliest(q.Now, time.Date(2999, 11, 25, 0, 0, 0, 0, time.UTC)))
	} else {
		q.Filter.Period.Range = a.dates(zone)
	}
	if a.chance(25) {
		q.Filter.Hours = a.hours(zone)
	}
	for range pick(a.dice, []int{0, 0, 1, 1, 1, 1, 2, 2, 3, 5}) {
		a.restrict(&q.Filter)
	}
	if a.chance(15) {
		q.Within = a.within()
	}
	if a.chance(35) {
		q.Viewer = a.viewer()
		a.allow(&q)
	}
	if a.chance(8) {
		a.spoil(&q.Filter)
	}
	return q
}

func pointer[T any](value T) *T { return &value }

var orderFields = []contact.OrderField{
	contact.OrderByStartedAt, contact.OrderByAgentTalkTime, contact.OrderByTalkTime, contact.OrderByRingTime,
	contact.OrderByQueueTime, contact.OrderByTimeToAnswer, contact.OrderByLostAfter,
}

func (a *asker) order() contact.Order {
	if a.chance(35) {
		return contact.NewestFirst
	}
	return contact.Order{
		Field:     pick(a.dice, orderFields),
		Direction: pick(a.dice, []contact.Direction{contact.Ascending, contact.Descending}),
	}
}

// nowFor is a moment from which the anchor is more or less within the preset.
func (a *asker) nowFor(preset contact.Preset) time.Time {
	hours := map[contact.Preset][2]int{
		contact.Today: {-12, 12}, contact.Yesterday: {10, 40}, contact.CurrentWeek: {-72, 72}, contact.PreviousWeek: {72, 240},
		contact.CurrentMonth: {-240, 240}, contact.PreviousMonth: {240, 900}, contact.Last7Days: {-6, 170}, contact.Last30Days: {-6, 722},
	}[preset]
	minutes := hours[0]*60 + a.IntN((hours[1]-hours[0])*60)
	return a.anchor.StartedAt.Add(time.Duration(minutes) * time.Minute)
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// dates is a range round the anchor's day, now and then the longest there can be.
func (a *asker) dates(zone *time.Location) *contact.Range {
	anchor := localDay(a.anchor.StartedAt, zone)
	from := anchor - day(pick(a.dice, []int{0, 0, 1, a.IntN(7), a.IntN(31), a.IntN(92)}))
	to := max(from, anchor+day(pick(a.dice, []int{-1, 0, 0, 1, a.IntN(7), a.IntN(31), a.IntN(92)})))
	if latest := from.threeMonthsLater() - 1; to > latest || a.chance(5) {
		to = latest
	}
	from, to = max(from, dayOf(1900, 1, 1)), max(to, dayOf(1900, 1, 1))
	from, to = min(from, dayOf(2999, 12, 31)), min(to, dayOf(2999, 12, 31))
	return &contact.Range{From: from.String(), To: to.String()}
}

func clock(minute int) *string {
	minute = (minute%1440 + 1440) % 1440
	return pointer(fmt.Sprintf("%02d:%02d", minute/60, minute%60))
}

// hours is a window that the anchor is in, on the border of, or just out of.
func (a *asker) hours(zone *time.Location) *contact.Hours {
	shown := localMinute(a.anchor.StartedAt, zone)
	widths := []int{0, 0, 1, a.IntN(90), a.IntN(720)}
	from, to := clock(shown-pick(a.dice, widths)), clock(shown+pick(a.dice, widths))
	if a.chance(15) {
		from, to = to, from
	}
	switch {
	case a.chance(10):
		from = nil
	case a.chance(10):
		to = nil
	case a.chance(3):
		from, to = nil, nil
	}
	if from == nil && to != nil && *to == "00:00" || from != nil && to != nil && *from == *to {
		to = nil
	}
	return &contact.Hours{From: from, To: to}
}

// values are ids of a kind: the anchor's own where it has one, and others.
func (a *asker) values(kind relay.Kind, own *int64, all []int64) []string {
	var ids []string
	if own != nil && a.chance(85) {
		ids = append(ids, relay.EncodeID(kind, *own))
	}
	for len(ids) == 0 || a.chance(50) {
		ids = append(ids, relay.EncodeID(kind, skewed(a.dice, all)))
	}
	if a.chance(5) {
		for _, number := range all[:min(len(all), maxList-len(ids))] {
			ids = append(ids, relay.EncodeID(kind, number))
		}
	}
	a.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids
}

// restrict adds one criterion.
func (a *asker) restrict(f *contact.Filter) {
	switch a.IntN(33) {
	case 0, 1:
		f.AgentIDs = a.values(relay.AgentKind, a.anchor.AgentID, identifiers(a.w.agents))
	case 2:
		f.AgentGroupIDs = a.groupIDs()
	case 3:
		f.CampaignIDs = a.values(relay.CampaignKind, a.anchor.CampaignID, a.w.campaigns)
	case 4:
		if f.OutsideCampaign = pointer(a.chance(80)); a.chance(50) {
			f.CampaignIDs = a.values(relay.CampaignKind, a.anchor.CampaignID, a.w.campaigns)
		}
	case 5:
		f.Types = append(f.Types, a.anchor.Type)
		for a.chance(50) {
			f.Types = append(f.Types, pick(a.dice, contact.Types))
		}
	case 6:
		f.Statuses = append(f.Statuses, a.anchor.Status)
		for a.chance(50) {
			f.Statuses = append(f.Statuses, pick(a.dice, contact.Statuses))
		}
	case 7:
		f.SourceAddresses = a.addresses(a.anchor.sourceKey)
	case 8:
		f.DestinationAddresses = a.addresses(a.anchor.destinationKey)
	case 9:
		if f.TicketIDs = []string{pick(a.dice, []string{"T-none", "Zgłoszenie", "' OR true --", strings.Repeat("ż", maxText)})}; a.anchor.TicketID != nil {
			f.TicketIDs = append(f.TicketIDs, *a.anchor.TicketID, *a.anchor.TicketID, skewed(a.dice, a.w.tickets))
		}
	case 10:
		f.SiteCallIDs = a.values(relay.SiteCallKind, a.anchor.SiteCallID, a.w.siteCalls)
	case 11:
		f.QueueIDs = a.values(relay.QueueKind, a.anchor.QueueID, a.w.queues)
	case 12:
		f.ClassifierIDs = a.values(relay.ClassifierKind, a.anchor.ClassifierID, a.w.classifiers)
	case 13:
		f.RecordIDs = a.values(relay.RecordKind, a.anchor.RecordID, a.w.records)
	case 14:
		f.ContactIDs = a.contactIDs()
	case 15:
		f.Unfinished = pointer(a.chance(80))
	case 16, 17:
		f.Addresses = a.addresses(a.anyKey())
	case 18:
		f.ExternalIDs = a.externalIDs()
	case 19:
		f.RecordExternalIDs = a.recordExternalIDs()
	case 20:
		if a.chance(50) {
			f.WithoutSourceAddress = pointer(a.chance(80))
		} else {
			f.WithoutDestinationAddress = pointer(a.chance(80))
		}
	case 21, 22:
		if a.anchor.Outcome != nil && a.chance(80) {
			f.Outcomes = append(f.Outcomes, *a.anchor.Outcome)
		}
		for len(f.Outcomes) == 0 || a.chance(50) {
			f.Outcomes = append(f.Outcomes, pick(a.dice, contact.Outcomes))
		}
	case 23:
		f.QueueTime = a.bounds(a.anchor.QueueTime)
	case 24:
		f.TimeToAnswer = a.bounds(a.anchor.TimeToAnswer)
	case 25:
		f.LostAfter = a.bounds(a.anchor.LostAfter)
	case 26:
		f.AgentTalkTime = a.bounds(a.anchor.AgentTalkTime)
	case 28, 29, 30:
		f.Recovery = a.recovery()
	case 31, 32:
		if f.RepeatWithinDays = pointer(pick(a.dice, []int{1, 2, 7, 30})); a.chance(3) {
			f.RepeatWithinDays = pointer(pick(a.dice, []int{0, 31}))
		}
	case 27:
		for len(f.Weekdays) == 0 || a.chance(60) {
			f.Weekdays = append(f.Weekdays, pick(a.dice, contact.Weekdays))
		}
	}
}

// bounds are some round a duration, seldom faulty.
func (a *asker) bounds(own *int) *contact.DurationRange {
	around := a.IntN(60)
	if own != nil {
		around = *own
	}
	within := &contact.DurationRange{AtLeast: pointer(around - a.IntN(20)), AtMost: pointer(around + a.IntN(20))}
	switch {
	case a.chance(30):
		within.AtLeast = nil
	case a.chance(40):
		within.AtMost = nil
	case a.chance(3):
		within = &contact.DurationRange{}
	case a.chance(3):
		within.AtLeast, within.AtMost = within.AtMost, within.AtLeast
	}
	if within.AtLeast != nil && !a.chance(3) {
		*within.AtLeast = max(0, *within.AtLeast)
	}
	return within
}

// anyKey is that of the anchor in one of its roles.
func (a *asker) anyKey() *string {
	keys := []*string{a.anchor.sourceKey, a.anchor.destinationKey}
	for i := range a.anchor.further {
		keys = append(keys, &a.anchor.further[i].key)
	}
	return pick(a.dice, keys)
}

func (a *asker) externalIDs() []string {
	ids := []string{a.anchor.ExternalID}
	for a.chance(80) && len(ids) < maxList {
		ids = append(ids, pick(a.dice, a.w.rows).ExternalID)
	}
	return ids
}

func (a *asker) recordExternalIDs() []string {
	var ids []string
	if a.anchor.RecordID != nil {
		ids = append(ids, recordOf(*a.anchor.RecordID).ExternalID)
	}
	for len(ids) == 0 || a.chance(60) && len(ids) < maxList {
		ids = append(ids, recordOf(pick(a.dice, a.w.records)).ExternalID)
	}
	return ids
}

func (a *asker) groupIDs() []string {
	var ids []string
	for len(ids) == 0 || a.chance(40) {
		ids = append(ids, relay.EncodeID(relay.AgentGroupKind, pick(a.dice, a.w.groups).id))
	}
	return ids
}

func (a *asker) contactIDs() []string {
	ids := []string{relay.EncodeID(relay.ContactKind, a.anchor.ID)}
	for a.chance(90) && len(ids) < maxList {
		ids = append(ids, relay.EncodeID(relay.ContactKind, pick(a.dice, a.w.rows).ID))
	}
	return ids
}

func (a *asker) addresses(own *string) []string {
	var addresses []string
	if own != nil {
		addresses = append(addresses, spell(a.dice, *own))
	}
	for len(addresses) == 0 || a.chance(50) {
		addresses = append(addresses, spell(a.dice, skewed(a.dice, a.addressBook())))
	}
	if own != nil && a.chance(30) {
		addresses = append(addresses, spell(a.dice, *own))
	}
	return addresses
}

// addressBook is the normalised addresses that occur, each as often as it occurs.
func (a *asker) addressBook() []string {
	if a.book == nil {
		for range 100 {
			for _, key := range []*string{pick(a.dice, a.w.rows).sourceKey, pick(a.dice, a.w.rows).destinationKey} {
				if key != nil {
					a.book = append(a.book, *key)
				}
			}
			for _, address := range pick(a.dice, a.w.rows).further {
				a.book = append(a.book, address.key)
			}
		}
	}
	return a.book
}

func (a *asker) within() report.Within {
	things := []report.Within{{Kind: relay.AgentGroupKind, ID: pick(a.dice, a.w.groups).id}}
	for kind, id := range map[relay.Kind]*int64{
		relay.AgentKind: a.anchor.AgentID, relay.CampaignKind: a.anchor.CampaignID, relay.QueueKind: a.anchor.QueueID,
		relay.ClassifierKind: a.anchor.ClassifierID, relay.SiteCallKind: a.anchor.SiteCallID, relay.RecordKind: a.anchor.RecordID,
	} {
		if id != nil {
			things = append(things, report.Within{Kind: kind, ID: *id})
		}
	}
	sortWithin(things)
	return pick(a.dice, things)
}
