package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// dumpQueries tell all that an import leaves behind, in our own words: numbers that the database gives out are left
// out, so that two databases can be compared.
var dumpQueries = []string{
	`SELECT concat_ws('|', 'contact', c.external_id, i.revision, encode(i.content_hash, 'hex'), i.started_at = c.started_at, c.started_at, c.type,
		c.status, c.hangup_party, c.details_kind, p.external_id, a.external_id, q.external_id, f.external_id, s.external_id, r.external_id,
		coalesce(c.ivr_time, -1), coalesce(c.ring_time, -1), coalesce(c.agent_talk_time, -1), coalesce(c.talk_time, -1), c.ticket_id,
		c.site_call_order_id, c.source_address, c.source_key, c.destination_address, c.destination_key, c.cc_addresses, c.bcc_addresses)
	 FROM contacts c JOIN contact_identities i ON i.contact_id = c.id LEFT JOIN campaigns p ON p.id = c.campaign_id
		LEFT JOIN agents a ON a.id = c.agent_id LEFT JOIN queues q ON q.id = c.queue_id LEFT JOIN classifiers f ON f.id = c.classifier_id
		LEFT JOIN site_calls s ON s.id = c.site_call_id LEFT JOIN records r ON r.id = c.record_id`,
	`SELECT concat_ws('|', 'step', i.external_id, i.started_at = s.contact_started_at, s.position, s.kind, s.entered_at, s.left_at, s.name, s.choice)
	 FROM ivr_steps s LEFT JOIN contact_identities i ON i.contact_id = s.contact_id`,
	`SELECT concat_ws('|', 'details', i.external_id, i.started_at = d.contact_started_at, d.content)
	 FROM contact_details d LEFT JOIN contact_identities i ON i.contact_id = d.contact_id`,
	`SELECT concat_ws('|', 'identities', count(*)) FROM contact_identities`,
	`SELECT concat_ws('|', 'record', external_id, significant_name, significant_value) FROM records`,
	`SELECT concat_ws('|', 'agent', external_id, name, deleted_at) FROM agents`,
	`SELECT concat_ws('|', 'group', external_id, name) FROM agent_groups`,
	`SELECT concat_ws('|', 'member', g.name, a.external_id) FROM agent_group_members m JOIN agent_groups g ON g.id = m.agent_group_id
		JOIN agents a ON a.id = m.agent_id`,
	`SELECT concat_ws('|', 'campaign', external_id, name) FROM campaigns`,
	`SELECT concat_ws('|', 'queue', external_id, name) FROM queues`,
	`SELECT concat_ws('|', 'classifier', external_id, name) FROM classifiers`,
	`SELECT concat_ws('|', 'siteCall', external_id, name) FROM site_calls`,
}

func dump(t testing.TB, pool *postgres.Pool) []string {
	t.Helper()
	var all []string
	for _, query := range dumpQueries {
		rows := column[string](t, pool, query)
		slices.Sort(rows) // whatever the collation
		all = append(all, rows...)
	}
	return all
}

// dumpNumbers tells the numbers too, and which version of each row it is: a row written again differs.
func dumpNumbers(t testing.TB, pool *postgres.Pool) []string {
	t.Helper()
	all := dump(t, pool)
	for _, table := range []string{
		"contacts", "ivr_steps", "contact_details", "contact_identities", "records", "agents", "agent_groups",
		"agent_group_members", "campaigns", "queues", "classifiers", "site_calls",
	} {
		all = append(all, column[string](t, pool, fmt.Sprintf("SELECT concat_ws('|', '%s', t.xmin, t.ctid, t::text) FROM %[1]s t ORDER BY 1", table))...)
	}
	return all
}

func column[T any](t testing.TB, pool *postgres.Pool, query string, arguments ...any) []T {
	t.Helper()
	rows, err := pool.Query(t.Context(), query, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var value T
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		all = append(all, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func wantDump(t testing.TB, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%d and %d rows; the first that differs:\ngot  %s\nwant %s", len(got), len(want),
				strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""), strings.Join(want[min(i, len(want)):min(i+1, len(want))], ""))
		}
	}
}

// importLines imports lines and gives what became of them, and the faults.
func importLines(t testing.TB, pool *postgres.Pool, options ingest.Config, lines ...string) (ingest.Result, []string) {
	t.Helper()
	var faults []string
	options.Faulty = func(f format.Fault) { faults = append(faults, f.Error()) }
	result, err := ingest.Import(t.Context(), pool, strings.NewReader(strings.Join(lines, "\n")), options)
	if err != nil {
		t.Fatal(err)
	}
	wantSum(t, result)
	return result, faults
}

