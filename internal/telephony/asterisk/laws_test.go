package asterisk_test

import (
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

// playedCalls are the rows of every example and of every recorded call.
func playedCalls(t testing.TB) map[string][]telephony.Row {
	t.Helper()
	calls := map[string][]telephony.Row{}
	for _, one := range examples {
		calls[one.name] = scriptRows(t, one.played)
	}
	files, err := filepath.Glob("testdata/recorded/*/cel.csv")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d recorded calls: %v", len(files), err)
	}
	for _, path := range files {
		calls[filepath.Base(filepath.Dir(path))] = callRows(t, filepath.Dir(path))
	}
	return calls
}

func TestMapper_GivesTheSameForEveryOrderOfRows(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for name, rows := range playedCalls(t) {
		mapper := asterisk.NewMapper(parseSource(t, exampleSource))
		want := flatAll(t, telephony.Map(mapper, rows, later))
		for range 20 {
			shuffled := slices.Clone(rows)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if got := flatAll(t, telephony.Map(mapper, shuffled, later)); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: another order of rows gives\n%s\nwant\n%s", name, show(got), show(want))
			}
		}
	}
}

// TestMapper_OnlyGrowsWithEachRow reads every prefix of every call, as it is seen live.
func TestMapper_OnlyGrowsWithEachRow(t *testing.T) {
	t.Parallel()
	for name, rows := range playedCalls(t) {
		if name == "s22_live" {
			continue // many calls: each of them is among the others
		}
		mapper := asterisk.NewMapper(parseSource(t, exampleSource))
		var cel []telephony.Row
		for _, row := range rows {
			if row.Kind == telephony.CEL {
				cel = append(cel, row)
			}
		}
		before := map[string]telephony.Contact{}
		for n := 1; n <= len(cel); n++ {
			now := cel[n-1].At.Add(time.Second)
			for _, outcome := range telephony.Map(mapper, slices.Clone(cel[:n]), now) {
				for _, c := range outcome.Contacts {
					compareWithBefore(t, name, before[c.ExternalID], c)
					before[c.ExternalID] = c
				}
			}
		}
	}
}

func compareWithBefore(t *testing.T, name string, before, c telephony.Contact) {
	t.Helper()
	if before.ExternalID == "" {
		return
	}
	if c.Revision < before.Revision {
		t.Errorf("%s: %s: revision %d follows %d", name, c.ExternalID, c.Revision, before.Revision)
	}
	if before.Status == contact.Answered && before.Agent != nil && before.Type != contact.OutboundCall && c.Status != contact.Answered {
		t.Errorf("%s: %s: %s follows an answer", name, c.ExternalID, c.Status)
	}
	if len(c.IVRSteps) < len(before.IVRSteps) {
		t.Errorf("%s: %s: %d steps follow %d", name, c.ExternalID, len(c.IVRSteps), len(before.IVRSteps))
	}
}

// TestMapper_LeavesNothingBehindWhileACallRuns holds that a contact which a running call had is there when it is over.
func TestMapper_LeavesNothingBehindWhileACallRuns(t *testing.T) {
	t.Parallel()
	for _, one := range examples {
		rows := scriptRows(t, one.played)
		mapper := asterisk.NewMapper(parseSource(t, exampleSource))
		final := map[string]bool{}
		for _, outcome := range telephony.Map(mapper, slices.Clone(rows), exampleNow) {
			for _, c := range outcome.Contacts {
				final[c.ExternalID] = true
			}
		}
		for n := 1; n < len(rows); n++ {
			for _, outcome := range telephony.Map(mapper, slices.Clone(rows[:n]), exampleNow) {
				for _, c := range outcome.Contacts {
					if !final[c.ExternalID] {
						t.Errorf("%s: %s %s after %d rows is no contact in the end", one.name, c.ExternalID, c.Type, n)
					}
				}
			}
		}
	}
}

// TestMapper_KeepsTalksWithinTheCall holds what no reading of a call may break.
func TestMapper_KeepsTalksWithinTheCall(t *testing.T) {
	t.Parallel()
	for name, rows := range playedCalls(t) {
		mapper := asterisk.NewMapper(parseSource(t, exampleSource))
		calls := telephony.CallsOf(slices.Clone(rows))
		longest := 0
		for _, call := range calls {
			longest = max(longest, int(call.Last().Sub(call.First())/time.Second)+1)
		}
		reasons := 0
		outcomes := telephony.Map(mapper, rows, later)
		for _, outcome := range outcomes {
			if len(outcome.Contacts) == 0 {
				reasons++
				if outcome.Reason == "" {
					t.Errorf("%s: call %s ends neither as a contact nor under a reason", name, outcome.Key)
				}
			}
			for _, c := range outcome.Contacts {
				if c.AgentTalkTime != nil && *c.AgentTalkTime > longest {
					t.Errorf("%s: %s: a talk of %d s in a call of %d s", name, c.ExternalID, *c.AgentTalkTime, longest)
				}
				if !strings.HasPrefix(c.ExternalID, "pbx1:") || c.Status == "" || c.Type == "" {
					t.Errorf("%s: %s %s %s", name, c.ExternalID, c.Type, c.Status)
				}
			}
		}
		if len(outcomes) != len(calls) {
			t.Errorf("%s: %d calls come to %d outcomes", name, len(calls), len(outcomes))
		}
	}
}

