package oracle

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// another makes a different, valid question of one by changing one part of it, whichever it is.
func (x *examination) another(q question) question {
	for {
		other := q
		pick(x.dice, x.changes(&other))()
		if other.Viewer == nil || len(x.w.answer(other).faults) == 0 {
			return other
		}
	}
}

// changes are ways to make a different, valid question of one, at least one for each of its parts.
func (x *examination) changes(q *question) []func() {
	f := &q.Filter
	return []func(){
		func() {
			q.Order.Direction = map[contact.Direction]contact.Direction{
				contact.Ascending: contact.Descending, contact.Descending: contact.Ascending,
			}[q.Order.Direction]
		},
		func() { q.Order.Field = differs(x.dice, q.Order.Field, orderFields) },
		func() { q.Within = x.anotherThing(q.Within) },
		func() { q.Viewer = x.anotherReach(q.Viewer) },
		func() { f.Period = x.anotherPeriod(f.Period) },
		func() { f.Hours = x.anotherWindow(f.Hours) },
		func() {
			if f.TimeZone = pointer("Asia/Kathmandu"); x.want.period.TimeZone == *f.TimeZone {
				f.TimeZone = pointer("UTC")
			}
		},
		func() { f.OutsideCampaign = pointer(f.OutsideCampaign == nil || !*f.OutsideCampaign) },
		func() { f.Unfinished = pointer(f.Unfinished == nil || !*f.Unfinished) },
		func() { f.Types = anotherList(x.dice, f.Types, contact.Types) },
		func() { f.Statuses = anotherList(x.dice, f.Statuses, contact.Statuses) },
		func() { f.Weekdays = anotherList(x.dice, f.Weekdays, contact.Weekdays) },
		func() { f.QueueTime = anotherBound(f.QueueTime) },
		func() { f.TimeToAnswer = anotherBound(f.TimeToAnswer) },
		func() { f.LostAfter = anotherBound(f.LostAfter) },
		func() { f.AgentTalkTime = anotherBound(f.AgentTalkTime) },
		func() { f.Recovery = anotherRecovery(x.dice, f.Recovery) },
		func() { f.RepeatWithinDays = anotherSpan(f.RepeatWithinDays) },
		func() { f.Outcomes = anotherList(x.dice, f.Outcomes, contact.Outcomes) },
		func() { f.TicketIDs = anotherList(x.dice, f.TicketIDs, x.w.tickets) },
		func() { f.SourceAddresses = x.anotherAddresses(f.SourceAddresses) },
		func() { f.DestinationAddresses = x.anotherAddresses(f.DestinationAddresses) },
		func() { f.Addresses = x.anotherAddresses(f.Addresses) },
		func() { f.WithoutSourceAddress = pointer(f.WithoutSourceAddress == nil || !*f.WithoutSourceAddress) },
		func() {
			f.WithoutDestinationAddress = pointer(f.WithoutDestinationAddress == nil || !*f.WithoutDestinationAddress)
		},
		func() {
			f.ExternalIDs = anotherList(x.dice, f.ExternalIDs, []string{x.w.rows[0].ExternalID, x.w.rows[1].ExternalID, x.w.rows[2].ExternalID})
		},
		func() {
			f.RecordExternalIDs = anotherList(x.dice, f.RecordExternalIDs, []string{recordOf(x.w.records[0]).ExternalID, recordOf(x.w.records[1]).ExternalID})
		},
		func() { f.AgentIDs = x.anotherIDs(f.AgentIDs, relay.AgentKind, identifiers(x.w.agents)) },
		func() {
			f.AgentGroupIDs = x.anotherIDs(f.AgentGroupIDs, relay.AgentGroupKind, []int64{1, 3, 5, 7, 9, 99})
		},
		func() { f.CampaignIDs = x.anotherIDs(f.CampaignIDs, relay.CampaignKind, x.w.campaigns) },
		func() { f.QueueIDs = x.anotherIDs(f.QueueIDs, relay.QueueKind, x.w.queues) },
		func() { f.ClassifierIDs = x.anotherIDs(f.ClassifierIDs, relay.ClassifierKind, x.w.classifiers) },
		func() { f.SiteCallIDs = x.anotherIDs(f.SiteCallIDs, relay.SiteCallKind, x.w.siteCalls) },
		func() { f.RecordIDs = x.anotherIDs(f.RecordIDs, relay.RecordKind, x.w.records) },
		func() {
			f.ContactIDs = x.anotherIDs(f.ContactIDs, relay.ContactKind, []int64{x.w.rows[0].ID, x.w.rows[1].ID, x.w.rows[2].ID})
		},
	}
}

