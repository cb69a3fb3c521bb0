package ingest_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// TestCases_LandWithTheirRightValues imports what real lines hold, one file a kind, made after public reports of the trade.
func TestCases_LandWithTheirRightValues(t *testing.T) {
	t.Parallel()
	const shown = `SELECT concat_ws('|', external_id, type, channel, status, 'ivr=' || ivr_time, 'ring=' || ring_time, 'talk=' || agent_talk_time, 'hold=' || hold_time)
		FROM contacts ORDER BY started_at, external_id`
	now := func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }
	for file, want := range map[string]struct {
		result ingest.Result
		rows   string // some that there must be
	}{
		"12-legs-of-one-call":         {ingest.Result{Lines: 5, Recorded: 3, Replaced: 1, Skipped: 1, Repaired: 1}, "1762760000.13|OTHER|INTERNAL_TRANSFER|ANSWERED"},
		"13-abandoned":                {ingest.Result{Lines: 4, Recorded: 4, Repaired: 1}, "b13-02|CAMPAIGN_INBOUND_CALL|ANSWERED|ivr=20|talk=0 b13-03|INBOUND_CALL|NO_ANSWER"},
		"14-odd-durations":            {ingest.Result{Lines: 12, Recorded: 12, Repaired: 8}, "b14-00|INBOUND_CALL|ANSWERED b14-03|INBOUND_CALL|ANSWERED|talk=12 b14-06|INBOUND_CALL|ANSWERED|talk=166342 b14-10|INBOUND_EMAIL|ANSWERED b14-11|INBOUND_CALL|ANSWERED|talk=60"},
		"15-times":                    {ingest.Result{Lines: 20, Recorded: 3, Skipped: 17}, "b15-17|INBOUND_CALL|NO_ANSWER"},
		"16-never-ends":               {ingest.Result{Lines: 2, Recorded: 2}, "b16-00|OUTBOUND_CALL|RINGING"},
		"18-midnight":                 {ingest.Result{Lines: 5, Recorded: 5}, ""},
		"19-clock-change":             {ingest.Result{Lines: 6, Recorded: 6}, "b19-00|CAMPAIGN_INBOUND_CALL|ANSWERED|ivr=902"},
		"21-texts":                    {ingest.Result{Lines: 4, Recorded: 4}, ""},
		"22-nul-and-half-pair":        {ingest.Result{Lines: 3, Recorded: 3, Repaired: 2}, ""},
		"24-channels":                 {ingest.Result{Lines: 21, Recorded: 15, Skipped: 6, Repaired: 11}, "b24-00|OTHER|WHATSAPP|NO_ANSWER b24-26|INBOUND_CALL|NO_ANSWER b24-27|INBOUND_CALL|ANSWERED"},
		"25-facts-with-no-key":        {ingest.Result{Lines: 16, Recorded: 1, Skipped: 15}, "b25-03|INBOUND_CALL|ANSWERED|hold=10"},
		"26-erase":                    {ingest.Result{Lines: 3, Recorded: 1, Skipped: 2}, ""},
		"shape-a-asterisk-master-csv": {ingest.Result{Lines: 5, Recorded: 5, Repaired: 1}, "1794294000.26|CAMPAIGN_INBOUND_CALL|ANSWERED|talk=148"},
		"shape-b-amazon-connect":      {ingest.Result{Lines: 2, Recorded: 2, Repaired: 1}, "c0ffee00-0000-4000-8000-000000000002|OTHER|TASK|ANSWERED|talk=600"},
		"shape-c-genesys-cloud":       {ingest.Result{Lines: 2, Recorded: 2}, ""},
		"shape-d-twilio":              {ingest.Result{Lines: 4, Recorded: 4}, ""},
		"shape-e-chatwoot":            {ingest.Result{Lines: 1, Recorded: 1}, ""},
		"11-id-used-again":            {ingest.Result{Lines: 2, Recorded: 1, Collided: 1}, "525|INBOUND_CALL|NO_ANSWER"},
		"17-out-of-order":             {ingest.Result{Lines: 4, Recorded: 2, Stale: 2}, "b17-00|INBOUND_CALL|ANSWERED|talk=30 b17-01|INBOUND_CALL|ANSWERED|talk=30"},
		"23-agents":                   {ingest.Result{Lines: 8, Recorded: 4, Described: 4, Repaired: 1}, "b23-03|INBOUND_CALL|ANSWERED|talk=5"},
		"27-contradictions":           {ingest.Result{Lines: 8, Recorded: 7, Skipped: 1, Repaired: 4}, "b27-01|OUTBOUND_CALL|CLASSIFIER b27-02|INBOUND_SMS|ANSWERED b27-05|INBOUND_CALL|ANSWERED b27-06|INBOUND_CALL|ANSWERED"},
		"35-old-names":                {ingest.Result{Lines: 4, Recorded: 2, Unchanged: 1, Stale: 1}, "b35-00|INBOUND_CALL|ANSWERED|talk=5"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t)
			lines, err := os.ReadFile("testdata/cases/" + file + ".ndjson")
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			result, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(string(lines)), ingest.Config{
				Starts:   ingest.Starts{Now: now},
				Faulty:   func(f format.Fault) { told = append(told, f.Error()) },
				Repaired: func(r format.Repair) { told = append(told, "repaired: "+r.Error()) },
			})
			if err != nil {
				t.Fatal(err)
			}
			if result != want.result {
				t.Errorf("%+v, want %+v\n%s", result, want.result, strings.Join(told, "\n"))
			}
			rows := column[string](t, db.Pool, shown)
			for _, row := range strings.Fields(want.rows) {
				if !slices.Contains(rows, row) {
					t.Errorf("there is no %s in\n%s", row, strings.Join(rows, "\n"))
				}
			}
		})
	}
}

