package graph_test

import (
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
)

// casesWorld are contacts by ids of the platform's own, of which one is an e-mail to several, and one has a copy.
func casesWorld(t *testing.T) *site {
	t.Helper()
	s := newEmptySite(t, graph.Config{})
	email := func(key, to string, cc []string) map[string]any {
		return map[string]any{
			"externalId": key, "type": "OUTBOUND_EMAIL", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00+01:00", "destinationAddress": to, "ccAddresses": cc,
			"record": map[string]any{"externalId": "00123"},
		}
	}
	s.ask(t, record, map[string]any{"input": map[string]any{"contacts": []any{
		email("b10-00", "a@example.com, b@example.com", nil), email("b10-02", "c@example.com", []string{"szef@example.com"}),
		map[string]any{"externalId": "b13-00", "type": "INBOUND_CALL", "status": "NO_ANSWER", "startedAt": "2024-03-05T08:00:00+01:00", "sourceAddress": "501000013"},
	}}})
	return s
}

// TestCases_FindWhatPeopleHaveInHand asks by the platform's ids and by anybody whom a message went to.
func TestCases_FindWhatPeopleHaveInHand(t *testing.T) {
	t.Parallel()
	s := casesWorld(t)
	const spring = `period: {range: {from: "2024-03-01", to: "2024-03-31"}}`
	for criterion, want := range map[string]string{
		`externalIds: ["b13-00"]`:                 "b13-00",
		`recordExternalIds: ["00123"]`:            "b10-00 b10-02",
		`destinationAddresses: ["a@example.com"]`: "b10-00",
		`addresses: ["b@example.com"]`:            "b10-00",
		`addresses: ["szef@example.com"]`:         "b10-02",
		`addresses: ["501 000 013"]`:              "b13-00",
		`sourceAddresses: ["szef@example.com"]`:   "",
		`destinationAddresses: ["c@example.com"]`: "b10-02",
	} {
		got := s.ask(t, `{contacts(filter: {`+spring+`, `+criterion+`}, orderBy: {field: STARTED_AT, direction: ASC}) {nodes {externalId}}}`, nil)
		if wantNodes := nodesOf(want); got != wantNodes {
			t.Errorf("%s: %s, want %s", criterion, got, wantNodes)
		}
	}
	if got := s.ask(t, `{contactByExternalId(externalId: "b13-00") {externalId}}`, nil); got != `{"contactByExternalId":{"externalId":"b13-00"}}` {
		t.Error(got)
	}
	for document, field := range map[string]string{
		`{contacts(filter: {` + spring + `, externalIds: ["b13-99"]}) {totalCount}}`:      "filter.externalIds[0]",
		`{contacts(filter: {` + spring + `, recordExternalIds: ["00124"]}) {totalCount}}`: "filter.recordExternalIds[0]",
	} {
		answered := send(t, s, operation(t, document, nil))
		if len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "UNKNOWN_ID" || answered.Errors[0].Extensions.Field != field {
			t.Errorf("%s: %s", document, answered.body)
		}
	}
}

func nodesOf(keys string) string {
	nodes := ""
	for i, key := range strings.Fields(keys) {
		if i > 0 {
			nodes += ","
		}
		nodes += `{"externalId":"` + key + `"}`
	}
	return `{"contacts":{"nodes":[` + nodes + `]}}`
}

// TestCases_TakeTheZonesOfTheListAlone refuses what systems have beside the IANA's list.
func TestCases_TakeTheZonesOfTheListAlone(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	for zone, taken := range map[string]bool{
		"Europe/Warsaw": true, "UTC": true, "right/Europe/Warsaw": false, "posix/Europe/Warsaw": false, "localtime": false, "posixrules": false, "Factory": false, "Europe//Warsaw": false,
	} {
		answered := send(t, s, operation(t, `{contacts(filter: {period: {preset: TODAY}, timeZone: "`+zone+`"}) {resolvedPeriod {from}}}`, nil))
		if taken != (len(answered.Errors) == 0) || !taken && answered.Errors[0].Extensions.Code != "INVALID_TIME_ZONE" {
			t.Errorf("%s: %s", zone, answered.body)
		}
	}
}