func TestMapper_ReadsAConsultationAloneAsACall(t *testing.T) {
	t.Parallel()
	var rows []telephony.Row
	for _, one := range examples {
		if strings.HasPrefix(one.name, "9 ") {
			rows = scriptRows(t, one.played)
		}
	}
	alone := slices.DeleteFunc(slices.Clone(rows), func(row telephony.Row) bool {
		return row.Channel != "1795816723.4" && !slices.Contains(row.Links, "1795816723.4")
	})
	mapper := asterisk.NewMapper(parseSource(t, exampleSource))
	got := briefs(telephony.Map(mapper, alone, exampleNow))
	if len(got) != 1 || !strings.HasPrefix(got[0], "1795816723.4 OUTBOUND_CALL ANSWERED") {
		t.Errorf("got %q", got)
	}
}

// TestMapper_TakesATalkOnAnotherLineOutOfTheFirst has an agent call a colleague from a second line, in a call that never
// joins the first.
func TestMapper_TakesATalkOnAnotherLineOutOfTheFirst(t *testing.T) {
	t.Parallel()
	first := scriptRows(t, `
		+0 CHAN_START T 48221000105@from-trunk; CHAN_START A
		+2 ANSWER A,T; ENTER b1 A,T
		+20 EXIT b1 A,T; HANGUP T src=T; HANGUP A`)
	second := scriptRows(t, `
		+5 CHAN_START A' 202@from-internal num=201 uid=1795816722.9; CHAN_START J
		+7 ANSWER J,A'; ENTER b5 J,A'
		+12 EXIT b5 J,A'; HANGUP A' src=A'; HANGUP J`)
	mapper := asterisk.NewMapper(parseSource(t, exampleSource))
	got := briefs(telephony.Map(mapper, append(first, second...), exampleNow))
	want := []string{
		"1795816717.0 INBOUND_CALL ANSWERED +0 +48501723894>48221000105 agent=anna talk=11 CUSTOMER | AGENT Anna Nowak - +2..+5 | AGENT Anna Nowak - +12..+20",
		"1795816722.9 CONSULTATION ANSWERED +5 201>202 agent=anna talk=5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMapper_ClosesACallOfWhichNothingIsHeard(t *testing.T) {
	t.Parallel()
	mapper := asterisk.NewMapper(parseSource(t, exampleSource))
	outcomes := telephony.Map(mapper, scriptRows(t, ringAllAnswered), later)
	if len(outcomes) != 1 || !outcomes[0].Unfinished || outcomes[0].Open {
		t.Fatalf("got %+v", outcomes)
	}
	if c := outcomes[0].Contacts[0]; c.HangupParty != nil || c.IVRSteps[2].LeftAt == nil {
		t.Errorf("got %s", brief(c))
	}
}

// TestMapper_ResolvesTheHourThatComesTwice reads a table of local times in the night of a change of the clock, and the same
// rows as if they were UTC.
func TestMapper_ResolvesTheHourThatComesTwice(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.NewReplacer(",T,", `,"PJSIP/siptrunk-0000000a",`, ",A,", `,"PJSIP/201-0000000b",`).Replace(
		`CHAN_START,2026-10-25 02:59:50,,+48501723894,,,,48221000105,from-trunk,T,,,,1792889990.0,1792889990.0,,,
CHAN_START,2026-10-25 02:59:51,,,,,,s,from-internal,A,,,,1792889991.1,1792889990.0,,,
BRIDGE_ENTER,2026-10-25 02:00:20,,,,,,,from-internal,A,,,,1792889991.1,1792889990.0,,,"{""bridge_id"":""b""}"
BRIDGE_ENTER,2026-10-25 02:00:20,,,,,,,from-internal,T,,,,1792889990.0,1792889990.0,,,"{""bridge_id"":""b""}"
BRIDGE_EXIT,2026-10-25 02:01:05,,,,,,,from-internal,T,,,,1792889990.0,1792889990.0,,,"{""bridge_id"":""b""}"
HANGUP,2026-10-25 02:01:05,,,,,,,from-internal,A,,,,1792889991.1,1792889990.0,,,
HANGUP,2026-10-25 02:01:05,,,,,,,from-internal,T,,,,1792889990.0,1792889990.0,,,`), "\n")
	in, err := reader.NewCEL(warsaw, nil)
	if err != nil {
		t.Fatal(err)
	}
	mapper := asterisk.NewMapper(parseSource(t, exampleSource))
	outcomes := telephony.Map(mapper, readRows(t, in, lines), later)
	if len(outcomes) != 1 || len(outcomes[0].Contacts) != 1 {
		t.Fatalf("got %+v", outcomes)
	}
	c := flat(t, outcomes[0].Contacts[0])
	step := c["ivrSteps"].([]any)[0].(map[string]any)
	if c["startedAt"] != "2026-10-25T02:59:50+02:00" || step["enteredAt"] != "2026-10-25T02:00:20+01:00" || c["agentTalkTime"] != 45.0 {
		t.Errorf("got %s", show(c))
	}
}

