package asterisk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

// exampleSource is the configuration of the examples.
const exampleSource = `{"name": "pbx1", "kind": "freepbx", "timeZone": "Europe/Warsaw", "internal": ["~^[0-9]{2,6}$"], "trunks": ["siptrunk", "~^dahdi"],
 "agents": [{"externalId": "anna", "name": "Anna Nowak", "groups": ["Infolinia"], "endpoints": ["201", "99201"], "numbers": ["+48600100200"]},
  {"externalId": "202", "name": "Jan Kowalski", "endpoints": ["202"]}, {"externalId": "203", "name": "Ewa Lis", "endpoints": ["203"]}],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["48221000101", "48221000102"], "queues": ["600"]},
  {"externalId": "GI", "name": "Giełda", "numbers": ["48221000104"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "600"}, {"externalId": "q601", "name": "Giełda", "number": "601"}],
 "steps": [{"context": "ivr-1", "kind": "MENU", "name": "Menu główne"}, {"context": "~^app-announcement-", "kind": "ANNOUNCEMENT"}],
 "surveys": ["ankieta"], "machineSurveys": ["vm-ankieta"], "recordings": "{yyyy}/{mm}/{dd}/{file}"}`

// brief is a contact in one line: instants are seconds after the script's start.
func brief(c telephony.Contact) string {
	out := &strings.Builder{}
	fmt.Fprintf(out, "%s %s %s %s", strings.TrimPrefix(c.ExternalID, "pbx1:"), c.Type, c.Status, offset(&c.StartedAt))
	fmt.Fprintf(out, " %s>%s", orDash(c.SourceAddress), orDash(c.DestinationAddress))
	if c.Campaign != nil {
		fmt.Fprintf(out, " campaign=%s", c.Campaign.ExternalID)
	}
	if c.Agent != nil {
		fmt.Fprintf(out, " agent=%s", c.Agent.ExternalID)
	}
	if c.Queue != nil {
		fmt.Fprintf(out, " queue=%s", c.Queue.ExternalID)
	}
	for _, one := range []struct {
		name  string
		value *int
	}{{"ivr", c.IVRTime}, {"ring", c.RingTime}, {"talk", c.AgentTalkTime}} {
		if one.value != nil {
			fmt.Fprintf(out, " %s=%d", one.name, *one.value)
		}
	}
	if c.HangupParty != nil {
		fmt.Fprintf(out, " %s", *c.HangupParty)
	}
	if c.Details.Recording != nil {
		fmt.Fprintf(out, " recording=%s", c.Details.Recording.Path)
	}
	for _, st := range c.IVRSteps {
		fmt.Fprintf(out, " | %s %s %s %s..%s", st.Kind, st.Name, orDash(st.Choice), offset(&st.EnteredAt), offset(st.LeftAt))
	}
	return out.String()
}

func offset(at *time.Time) string {
	if at == nil {
		return "null"
	}
	return fmt.Sprintf("+%d", at.Unix()-scriptStart)
}

func orDash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

func briefs(outcomes []telephony.Outcome) []string {
	var all []string
	for _, outcome := range outcomes {
		for _, c := range outcome.Contacts {
			all = append(all, brief(c))
		}
		if outcome.Reason != "" {
			all = append(all, "no contact: "+string(outcome.Reason))
		}
	}
	slices.Sort(all)
	return all
}

const (
	ringAll = `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+2 DTMF T s@ivr-1 1; APP_START T 600@ext-queues Queue(600,tc,,,25); CHAN_START L1,L2,M1,M2,N1,N2,A,J,E
		`
	ringAllAnswered = ringAll + `
		+7 ANSWER J,M2,M1; HANGUP L1,L2,A,N1,N2,E cause=26; ENTER b1 J,M2; ENTER b2 M1,T
		`
	ringAllWhole = ringAllAnswered + `
		+15 EXIT b2 T,M1; HANGUP M1 src=T; APP_END T Queue; HANGUP T src=T; EXIT b1 M2,J; HANGUP M2,J; LINKEDID_END T`
	talkOfAnna = `
		+0 CHAN_START T 48221000104@from-trunk; ANSWER T 48221000104@ext-queues; APP_START T 601@ext-queues Queue(601); CHAN_START L1,L2,A
		+2 ANSWER A,L2,L1; ENTER b1 A,L2; ENTER b2 L1,T
		`
	mainOfAnna = "1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000104 campaign=GI agent=anna queue=q601 talk=4 AGENT" +
		" | QUEUE Giełda - +0..+2 | AGENT Anna Nowak - +2..+6"
	clientOfRingAll = "1795816717.0 CAMPAIGN_INBOUND_CALL %s +0 +48501723894>48221000101 campaign=PS"
)

