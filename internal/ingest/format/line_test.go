package format

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// minimal is the shortest contact there is.
const minimal = `{"externalId":"c1","type":"INBOUND_CALL","status":"ANSWERED","startedAt":"2024-03-04T08:09:16+01:00"}`

// full says everything that a contact can say, apart from the kinds of details, which exclude each other.
const full = `{"kind": "contact", "externalId": "AA0101-34539-990201", "revision": 3,
 "type": "VOICE_MAILING_SURVEY", "status": "ANSWERED", "startedAt": "2024-03-04T08:09:16.1234567+01:00",
 "sourceAddress": "+48501723894", "destinationAddress": "+48221000101", "ccAddresses": ["a@example.com"], "bccAddresses": ["b@example.com", "c@example.com"],
 "campaign": {"externalId": "PS", "name": "Obsługa bieżąca"}, "agent": {"externalId": "idit"},
 "queue": {"externalId": "q-PS", "name": "Kolejka PS"}, "classifier": {"externalId": "handled", "name": "Obsłużone"},
 "record": {"externalId": "23317894", "significantField": {"name": "Segment", "value": "Klient priorytetowy"}},
 "siteCall": {"externalId": "s1", "name": "Formularz"}, "siteCallOrderId": "o1", "ticketId": "t1",
 "ivrTime": 6, "ringTime": 0, "agentTalkTime": 166.0, "hangupParty": "CUSTOMER",
 "ivrSteps": [{"name": "Powitanie", "kind": "ANNOUNCEMENT", "choice": null, "enteredAt": "2024-03-04T08:09:16+01:00", "leftAt": "2024-03-04T08:09:22+01:00"},
              {"name": "Menu \"\u017b\ud83d\ude00\"", "kind": "MENU", "choice": "2", "enteredAt": "2024-03-04T08:09:22+01:00"}],
 "details": {"recording": {"path": "2024/03/04/34539.wav", "seconds": 166}}}`

func TestDecode_ReadsEveryFieldOfAContact(t *testing.T) {
	t.Parallel()
	l, fault := Decode(full)
	if fault != nil {
		t.Fatal(fault)
	}
	hangup := contact.HangupCustomer
	at := time.Date(2024, 3, 4, 7, 9, 16, 0, time.UTC)
	want := &Contact{
		ExternalID: "AA0101-34539-990201", Revision: 3, Type: contact.VoiceMailingSurvey, Status: contact.Answered,
		StartedAt: at.Add(123456 * time.Microsecond), SourceAddress: new("+48501723894"), DestinationAddress: new("+48221000101"),
		CCAddresses: []string{"a@example.com"}, BCCAddresses: []string{"b@example.com", "c@example.com"},
		Campaign: &Reference{"PS", new("Obsługa bieżąca")}, Agent: &Reference{"idit", nil},
		Queue: &Reference{"q-PS", new("Kolejka PS")}, Classifier: &Reference{"handled", new("Obsłużone")},
		Record:   &RecordReference{"23317894", &SignificantField{"Segment", new("Klient priorytetowy")}},
		SiteCall: &Reference{"s1", new("Formularz")}, SiteCallOrderID: new("o1"), TicketID: new("t1"),
		IVRTime: new(6), RingTime: new(0), AgentTalkTime: new(166), HangupParty: &hangup,
		IVRSteps: []Step{
			{Name: "Powitanie", Kind: contact.AnnouncementStep, EnteredAt: at, LeftAt: new(at.Add(6 * time.Second))},
			{Name: `Menu "Ż😀"`, Kind: contact.MenuStep, Choice: new("2"), EnteredAt: at.Add(6 * time.Second)},
		},
		Details: contact.DetailsContent{Recording: &contact.Recording{Path: "2024/03/04/34539.wav", Seconds: new(166)}},
	}
	if !reflect.DeepEqual(l.Contact, want) {
		t.Errorf("got  %+v\nwant %+v", l.Contact, want)
	}
}