func wantSum(t testing.TB, r ingest.Result) {
	t.Helper()
	if sum := r.Recorded + r.Replaced + r.Unchanged + r.Stale + r.Described + r.Skipped + r.Collided; sum != r.Lines {
		t.Errorf("%+v adds up to %d lines", r, sum)
	}
}

// call is a line of a contact, with more fields.
func call(externalID, startedAt, fields string) string {
	return fmt.Sprintf(`{"externalId":%q,"type":"CAMPAIGN_INBOUND_CALL","status":"ANSWERED","startedAt":%q%s}`, externalID, startedAt, fields)
}

// everything is a file with each kind of line and of content.
var everything = []string{
	`{"kind": "agent", "externalId": "idit", "name": "Idit Bar", "groups": ["Infolinia", "Giełda", "Infolinia"], "deletedAt": null}`,
	`{"kind": "agent", "externalId": "gone", "name": "Gone", "groups": [], "deletedAt": "2024-06-01T00:00:00+02:00"}`,
	`{"kind": "campaign", "externalId": "PS", "name": "Obsługa bieżąca"}`,
	`{"kind": "queue", "externalId": "q", "name": "Kolejka"}`,
	`{"kind": "classifier", "externalId": "k", "name": "Obsłużone"}`,
	`{"kind": "siteCall", "externalId": "s", "name": "Formularz"}`,
	call("c1", "2024-03-04T08:09:16.5+01:00", `,"revision":3,"sourceAddress":"501 723 894","destinationAddress":"Sekretariat",
		"campaign":{"externalId":"PS"},"agent":{"externalId":"idit"},"queue":{"externalId":"q2","name":"Kolejka 2"},"classifier":{"externalId":"k"},
		"record":{"externalId":"r1","significantField":{"name":"Segment","value":"Klient"}},"siteCall":{"externalId":"s"},"siteCallOrderId":"o","ticketId":"t",
		"ivrTime":6,"agentTalkTime":166,"hangupParty":"CUSTOMER","ivrSteps":[
		{"name":"Powitanie","kind":"ANNOUNCEMENT","choice":null,"enteredAt":"2024-03-04T08:09:16+01:00","leftAt":"2024-03-04T08:09:22+01:00"},
		{"name":"Menu","kind":"MENU","choice":"2","enteredAt":"2024-03-04T08:09:22+01:00","leftAt":null}],
		"details":{"recording":{"path":"a.wav","seconds":166}}`),
	call("c2", "2024-02-29T23:59:59Z", `,"type":"OUTBOUND_EMAIL","ccAddresses":["a@example.com","ż\"\\"],"bccAddresses":["b@example.com"],
		"sourceAddress":" Anna@Example.COM ","record":{"externalId":"r2"},"details":{"email":{"subject":"s","body":"b\n\\","attachments":[{"name":"a","size":9}]}}`),
	call("c3", "2024-03-01T00:00:00Z", `,"details":{"chat":{"messages":[{"at":"2024-03-04T08:09:16Z","author":"a","text":"t"}]}}`),
	call("c4", "2024-03-01T00:00:00Z", `,"type":"OUTBOUND_CALL","ringTime":1,"details":{"sms":{"text":"t"}}`),
}

func init() {
	for i, line := range everything {
		line = strings.NewReplacer("\n", "", "\t", "").Replace(line)
		if strings.Count(line, `"type":`) == 2 {
			line = strings.Replace(line, `"type":"CAMPAIGN_INBOUND_CALL",`, "", 1)
		}
		everything[i] = line
	}
}