// differs picks another one of some values.
func differs[T comparable](d dice, value T, all []T) T {
	for {
		if other := pick(d, all); other != value {
			return other
		}
	}
}

// anotherList drops all values, or adds one that was not there.
func anotherList[T comparable](d dice, values, all []T) []T {
	if len(values) > 0 && d.chance(40) {
		return nil
	}
	for _, i := range d.Perm(len(all)) {
		if !slices.Contains(values, all[i]) && len(values) < maxList {
			return append(slices.Clone(values), all[i])
		}
	}
	return nil
}

func (x *examination) anotherIDs(ids []string, kind relay.Kind, all []int64) []string {
	encoded := make([]string, len(all))
	for i, number := range all {
		encoded[i] = relay.EncodeID(kind, number)
	}
	return anotherList(x.dice, ids, encoded)
}

func (x *examination) anotherAddresses(addresses []string) []string {
	// None of these is in any address book, however it is spelt.
	return anotherList(x.dice, addresses, []string{"+99999999999", "niktnigdzie@example.org"})
}

// anotherThing is all contacts instead of those within a thing, or those within another thing, even of the same number.
func (x *examination) anotherThing(within report.Within) report.Within {
	kinds := []relay.Kind{
		relay.AgentKind, relay.CampaignKind, relay.QueueKind, relay.ClassifierKind, relay.SiteCallKind, relay.RecordKind,
	}
	switch {
	case within.Kind == "":
		return report.Within{Kind: pick(x.dice, kinds), ID: 2}
	case x.chance(30):
		return report.Within{}
	case within.Kind == relay.AgentGroupKind || x.chance(50):
		return report.Within{Kind: differs(x.dice, within.Kind, kinds), ID: within.ID}
	default:
		return report.Within{Kind: within.Kind, ID: within.ID + 3}
	}
}

// anotherBound are bounds of which one is a second higher, or some where there were none.
func anotherBound(r *contact.DurationRange) *contact.DurationRange {
	switch {
	case r == nil:
		return &contact.DurationRange{AtMost: pointer(7)}
	case r.AtMost != nil:
		return &contact.DurationRange{AtLeast: r.AtLeast, AtMost: pointer(*r.AtMost + 1)}
	default:
		return &contact.DurationRange{AtLeast: pointer(*r.AtLeast + 1)}
	}
}

func anotherRecovery(d dice, r *contact.RecoveryFilter) *contact.RecoveryFilter {
	if r == nil {
		return &contact.RecoveryFilter{States: contact.RecoveryStates[2:4], WithinHours: 24}
	}
	return pick(d, []*contact.RecoveryFilter{
		nil,
		{States: r.States, WithinHours: r.WithinHours%720 + 1},
		{States: []contact.RecoveryState{differs(d, r.States[0], contact.RecoveryStates)}, WithinHours: r.WithinHours},
	})
}

func anotherSpan(days *int) *int {
	if days == nil {
		return pointer(3)
	}
	return pointer(*days%30 + 1)
}

