package freeswitch_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

// start is the second in which every played call begins, later a time at which none of them is waited for.
const start = 1795816717

var later = time.Unix(start, 0).Add(48 * time.Hour)

const exampleSource = `{"name": "fs1", "kind": "freeswitch", "timeZone": "Europe/Warsaw",
 "agents": [{"externalId": "anna", "name": "Anna Nowak", "endpoints": ["201"]}, {"externalId": "202", "name": "Jan Kowalski", "endpoints": ["202"]}],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["48221000101"], "queues": ["600"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "600"}],
 "steps": [{"context": "5000", "kind": "MENU", "name": "Menu główne"}, {"context": "5001", "kind": "ANNOUNCEMENT", "name": "Zapowiedź"}],
 "fields": {"ticketId": "ticket"}, "machineSurveys": ["badanie"]}`

func parseSource(t testing.TB, content string) *telephony.Source {
	t.Helper()
	source, err := telephony.ParseSource([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// played is a leg of a call that a test plays; instants are seconds after the start, never written where they are absent.
type played struct {
	uuid, direction string
	at              map[string]int64
	vars            map[string]string
	places          []place
	apps            []string // "+seconds name"
}

// place is a profile of the callflow.
type place struct {
	at                         int64
	caller, destination        string
	context                    string
	bridged, transferred, hung int64
	called                     map[string]string
}

func (p *played) variables() map[string]any {
	v := map[string]any{"uuid": p.uuid, "direction": p.direction, "switch_r_sdp": "v=0"}
	for name, second := range p.at {
		v[name+"_epoch"] = fmt.Sprint(start + second)
		if !strings.HasPrefix(name, "cc_") {
			v[name+"_uepoch"] = fmt.Sprint((start+second)*1_000_000 + 123_456)
		}
	}
	for name, value := range p.vars {
		v[name] = value
	}
	return v
}

func instant(second int64) string {
	if second == 0 {
		return "0"
	}
	return fmt.Sprint((start + second) * 1_000_000)
}

// json is the leg as mod_json_cdr writes it: the places from the latest to the first.
func (p *played) json() string {
	var flow []any
	for i := len(p.places) - 1; i >= 0; i-- {
		flow = append(flow, p.flow(&p.places[i], "originatee_caller_profiles"))
	}
	apps := []any{}
	for _, app := range p.apps {
		var second int64
		var name string
		_, _ = fmt.Sscanf(app, "+%d %s", &second, &name)
		apps = append(apps, map[string]any{"app_name": name, "app_data": "", "app_stamp": fmt.Sprint((start + second) * 1_000_000)})
	}
	return marshal(map[string]any{
		"core-uuid": "c", "switchname": "fs", "channel_data": map[string]any{"direction": p.direction, "state": "CS_REPORTING"}, "variables": p.variables(),
		"app_log": map[string]any{"applications": apps}, "callflow": flow,
	})
}

func (p *played) flow(one *place, list string) map[string]any {
	profile := map[string]any{"caller_id_number": one.caller, "destination_number": one.destination, "context": one.context, "uuid": p.uuid}
	if one.called != nil {
		var called []any
		for _, uuid := range slices.Sorted(maps.Keys(one.called)) {
			called = append(called, map[string]any{"uuid": uuid, "destination_number": one.called[uuid]})
		}
		profile["originatee"] = map[string]any{list: called}
	}
	created := fmt.Sprint((start+one.at)*1_000_000 + 123_456)
	return map[string]any{"profile_index": "1", "caller_profile": profile, "times": map[string]any{
		"profile_created_time": created, "bridged_time": instant(one.bridged), "transfer_time": instant(one.transferred), "hangup_time": instant(one.hung),
	}}
}

func marshal(value any) string {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(content)
}

// xml is the leg as mod_xml_cdr writes it, with or without what stands in variables encoded as in a URL.
func (p *played) xml(encoded bool) string {
	out := &strings.Builder{}
	text := func(value string) string {
		if encoded {
			value = strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
		}
		escaped := &strings.Builder{}
		_ = xml.EscapeText(escaped, []byte(value))
		return escaped.String()
	}
	fmt.Fprintf(out, "<?xml version=\"1.0\"?>\n<cdr core-uuid=\"c\">\n <channel_data><state>CS_REPORTING</state><direction>%s</direction></channel_data>\n <variables>\n", p.direction)
	fmt.Fprintf(out, "  <start_stamp>%s</start_stamp>\n", text("2026-11-27 22:58:37"))
	for name, value := range p.variables() {
		fmt.Fprintf(out, "  <%s>%s</%s>\n", name, text(value.(string)), name)
	}
	out.WriteString(" </variables>\n <app_log>\n")
	for _, app := range p.apps {
		var second int64
		var name string
		_, _ = fmt.Sscanf(app, "+%d %s", &second, &name)
		fmt.Fprintf(out, "  <application app_name=\"%s\" app_data=\"\" app_stamp=\"%d\"></application>\n", name, (start+second)*1_000_000)
	}
	out.WriteString(" </app_log>\n")
	for i := len(p.places) - 1; i >= 0; i-- {
		one := &p.places[i]
		fmt.Fprintf(out, " <callflow dialplan=\"XML\" profile_index=\"1\"><caller_profile><caller_id_number>%s</caller_id_number><destination_number>%s</destination_number><uuid>%s</uuid><context>%s</context>",
			text(one.caller), text(one.destination), p.uuid, one.context)
		if one.called != nil {
			out.WriteString("<originatee>")
			for _, uuid := range slices.Sorted(maps.Keys(one.called)) {
				fmt.Fprintf(out, "<originatee_caller_profile><uuid>%s</uuid><destination_number>%s</destination_number></originatee_caller_profile>", uuid, one.called[uuid])
			}
			out.WriteString("</originatee>")
		}
		fmt.Fprintf(out, "</caller_profile><times><profile_created_time>%d</profile_created_time><bridged_time>%s</bridged_time><transfer_time>%s</transfer_time><hangup_time>%s</hangup_time></times></callflow>\n",
			(start+one.at)*1_000_000+123_456, instant(one.bridged), instant(one.transferred), instant(one.hung))
	}
	out.WriteString("</cdr>\n")
	return out.String()
}

// rowsOf are the raw rows of legs, read as JSON.
func rowsOf(t testing.TB, legs ...*played) []telephony.Row {
	t.Helper()
	var rows []telephony.Row
	for _, leg := range legs {
		row, err := reader.Legs{}.Read(leg.json(), 1)
		if err != nil {
			t.Fatalf("%s: %v", leg.uuid, err)
		}
		rows = append(rows, row)
	}
	return rows
}

// briefs are the contacts that rows come to, one a line, and the reasons of calls without any.
func briefs(t testing.TB, source string, rows []telephony.Row, now time.Time) []string {
	t.Helper()
	var lines []string
	for _, outcome := range telephony.Map(freeswitch.NewMapper(parseSource(t, source)), rows, now) {
		for _, c := range outcome.Contacts {
			lines = append(lines, brief(c))
		}
		switch {
		case outcome.Reason != "":
			lines = append(lines, "no contact: "+string(outcome.Reason))
		case outcome.Open:
			lines = append(lines, "open")
		}
	}
	return lines
}

// brief is a contact in one line: instants are seconds after the start.
func brief(c telephony.Contact) string {
	out := &strings.Builder{}
	fmt.Fprintf(out, "%s %s %s +%d %s>%s", strings.TrimPrefix(c.ExternalID, "fs1:"), c.Type, c.Status, c.StartedAt.Unix()-start, orDash(c.SourceAddress), orDash(c.DestinationAddress))
	for _, one := range []struct {
		name      string
		reference *telephony.Reference
	}{{"campaign", c.Campaign}, {"agent", c.Agent}, {"queue", c.Queue}} {
		if one.reference != nil {
			fmt.Fprintf(out, " %s=%s", one.name, one.reference.ExternalID)
		}
	}
	for _, one := range []struct {
		name  string
		value *int
	}{{"ivr", c.IVRTime}, {"ring", c.RingTime}, {"talk", c.AgentTalkTime}, {"hold", c.HoldTime}} {
		if one.value != nil {
			fmt.Fprintf(out, " %s=%d", one.name, *one.value)
		}
	}
	if c.HangupParty != nil {
		fmt.Fprintf(out, " %s", *c.HangupParty)
	}
	if c.TicketID != nil {
		fmt.Fprintf(out, " ticket=%s", *c.TicketID)
	}
	if c.Details.Recording != nil {
		fmt.Fprintf(out, " recording=%s", c.Details.Recording.Path)
	}
	for _, step := range c.IVRSteps {
		fmt.Fprintf(out, " | %s %s %s +%d..", step.Kind, step.Name, orDash(step.Choice), step.EnteredAt.Unix()-start)
		if step.LeftAt != nil {
			fmt.Fprintf(out, "+%d", step.LeftAt.Unix()-start)
		}
	}
	return out.String()
}

func orDash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}
