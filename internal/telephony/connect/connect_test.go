package connect_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/connect"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// start is the second at which every record begins; later is a day on.
var (
	start = time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	later = start.AddDate(0, 0, 1)
)

const exampleSource = `{"name": "aws", "kind": "amazon-connect", "timeZone": "Europe/Warsaw",
 "agents": [{"externalId": "anna", "name": "Anna Nowak", "endpoints": ["a-201"]}, {"externalId": "jan", "name": "Jan Kowalski", "endpoints": ["jkowalski"]}],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["+48221000101"], "queues": ["BasicQueue"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "BasicQueue"}], "machineSurveys": ["+48221000199"],
 "fields": {"classifier": "outcome", "ticketId": "attributes.ticket", "choices": "chosen"}}`

func parseSource(t testing.TB) *telephony.Source {
	t.Helper()
	source, err := telephony.ParseSource([]byte(exampleSource))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// record is a contact record by the names of its fields: @name is an instant in seconds after the start.
func record(id, channel, method, more string) string {
	text := fmt.Sprintf(`{"AWSAccountId": "1", "ContactId": %q, "Channel": %q, "InitiationMethod": %q, "InitiationTimestamp": @0, "LastUpdateTimestamp": @400,
		"Tags": {"aws:connect:instanceId": "i"}, "CustomerEndpoint": {"Address": "+48501723894", "Type": "TELEPHONE_NUMBER"}, "SystemEndpoint": {"Address": "+48221000101"}%s}`, id, channel, method, more)
	for {
		at := strings.IndexByte(text, '@')
		if at < 0 {
			return text
		}
		var second int
		_, _ = fmt.Sscanf(text[at:], "@%d", &second)
		text = strings.Replace(text, fmt.Sprintf("@%d", second), `"`+start.Add(time.Duration(second)*time.Second).Format("2006-01-02T15:04:05Z")+`"`, 1)
	}
}

const (
	anna  = `, "Agent": {"ARN": "arn:aws:connect:eu-central-1:1:instance/i/agent/a-201", "Username": "anowak", "ConnectedToAgentTimestamp": @50, "AgentInteractionDuration": 200, "CustomerHoldDuration": 50, "AfterContactWorkDuration": 7}`
	queue = `, "Queue": {"ARN": "arn:aws:connect:eu-central-1:1:instance/i/queue/q1", "Name": "BasicQueue", "EnqueueTimestamp": @20, "DequeueTimestamp": @50, "Duration": 30}`
	first = `, "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @300, "DisconnectReason": "AGENT_DISCONNECT"` + anna + queue
)

// examples are records and what each comes to; the first two are those of the specification.
var examples = []struct{ name, record, want string }{
	{"22 a call", record("c1", "VOICE", "INBOUND", first), "aws:c1 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>+48221000101 campaign=PS agent=anna queue=q600 ivr=20 talk=200 hold=50 work=7 AGENT" +
		" | OTHER Flow - +0..+20 | QUEUE Infolinia - +20..+50 | AGENT Anna Nowak - +50..+300"},
	{
		"22 handed over", strings.NewReplacer(`"InitiationTimestamp": "2026-11-27T10:00:00Z"`, `"InitiationTimestamp": "2026-11-27T10:04:00Z"`).Replace(record("c2", "VOICE", "TRANSFER",
			`, "InitialContactId": "c1", "DisconnectTimestamp": @300, "DisconnectReason": "CUSTOMER_DISCONNECT", "Agent": {"ARN": "x/agent/a-9", "Username": "jkowalski", "ConnectedToAgentTimestamp": @250, "AgentInteractionDuration": 50},
		"Queue": {"ARN": "arn:aws:connect:eu-central-1:1:instance/i/queue/agent/a-9", "Name": "jkowalski"}`)),
		"aws:c2 INBOUND_CALL ANSWERED +240 +48501723894>+48221000101 agent=jan talk=50 CUSTOMER of=aws:c1 | AGENT Jan Kowalski - +250..+300",
	},
	{
		"abandoned in the queue", record("c3", "VOICE", "INBOUND", `, "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @50, "DisconnectReason": "CUSTOMER_DISCONNECT", "Attributes": {"chosen": "2", "outcome": "lost", "ticket": "T-1", "n": 4}`+queue),
		"aws:c3 CAMPAIGN_INBOUND_CALL ANSWERED +0 +48501723894>+48221000101 campaign=PS queue=q600 ivr=20 CUSTOMER class=lost ticket=T-1 | OTHER Flow 2 +0..+20 | QUEUE Infolinia - +20..+50",
	},
	{"into another queue", strings.Replace(record("c4", "VOICE", "QUEUE_TRANSFER", queue), "+48221000101", "", 1), "aws:c4 CAMPAIGN_INBOUND_CALL FAILED +0 +48501723894>- campaign=PS queue=q600 | QUEUE Infolinia - +20..+50"},
	{
		"outbound", record("c5", "VOICE", "OUTBOUND", `, "ConnectedToSystemTimestamp": @12, "DisconnectTimestamp": @70, "DisconnectReason": "CUSTOMER_DISCONNECT"`+anna+`,
		"Recordings": [{"Location": "", "Status": "AVAILABLE"}, {"Location": "b/gone.wav", "Status": "DELETED"}, {"Location": "b/c5.wav", "Status": "AVAILABLE", "StartTimestamp": @12, "StopTimestamp": @70}]`),
		"aws:c5 OUTBOUND_CALL ANSWERED +0 +48221000101>+48501723894 agent=anna ring=12 talk=200 hold=50 work=7 CUSTOMER recording=b/c5.wav 58",
	},
	{"outbound, busy", record("c6", "VOICE", "CALLBACK", `, "DisconnectTimestamp": @9, "DisconnectReason": "TELECOM_BUSY"`+anna), "aws:c6 OUTBOUND_CALL BUSY +0 +48221000101>+48501723894 agent=anna ring=9 talk=0 hold=50 work=7 SYSTEM"},
	{"outbound, rang out", record("c7", "VOICE", "CAMPAIGN_PREVIEW", `, "DisconnectTimestamp": @9, "DisconnectReason": "TELECOM_UNANSWERED"`), "aws:c7 OUTBOUND_CALL NO_ANSWER +0 +48221000101>+48501723894 ring=9 talk=0 SYSTEM"},
	{"outbound, a wrong number", record("c8", "VOICE", "OUTBOUND", `, "DisconnectTimestamp": @9, "DisconnectReason": "TELECOM_NUMBER_INVALID"`), "aws:c8 OUTBOUND_CALL FAILED +0 +48221000101>+48501723894 ring=9 talk=0 SYSTEM"},
	{"by a program", record("c9", "VOICE", "API", `, "ConnectedToSystemTimestamp": @5`+anna), "aws:c9 OUTBOUND_CALL ANSWERED +0 +48221000101>+48501723894 agent=anna ring=5 talk=200 hold=50 work=7"},
	{"by a program, without an agent", record("c10", "VOICE", "API", ""), "no contact: NO_AGENT"},
	{
		"a survey by the machine", strings.Replace(record("c11", "VOICE", "API", `, "ConnectedToSystemTimestamp": @5, "DisconnectTimestamp": @30, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"`), "+48221000101", "+48221000199", 1),
		"aws:c11 VOICE_MAILING_SURVEY ANSWERED +0 +48221000199>+48501723894 ivr=25 SYSTEM | OTHER Flow - +5..+30",
	},
	{"outside", record("c12", "VOICE", "EXTERNAL_OUTBOUND", `, "ConnectedToSystemTimestamp": @5`), "aws:c12 EXTERNAL_TRANSFER ANSWERED +0 +48221000101>+48501723894"},
	{"a survey after a call", record("c13", "VOICE", "DISCONNECT", `, "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @30, "InitialContactId": "c1"`+anna), "aws:c13 POST_CALL_SURVEY ANSWERED +0 +48221000101>+48501723894 ivr=30 of=aws:c1 | OTHER Flow - +0..+30"},
	{"a supervisor", record("c14", "VOICE", "MONITOR", ""), "no contact: NOT_A_CALL"},
	{"a task", record("c15", "TASK", "API", ""), "no contact: NOT_A_CALL"},
	{"of a time to come", record("c16", "VOICE", "TELEPATHY", ""), "no contact: BAD_ROW"},
	{"a chat", record("c17", "CHAT", "API", `, "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @60, "Recording": {"Location": "b/chat.json"}`), "aws:c17 CHAT ANSWERED +0 +48501723894>+48221000101 ivr=60 | OTHER Flow - +0..+60"},
	{"a message", record("c18", "CHAT", "INBOUND", `, "Subtype": "connect:SMS", "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @60`), "aws:c18 INBOUND_SMS ANSWERED +0 +48501723894>+48221000101 ivr=60 | OTHER Flow - +0..+60"},
	{"a message out", record("c19", "CHAT", "OUTBOUND", `, "Subtype": "connect:SMS", "ConnectedToSystemTimestamp": @0`), "aws:c19 OUTBOUND_SMS ANSWERED +0 +48221000101>+48501723894"},
	{"a letter", record("c20", "EMAIL", "INBOUND", `, "ConnectedToSystemTimestamp": @0, "DisconnectTimestamp": @9, "DisconnectReason": "EXPIRED"`), "aws:c20 INBOUND_EMAIL ANSWERED +0 +48501723894>+48221000101 ivr=9 SYSTEM | OTHER Flow - +0..+9"},
	{"a letter out", record("c21", "EMAIL", "OUTBOUND", `, "ConnectedToSystemTimestamp": @0`), "aws:c21 OUTBOUND_EMAIL ANSWERED +0 +48221000101>+48501723894"},
}

func rowOf(t testing.TB, text string) telephony.Row {
	t.Helper()
	row, err := connect.Records{}.Read(text, 1)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return row
}

func briefs(t testing.TB, rows ...telephony.Row) string {
	t.Helper()
	var lines []string
	for _, outcome := range telephony.Map(connect.NewMapper(parseSource(t)), rows, later) {
		for _, c := range outcome.Contacts {
			lines = append(lines, brief(c))
		}
		if outcome.Reason != "" {
			lines = append(lines, "no contact: "+string(outcome.Reason))
		}
	}
	return strings.Join(lines, "\n")
}

// brief is a contact in one line: instants are seconds after the start.
func brief(c telephony.Contact) string {
	out := &strings.Builder{}
	text := func(value *string) string {
		if value == nil {
			return "-"
		}
		return *value
	}
	fmt.Fprintf(out, "%s %s %s +%d %s>%s", c.ExternalID, c.Type, c.Status, int(c.StartedAt.Sub(start).Seconds()), text(c.SourceAddress), text(c.DestinationAddress))
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
	}{{"ivr", c.IVRTime}, {"ring", c.RingTime}, {"talk", c.AgentTalkTime}, {"hold", c.HoldTime}, {"work", c.WrapUpTime}} {
		if one.value != nil {
			fmt.Fprintf(out, " %s=%d", one.name, *one.value)
		}
	}
	if c.HangupParty != nil {
		fmt.Fprintf(out, " %s", *c.HangupParty)
	}
	if c.Classifier != nil {
		fmt.Fprintf(out, " class=%s", c.Classifier.ExternalID)
	}
	if c.TicketID != nil {
		fmt.Fprintf(out, " ticket=%s", *c.TicketID)
	}
	if c.ConversationID != nil {
		fmt.Fprintf(out, " of=%s", *c.ConversationID)
	}
	if c.Details.Recording != nil {
		fmt.Fprintf(out, " recording=%s %d", c.Details.Recording.Path, *c.Details.Recording.Seconds)
	}
	for _, step := range c.IVRSteps {
		fmt.Fprintf(out, " | %s %s %s +%d..+%d", step.Kind, step.Name, text(step.Choice), int(step.EnteredAt.Sub(start).Seconds()), int(step.LeftAt.Sub(start).Seconds()))
	}
	return out.String()
}

