package telephony_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

func TestParseSource_ListsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	_, err := telephony.ParseSource([]byte(`{"name": "", "kind": "pbx", "timeZone": "Warsaw", "since": "yesterday", "databaseUrl": "oracle://secret@db",
		"internal": ["~("], "agents": [{"externalId": "a", "name": ""}, {"externalId": "b", "name": "B", "numbers": ["word"]}],
		"steps": [{"context": "ivr", "kind": "TILE"}], "outboundCampaign": "some", "fields": {"agent": "x"}}`))
	if err == nil {
		t.Fatal("no fault is found")
	}
	for _, field := range []string{"name:", "kind:", "timeZone:", "since:", "databaseUrl:", "internal[0]:", "agents[0].name:", "agents[1].numbers[0]:", "steps[0].kind:", "outboundCampaign:", "fields:"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%s is not told of:\n%v", field, err)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("a password is shown: %v", err)
	}
}

func TestParseSource_RefusesUnknownKeys(t *testing.T) {
	t.Parallel()
	if _, err := telephony.ParseSource([]byte(`{"name": "pbx1", "kind": "freepbx", "trunk": []}`)); err == nil || !strings.Contains(err.Error(), "trunk") {
		t.Errorf("got %v", err)
	}
}

func TestParseSource_CompletesWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	source, err := telephony.ParseSource([]byte(`{"name": "pbx1", "kind": "freepbx", "keepRows": "7d"}`))
	if err != nil {
		t.Fatal(err)
	}
	if time.Duration(source.KeepRows) != 7*24*time.Hour || time.Duration(source.UnfinishedAfter) != 6*time.Hour || source.TimeZone != "Europe/Warsaw" {
		t.Errorf("got %+v", source)
	}
	again, err := json.Marshal(source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := telephony.ParseSource(again); err != nil {
		t.Errorf("what is written cannot be read: %v", err)
	}
}

func TestGroup_JoinsRowsThatShareAChannelOrALink(t *testing.T) {
	t.Parallel()
	rows := []telephony.Row{{Channel: "1"}, {Channel: "2", Links: []string{"1"}}, {Channel: "3"}, {Channel: "4", Links: []string{"5"}}, {Channel: "5", Links: []string{"2"}}}
	calls := telephony.CallsOf(rows)
	if len(calls) != 2 || len(calls[0].Rows) != 4 || len(calls[1].Rows) != 1 {
		t.Errorf("got %+v", calls)
	}
}