func TestImport_KeepsEverythingThatLinesSay(t *testing.T) {
	t.Parallel()
	for _, prepared := range []bool{false, true} {
		db := pgtest.New(t)
		pool := db.Open(t, postgres.Config{PreparedStatements: prepared})
		result, faults := importLines(t, pool, ingest.Config{}, everything...)
		if want := (ingest.Result{Lines: 10, Recorded: 4, Described: 6}); result != want || faults != nil {
			t.Fatalf("%+v %v", result, faults)
		}
		got := dump(t, pool)
		for i, row := range got {
			if strings.HasPrefix(row, "contact|") {
				fields := strings.Split(row, "|")
				fields[3] = "hash"
				got[i] = strings.Join(fields, "|")
			}
		}
		wantDump(t, got, []string{
			"contact|c1|3|hash|t|2024-03-04 07:09:16.5+00|CAMPAIGN_INBOUND_CALL|ANSWERED|CUSTOMER|RECORDING|PS|idit|q2|k|s|r1|6|-1|166|172|t|o|501 723 894|+48501723894|Sekretariat|sekretariat|{}|{}",
			`contact|c2|0|hash|t|2024-02-29 23:59:59+00|OUTBOUND_EMAIL|ANSWERED|EMAIL|r2|-1|-1|-1|-1| Anna@Example.COM |anna@example.com|{a@example.com,"ż\"\\"}|{b@example.com}`,
			"contact|c3|0|hash|t|2024-03-01 00:00:00+00|CAMPAIGN_INBOUND_CALL|ANSWERED|CHAT|-1|-1|-1|-1|{}|{}",
			"contact|c4|0|hash|t|2024-03-01 00:00:00+00|OUTBOUND_CALL|ANSWERED|SMS|-1|1|-1|-1|{}|{}",
			"step|c1|t|1|ANNOUNCEMENT|2024-03-04 07:09:16+00|2024-03-04 07:09:22+00|Powitanie",
			"step|c1|t|2|MENU|2024-03-04 07:09:22+00|Menu|2",
			`details|c1|t|{"recording": {"path": "a.wav", "seconds": 166}}`,
			`details|c2|t|{"email": {"body": "b\n\\", "subject": "s", "attachments": [{"name": "a", "size": 9}]}}`,
			`details|c3|t|{"chat": {"messages": [{"at": "2024-03-04T08:09:16Z", "text": "t", "author": "a"}]}}`,
			`details|c4|t|{"sms": {"text": "t"}}`,
			"identities|4",
			"record|r1|Segment|Klient", "record|r2",
			"agent|gone|Gone|2024-05-31 22:00:00+00", "agent|idit|Idit Bar",
			"group|Giełda|Giełda", "group|Infolinia|Infolinia", "member|Giełda|idit", "member|Infolinia|idit",
			"campaign|PS|Obsługa bieżąca", "queue|q2|Kolejka 2", "queue|q|Kolejka", "classifier|k|Obsłużone", "siteCall|s|Formularz",
		})
	}
}

func TestImport_WritesNothingTheSecondTime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	importLines(t, db.Pool, ingest.Config{}, everything...)
	before := dumpNumbers(t, db.Pool)
	pool, recorder := db.Recorded(t)
	result, _ := importLines(t, pool, ingest.Config{ChunkSize: 3}, everything...)
	if want := (ingest.Result{Lines: 10, Unchanged: 4, Described: 6}); result != want {
		t.Errorf("%+v", result)
	}
	wantDump(t, dumpNumbers(t, db.Pool), before)
	for _, statement := range recorder.SQL() {
		if verb, _, _ := strings.Cut(strings.TrimSpace(statement), " "); verb == "INSERT" || verb == "UPDATE" || verb == "DELETE" || verb == "COPY" {
			t.Errorf("every process is told of a change that is none: %s", statement)
		}
	}
}