func TestMapper_ReadsTheCallWithoutCEL(t *testing.T) {
	t.Parallel()
	source := strings.Replace(exampleSource, `"agents"`, `"fields": {"ticketId": "cdr.userfield"}, "agents"`, 1)
	mapper := asterisk.NewMapper(parseSource(t, source))
	cdr := readRows(t, reader.NewCDR(warsaw), readLines(t, "testdata/recorded/s01/cdr.csv"))
	for i := range cdr {
		cdr[i].Fields[21] = "48221000101" // did, which Master.csv has not
	}
	got := briefs(telephony.Map(mapper, cdr, later))
	want := "1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=202 queue=q600 talk=7"
	if len(got) != 1 || got[0] != want {
		t.Errorf("CDR alone gives\n%s\nwant\n%s", got, want)
	}
	log := readRows(t, reader.NewQueueLog(warsaw), readLines(t, "testdata/recorded/s01/queue_log"))
	got = briefs(telephony.Map(mapper, append(cdr, log...), later))
	want = "1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=202 queue=q600 ivr=2 talk=8 CUSTOMER" +
		" | OTHER IVR - +0..+2 | QUEUE Infolinia - +2..+7 | AGENT Jan Kowalski - +7..+15"
	if len(got) != 1 || got[0] != want {
		t.Errorf("CDR and queue_log give\n%s\nwant\n%s", got, want)
	}
	got = briefs(telephony.Map(mapper, log, later))
	want = "1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=202 queue=q600 talk=8 CUSTOMER" +
		" | QUEUE Infolinia - +2..+7 | AGENT Jan Kowalski - +7..+15"
	if len(got) != 1 || got[0] != want {
		t.Errorf("queue_log alone gives\n%s\nwant\n%s", got, want)
	}
}

func TestMapper_NamesTheRecordingOfATalk(t *testing.T) {
	t.Parallel()
	cdr := readRows(t, reader.NewCDR(warsaw), readLines(t, "testdata/recorded/s01/cdr.csv"))
	for i := range cdr {
		cdr[i].Fields[22] = "q-600-+48501723894-20261127-225837-1795816717.0.wav"
	}
	mapper := asterisk.NewMapper(parseSource(t, exampleSource))
	got := briefs(telephony.Map(mapper, append(scriptRows(t, ringAllWhole), cdr...), later))
	if len(got) != 1 || !strings.Contains(got[0], " recording=2026/11/27/q-600-+48501723894-20261127-225837-1795816717.0.wav ") {
		t.Errorf("got %q", got)
	}
	cdr[len(cdr)-1].Fields[22] = "q-600-+48501723894-20261127-225901-1795816717.9.wav"
	all := telephony.Map(mapper, append(scriptRows(t, ringAllWhole), cdr...), later)[0].Contacts[0].Details
	if len(all.Recordings) != 2 || all.Recordings[0] != *all.Recording || !strings.HasSuffix(all.Recordings[1].Path, "27/"+cdr[len(cdr)-1].Fields[22]) {
		t.Errorf("two recordings: %+v", all)
	}
	got = briefs(telephony.Map(mapper, append(scriptRows(t, examples[2].played), cdr...), later))
	if len(got) != 1 || strings.Contains(got[0], "recording=") {
		t.Errorf("a recording of a call in which nobody talked: %q", got)
	}
}

func FuzzLineReader(f *testing.F) {
	for _, name := range []string{"cel.csv", "cdr.csv", "queue_log"} {
		for _, line := range readLines(f, "testdata/recorded/s01/"+name) {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, line string) {
		cel, err := reader.NewCEL(warsaw, nil)
		if err != nil {
			t.Fatal(err)
		}
		mapper := asterisk.NewMapper(parseSource(t, exampleSource))
		for _, in := range []*reader.Lines{cel, reader.NewCDR(warsaw), reader.NewQueueLog(warsaw)} {
			if row, err := in.Read(line, 1); err == nil && row.Channel != "" {
				telephony.Map(mapper, []telephony.Row{row}, later)
			}
		}
	})
}