func TestDecode_ReadsTheOtherKinds(t *testing.T) {
	t.Parallel()
	l, fault := Decode(`{"name": "Idit Bar", "externalId": "idit", "groups": ["Infolinia", "Giełda"], "deletedAt": "2024-06-01T00:00:00+02:00", "kind": "agent"}`)
	deleted := time.Date(2024, 5, 31, 22, 0, 0, 0, time.UTC)
	if want := (&Agent{ExternalID: "idit", Name: "Idit Bar", Groups: []string{"Infolinia", "Giełda"}, DeletedAt: &deleted}); fault != nil || !reflect.DeepEqual(l.Agent, want) {
		t.Errorf("agent: %+v, %+v", l.Agent, fault)
	}
	for _, kind := range []Kind{CampaignKind, QueueKind, ClassifierKind, SiteCallKind} {
		l, fault := Decode(`{"kind": "` + string(kind) + `", "externalId": "x", "name": "Y"}`)
		if fault != nil || l.Kind != kind || *l.Named != (Named{ExternalID: "x", Name: "Y"}) {
			t.Errorf("%s: %+v, %+v", kind, l, fault)
		}
	}
	for name, details := range map[string]string{
		"email": `{"email": {"subject": "s", "body": "b", "attachments": [{"name": "a.pdf", "size": 7}]}, "sms": null}`,
		"chat":  `{"chat": {"messages": [{"at": "2024-03-04T08:09:16Z", "author": "a", "text": "t"}]}}`,
		"sms":   `{"sms": {"text": "t"}}`,
		"none":  `{}`,
	} {
		l, fault := Decode(with(`"details":` + details))
		if fault != nil {
			t.Fatalf("%s: %+v", name, fault)
		}
		encoded, err := json.Marshal(l.Contact.Details)
		if want := strings.NewReplacer(`, "sms": null`, "", " ", "").Replace(details); err != nil || string(encoded) != want {
			t.Errorf("%s: %s, want %s", name, encoded, want)
		}
	}
}

// with is the minimal contact with other fields; one that it has already is replaced.
func with(fields string) string {
	key, _, _ := strings.Cut(fields, ":")
	line := minimal
	if start := strings.Index(line, key+":"); start >= 0 {
		end := start + strings.IndexAny(line[start:], ",}")
		if key == `"startedAt"` {
			end = len(line) - 1
		}
		return line[:start] + fields + line[end:]
	}
	return strings.TrimSuffix(line, "}") + "," + fields + "}"
}

func TestDecode_Accepts(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"the shortest contact":            minimal,
		"null for what may be missing":    with(`"revision":null,"ccAddresses":null,"ivrSteps":null,"details":null,"kind":null,"hangupParty":null,"ivrTime":null`),
		"the manual's spelling":           with(`"status":"NO ANSWEAR"`),
		"a status with a space":           with(`"status":"NO ANSWER"`),
		"carriage returns":                minimal + "\r",
		"the largest duration":            with(`"ivrTime":1000000000`),
		"the largest revision":            with(`"revision":9223372036854775807`),
		"200 characters of two bytes":     with(`"ticketId":"` + strings.Repeat("ż", 200) + `"`),
		"a step that is not over":         with(`"ivrSteps":[{"name":"","kind":"QUEUE","enteredAt":"2024-03-04T08:09:22Z"}]`),
		"a step that took no time":        with(`"ivrSteps":[{"name":"x","kind":"QUEUE","enteredAt":"2024-03-04T08:09:22Z","leftAt":"2024-03-04T09:09:22+01:00"}]`),
		"copies of what is no e-mail":     with(`"ccAddresses":["x"]`),
		"the first moment":                with(`"startedAt":"1990-01-01T00:00:00Z"`),
		"the last moment":                 with(`"startedAt":"2101-01-01T00:59:59.999999999+01:00"`),
		"an e-mail of which little known": with(`"details":{"email":{}}`),
	} {
		if _, fault := Decode(line); fault != nil {
			t.Errorf("%s: %+v", name, fault)
		}
	}
}