func TestMapper_ReadsTheExamples(t *testing.T) {
	t.Parallel()
	for _, one := range examples {
		if got := briefs(t, rowOf(t, one.record)); got != one.want {
			t.Errorf("%s: got\n%s\nwant\n%s", one.name, got, one.want)
		}
	}
}

// TestMapper_TakesTheCopyThatWasUpdatedLast reads three copies in every order.
func TestMapper_TakesTheCopyThatWasUpdatedLast(t *testing.T) {
	t.Parallel()
	old := record("c1", "VOICE", "INBOUND", first)
	mended := strings.Replace(strings.Replace(old, "10:06:40Z", "10:09:00.250Z", 1), `"Channel"`, `"Attributes": {"outcome": "done"}, "Channel"`, 1)
	copies := []telephony.Row{rowOf(t, old), rowOf(t, mended), rowOf(t, old)}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {2, 1, 0}} {
		outcomes := telephony.Map(connect.NewMapper(parseSource(t)), []telephony.Row{copies[order[0]], copies[order[1]], copies[order[2]]}, later)
		if len(outcomes) != 1 || len(outcomes[0].Contacts) != 1 {
			t.Fatalf("order %v: %+v", order, outcomes)
		}
		if c := outcomes[0].Contacts[0]; c.Classifier == nil || c.Revision != start.Add(540*time.Second+250*time.Millisecond).UnixMilli()*1000 {
			t.Errorf("order %v: %s, revision %d", order, brief(c), c.Revision)
		}
	}
}