// TestMerge_KeepsOneOfEqualRevisionsInAnyOrder has the end win over the ringing, and the later of two contacts of one externalId.
func TestMerge_KeepsOneOfEqualRevisionsInAnyOrder(t *testing.T) {
	t.Parallel()
	ringing := strings.Replace(call("a", "2026-11-12T08:00:00Z", ""), "ANSWERED", "RINGING", 1)
	answered := call("a", "2026-11-12T08:00:00Z", `,"agentTalkTime":30`)
	october, november := call("b", "2026-10-05T09:00:00Z", `,"sourceAddress":"501723894"`), call("b", "2026-11-05T09:00:00Z", `,"sourceAddress":"602111222"`)
	for _, lines := range [][]string{{ringing, answered, october, november}, {november, october, answered, ringing}} {
		for _, size := range []int{0, 1} {
			db := pgtest.New(t)
			result, _ := importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
			if result.Collided != 1 || result.Recorded != 2 {
				t.Errorf("%+v", result)
			}
			got := column[string](t, db.Pool, "SELECT concat_ws('|', external_id, status, agent_talk_time, source_address) FROM contacts ORDER BY 1")
			if want := []string{"a|ANSWERED|30", "b|ANSWERED|602111222"}; !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
}

// TestImport_SaysHowToMakeLinesOfAnotherFile takes nothing of a file that is none of lines in UTF-8.
func TestImport_SaysHowToMakeLinesOfAnotherFile(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	line := call("c1", "2024-03-04T08:09:16Z", "")
	wide := func(order func(byte) string) string {
		var all strings.Builder
		for i := range len(line) {
			all.WriteString(order(line[i]))
		}
		return all.String()
	}
	little := wide(func(c byte) string { return string([]byte{c, 0}) })
	for text, want := range map[string]string{
		"[\n" + line + ",\n" + line + "\n]\n": "one JSON array",
		" \r\n [" + line + "]":                "one JSON array",
		"\ufeff[]":                            "one JSON array",
		"\xff\xfe" + little:                   "UTF-16",
		little:                                "UTF-16",
		wide(func(c byte) string { return string([]byte{0, c}) }): "UTF-16",
	} {
		result, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(text), ingest.Config{})
		if err == nil || !strings.Contains(err.Error(), want) || result != (ingest.Result{}) {
			t.Errorf("%.20q: %+v %v, want %s", text, result, err, want)
		}
	}
	if n := column[int](t, db.Pool, "SELECT count(*)::int FROM contacts"); n[0] != 0 {
		t.Error(fmt.Sprint(n, " contacts landed"))
	}
}

// TestImport_RefusesRepairsIfStrict lands nothing where something would have to be mended.
func TestImport_RefusesRepairsIfStrict(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var faults []string
	lines := call("c1", "2024-03-04T08:09:16Z", "") + "\n" + call("c2", "2024-03-04T08:09:16Z", `,"ringTime":-1`)
	_, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(lines), ingest.Config{
		Strict: true, Faulty: func(f format.Fault) { faults = append(faults, f.Error()) },
	})
	if want := []string{"line 2: ringTime: is negative and was left out"}; !errors.Is(err, ingest.ErrRefused) || !slices.Equal(faults, want) {
		t.Errorf("%v %q", err, faults)
	}
}

// TestCases_SayNamesAsTheyWereLast reads what files of several orders say of things.
func TestCases_SayNamesAsTheyWereLast(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"23-agents":    {"agent|n1|Anna Nowak||Infolinia", "agent|n2|Anna Nowak||Reklamacje", "agent|nobody|nobody||", "agent|old|Olga Dawna|2026-11-19 23:00:00|"},
		"35-old-names": {"agent|mk|Maria Nowa||", "record|R1|Firma|Firma Nowa sp. z o.o."},
	} {
		lines, err := os.ReadFile("testdata/cases/" + file + ".ndjson")
		if err != nil {
			t.Fatal(err)
		}
		db := pgtest.New(t)
		importLines(t, db.Pool, ingest.Config{}, strings.Split(strings.TrimSpace(string(lines)), "\n")...)
		got := column[string](t, db.Pool, `SELECT concat('agent|', a.external_id, '|', a.name, '|', a.deleted_at AT TIME ZONE 'UTC', '|', (SELECT string_agg(g.name, ',') FROM agent_group_members m
				JOIN agent_groups g ON g.id = m.agent_group_id WHERE m.agent_id = a.id)) FROM agents a
			UNION ALL SELECT concat('record|', external_id, '|', significant_name, '|', significant_value) FROM records ORDER BY 1`)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}