func TestDecode_TellsWhatIsWrongAndNothingPersonal(t *testing.T) {
	t.Parallel()
	step := func(fields string) string {
		return with(`"ivrSteps":[{"name":"a","kind":"MENU","enteredAt":"2024-03-04T08:09:22Z"},{"name":"b","kind":"MENU","enteredAt":"2024-03-04T08:09:22Z",` + fields + `}]`)
	}
	for _, c := range []struct{ line, want string }{
		{with(`"status":"ANSWERD"`), `line 17: status: "ANSWERD" is not a contact status`},
		{with(`"status":null`), `line 17: status: is required`},
		{with(`"status":7`), `line 17: status: is not text`},
		{with(`"status":"+48501723894"`), `line 17: status: the value is not a contact status`},
		{with(`"status":"501 723 894"`), `line 17: status: the value is not a contact status`},
		{with(`"status":"jan@example.com"`), `line 17: status: the value is not a contact status`},
		{with(`"status":"` + strings.Repeat("Ż", 41) + `"`), `line 17: status: "` + strings.Repeat("Ż", 40) + `…" is not a contact status`},
		{with(`"kind":"person"`), `line 17: kind: "person" is not a kind of line`},
		{with(`"kind":1`), `line 17: kind: is not text`},
		{with(`"Status":"ANSWERED"`), `line 17: "Status" is not a key of a contact`},
		{with(`"+48501723894":1`), `line 17: the value is not a key of a contact`},
		{with(`"talkTime":1`), `line 17: "talkTime" is not a key of a contact`},
		{with(`"ticketId":"1","ticketId":"2"`), `line 17: ticketId: is given twice`},
		{with(`"externalId":""`), `line 17: externalId: is required`},
		{with(`"externalId":1.5`), `line 17: externalId: is not text`},
		{with(`"externalId":true`), `line 17: externalId: is not text`},
		{with(`"externalId":"` + strings.Repeat("x", 201) + `"`), `line 17: externalId: has more than 200 characters`},
		{with(`"revision":-1`), `line 17: revision: is negative`},
		{with(`"revision":1.5`), `line 17: revision: is not a whole number`},
		{with(`"revision":9223372036854775808`), `line 17: revision: is out of range`},
		{with(`"revision":"v3"`), `line 17: revision: is not a whole number`},
		{with(`"startedAt":"2024-03-04T08:09:16"`), `line 17: startedAt: is not a time of RFC 3339 with an offset, such as 2024-03-04T08:09:16+01:00`},
		{with(`"startedAt":"2024-02-30T08:09:16Z"`), `line 17: startedAt: is not a time of RFC 3339 with an offset, such as 2024-03-04T08:09:16+01:00`},
		{with(`"startedAt":null`), `line 17: startedAt: is required`},
		{with(`"startedAt":"1989-12-31T23:59:59Z"`), `line 17: startedAt: lies outside the years 1990 to 2100`},
		{with(`"startedAt":"2101-01-01T00:00:00Z"`), `line 17: startedAt: lies outside the years 1990 to 2100`},
		{with(`"campaign":{"externalId":"PS","nam":"x"}`), `line 17: campaign: "nam" is not a key of a reference`},
		{step(`"kid":1`), `line 17: ivrSteps[1]: "kid" is not a key of an IVR step`},
		{with(`"details":{"fax":{}}`), `line 17: details: "fax" is not a key of details`},
		{`{"kind":"agent","externalId":"a"}`, `line 17: name: is required`},
		{`{"kind":"siteCall","externalId":"a","name":"  "}`, `line 17: name: is required`},
		{`{"kind":"agent","externalId":"a","name":"A","groups":["g",""]}`, `line 17: groups[1]: is required`},
		{`{"kind":"queue","externalId":"a","name":"A","groups":[]}`, `line 17: "groups" is not a key of a line of this kind`},
		{`{"kind":"agent","externalId":"a","name":"A","kind":"queue"}`, `line 17: kind: is given twice`},
		{`[]`, `line 17: is not an object`},
		{`nul`, `line 17: is not valid JSON at byte 1`},
		{minimal + `x`, `line 17: is not valid JSON at byte 102`},
		{minimal[:20], `line 17: is not valid JSON at byte 21`},
		{`{"externalId":"a` + "\t" + `b"}`, `line 17: externalId: is not valid JSON at byte 17`},
		{`{"externalId":"\x"}`, `line 17: externalId: is not valid JSON at byte 16`},
		{`{"revision":01}`, `line 17: is not valid JSON at byte 14`},
		{`{'a':1}`, `line 17: is not valid JSON at byte 2`},
	} {
		_, fault := Decode(c.line)
		if fault == nil {
			t.Errorf("accepted, want %s", c.want)
			continue
		}
		fault.Line = 17
		if fault.Error() != c.want {
			t.Errorf("got  %s\nwant %s", fault, c.want)
		}
	}
}

