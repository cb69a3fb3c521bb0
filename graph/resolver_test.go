package graph_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
)

const record = `mutation($input: RecordContactsInput!) {
  recordContacts(input: $input) {
    recorded replaced unchanged stale clientMutationId
    contacts {externalId status agent {name} ivrSteps {name duration} details {... on RecordingInfo {seconds}}}
  }
}`

func TestRecording_CanBeReadAtOnce(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	call := func(status string, revision int) map[string]any {
		return map[string]any{"clientMutationId": "m", "contacts": []any{
			map[string]any{
				"externalId": "b", "revision": revision, "type": "CAMPAIGN_INBOUND_CALL", "status": status, "startedAt": "2024-03-04T08:00:00+01:00",
				"agent": map[string]any{"externalId": "anna", "name": "Anna"}, "details": map[string]any{"recording": map[string]any{"path": "x", "seconds": 7}},
				"ivrSteps": []any{map[string]any{"name": "Menu", "kind": "MENU", "enteredAt": "2024-03-04T08:00:00+01:00", "leftAt": "2024-03-04T08:00:05+01:00"}},
			},
			map[string]any{"externalId": "a", "type": "CHAT", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00Z", "ivrSteps": []any{}},
		}}
	}
	rows := func(status string) string {
		return `"contacts":[{"externalId":"b","status":"` + status + `","agent":{"name":"Anna"},"ivrSteps":[{"name":"Menu","duration":5}],"details":{"seconds":7}},` +
			`{"externalId":"a","status":"ANSWERED","agent":null,"ivrSteps":[],"details":null}]}}`
	}
	for _, step := range []struct {
		status   string
		revision int
		want     string
	}{
		{"RINGING", 1, `{"recordContacts":{"recorded":2,"replaced":0,"unchanged":0,"stale":0,"clientMutationId":"m",` + rows("RINGING")},
		{"RINGING", 1, `{"recordContacts":{"recorded":0,"replaced":0,"unchanged":2,"stale":0,"clientMutationId":"m",` + rows("RINGING")},
		{"ANSWERED", 2, `{"recordContacts":{"recorded":0,"replaced":1,"unchanged":1,"stale":0,"clientMutationId":"m",` + rows("ANSWERED")},
		{"FAILED", 1, `{"recordContacts":{"recorded":0,"replaced":0,"unchanged":1,"stale":1,"clientMutationId":"m",` + rows("ANSWERED")},
	} {
		if got := s.ask(t, record, map[string]any{"input": call(step.status, step.revision)}); got != step.want {
			t.Errorf("%s of revision %d answers\n%s\nwant\n%s", step.status, step.revision, got, step.want)
		}
	}
}

func TestRecording_TakesNothingWithOneFaultyContact(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	one := func(externalID, start string) map[string]any {
		return map[string]any{"externalId": externalID, "type": "CHAT", "status": "ANSWERED", "startedAt": start}
	}
	input := map[string]any{"contacts": []any{one("a", "2024-03-04T08:00:00Z"), one("", "2024-03-04T08:00:00Z"), one("c", "1901-01-01T00:00:00Z")}}
	answered := send(t, s, operation(t, record, map[string]any{"input": input}))
	var fields []string
	for _, e := range answered.Errors {
		if e.Extensions.Code != "INVALID_CONTACT" {
			t.Errorf("code %s", e.Extensions.Code)
		}
		fields = append(fields, e.Extensions.Field)
	}
	if got := strings.Join(fields, " "); got != "input.contacts[1].externalId input.contacts[2].startedAt" {
		t.Errorf("faults at %s", got)
	}
	if got := s.ask(t, `{contacts(`+march+`) {totalCount}}`, nil); got != `{"contacts":{"totalCount":0}}` {
		t.Errorf("some landed: %s", got)
	}
}

func TestRecording_TakesFiveHundredContactsAtMost(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	contacts := make([]any, 501)
	for i := range contacts {
		contacts[i] = map[string]any{"externalId": "x", "type": "CHAT", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00Z"}
	}
	answered := send(t, s, operation(t, record, map[string]any{"input": map[string]any{"contacts": contacts}}))
	if first := answered.Errors[0]; first.Extensions.Code != "INVALID_FILTER" || first.Extensions.Field != "input.contacts" {
		t.Errorf("answered %s", answered.body)
	}
}

func TestDownloads_ListWhatWasOrdered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const fields = `{id state kind columns extras format locale url fileName sizeBytes sha256 orderedBy orderedAt startedAt finishedAt expiresAt
		filter {period {range {from to}} timeZone hours {from to} statuses agentIds outsideCampaign}
		progress {contactsDone contactsTotal linesWritten} error {code message}}`
	want := `{"id":"RG93bmxvYWQ6MQ","state":"QUEUED","kind":"SIMPLE","columns":["OUTCOME","AGENT"],"extras":["FACTS"],"format":"CSV","locale":"PL","url":null,"fileName":null,"sizeBytes":null,"sha256":null,` +
		`"orderedBy":"` + s.reference() + `","orderedAt":"2024-03-31T10:00:00Z","startedAt":null,"finishedAt":null,"expiresAt":null,` +
		`"filter":{"period":{"range":{"from":"2024-03-01","to":"2024-03-31"}},"timeZone":"Europe/Warsaw","hours":{"from":"08:00","to":null},"statuses":["ANSWERED"],"agentIds":[],"outsideCampaign":null},` +
		`"progress":{"contactsDone":0,"contactsTotal":null,"linesWritten":0},"error":null}`
	ordered := s.ask(t, `mutation {exportContacts(input: {clientMutationId: "m", columns: [OUTCOME, AGENT], extras: [FACTS, FACTS], format: CSV,
		filter: {period: {preset: CURRENT_MONTH}, hours: {from: "08:00"}, statuses: [ANSWERED]}}) {clientMutationId download `+fields+`}}`, nil)
	if ordered != `{"exportContacts":{"clientMutationId":"m","download":`+want+`}}` {
		t.Errorf("ordered %s", ordered)
	}
	found := s.ask(t, `{download(id: "RG93bmxvYWQ6MQ") `+fields+` downloads(states: [QUEUED]) {totalCount nodes `+fields+`} ready: downloads(states: [READY]) {totalCount}}`, nil)
	if found != `{"download":`+want+`,"downloads":{"totalCount":1,"nodes":[`+want+`]},"ready":{"totalCount":0}}` {
		t.Errorf("found %s", found)
	}
}

const recordPart = `mutation($input: RecordContactsInput!) {
  recordContacts(input: $input) {recorded replaced unchanged rejected {index code field message} contacts {externalId}}
}`

func TestRecording_TellsWhichContactsItRejectedIfItMayTakeAPart(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	one := func(externalID, start string) map[string]any {
		return map[string]any{"externalId": externalID, "type": "CHAT", "status": "ANSWERED", "startedAt": start}
	}
	all := []any{
		one("a", "2024-03-04T08:00:00Z"), one("", "2024-03-04T08:00:00Z"), one("c", "1901-01-01T00:00:00Z"), one("d", "1995-01-01T00:00:00Z"), one("e", "2024-03-04T08:00:00Z"),
	}
	rejected := `[{"index":1,"code":"INVALID_CONTACT","field":"input.contacts[1].externalId","message":"Contact 2 cannot be recorded: externalId is required."},` +
		`{"index":2,"code":"INVALID_CONTACT","field":"input.contacts[2].startedAt","message":"Contact 3 cannot be recorded: startedAt lies outside the years 1990 to 2100."},` +
		`{"index":3,"code":"INVALID_CONTACT","field":"input.contacts[3].startedAt","message":"Contact 4 cannot be recorded: startedAt `
	for _, want := range []string{`"recorded":2,"replaced":0,"unchanged":0,`, `"recorded":0,"replaced":0,"unchanged":2,`} {
		got := s.ask(t, recordPart, map[string]any{"input": map[string]any{"partial": true, "contacts": all}})
		if !strings.HasPrefix(got, `{"recordContacts":{`+want+`"rejected":`+rejected) || !strings.HasSuffix(got, `}],"contacts":[{"externalId":"a"},{"externalId":"e"}]}}`) {
			t.Errorf("answers %s, want %s", got, rejected)
		}
	}
	got := s.ask(t, recordPart, map[string]any{"input": map[string]any{"partial": true, "contacts": all[1:2]}})
	if !strings.HasSuffix(got, `}],"contacts":[]}}`) {
		t.Errorf("answers %s", got)
	}
	if answered := send(t, s, operation(t, recordPart, map[string]any{"input": map[string]any{"contacts": all}})); len(answered.Errors) != 2 || string(answered.Data) != "null" {
		t.Errorf("answers %s", answered.body)
	}
}

// TestRecording_TakesFiveHundredWholeContactsAndABigEmail hands over what the body of other requests has no room for.
func TestRecording_TakesFiveHundredWholeContactsAndABigEmail(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	refer := func(key string) map[string]any { return map[string]any{"externalId": key, "name": "Called " + key} }
	var step []any
	for _, name := range []string{"Welcome", "Menu", "Queue", "Agent"} {
		step = append(step, map[string]any{"name": name, "kind": "OTHER", "enteredAt": "2024-03-04T08:00:00+01:00", "leftAt": "2024-03-04T08:00:05+01:00"})
	}
	var contacts []any
	for n := range 500 {
		key := strconv.Itoa(n)
		contacts = append(contacts, map[string]any{
			"externalId": strings.Repeat("c", 150) + key, "type": "CAMPAIGN_INBOUND_CALL", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00+01:00",
			"sourceAddress": "+48501723894", "destinationAddress": "+48221000101", "campaign": refer("p"), "agent": refer("a"), "queue": refer("q"), "classifier": refer("k"),
			"record":   map[string]any{"externalId": key, "significantField": map[string]any{"name": "Company", "value": strings.Repeat("v", 200)}},
			"ivrSteps": step, "details": map[string]any{"recording": map[string]any{"path": "2024/03/04/" + key + ".wav", "seconds": 166}},
		})
	}
	if body, err := json.Marshal(contacts); err != nil || len(body) < 500<<10 {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	email := func(length int) []any {
		return []any{map[string]any{
			"externalId": "m" + strconv.Itoa(length), "type": "INBOUND_EMAIL", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00+01:00",
			"details": map[string]any{"email": map[string]any{"subject": "Log", "body": strings.Repeat("ż", length)}},
		}}
	}
	for _, step := range []struct {
		contacts []any
		want     string
	}{
		{contacts, `{"recordContacts":{"recorded":500,"repaired":0}}`},
		{email(270_000), `{"recordContacts":{"recorded":1,"repaired":0}}`},
		{email(1_100_000), `{"recordContacts":{"recorded":1,"repaired":1}}`},
	} {
		got := s.ask(t, `mutation($input: RecordContactsInput!) {recordContacts(input: $input) {recorded repaired}}`, map[string]any{"input": map[string]any{"contacts": step.contacts}})
		if got != step.want {
			t.Errorf("answers %s, want %s", got, step.want)
		}
	}
}