func TestImport_TellsFaultyLinesAndLandsTheOthers(t *testing.T) {
	t.Parallel()
	lines := []string{
		"\ufeff" + call("c1", "2024-03-04T08:09:16Z", "") + "\r",
		"",
		strings.Replace(call("c2", "2024-03-04T08:09:16Z", ""), "ANSWERED", "ANSWERD", 1),
		" \t\r",
		call("c3", "2024-03-04T08:09:16Z", `,"ticketId":"`+strings.Repeat("x", 16<<20)+`"`),
		call("c4", "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"new","name":"New"},"queue":{"externalId":"unknown"}`),
		call("c5", "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"new"}`),
		`{"kind":"queue","externalId":"unknown","name":"Known"}`,
		call("c6", "2024-03-04T08:09:16Z", `,"queue":{"externalId":"unknown"}`),
		strings.Repeat("\r", 18<<20),
		"\xff",
		call("c7", "2024-03-04T08:09:16Z", ""), // with no line end
	}
	want := []string{
		`line 3: status: "ANSWERD" is not a contact status`,
		`line 5: is longer than 16 MiB`,
		`line 10: is longer than 16 MiB`,
		`line 11: is not valid JSON at byte 1`,
	}
	for _, size := range []int{0, 1, 4} {
		db := pgtest.New(t)
		result, faults := importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
		if want := (ingest.Result{Lines: 10, Recorded: 5, Described: 1, Skipped: 4, Repaired: 1}); result != want {
			t.Errorf("%+v", result)
		}
		if !slices.Equal(faults, want) {
			t.Errorf("got  %q\nwant %q", faults, want)
		}
		if got := column[string](t, db.Pool, "SELECT external_id FROM contacts ORDER BY 1"); !slices.Equal(got, []string{"c1", "c4", "c5", "c6", "c7"}) {
			t.Errorf("landed: %v", got)
		}
		if got := column[string](t, db.Pool, "SELECT name FROM campaigns UNION ALL SELECT name FROM queues"); !slices.Equal(got, []string{"New", "Known"}) {
			t.Errorf("%q", got)
		}
	}
}

func TestImport_TakesALineOfExactly16MiB(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	line := func(externalID string, size int) string {
		empty := strings.Replace(call(externalID, "2024-03-04T08:09:16Z", `,"details":{"sms":{"text":""}}`), "CAMPAIGN_INBOUND_CALL", "INBOUND_SMS", 1)
		return strings.Replace(empty, `"text":""`, `"text":""`+strings.Repeat(" ", size-len(empty)), 1)
	}
	result, faults := importLines(t, db.Pool, ingest.Config{}, line("fits", 16<<20)+"\r", line("not", 16<<20+1)+"\r")
	if want := (ingest.Result{Lines: 2, Recorded: 1, Skipped: 1}); result != want || !slices.Equal(faults, []string{"line 2: is longer than 16 MiB"}) {
		t.Errorf("%+v %q", result, faults)
	}
}

func TestImport_KnowsGzipByItsContent(t *testing.T) {
	t.Parallel()
	zip := func(lines ...string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, strings.Join(lines, "\n")+"\n")
		_ = w.Close()
		return b.Bytes()
	}
	plain, zipped, cut := pgtest.New(t), pgtest.New(t), pgtest.New(t)
	importLines(t, plain.Pool, ingest.Config{}, everything...)

	// Two members one after the other, as `cat a.gz b.gz` makes them.
	both := slices.Concat(zip("\ufeff"+everything[0]), zip(everything[1:]...))
	result, err := ingest.Import(t.Context(), zipped.Pool, bytes.NewReader(both), ingest.Config{})
	if err != nil || result.Lines != 10 || result.Skipped != 0 {
		t.Fatalf("%+v %v", result, err)
	}
	wantDump(t, dump(t, zipped.Pool), dump(t, plain.Pool))

	result, err = ingest.Import(t.Context(), cut.Pool, bytes.NewReader(both[:len(both)-20]), ingest.Config{ChunkSize: 1})
	if err == nil || !strings.Contains(err.Error(), "the gzip data ends in the middle") || result.Skipped != 0 {
		t.Errorf("%+v %v", result, err)
	}
	if fault.CodeOf(postgres.Translate(err)) != fault.Internal {
		t.Errorf("a damaged file is taken for a database that is away: %v", err)
	}
}

func TestImportAll_TakesOneSourceAfterTheOther(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	closed := 0
	source := func(name string, lines ...string) ingest.Source {
		return ingest.Source{Name: name, Open: func() (io.ReadCloser, error) {
			return closing{strings.NewReader(strings.Join(lines, "\n")), &closed}, nil
		}}
	}
	var faults []string
	sources := []ingest.Source{
		source("a.ndjson", everything...),
		source("b.ndjson", call("x", "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"PS"}`), "[]"),
	}
	result, err := ingest.ImportAll(t.Context(), db.Pool, sources, ingest.Config{Faulty: func(f format.Fault) { faults = append(faults, f.Error()) }})
	if want := (ingest.Result{Lines: 12, Recorded: 5, Described: 6, Skipped: 1}); err != nil || result != want || closed != 2 {
		t.Errorf("%+v %v, %d closed", result, err, closed)
	}
	if !slices.Equal(faults, []string{"b.ndjson: line 2: is not an object"}) {
		t.Errorf("%q", faults)
	}
	sources = append(sources, ingest.Source{Name: "none", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }})
	if _, err := ingest.ImportAll(t.Context(), db.Pool, sources, ingest.Config{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

type closing struct {
	io.Reader
	closed *int
}

func (c closing) Close() error { *c.closed++; return nil }

func TestProgress_TellsLinesAndRate(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := time.Unix(0, 0)
	var seen []ingest.Progress
	_, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(strings.Join(append([]string{"false"}, everything...), "\n")), ingest.Config{
		ChunkSize: 4, Progress: func(p ingest.Progress) { seen = append(seen, p) },
		Now: func() time.Time { now = now.Add(time.Second); return now },
	})
	want := []ingest.Progress{{4, 1, time.Second}, {8, 1, 2 * time.Second}, {11, 1, 3 * time.Second}}
	if err != nil || !slices.Equal(seen, want) || seen[0].LinesPerSecond() != 4 {
		t.Errorf("%+v %v", seen, err)
	}
}

func TestImport_EndsAtOnceWhenCancelledThoughItsInputWaits(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	input, feed := io.Pipe()
	go func() {
		_, _ = io.WriteString(feed, strings.Join(everything, "\n")+"\n")
		cancel()
	}()
	result, err := ingest.Import(ctx, db.Pool, input, ingest.Config{ChunkSize: 100})
	if !errors.Is(err, context.Canceled) || result != (ingest.Result{}) {
		t.Errorf("%+v %v", result, err)
	}
	_ = feed.Close()
}