func TestRecords_RefuseWhatIsNone(t *testing.T) {
	t.Parallel()
	good := record("c1", "VOICE", "INBOUND", first)
	for name, text := range map[string]string{
		"nothing": "{}", "a list": "[]", "no id": strings.Replace(good, `"c1"`, `""`, 1), "no update": strings.Replace(good, "LastUpdateTimestamp", "Other", 1),
		"a clock off": strings.Replace(good, `"InitiationTimestamp": "2026`, `"InitiationTimestamp": "1970`, 1), "no times": strings.ReplaceAll(good, "2026-11-27T", "+48501723894 "),
	} {
		if row, err := (connect.Records{}).Read(text, 1); err == nil {
			t.Errorf("%s: %+v", name, row)
		} else if strings.Contains(err.Error(), "501723894") {
			t.Errorf("%s: an error shows a number: %v", name, err)
		}
	}
}

func FuzzRecords(f *testing.F) {
	for _, one := range examples {
		f.Add(one.record)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if row, err := (connect.Records{}).Read(text, 1); err == nil {
			telephony.Map(connect.NewMapper(parseSource(t)), []telephony.Row{row}, later)
		}
	})
}

// stored are the contacts of a database, a line each.
func stored(t testing.TB, pool *postgres.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT concat_ws('|', c.external_id, i.revision, c.type, c.status, c.source_address, c.destination_address, a.external_id, q.external_id, l.external_id,
		c.ivr_time, c.ring_time, c.agent_talk_time, c.hold_time, c.hangup_party) FROM contacts c JOIN contact_identities i ON i.contact_id = c.id
		LEFT JOIN agents a ON a.id = c.agent_id LEFT JOIN queues q ON q.id = c.queue_id LEFT JOIN classifiers l ON l.id = c.classifier_id ORDER BY c.external_id`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestStore_GivesTheSameForEveryCutAndOrder imports all records from one file without line ends, and from files of some in
// another order, with older copies behind younger ones.
func TestStore_GivesTheSameForEveryCutAndOrder(t *testing.T) {
	t.Parallel()
	var records []string
	for _, one := range examples {
		records = append(records, one.record)
	}
	records = append(records, strings.Replace(strings.Replace(records[0], "10:06:40Z", "10:09:00Z", 1), `"Channel"`, `"Attributes": {"outcome": "done"}, "Channel"`, 1))
	load := func(pool *postgres.Pool, contents ...string) (landed telephony.Landed, line string) {
		t.Helper()
		var paths []string
		for i, content := range contents {
			paths = append(paths, filepath.Join(t.TempDir(), fmt.Sprint(i)))
			if err := os.WriteFile(paths[i], []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		source := parseSource(t)
		store, err := telephony.OpenStore(t.Context(), pool, source, connect.NewMapper(source), time.Time{}, func() time.Time { return later })
		if err != nil {
			t.Fatal(err)
		}
		files := telephony.FileImport{Store: store, NewReader: func() (telephony.Reader, error) { return connect.Records{}, nil }, BatchSize: 5}
		if landed, err = files.Run(t.Context(), paths); err != nil {
			t.Fatal(err)
		}
		summary, err := store.Summary(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return landed, summary.Line(landed)
	}
	whole := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	landed, line := load(whole, strings.Join(records, ""))
	want := stored(t, whole)
	const figures = "22 rows: 22 new, 0 known; 21 calls: 17 contacts recorded, 1 replaced, 4 without a contact (1 no agent, 2 not a call, 1 bad row)"
	if line != figures || len(want) != 17 {
		t.Fatalf("%+v\n%s\nwant\n%s\n%s", landed, line, figures, strings.Join(want, "\n"))
	}
	if again, line := load(whole, records[0]); again.Known != 1 || !strings.HasPrefix(line, "1 rows: 0 new, 1 known; 0 calls: 0 contacts recorded, 0 replaced") {
		t.Errorf("the same record again: %s", line)
	}
	random := rand.New(rand.NewPCG(8, 9))
	for range 2 {
		random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
		load(pool, strings.Join(records[:9], "\n"), strings.Join(records[4:], ","))
		if got := stored(t, pool); !slices.Equal(got, want) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