// anotherWindow is no window, or one that ends at another minute.
func (x *examination) anotherWindow(h *contact.Hours) *contact.Hours {
	switch {
	case h == nil || h.From == nil && h.To == nil:
		return &contact.Hours{From: clock(671), To: clock(733)}
	case x.chance(40):
		return nil
	case h.From != nil && h.To == nil:
		from, _ := parseMinute(*h.From)
		return &contact.Hours{From: h.From, To: clock(from + 61)}
	case h.From == nil:
		to, _ := parseMinute(*h.To)
		return &contact.Hours{To: clock(to%1438 + 1)}
	default:
		from, _ := parseMinute(*h.From)
		to, _ := parseMinute(*h.To)
		if to++; to%1440 == from {
			to++
		}
		return &contact.Hours{From: h.From, To: clock(to)}
	}
}

func (x *examination) anotherPeriod(p contact.Period) contact.Period {
	switch {
	case p.Preset != nil && x.chance(30): // the dates that the preset came to
		return contact.Period{Range: &contact.Range{From: x.want.period.From, To: x.want.period.To}}
	case p.Preset != nil:
		return contact.Period{Preset: pointer(differs(x.dice, *p.Preset, contact.Presets))}
	case x.chance(30):
		return contact.Period{Preset: pointer(pick(x.dice, contact.Presets))}
	}
	shorter := contact.Range{From: p.Range.From, To: p.Range.From}
	if p.Range.From == p.Range.To {
		from, _ := parseDay(p.Range.From)
		if from == dayOf(2999, 12, 31) {
			return contact.Period{Preset: pointer(contact.Today)}
		}
		shorter.To = (from + 1).String()
	}
	return contact.Period{Range: &shorter}
}

// respelt asks the same question in other words: in another order, with values said twice, addresses in another
// spelling, and what does not restrict left out or put in.
func (x *examination) respelt(q question) question {
	f := &q.Filter
	for _, list := range []*[]string{
		&f.AgentIDs, &f.AgentGroupIDs, &f.CampaignIDs, &f.QueueIDs, &f.ClassifierIDs, &f.SiteCallIDs, &f.RecordIDs, &f.ContactIDs,
		&f.TicketIDs, &f.SourceAddresses, &f.DestinationAddresses, &f.Addresses, &f.ExternalIDs, &f.RecordExternalIDs,
	} {
		*list = reordered(x.dice, *list)
	}
	f.Weekdays = reordered(x.dice, f.Weekdays)
	if f.Recovery != nil {
		f.Recovery = &contact.RecoveryFilter{States: reordered(x.dice, f.Recovery.States), WithinHours: f.Recovery.WithinHours}
	}
	f.Types, f.Statuses, f.Outcomes = reordered(x.dice, f.Types), reordered(x.dice, f.Statuses), reordered(x.dice, f.Outcomes)
	for _, addresses := range [][]string{f.SourceAddresses, f.DestinationAddresses, f.Addresses} {
		for i, address := range addresses {
			key, _ := addressKey(address)
			addresses[i] = spell(x.dice, key)
		}
	}
	if f.OutsideCampaign == nil || !*f.OutsideCampaign {
		f.OutsideCampaign = pick(x.dice, []*bool{nil, pointer(false)})
	}
	for _, asked := range []**bool{&f.WithoutSourceAddress, &f.WithoutDestinationAddress} {
		if *asked == nil || !**asked {
			*asked = pick(x.dice, []*bool{nil, pointer(false)})
		}
	}
	if f.Hours == nil {
		f.Hours = pick(x.dice, []*contact.Hours{nil, {}})
	}
	if f.TimeZone == nil || *f.TimeZone == q.Zone.String() {
		f.TimeZone = pick(x.dice, []*string{nil, pointer(q.Zone.String())})
	}
	return q
}

// reordered is the same values in another order, one of them twice.
func reordered[T any](d dice, values []T) []T {
	if len(values) == 0 {
		return pick(d, [][]T{nil, {}})
	}
	other := slices.Clone(values)
	if len(other) < maxList {
		other = append(other, pick(d, values))
	}
	d.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}
