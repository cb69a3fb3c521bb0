package asterisk_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

// recordedSource is the configuration under which the recorded calls mean what their expected contacts say.
const recordedSource = `{"name": "pbx1", "kind": "freepbx", "timeZone": "Europe/Warsaw",
 "internal": ["~^[0-9]{2,6}$"], "trunks": ["siptrunk", "~^dahdi"],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["48221000101", "48221000102"], "queues": ["600"]},
  {"externalId": "GI", "name": "Giełda", "numbers": ["48221000104"], "queues": ["601"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "600"}, {"externalId": "q601", "name": "Giełda", "number": "601"}]}`

func parseSource(t testing.TB, text string) *telephony.Source {
	t.Helper()
	source, err := telephony.ParseSource([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// later is an instant at which every call of the tests is long over.
var later = time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)

func readLines(t testing.TB, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for in := bufio.NewScanner(file); in.Scan(); {
		lines = append(lines, in.Text())
	}
	return lines
}

func readRows(t testing.TB, in *reader.Lines, lines []string) []telephony.Row {
	t.Helper()
	var rows []telephony.Row
	for i, line := range lines {
		row, err := in.Read(line, int64(i+1))
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		if row.Channel != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

func celRows(t testing.TB, path string) []telephony.Row {
	t.Helper()
	in, err := reader.NewCEL(warsaw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return readRows(t, in, readLines(t, path))
}

// callRows are the rows of all three kinds that lie in a directory.
func callRows(t testing.TB, directory string) []telephony.Row {
	t.Helper()
	rows := celRows(t, filepath.Join(directory, "cel.csv"))
	rows = append(rows, readRows(t, reader.NewCDR(warsaw), readLines(t, filepath.Join(directory, "cdr.csv")))...)
	return append(rows, readRows(t, reader.NewQueueLog(warsaw), readLines(t, filepath.Join(directory, "queue_log")))...)
}

var warsaw = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return zone
}()

// flat is a contact as a line of the import format says it, without what is null.
func flat(t testing.TB, c telephony.Contact) map[string]any {
	t.Helper()
	all := map[string]any{
		"externalId": c.ExternalID, "revision": float64(c.Revision), "type": string(c.Type), "status": string(c.Status),
		"startedAt": c.StartedAt.In(warsaw).Format(time.RFC3339),
	}
	put(all, "sourceAddress", c.SourceAddress)
	put(all, "destinationAddress", c.DestinationAddress)
	put(all, "ticketId", c.TicketID)
	putNumber(all, "ivrTime", c.IVRTime)
	putNumber(all, "ringTime", c.RingTime)
	putNumber(all, "agentTalkTime", c.AgentTalkTime)
	if c.HangupParty != nil {
		all["hangupParty"] = string(*c.HangupParty)
	}
	for name, reference := range map[string]*telephony.Reference{"agent": c.Agent, "campaign": c.Campaign, "queue": c.Queue, "classifier": c.Classifier} {
		if reference != nil {
			all[name] = map[string]any{"externalId": reference.ExternalID, "name": reference.Name}
		}
	}
	if c.Record != nil {
		all["record"] = map[string]any{"externalId": c.Record.ExternalID}
	}
	if recording := c.Details.Recording; recording != nil {
		all["details"] = map[string]any{"recording": map[string]any{"path": recording.Path, "seconds": nil}}
	}
	var steps []any
	for _, st := range c.IVRSteps {
		one := map[string]any{"name": st.Name, "kind": string(st.Kind), "choice": nil, "enteredAt": st.EnteredAt.In(warsaw).Format(time.RFC3339), "leftAt": nil}
		if st.Choice != nil {
			one["choice"] = *st.Choice
		}
		if st.LeftAt != nil {
			one["leftAt"] = st.LeftAt.In(warsaw).Format(time.RFC3339)
		}
		steps = append(steps, one)
	}
	if steps != nil {
		all["ivrSteps"] = steps
	}
	return all
}

func put(into map[string]any, name string, value *string) {
	if value != nil {
		into[name] = *value
	}
}

func putNumber(into map[string]any, name string, value *int) {
	if value != nil {
		into[name] = float64(*value)
	}
}

func flatAll(t testing.TB, outcomes []telephony.Outcome) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, outcome := range outcomes {
		for _, c := range outcome.Contacts {
			all = append(all, flat(t, c))
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i]["externalId"].(string) < all[j]["externalId"].(string) })
	return all
}

func show(value any) string {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestMapper_MeetsWhatRecordedCallsMean reads the rows that a real Asterisk 22 wrote (see testdata/recorded).
func TestMapper_MeetsWhatRecordedCallsMean(t *testing.T) {
	t.Parallel()
	expected, err := filepath.Glob("testdata/recorded/*/expected.ndjson")
	if err != nil || len(expected) < 11 {
		t.Fatalf("%d recorded calls: %v", len(expected), err)
	}
	for _, path := range expected {
		directory := filepath.Dir(path)
		t.Run(filepath.Base(directory), func(t *testing.T) {
			t.Parallel()
			var want []map[string]any
			for _, line := range readLines(t, path) {
				var one map[string]any
				if err := json.Unmarshal([]byte(line), &one); err != nil {
					t.Fatal(err)
				}
				want = append(want, one)
			}
			sort.Slice(want, func(i, j int) bool { return want[i]["externalId"].(string) < want[j]["externalId"].(string) })
			mapper := asterisk.NewMapper(parseSource(t, recordedSource))
			outcomes := telephony.Map(mapper, callRows(t, directory), later)
			checkConversations(t, outcomes)
			got := flatAll(t, outcomes)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %s\nwant %s", show(got), show(want))
			}
		})
	}
}

// checkConversations holds that the contacts of one call share a conversation, which no other call has, and that one alone has none.
func checkConversations(t *testing.T, outcomes []telephony.Outcome) {
	t.Helper()
	seen := map[string]bool{}
	for _, outcome := range outcomes {
		for _, c := range outcome.Contacts {
			switch {
			case len(outcome.Contacts) < 2:
				if c.ConversationID != nil {
					t.Errorf("%s belongs to conversation %s alone", c.ExternalID, *c.ConversationID)
				}
			case c.ConversationID == nil || *c.ConversationID != "pbx1:"+outcome.Key || seen[outcome.Key]:
				t.Errorf("%s of call %s belongs to conversation %v", c.ExternalID, outcome.Key, c.ConversationID)
			}
		}
		seen[outcome.Key] = true
	}
}

// TestMapper_ReadsTablesOfWholeSecondsLikeFiles gives the recorded rows as FreePBX's table has them: numbered, without
// fractions of a second.
func TestMapper_ReadsTablesOfWholeSecondsLikeFiles(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/recorded/*/cel.csv")
	played, _ := filepath.Glob("testdata/played/*/cel.csv")
	if len(played) != len(playedVersions) {
		t.Fatalf("%d files of played calls", len(played))
	}
	for _, path := range append(files, played...) {
		rows := celRows(t, path)
		mapper := asterisk.NewMapper(parseSource(t, recordedSource))
		want := flatAll(t, telephony.Map(mapper, rows, later))
		table := make([]telephony.Row, len(rows))
		for i, row := range rows {
			row.At, row.Ordinal = row.At.Truncate(time.Second), int64(i+1)
			table[i] = row
		}
		if got := flatAll(t, telephony.Map(mapper, table, later)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the table gives %s\nthe file %s", path, show(got), show(want))
		}
	}
}
