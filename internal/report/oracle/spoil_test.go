package oracle

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

func sortWithin(things []report.Within) {
	slices.SortFunc(things, func(a, b report.Within) int { return cmp.Compare(a.Kind, b.Kind) })
}

// spoil makes a filter faulty. The oracle finds the fault by itself: nothing tells it what was done.
func (a *asker) spoil(f *contact.Filter) {
	switch a.IntN(6) {
	case 0, 1:
		a.spoilPeriod(f)
	case 2:
		bad, good := pointer(pick(a.dice, notTimes)), clock(a.IntN(1440))
		f.Hours = pick(a.dice, []*contact.Hours{{From: bad, To: good}, {From: good, To: bad}, {To: bad}, {From: good, To: good}, {To: clock(0)}})
	case 3:
		a.spoilValues(f)
	case 4:
		bad := notAddresses
		if a.chance(50) {
			f.SourceAddresses = append(f.SourceAddresses, pick(a.dice, bad))
			return
		}
		f.DestinationAddresses = append(f.DestinationAddresses, pick(a.dice, bad))
	case 5:
		a.spoilIDs(f)
	}
}

var (
	notDates = []string{
		"", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024-1-1", "24-01-01", "2024/01/01", " 2024-01-01",
		"2024-01-01T00:00:00Z", "1899-12-31", "3000-01-01", "0000-00-00", "-001-01-01", "２０２４-01-01", "2024-01-01\x00", "infinity", "now",
	}
	notTimes = []string{"", "24:00", "8:30", "08:60", "08:30:00", "0830", " 08:30", "-1:00", "２２:00", "08:3O", "25:00", "\x00"}
	notZones = []string{"", "Local", "Europe/Warszawa", "+02:00", "../../etc/passwd", "/etc/localtime", "Europe/Warsaw\x00", "Europe", "CET-1CEST", "localtime", "posixrules", "Factory", "right/Europe/Warsaw", "posix/UTC", "Europe//Warsaw", "Europe/./Warsaw"}
	notTexts = []string{"", "a\x00b", "\xff\xfe", strings.Repeat("ż", maxText+1), strings.Repeat("7", maxText+1)}
)

func (a *asker) spoilPeriod(f *contact.Filter) {
	today := localDay(a.anchor.StartedAt, a.w.zones[0])
	r := &contact.Range{From: today.String(), To: today.String()}
	switch a.IntN(6) {
	case 0:
		f.Period = pick(a.dice, []contact.Period{{}, {Preset: pointer(contact.Preset("TOMORROW"))}, {Range: &contact.Range{}}})
	case 1:
		f.Period = contact.Period{Preset: pointer(contact.Today), Range: r}
	case 2:
		f.Period = contact.Period{Range: &contact.Range{From: pick(a.dice, notDates), To: r.To}}
	case 3:
		f.Period = contact.Period{Range: &contact.Range{From: r.From, To: pick(a.dice, notDates)}}
	case 4:
		r.From = (today + 1 + day(a.IntN(400))).String()
		f.Period = contact.Period{Range: r}
	case 5:
		r.To = (today.threeMonthsLater() + day(pick(a.dice, []int{0, 0, 1, a.IntN(1000)}))).String()
		f.Period = contact.Period{Range: r}
	}
}

// idList is the values of a criterion that takes ids.
type idList struct {
	kind relay.Kind
	ids  *[]string
}

func idLists(f *contact.Filter) []idList {
	return []idList{
		{relay.AgentKind, &f.AgentIDs},
		{relay.AgentGroupKind, &f.AgentGroupIDs},
		{relay.CampaignKind, &f.CampaignIDs},
		{relay.QueueKind, &f.QueueIDs},
		{relay.ClassifierKind, &f.ClassifierIDs},
		{relay.SiteCallKind, &f.SiteCallIDs},
		{relay.RecordKind, &f.RecordIDs},
		{relay.ContactKind, &f.ContactIDs},
	}
}

// notIDs are no ids of a kind, or ids of nothing.
func notIDs(kind relay.Kind) []string {
	bad := []string{
		"", "7", "agent-2", "\x00", relay.EncodeID(kind, 2) + "=", relay.EncodeID(relay.DownloadKind, 2), "Q29udGFjdDowMDE",
		relay.EncodeID(kind, 999_999_937), relay.EncodeID(kind, 0), relay.EncodeID(kind, -5),
		relay.EncodeID(kind, math.MaxInt64), relay.EncodeID(kind, math.MaxInt32+1),
	}
	for _, another := range []relay.Kind{relay.AgentKind, relay.CampaignKind, relay.ContactKind} {
		if another != kind {
			bad = append(bad, relay.EncodeID(another, 2))
		}
	}
	return bad
}

func (a *asker) spoilIDs(f *contact.Filter) {
	for range pick(a.dice, []int{1, 1, 1, 2}) {
		list := pick(a.dice, idLists(f))
		if a.chance(10) { // something that there is, too often
			*list.ids = slices.Repeat([]string{a.existing(list.kind)}, maxList+1)
			continue
		}
		*list.ids = append(*list.ids, pick(a.dice, notIDs(list.kind)))
	}
}

// existing is the id of something that there is, of the kind.
func (a *asker) existing(kind relay.Kind) string {
	switch kind {
	case relay.ContactKind:
		return relay.EncodeID(kind, a.anchor.ID)
	case relay.AgentGroupKind:
		return relay.EncodeID(kind, a.w.groups[0].id)
	default:
		return relay.EncodeID(kind, 2)
	}
}

// spoilValues makes texts and enums faulty.
func (a *asker) spoilValues(f *contact.Filter) {
	switch a.IntN(9) {
	case 0:
		f.TimeZone = pointer(pick(a.dice, notZones))
	case 1:
		f.TicketIDs = append(f.TicketIDs, pick(a.dice, notTexts))
	case 2:
		f.Types = append(f.Types, pick(a.dice, []contact.Type{"", "chat", "CHAT ", "ANSWERED"}))
	case 3:
		f.Statuses = append(f.Statuses, pick(a.dice, []contact.Status{"", "NO ANSWER", "NO ANSWEAR", "busy", "CHAT"}))
	case 4:
		f.TicketIDs = slices.Repeat([]string{"T-1"}, maxList+1)
	case 5:
		f.DestinationAddresses = slices.Repeat([]string{"789 789 789"}, maxList+1)
	case 6:
		f.Addresses = append(f.Addresses, pick(a.dice, notAddresses))
	case 7:
		f.ExternalIDs = append(f.ExternalIDs, pick(a.dice, append([]string{"C--1", "c-1", "record-2"}, notTexts...)))
	case 8:
		f.RecordExternalIDs = append(f.RecordExternalIDs, pick(a.dice, append([]string{"record-1", "C-1", "2"}, notTexts...)))
	}
}