// example is a call as it is played, and the contacts that it means.
type example struct {
	name, played string
	want         []string
}

var examples = []example{
	{"1 ring-all with three agents, answered", ringAllWhole, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " agent=202 queue=q600 ivr=2 talk=8 CUSTOMER" +
			" | MENU Menu główne 1 +0..+2 | QUEUE Infolinia - +2..+7 | AGENT Jan Kowalski - +7..+15",
	}},
	{"2 abandoned in the IVR", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+3 HANGUP T h@ivr-1 src=T`, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " ivr=3 CUSTOMER | MENU Menu główne - +0..+3",
	}},
	{"3 abandoned in the queue", ringAll + `
		+8 HANGUP L1,L2,M1,M2,N1,N2,A,J,E cause=26; APP_END T Queue; HANGUP T src=T`, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " queue=q600 ivr=2 CUSTOMER | MENU Menu główne 1 +0..+2 | QUEUE Infolinia - +2..+8",
	}},
	{"4 two IVRs, the agent hangs up", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+3 DTMF T s@ivr-1 2; STREAM_BEGIN T s@ivr-2
		+5 DTMF T s@ivr-2 1; APP_START T 601@ext-queues Queue(601); CHAN_START L1,L2,A` + endOfTwoIVRs, []string{
		"1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=anna queue=q601 ivr=5 talk=5 AGENT" +
			" | MENU Menu główne 2 +0..+3 | MENU ivr-2 1 +3..+5 | QUEUE Giełda - +5..+7 | AGENT Anna Nowak - +7..+12",
	}},
	{"4 on an old Asterisk with the line of apps", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+3 APP_START T 2@ivr-1 Goto; APP_START T s@ivr-2 Read
		+5 APP_END T 1@ivr-2 Goto; APP_START T 601@ext-queues Queue(601); CHAN_START L1,L2,A` + endOfTwoIVRs, []string{
		"1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=anna queue=q601 ivr=5 talk=5 AGENT" +
			" | MENU Menu główne 2 +0..+3 | MENU ivr-2 1 +3..+5 | QUEUE Giełda - +5..+7 | AGENT Anna Nowak - +7..+12",
	}},
	{"4 on an old Asterisk without it", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+5 APP_START T 601@ext-queues Queue(601); CHAN_START L1,L2,A` + endOfTwoIVRs, []string{
		"1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000101 campaign=PS agent=anna queue=q601 ivr=5 talk=5 AGENT" +
			" | MENU Menu główne - +0..+5 | QUEUE Giełda - +5..+7 | AGENT Anna Nowak - +7..+12",
	}},
	{"5 a wrong key, then the machine ends it", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+3 DTMF T s@ivr-1 7; STREAM_BEGIN T i@ivr-1; STREAM_BEGIN T s@ivr-1
		+6 DTMF T s@ivr-1 2; STREAM_BEGIN T s@ivr-2
		+9 DTMF T s@ivr-2 9; STREAM_BEGIN T hangup@app-blackhole; HANGUP T src=dialplan/builtin`, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " ivr=9 SYSTEM | MENU Menu główne 7 +0..+3 | MENU Menu główne 2 +3..+6 | MENU ivr-2 9 +6..+9",
	}},
	{"6 nobody picks up in the queue", `
		+0 CHAN_START T 48221000104@from-trunk; ANSWER T 48221000104@ext-queues; APP_START T 601@ext-queues Queue(601); CHAN_START L1,L2,A
		+6 HANGUP A cause=17; HANGUP L1,L2
		+7 CHAN_START M1,M2,A'
		+12 HANGUP M1,M2,A'
		+25 APP_END T Queue
		+26 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		"1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000104 campaign=GI queue=q601 SYSTEM | QUEUE Giełda - +0..+25",
	}},
	{"7 blind transfer to a colleague", talkOfAnna + `
		+6 EXIT b1 L2,A; BLINDTRANSFER A ext=202 transferee=L2; HANGUP A; CHAN_START J
		+8 ANSWER J; ENTER b3 J,L2
		+14 EXIT b3 J,L2; HANGUP J src=J; HANGUP L2 src=J; EXIT b2 L1,T; APP_END T Queue; HANGUP L1
		+15 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 202 - +6..+15",
		"1795816717.0/t1795816717.3 INBOUND_CALL ANSWERED +6 +48501723894>202 agent=202 talk=6 AGENT | AGENT Jan Kowalski - +8..+14",
	}},
	{"8 attended transfer by the exchange's own key", talkOfAnna + `
		+6 CHAN_START P1 202@from-internal uid=1795816723.7; CHAN_START P2 202@from-internal; ENTER b3 P1; EXIT b1 A; ENTER b3 A; CHAN_START J
		+8 ANSWER J; ENTER b4 J,P2
		+13 EXIT b3 A,P1; ENTER b1 P1; ATTENDEDTRANSFER A; HANGUP A
		+20 EXIT b4 J,P2; HANGUP J src=J; HANGUP P1,P2,L1,L2
		+21 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 202 - +13..+21",
		"1795816717.0/t1795816717.3 INBOUND_CALL ANSWERED +13 +48501723894>202 agent=202 talk=7 AGENT | AGENT Jan Kowalski - +13..+20",
		"1795816723.7 CONSULTATION ANSWERED +6 201>202 campaign=GI agent=anna talk=5",
	}},
	{"9 attended transfer by the phone's own key", talkOfAnna + `
		+6 CHAN_START A' 202@from-internal own=1; CHAN_START J linked=A'
		+8 ANSWER J,A'; ENTER b5 J,A'
		+12 EXIT b1 L2; EXIT b5 A'; ENTER b5 L2; ATTENDEDTRANSFER A; HANGUP A,A'; LINKEDID_END A'
		+22 EXIT b5 J linked=T; EXIT b5 L2; HANGUP J src=J; HANGUP L1,L2
		+23 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 202 - +12..+23",
		"1795816717.0/t1795816717.3 INBOUND_CALL ANSWERED +12 +48501723894>202 agent=202 talk=10 AGENT | AGENT Jan Kowalski - +12..+22",
		"1795816723.4 CONSULTATION ANSWERED +6 201>202 campaign=GI agent=anna talk=4",
	}},
	{"10 consultation refused, back to the client", talkOfAnna + `
		+6 CHAN_START P1 202@from-internal uid=1795816723.7; CHAN_START P2 202@from-internal; ENTER b3 P1; EXIT b1 A; ENTER b3 A; CHAN_START J
		+8 HANGUP J cause=17
		+11 EXIT b3 P1,A; ENTER b1 A; HANGUP P1,P2
		+16 EXIT b2 T,L1; HANGUP L1; HANGUP T src=T; EXIT b1 L2,A; HANGUP L2,A`, []string{
		"1795816717.0 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>48221000104 campaign=GI agent=anna queue=q601 talk=9 CUSTOMER" +
			" | QUEUE Giełda - +0..+2 | AGENT Anna Nowak - +2..+6 | AGENT Anna Nowak - +11..+16",
		"1795816723.7 CONSULTATION BUSY +6 201>202 campaign=GI agent=anna talk=0",
	}},
	{"11 external transfer", talkOfAnna + `
		+6 EXIT b1 L2,A; BLINDTRANSFER A ext=0501999888 transferee=L2; HANGUP A; CHAN_START O
		+9 ANSWER O; ENTER b3 O,L2
		+14 EXIT b3 O,L2; HANGUP O src=O; HANGUP L2 src=O; EXIT b2 L1,T; APP_END T Queue; HANGUP L1
		+15 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 0501999888 - +6..+15",
		"1795816717.0/t1795816717.3 EXTERNAL_TRANSFER ANSWERED +6 201>0501999888 campaign=GI agent=anna talk=0 | TRANSFER 0501999888 - +9..+14",
	}},
	{"11 external transfer to somebody busy", talkOfAnna + `
		+6 EXIT b1 L2,A; BLINDTRANSFER A ext=0501999888 transferee=L2; HANGUP A; CHAN_START O
		+9 HANGUP O cause=17; HANGUP L2; EXIT b2 L1,T; APP_END T Queue; HANGUP L1
		+15 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 0501999888 - +6..+15",
		"1795816717.0/t1795816717.3 EXTERNAL_TRANSFER BUSY +6 201>0501999888 campaign=GI agent=anna talk=0",
	}},
	{"12 handed to another queue", talkOfAnna + `
		+6 EXIT b1 L2,A; BLINDTRANSFER A ext=600 transferee=L2; HANGUP A; APP_START L2 600@ext-queues Queue(600); CHAN_START M1,M2,J
		+9 ENTER b4 J,M2; ENTER b5 M1,L2
		+14 EXIT b4 J,M2; HANGUP J src=J; EXIT b5 M1,L2; APP_END L2 Queue; HANGUP M1,M2,L2; EXIT b2 L1,T; HANGUP L1
		+15 HANGUP T hangup@app-blackhole src=dialplan/builtin`, []string{
		mainOfAnna + " | TRANSFER 600 - +6..+15",
		"1795816717.0/t1795816717.3 CAMPAIGN_INBOUND_CALL ANSWERED +6 +48501723894>600 campaign=PS agent=202 queue=q600 talk=5 AGENT" +
			" | QUEUE Infolinia - +6..+9 | AGENT Jan Kowalski - +9..+14",
	}},
	{"13 outbound", outboundCall + `
		+3 ANSWER O,A; ENTER b1 O,A
		+9 EXIT b1 A,O; HANGUP O src=A; HANGUP A num=48221000101 src=A`, []string{
		"1795816717.0 OUTBOUND_CALL ANSWERED +0 48221000101>0501723894 agent=anna ring=3 talk=6 AGENT",
	}},
	{"13 busy", outboundCall + `
		+1 HANGUP O cause=17 src=O; HANGUP A num=48221000101`, []string{
		"1795816717.0 OUTBOUND_CALL BUSY +0 48221000101>0501723894 agent=anna ring=1 talk=0 CUSTOMER",
	}},
	{"13 a wrong number", outboundCall + `
		+1 HANGUP O cause=1 src=O; HANGUP A num=48221000101`, []string{
		"1795816717.0 OUTBOUND_CALL FAILED +0 48221000101>0501723894 agent=anna ring=1 talk=0 SYSTEM",
	}},
	{"13 not picked up", outboundCall + `
		+8 HANGUP O cause=0; HANGUP A num=48221000101 src=dialplan/builtin`, []string{
		"1795816717.0 OUTBOUND_CALL NO_ANSWER +0 48221000101>0501723894 agent=anna ring=8 talk=0 SYSTEM",
	}},
	{"13 given up", outboundCall + `
		+8 HANGUP O cause=0; HANGUP A num=48221000101 src=A`, []string{
		"1795816717.0 OUTBOUND_CALL NO_ANSWER +0 48221000101>0501723894 agent=anna ring=8 talk=0 AGENT",
	}},
	{"14 internal", `
		+0 CHAN_START A 202@from-internal num=201; CHAN_START J
		+2 ANSWER J,A; ENTER b1 J,A
		+6 EXIT b1 A,J; HANGUP A src=A; HANGUP J`, []string{
		"1795816717.0 OUTBOUND_CALL ANSWERED +0 201>202 agent=anna ring=2 talk=4 AGENT",
	}},
	{"14 a feature code", `
		+0 CHAN_START A *97@from-internal num=201; ANSWER A
		+6 HANGUP A src=A`, []string{"no contact: FEATURE_CODE"}},
	{"15 own number, voicemail", `
		+0 CHAN_START T 48221000105@from-trunk; CHAN_START V
		+15 HANGUP V cause=0; ANSWER T s@macro-vm; APP_START T VoiceMail(204@default,us)
		+21 APP_END T VoiceMail; HANGUP T src=T`, []string{
		"1795816717.0 INBOUND_CALL NO_ANSWER +0 +48501723894>48221000105 ivr=6 CUSTOMER | VOICEMAIL Poczta głosowa 204 - +15..+21",
	}},
	{"15 pickup", `
		+0 CHAN_START T 48221000105@from-trunk; CHAN_START A
		+3 CHAN_START J *8201@from-internal own=1
		+4 PICKUP A; HANGUP A cause=26; ENTER b1 J linked=T; ENTER b1 T
		+9 EXIT b1 T,J; HANGUP T src=T; HANGUP J`, []string{
		"1795816717.0 INBOUND_CALL ANSWERED +0 +48501723894>48221000105 agent=202 talk=5 CUSTOMER | AGENT Jan Kowalski - +4..+9",
	}},
	{"16 a callback placed by the machine", `
		+0 CHAN_START L1 201@from-internal; CHAN_START L2 201@from-internal; CHAN_START A
		+2 ANSWER A,L2; ANSWER L1 app=AppDial2; ENTER b1 A,L2; CHAN_START O
		+5 ANSWER O 0501723894@from-trunk; ENTER b2 O,L1
		+10 EXIT b2 O,L1; HANGUP O src=O; HANGUP L1 num=48221000101; EXIT b1 L2,A; HANGUP L2,A`, []string{
		"1795816717.0 OUTBOUND_CALL ANSWERED +0 48221000101>0501723894 agent=anna ring=3 talk=5 CUSTOMER",
	}},
	{"16 an agent not reached", `
		+0 CHAN_START L1 201@from-internal; CHAN_START L2 201@from-internal; CHAN_START A
		+20 HANGUP A cause=0; HANGUP L2,L1`, []string{"no contact: AGENT_NOT_REACHED"}},
	{"17 in the menu", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+2 DTMF T s@ivr-1 1`, []string{
		fmt.Sprintf(clientOfRingAll, "RINGING") + " ivr=2 | MENU Menu główne 1 +0..null",
	}},
	{"17 in the queue", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+2 DTMF T s@ivr-1 1; APP_START T 600@ext-queues Queue(600,tc,,,25)`, []string{
		fmt.Sprintf(clientOfRingAll, "RINGING") + " queue=q600 ivr=2 | MENU Menu główne 1 +0..+2 | QUEUE Infolinia - +2..null",
	}},
	{"17 in the talk", ringAllAnswered, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " agent=202 queue=q600 ivr=2 talk=0" +
			" | MENU Menu główne 1 +0..+2 | QUEUE Infolinia - +2..+7 | AGENT Jan Kowalski - +7..null",
	}},
	{"a survey after the call", `
		+0 CHAN_START T 48221000101@from-trunk; ANSWER T s@ivr-1
		+2 APP_START T 600@ext-queues Queue(600); CHAN_START J
		+4 ANSWER J; ENTER b1 J,T
		+9 EXIT b1 J,T; HANGUP J src=J; APP_END T Queue; STREAM_BEGIN T s@ankieta
		+11 DTMF T s@ankieta 5
		+13 HANGUP T h@ankieta src=T`, []string{
		fmt.Sprintf(clientOfRingAll, "ANSWERED") + " agent=202 queue=q600 ivr=2 talk=5 AGENT" +
			" | MENU Menu główne - +0..+2 | QUEUE Infolinia - +2..+4 | AGENT Jan Kowalski - +4..+9",
		"1795816717.0/s POST_CALL_SURVEY ANSWERED +9 48221000101>+48501723894 campaign=PS ivr=4 CUSTOMER | SURVEY ankieta 5 +9..+13",
	}},
}

const (
	endOfTwoIVRs = `
		+7 ANSWER A,L2,L1; ENTER b1 A,L2; ENTER b2 L1,T
		+12 EXIT b1 A,L2; HANGUP A src=A; HANGUP L2 src=A; EXIT b2 L1,T; HANGUP L1; APP_END T Queue; STREAM_BEGIN T hangup@app-blackhole; HANGUP T src=dialplan/builtin`
	outboundCall = `
		+0 CHAN_START A 0501723894@from-internal num=201; CHAN_START O`
)

// exampleNow is within minutes of the examples, so that what runs still runs.
var exampleNow = time.Unix(scriptStart+600, 0)

func TestMapper_MeetsTheExamples(t *testing.T) {
	t.Parallel()
	for _, one := range examples {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			mapper := asterisk.NewMapper(parseSource(t, exampleSource))
			got := briefs(telephony.Map(mapper, scriptRows(t, one.played), exampleNow))
			want := slices.Sorted(slices.Values(one.want))
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
