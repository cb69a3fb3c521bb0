package asterisk_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// playedVersions are the versions of Asterisk through which .ci/telephony-proof plays calls, and how many of them at least.
var playedVersions = map[string]int{"16": 30, "22": 30}

// TestMapper_TellsWhatWasPlayedThroughRealAsterisks replays the rows that .ci/telephony-proof recorded.
func TestMapper_TellsWhatWasPlayedThroughRealAsterisks(t *testing.T) {
	t.Parallel()
	for version, least := range playedVersions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			directory := filepath.Join("testdata", "played", version)
			var calls []played.Call
			for _, line := range readLines(t, filepath.Join(directory, "calls.ndjson")) {
				var call played.Call
				if err := json.Unmarshal([]byte(line), &call); err != nil {
					t.Fatal(err)
				}
				calls = append(calls, call)
			}
			if len(calls) < least {
				t.Fatalf("%d calls were recorded", len(calls))
			}
			outcomes := telephony.Map(asterisk.NewMapper(parseSource(t, played.SourceFile("pbx1", ""))), callRows(t, directory), later)
			checkConversations(t, outcomes)
			var contacts []played.Contact
			for _, outcome := range outcomes {
				for _, c := range outcome.Contacts {
					contacts = append(contacts, asPlayed(c))
				}
			}
			comparison := played.Compare(calls, contacts)
			for _, fault := range comparison.Faults {
				t.Error(fault)
			}
			compareReasons(t, calls, outcomes)
		})
	}
}

func compareReasons(t *testing.T, calls []played.Call, outcomes []telephony.Outcome) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, call := range calls {
		if call.Reason != "" {
			want[call.Reason]++
		}
	}
	for _, outcome := range outcomes {
		if outcome.Reason != "" {
			got[string(outcome.Reason)]++
		}
	}
	if show(got) != show(want) {
		t.Errorf("reasons: got %v, want %v", got, want)
	}
}

func asPlayed(c telephony.Contact) played.Contact {
	p := played.Contact{ExternalID: c.ExternalID, Type: string(c.Type), Status: string(c.Status), StartedAt: c.StartedAt, Ring: c.RingTime, Talk: c.AgentTalkTime}
	for _, one := range []struct {
		to   *string
		from *telephony.Reference
	}{{&p.Campaign, c.Campaign}, {&p.Queue, c.Queue}, {&p.Agent, c.Agent}} {
		if one.from != nil {
			*one.to = one.from.ExternalID
		}
	}
	if c.SourceAddress != nil {
		p.From = *c.SourceAddress
	}
	if c.DestinationAddress != nil {
		p.To = *c.DestinationAddress
	}
	if c.HangupParty != nil {
		p.HangupParty = string(*c.HangupParty)
	}
	for _, st := range c.IVRSteps {
		one := played.Step{Kind: string(st.Kind), Name: st.Name, From: st.EnteredAt, To: *st.LeftAt}
		if st.Choice != nil {
			one.Choice = *st.Choice
		}
		p.Steps = append(p.Steps, one)
	}
	return p
}
