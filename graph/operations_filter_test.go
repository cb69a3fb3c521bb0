package graph_test

import (
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// contactsArguments are those of a list of contacts.
func (d *drawn) contactsArguments() string {
	given := []string{"filter: " + d.argument("ContactFilter!", d.filter)}
	if d.once(4) {
		given = append(given, "orderBy: "+d.argument("ContactOrder", d.order))
	}
	size, cursor := "first", "after"
	if d.once(4) {
		size, cursor = "last", "before"
	}
	if !d.once(20) {
		given = append(given, size+": "+d.argument("Int", d.size))
	}
	if d.once(5) {
		given = append(given, cursor+": "+d.argument("String", d.cursor))
	}
	if d.once(80) {
		given = append(given, "before: "+d.argument("String", d.cursor))
	}
	d.random.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	return strings.Join(given, ", ")
}

func (d *drawn) order() any {
	if d.once(10) {
		return nil
	}
	order := map[string]any{"field": name(pick(d.operations, []string{"STARTED_AT", "AGENT_TALK_TIME", "TALK_TIME", "RING_TIME", "QUEUE_TIME", "TIME_TO_ANSWER", "LOST_AFTER"}))}
	if d.once(2) {
		order["direction"] = name(pick(d.operations, []string{"ASC", "DESC"}))
	}
	return order
}

func (d *drawn) size() any {
	switch d.random.IntN(60) {
	case 0:
		return -1
	case 1:
		return 201
	case 2:
		return nil
	case 3:
		return 50
	default:
		return d.random.IntN(6)
	}
}

func (d *drawn) cursor() any {
	switch {
	case d.once(20):
		return nil
	case len(d.cursors) == 0 || d.once(20):
		return "no cursor"
	default:
		return pick(d.operations, d.cursors)
	}
}

// filter is one with up to four criteria, so that something is often found.
func (d *drawn) filter() any {
	filter := map[string]any{"period": d.period()}
	for range d.random.IntN(5) * d.random.IntN(2) {
		d.criterion(filter)
	}
	if d.once(100) {
		delete(filter, "period")
	}
	return filter
}

func (d *drawn) period() any {
	switch d.random.IntN(40) {
	case 0:
		return map[string]any{"preset": name(pick(d.operations, contact.Presets))}
	case 1:
		return map[string]any{"range": map[string]any{"from": "2024-03-09", "to": "2024-03-08"}}
	case 2:
		return map[string]any{"range": map[string]any{"from": "2023-01-01", "to": "2024-03-08"}}
	case 3:
		return map[string]any{"range": map[string]any{"from": "2024-02-30", "to": "2024-03-08"}}
	}
	if len(d.cursors) > 0 && d.once(2) { // the period of the cursors, so that they fit
		return map[string]any{"preset": name("CURRENT_MONTH")}
	}
	from := 1 + d.random.IntN(28)
	return map[string]any{"range": map[string]any{
		"from": fmt.Sprintf("2024-03-%02d", from), "to": fmt.Sprintf("2024-03-%02d", from+d.random.IntN(3)),
	}}
}

func (d *drawn) criterion(filter map[string]any) {
	switch d.random.IntN(27) {
	case 0:
		filter["hours"] = map[string]any{"from": pick(d.operations, []string{"08:00", "22:00", "16:30", "8"}), "to": "16:00"}
	case 1:
		filter["timeZone"] = pick(d.operations, []string{"Europe/Warsaw", "UTC", "America/New_York", "Nowhere"})
	case 2:
		filter["outsideCampaign"] = d.once(2)
	case 3:
		filter["types"] = d.names(contact.Types)
	case 4:
		filter["statuses"] = d.names(contact.Statuses)
	case 5:
		filter["sourceAddresses"] = []any{pick(d.operations, []string{"+48 221 000 102", "not a number", "101", "anna@example.com"})}
	case 6:
		filter["destinationAddresses"] = []any{"+48 221 000 102"}
	case 7:
		filter["ticketIds"] = []any{pick(d.operations, []string{"T-1", "", "\"'\\\t\u0001ż"})}
	case 8:
		filter["agentIds"] = d.ids(relay.AgentKind)
	case 9:
		filter["agentGroupIds"] = d.ids(relay.AgentGroupKind)
	case 10:
		filter["campaignIds"] = d.ids(relay.CampaignKind)
	case 11:
		filter["siteCallIds"] = d.ids(relay.SiteCallKind)
	case 12:
		filter["queueIds"] = d.ids(relay.QueueKind)
	case 13:
		filter["classifierIds"] = d.ids(relay.ClassifierKind)
	case 14:
		filter["recordIds"] = d.ids(relay.RecordKind)
	case 15:
		filter["contactIds"] = d.ids(relay.ContactKind)
	case 16:
		filter["addresses"] = []any{pick(d.operations, []string{"+48 221 000 102", "Anna <anna@example.com>", "101", ""})}
	case 17:
		filter[pick(d.operations, []string{"withoutSourceAddress", "withoutDestinationAddress"})] = d.once(2)
	case 18:
		filter["externalIds"] = []any{pick(d.operations, []string{"1", "2", "none", ""})}
	case 19:
		filter["recordExternalIds"] = []any{pick(d.operations, []string{"1", "2", "none"})}
	case 20:
		filter["unfinished"] = d.once(2)
	case 21:
		filter["outcomes"] = d.names(contact.Outcomes)
	case 22:
		filter[pick(d.operations, []string{"queueTime", "timeToAnswer", "lostAfter", "agentTalkTime"})] = map[string]any{
			pick(d.operations, []string{"atLeast", "atMost"}): d.random.IntN(40) - 2,
		}
	case 23:
		filter["weekdays"] = d.names(contact.Weekdays)
	case 24:
		filter["recovery"] = map[string]any{"states": d.names(contact.RecoveryStates)}
	case 25:
		filter["repeatWithinDays"] = d.random.IntN(32)
	default:
		filter[pick(d.operations, []string{"hours", "types", "agentIds", "timeZone"})] = nil
	}
}

func (d *drawn) names(all any) any {
	var of []any
	switch all := all.(type) {
	case []contact.Type:
		for range d.random.IntN(12) {
			of = append(of, name(pick(d.operations, all)))
		}
	case []contact.Status:
		for range d.random.IntN(6) {
			of = append(of, name(pick(d.operations, all)))
		}
	}
	switch {
	case d.once(60):
		return []any{name("NOTHING")}
	case len(of) == 1:
		return of[0] // a value alone stands for a list of it
	case of == nil:
		return []any{}
	default:
		return of
	}
}

func (d *drawn) ids(kind relay.Kind) any {
	ids := []any{d.id(kind)}
	for d.once(2) {
		ids = append(ids, d.id(kind))
	}
	return ids
}

// id is mostly one that exists.
func (d *drawn) id(kind relay.Kind) string {
	if d.once(40) {
		return pick(d.operations, []string{"", "7", relay.EncodeID(relay.RecordKind, 1), relay.EncodeID(kind, 1<<40)})
	}
	most := 4
	if kind == relay.ContactKind || kind == relay.RecordKind {
		most = 100
	}
	return relay.EncodeID(kind, int64(1+d.random.IntN(most)))
}