// TestDecode_MendsWhatIsWrong takes every contact all the same, and says what was mended without the value.
func TestDecode_MendsWhatIsWrong(t *testing.T) {
	t.Parallel()
	step := func(fields string) string {
		return with(`"ivrSteps":[{"name":"a","kind":"MENU","enteredAt":"2024-03-04T08:09:22Z"},{"name":"b","kind":"MENU","enteredAt":"2024-03-04T08:09:22Z",` + fields + `}]`)
	}
	for _, c := range []struct{ line, want string }{
		{with(`"status":"answered"`), ``},
		{with(`"type":"CALL"`), `type: is none of the report's types and became OTHER`},
		{with(`"hangupParty":"ROBOT"`), `hangupParty: is not a hangup party and was left out`},
		{with(`"externalId":"a\u0000b"`), `externalId: held a NUL character, which became U+FFFD`},
		{with(`"externalId":"a\ud800b"`), `externalId: held half of a surrogate pair, which became U+FFFD`},
		{with("\"externalId\":\"a\xff\""), `held bytes that are not UTF-8, which became U+FFFD`},
		{with(`"ivrTime":-1`), `ivrTime: is negative and was left out`},
		{with(`"ringTime":1000000001`), `ringTime: is longer than any contact and was left out`},
		{with(`"agentTalkTime":1e2`), ``},
		{with(`"agentTalkTime":true`), `agentTalkTime: is not a number of seconds and was left out`},
		{with(`"ccAddresses":["a",7.5]`), `ccAddresses[1]: is not text and was left out`},
		{with(`"ccAddresses":["a",7],"sourceAddress":501723894`), `ccAddresses[1]: was a number; sourceAddress: was a number`},
		{with(`"externalId":12,"ticketId":-3,"campaign":{"externalId":7,"name":8}`), `externalId: was a number; ticketId: was a number; campaign.externalId: was a number; campaign.name: was a number`},
		{`{"kind":"queue","externalId":12,"name":13}`, `externalId: was a number; name: was a number`},
		{with(`"revision":"3"`), `revision: was text`},
		{with(`"details":{"email":{"attachments":[{"name":"a","size":"7"}]}}`), `details.email.attachments[0].size: was text`},
		{with(`"type":null`), `type: is missing and became OTHER`},
		{with(`"type":5`), `type: is not text and was left out; type: is missing and became OTHER`},
		{with(`"ccAddresses":"a"`), `ccAddresses: is not a list and was left out`},
		{with(`"campaign":"PS"`), `campaign: is not an object and was left out`},
		{with(`"campaign":{"name":"x"}`), `campaign: has no key and was left out`},
		{with(`"campaign":{"externalId":"PS","name":""}`), `campaign.name: is blank and was left out`},
		{with(`"record":{"externalId":"1","significantField":{"value":"x"}}`), `record.significantField: has no name and was left out`},
		{step(`"leftAt":"2024-03-04T08:09:21Z"`), `ivrSteps[1].leftAt: is earlier than enteredAt and was left out`},
		{step(`"choice":"` + strings.Repeat("1", 1001) + `"`), `ivrSteps[1].choice: was cut, being longer than its bound`},
		{with(`"ivrSteps":[{"name":"a","kind":"MEN","enteredAt":"2024-03-04T08:09:22Z"}]`), `ivrSteps[0].kind: is not a kind of IVR step and became OTHER`},
		{with(`"ivrSteps":[` + strings.Repeat(`{"name":"a","kind":"MENU","enteredAt":"2024-03-04T08:09:22Z"},`, 1000) + `{}]`), `ivrSteps: has more than 1000 items, of which the first are kept`},
		{with(`"details":{"sms":{"text":"a"},"recording":{"path":"p"}}`), ``},
		{with(`"details":{"recording":{}}`), `details.recording: has no path and was left out`},
		{with(`"details":{"email":{"attachments":[{"name":"a"}]}}`), `details.email.attachments[0].size: is missing and became 0`},
		{with(`"details":{"chat":{"messages":[{"author":"a"}]}}`), `details.chat.messages[0].at: is no time and became that before it`},
		{with(`"agentTalkTime":12.7`), `agentTalkTime: was rounded down to whole seconds`},
		{with(`"agentTalkTime":-0.5`), `agentTalkTime: was rounded down to whole seconds; agentTalkTime: is negative and was left out`},
		{with(`"agentTalkTime":"166"`), `agentTalkTime: was text`},
		{with(`"agentTalkTime":"00:02:46"`), `agentTalkTime: was text`},
		{with(`"agentTalkTime":166342`), `agentTalkTime: is over 24 hours: are these milliseconds?`},
		{with(`"ringTime":12`), `ringTime: is for outbound calls and was left out`},
		{with(`"type":"INBOUND_SMS","agentTalkTime":60,"hangupParty":"AGENT"`), `agentTalkTime: is for calls and was left out; hangupParty: is for calls and was left out`},
		{with(`"status":"CLASSIFIER","agentTalkTime":60,"wrapUpTime":9`), `agentTalkTime: cannot be of a classifier without a call and was left out`},
		{with(`"type":"VOICEMAIL"`), `type: is none of the report's types and became OTHER`},
		{with(`"channel":"FAX"`), `channel: is for contacts of type OTHER and was left out`},
		{with(`"externalId":" c1 "`), `externalId: had blanks around it`},
		{with(`"agent":{"externalId":"ws","name":"  "}`), `agent.name: is blank and was left out`},
		{with(`"details":{"sms":{"text":"Tak\u0000"}}`), `details.sms.text: held a NUL character, which became U+FFFD`},
		{with(`"details":{"sms":{"text":"Super \ud83d\ud83d"}}`), `details.sms.text: held half of a surrogate pair, which became U+FFFD; details.sms.text: held half of a surrogate pair, which became U+FFFD`},
		{with(`"details":{"sms":{"text":"Super \ud83dx"}}`), `details.sms.text: held half of a surrogate pair, which became U+FFFD`},
		{with(`"details":{"email":{"subject":"` + strings.Repeat("ż", 1001) + `","body":"` + strings.Repeat("a", 1<<20+1) + `"}}`), `details.email.subject: was cut, being longer than its bound; details.email.body: was cut, being longer than its bound`},
		{with(`"campaign":{"externalId":"x","name":"` + strings.Repeat("ż", 201) + `"}`), `campaign.name: was cut, being longer than its bound`},
		{with(`"sourceAddress":"a\u0001b","ccAddresses":["a","","b\u001f"]`), `sourceAddress: held what is no character, which became U+FFFD; ccAddresses[2]: held what is no character, which became U+FFFD`},
		{with(`"destinationAddress":"` + strings.Repeat("ż", 321) + `"`), `destinationAddress: was cut, being longer than its bound`},
		{`{"kind":"agent","externalId":" a ","name":"A\u0000","groups":["g\ud800"]}`, `name: held a NUL character, which became U+FFFD; groups[0]: held half of a surrogate pair, which became U+FFFD; externalId: had blanks around it`},
		{"{\"kind\":\"queue\",\"externalId\":\"a\",\"name\":\"A\xff\"}", `held bytes that are not UTF-8, which became U+FFFD`},
		{`{"kind":"campaign","externalId":"a\u0000","name":"` + strings.Repeat("ż", 201) + `"}`, `externalId: held a NUL character, which became U+FFFD; name: was cut, being longer than its bound`},
		{with(`"recordings":[{"path":"a"},{"seconds":3}],"details":{"recordings":[{"path":"a","seconds":2},7]}`), `details.recordings[1]: is not an object and was left out; details.recording: has no path and was left out`},
	} {
		l, fault := Decode(c.line)
		if fault != nil {
			t.Errorf("%s is refused: %v", c.want, fault)
			continue
		}
		var told []string
		for _, one := range l.Repairs {
			told = append(told, one.Error())
		}
		if got := strings.Join(told, "; "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		minimal, full, `{"kind":"agent","externalId":"a","name":"A","groups":["g"],"deletedAt":null}`,
		`{"kind":"campaign","externalId":"a","name":"A"}`,
		with(`"details":{"email":{"subject":"s","body":"\u00e9\n","attachments":[{"name":"a","size":1}]}}`),
		with(`"details":{"chat":{"messages":[{"at":"2024-03-04T08:09:16Z","author":"a","text":"t"}]}}`),
		`{"a":[{"b":"\\"}],"kind":"queue"}`, `{`, `{"kind"`, `[[[[`, `{"externalId":"\ud83d\ude00"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, fault := Decode(text)
		if fault != nil {
			return
		}
		// What is accepted is JSON in the standard library's eyes too, and its own encoding means the same.
		if !json.Valid([]byte(text)) {
			t.Fatal("accepted what is not JSON")
		}
		var value any = l.Named
		extra := map[string]json.RawMessage{}
		switch l.Kind {
		case ContactKind:
			value = l.Contact
		case AgentKind:
			value = l.Agent
		}
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(encoded, &extra); err != nil {
			t.Fatal(err)
		}
		extra["kind"] = json.RawMessage(`"` + l.Kind + `"`)
		if encoded, err = json.Marshal(extra); err != nil {
			t.Fatal(err)
		}
		again, fault := Decode(string(encoded))
		if fault != nil {
			t.Fatalf("its own encoding is refused: %v", fault)
		}
		if !equalLines(l, again) {
			t.Fatalf("its own encoding means something else: %s", encoded)
		}
	})
}

// equalLines compares what lines say; an empty list is no list.
func equalLines(a, b Line) bool {
	switch {
	case a.Kind != b.Kind:
		return false
	case a.Kind == ContactKind:
		return a.Contact.Hash() == b.Contact.Hash()
	case a.Kind == AgentKind:
		x, y := a.Agent, b.Agent
		return x.ExternalID == y.ExternalID && x.Name == y.Name && slices.Equal(x.Groups, y.Groups) &&
			(x.DeletedAt == nil) == (y.DeletedAt == nil) && (x.DeletedAt == nil || x.DeletedAt.Equal(*y.DeletedAt))
	default:
		return *a.Named == *b.Named
	}
}

func BenchmarkDecode(b *testing.B) {
	line := strings.ReplaceAll(full, "\n", "")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, fault := Decode(line); fault != nil {
			b.Fatal(fault)
		}
	}
}
