package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// newCallingSite serves what contacts came to with some clients: 501 was called back, 502 called again after a try of ours, 503
// was tried, 504 nobody called, and two withheld their numbers, the one with the record r-1 that was called back.
func newCallingSite(t *testing.T) *site {
	t.Helper()
	s := newEmptySite(t, graph.Config{})
	at, campaign, agent := now.Add(-30*time.Hour), "K", "A"
	var all []format.Contact
	add := func(id string, kind contact.Type, status contact.Status, after time.Duration, client, record string) {
		c := format.Contact{ExternalID: id, Type: kind, Status: status, StartedAt: at.Add(after), Campaign: &format.Reference{ExternalID: "k", Name: &campaign}}
		if c.SourceAddress = &client; kind == contact.OutboundCall {
			c.SourceAddress, c.DestinationAddress = nil, &client
		}
		if record != "" {
			c.Record = &format.RecordReference{ExternalID: record}
		}
		if status == contact.Answered && (kind == contact.OutboundCall || strings.HasPrefix(id, "talk")) {
			c.Agent, c.AgentTalkTime = &format.Reference{ExternalID: "a", Name: &agent}, new(60)
		}
		all = append(all, c)
	}
	for _, client := range []string{"501", "502", "503", "504"} {
		add("lost-"+client, contact.CampaignInboundCall, contact.Answered, 0, client+" 100 200", "")
	}
	add("lost-record", contact.CampaignInboundCall, contact.Answered, 0, "anonymous", "r-1")
	add("lost-nobody", contact.CampaignInboundCall, contact.Answered, 0, "anonymous", "")
	add("back-501", contact.OutboundCall, contact.Answered, time.Hour, "+48 501 100 200", "")
	add("try-502", contact.OutboundCall, contact.NoAnswer, time.Hour, "502100200", "")
	add("talk-502", contact.CampaignInboundCall, contact.Answered, 2*time.Hour, "502100200", "")
	add("try-503", contact.OutboundCall, contact.Busy, time.Minute, "503100200", "")
	add("back-504", contact.OutboundCall, contact.Answered, 24*time.Hour+time.Microsecond, "504100200", "")
	add("back-record", contact.OutboundCall, contact.Answered, 24*time.Hour, "599100200", "r-1")
	if _, _, errs := ingest.Record(t.Context(), s.database.Pool, all, ingest.Bounds{}, nil); errs != nil {
		t.Fatal(errs)
	}
	return s
}

func TestRecovery_SaysWhatCameAfterALostContact(t *testing.T) {
	t.Parallel()
	s := newCallingSite(t)
	for id, want := range map[string]string{
		"lost-501":    `{"recovery":{"state":"CALLED_BACK","open":false,"after":3600,"contact":{"externalId":"back-501"}},"repeat":false}`,
		"lost-502":    `{"recovery":{"state":"CALLED_AGAIN","open":false,"after":7200,"contact":{"externalId":"talk-502"}},"repeat":false}`,
		"lost-503":    `{"recovery":{"state":"TRIED","open":false,"after":null,"contact":null},"repeat":false}`,
		"lost-504":    `{"recovery":{"state":"NONE","open":false,"after":null,"contact":null},"repeat":false}`,
		"lost-record": `{"recovery":{"state":"CALLED_BACK","open":false,"after":86400,"contact":{"externalId":"back-record"}},"repeat":null}`,
		"lost-nobody": `{"recovery":{"state":"UNKNOWN","open":false,"after":null,"contact":null},"repeat":null}`,
		"talk-502":    `{"recovery":null,"repeat":true}`,
		"back-501":    `{"recovery":null,"repeat":null}`,
	} {
		answer := s.ask(t, `{contactByExternalId(externalId: "`+id+`") {recovery {state open after contact {externalId}} repeat}}`, nil)
		if got := strings.TrimSpace(answer); got != `{"contactByExternalId":`+want+`}` {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	if answer := s.ask(t, `{contactByExternalId(externalId: "lost-504") {recovery(withinHours: 31) {state open}}}`, nil); !strings.Contains(answer, `"CALLED_BACK"`) {
		t.Errorf("within 31 hours the client was called back: %s", answer)
	}
	if answer := s.ask(t, `{contactByExternalId(externalId: "lost-503") {recovery(withinHours: 31) {state open}}}`, nil); !strings.Contains(answer, `{"state":"TRIED","open":true}`) {
		t.Errorf("31 hours are not over: %s", answer)
	}
}

func TestRecovery_IsReadOfAPageByTheSameStatementsWhateverItsSize(t *testing.T) {
	t.Parallel()
	s := newCallingSite(t)
	s.refresh(t)
	took := map[int]int{}
	for _, rows := range []int{1, 6} {
		s.statements.Reset()
		answer := s.ask(t, fmt.Sprintf(`{contacts(filter: {period: {preset: LAST_7_DAYS}, recovery: {states: [CALLED_BACK, CALLED_AGAIN]}}, first: %d) {
			nodes {externalId recovery {state contact {externalId}} repeat}}}`, rows), nil)
		if want := min(rows, 3); strings.Count(answer, `"externalId":"lost-`) != want {
			t.Errorf("%d rows came, want %d: %s", strings.Count(answer, `"externalId":"lost-`), want, answer)
		}
		took[rows] = len(s.statements.SQL())
	}
	if took[1] != took[6] {
		t.Errorf("a page took %v statements by its rows", took)
	}
}
