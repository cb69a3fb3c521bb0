package freeswitch_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// apart gives the legs of an example keys of their own, so that several examples are several calls.
func apart(legs []*played, n int) []*played {
	own := make([]*played, len(legs))
	name := func(uuid string) string { return fmt.Sprintf("%s-%d", uuid, n) }
	for i, leg := range legs {
		own[i] = &played{uuid: name(leg.uuid), direction: leg.direction, at: leg.at, apps: leg.apps, vars: map[string]string{}}
		for variable, value := range leg.vars {
			if strings.HasPrefix(value, "u") && len(value) == 2 {
				value = name(value)
			}
			own[i].vars[variable] = value
		}
		for _, one := range leg.places {
			called := map[string]string{}
			for uuid, number := range one.called {
				called[name(uuid)] = number
			}
			one.called = called
			own[i].places = append(own[i].places, one)
		}
	}
	return own
}

// allLegs are those of all examples, as calls of their own.
func allLegs() []*played {
	var legs []*played
	for n, one := range examples() {
		legs = append(legs, apart(one.legs, n)...)
	}
	return legs
}

func TestMapper_GivesTheSameForEveryOrderOfLegs(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	rows := rowsOf(t, allLegs()...)
	want := briefs(t, exampleSource, rows, later)
	slices.Sort(want)
	if len(want) < len(examples()) {
		t.Fatalf("%d lines of %d examples", len(want), len(examples()))
	}
	for range 50 {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got := briefs(t, exampleSource, rows, later)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Fatalf("another order gives\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestMapper_EndsEveryCall reads every part of the legs of every example: each call ends as contacts or under a reason, no talk
// is longer than the call, and every contact holds the key of a leg.
func TestMapper_EndsEveryCall(t *testing.T) {
	t.Parallel()
	for _, one := range examples() {
		for part := 1; part < 1<<len(one.legs); part++ {
			var legs []*played
			length, keys := int64(0), map[string]bool{}
			for i, leg := range one.legs {
				if part&(1<<i) != 0 {
					legs, length, keys[leg.uuid] = append(legs, leg), max(length, leg.at["end"]), true
				}
			}
			outcomes := telephony.Map(freeswitch.NewMapper(parseSource(t, exampleSource)), rowsOf(t, legs...), later)
			for _, outcome := range outcomes {
				if (len(outcome.Contacts) == 0) == (outcome.Reason == "") || outcome.Open || !keys[outcome.Key] {
					t.Errorf("%s, part %b: %+v", one.name, part, outcome)
				}
				for _, c := range outcome.Contacts {
					key, _, _ := strings.Cut(strings.TrimPrefix(c.ExternalID, "fs1:"), "/")
					if !keys[key] || c.Status == "" || c.AgentTalkTime != nil && int64(*c.AgentTalkTime) > length {
						t.Errorf("%s, part %b: %s", one.name, part, brief(c))
					}
				}
			}
		}
	}
}

// TestReader_ReadsEveryFormAlike reads the legs as each module and FusionPBX spell them.
func TestReader_ReadsEveryFormAlike(t *testing.T) {
	t.Parallel()
	for _, leg := range allLegs() {
		want, err := reader.Legs{}.Read(leg.json(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{"XML": leg.xml(false), "encoded XML": leg.xml(true), "FusionPBX": fusionPBX(leg), "old JSON": oldJSON(leg)} {
			got, err := reader.Legs{}.Read(text, 1)
			if err != nil {
				t.Fatalf("%s of %s: %v", form, leg.uuid, err)
			}
			got.Fields = []string{strings.Replace(got.Fields[0], `"start_stamp":"2026-11-27 22:58:37",`, "", 1)}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s of %s: got\n%+v\nwant\n%+v", form, leg.uuid, got, want)
			}
		}
	}
}

// fusionPBX is a leg as PHP makes JSON of XML: attributes apart, one alone not in a list, nothing as an empty list.
func fusionPBX(leg *played) string {
	var flow []any
	for i := len(leg.places) - 1; i >= 0; i-- {
		one := leg.flow(&leg.places[i], "originatee_caller_profile")
		one["@attributes"] = map[string]any{"dialplan": "XML"}
		flow = append(flow, one)
	}
	var apps []any
	for _, app := range leg.apps {
		var second int64
		var name string
		_, _ = fmt.Sscanf(app, "+%d %s", &second, &name)
		apps = append(apps, map[string]any{"@attributes": map[string]any{"app_name": name, "app_stamp": fmt.Sprint((start + second) * 1_000_000)}})
	}
	variables := leg.variables()
	variables["bridge_channel"] = []any{}
	return marshal(map[string]any{
		"@attributes": map[string]any{"core-uuid": "c"}, "channel_data": map[string]any{"direction": leg.direction}, "variables": variables,
		"app_log": map[string]any{"application": oneAlone(apps)}, "callflow": oneAlone(flow),
	})
}

func oneAlone(list []any) any {
	switch len(list) {
	case 0:
		return []any{}
	case 1:
		return list[0]
	default:
		return list
	}
}

// oldJSON is a leg as an old mod_json_cdr writes it: the name callflow once for each place.
func oldJSON(leg *played) string {
	text := strings.Split(leg.json(), `"callflow":`)[0]
	for i := len(leg.places) - 1; i >= 0; i-- {
		text += `"callflow":` + marshal(leg.flow(&leg.places[i], "originatee_caller_profiles")) + ","
	}
	rest := leg.json()[strings.Index(leg.json(), `"channel_data":`):]
	return text + rest
}

func TestReader_RefusesWhatIsNoLeg(t *testing.T) {
	t.Parallel()
	good := queueLegs()[0].json()
	for name, text := range map[string]string{
		"nothing": "{}", "a list": "[]", "no XML": "<cdr><variables><uuid>u</variables></cdr>", "no end": "<cdr>", "another element": "<html></html>",
		"no start":    strings.ReplaceAll(good, "start_", "begin_"),
		"a clock off": strings.ReplaceAll(good, "1795816717", "17"),
		"no uuid":     strings.ReplaceAll(good, "uuid", "key"),
	} {
		row, err := reader.Legs{}.Read(text, 1)
		if err == nil {
			t.Errorf("%s: %+v", name, row)
		} else if strings.Contains(err.Error(), "501723894") {
			t.Errorf("%s: an error shows a number: %v", name, err)
		}
	}
}

func FuzzLegs(f *testing.F) {
	for _, leg := range allLegs() {
		f.Add(leg.json())
		f.Add(leg.xml(true))
		f.Add(fusionPBX(leg))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if row, err := (reader.Legs{}).Read(text, 1); err == nil {
			telephony.Map(freeswitch.NewMapper(parseSource(t, exampleSource)), []telephony.Row{row}, later)
		}
	})
}

func openStore(t testing.TB, pool *postgres.Pool, source string, now time.Time) *telephony.Store {
	t.Helper()
	parsed := parseSource(t, source)
	store, err := telephony.OpenStore(t.Context(), pool, parsed, freeswitch.NewMapper(parsed), time.Time{}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// stored are the contacts of a database, a line each.
func stored(t testing.TB, pool *postgres.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT concat_ws('|', c.external_id, i.revision, c.type, c.status, c.source_address, c.destination_address, a.external_id, q.external_id,
		c.ivr_time, c.ring_time, c.agent_talk_time, c.hangup_party, (SELECT string_agg(s.kind || ' ' || s.name, '; ' ORDER BY s.position) FROM ivr_steps s
		WHERE s.contact_id = c.id AND s.contact_started_at = c.started_at)) FROM contacts c JOIN contact_identities i ON i.contact_id = c.id
		LEFT JOIN agents a ON a.id = c.agent_id LEFT JOIN queues q ON q.id = c.queue_id ORDER BY c.external_id`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestStore_GivesTheSameForEveryCutAndOrder lands the legs of all examples at once, and in random orders and batches, some
// twice, and from files of XML.
func TestStore_GivesTheSameForEveryCutAndOrder(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, allLegs()...)
	land := func(pool *postgres.Pool, batches ...[]telephony.Row) {
		store := openStore(t, pool, exampleSource, later)
		for _, batch := range batches {
			if _, err := store.Land(t.Context(), telephony.Batch{Rows: batch, Origin: telephony.Files}); err != nil {
				t.Fatal(err)
			}
		}
	}
	whole := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	land(whole, slices.Clone(rows))
	want := stored(t, whole)
	if len(want) < 15 {
		t.Fatalf("%d contacts", len(want))
	}
	random := rand.New(rand.NewPCG(5, 6))
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	var batches [][]telephony.Row
	for rest := rows; len(rest) > 0; {
		n := min(len(rest), 1+random.IntN(3))
		batches = append(batches, slices.Clone(rest[:n]))
		if random.IntN(3) == 0 {
			batches = append(batches, slices.Clone(rest[:n]))
		}
		rest = rest[n:]
	}
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	land(pool, batches...)
	if got := stored(t, pool); !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	files := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	directory := t.TempDir()
	var paths []string
	for _, leg := range allLegs() {
		paths = append(paths, filepath.Join(directory, leg.uuid+".cdr.xml"))
		if err := os.WriteFile(paths[len(paths)-1], []byte(leg.xml(true)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from := telephony.FileImport{Store: openStore(t, files, exampleSource, later), NewReader: func() (telephony.Reader, error) { return reader.Legs{}, nil }, BatchSize: 7}
	landed, err := from.Run(t.Context(), paths)
	if err != nil || landed.New != len(paths) || landed.Bad != 0 {
		t.Fatalf("%+v %v", landed, err)
	}
	if got := stored(t, files); !slices.Equal(got, want) {
		t.Fatalf("files of XML give\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
