package asterisk_test

import (
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
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// stored are all contacts of a database, a line each.
func stored(t testing.TB, pool *postgres.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT concat_ws('|', c.external_id, i.revision, c.type, c.status, extract(epoch FROM c.started_at)::bigint, c.source_address,
		c.destination_address, p.external_id, a.external_id, q.external_id, c.ivr_time, c.ring_time, c.agent_talk_time, c.hangup_party,
		(SELECT string_agg(concat_ws(' ', s.kind, s.name, coalesce(s.choice, '-'), extract(epoch FROM s.entered_at)::bigint, extract(epoch FROM s.left_at)::bigint), '; ' ORDER BY s.position)
		 FROM ivr_steps s WHERE s.contact_id = c.id AND s.contact_started_at = c.started_at))
		FROM contacts c JOIN contact_identities i ON i.contact_id = c.id LEFT JOIN campaigns p ON p.id = c.campaign_id
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

func openStore(t testing.TB, pool *postgres.Pool, source string, now time.Time) *telephony.Store {
	t.Helper()
	parsed := parseSource(t, source)
	store, err := telephony.OpenStore(t.Context(), pool, parsed, asterisk.NewMapper(parsed), time.Time{}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func newPool(t testing.TB) *postgres.Pool {
	t.Helper()
	return pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
}

func land(t testing.TB, store *telephony.Store, rows []telephony.Row) telephony.Landed {
	t.Helper()
	landed, err := store.Land(t.Context(), telephony.Batch{Rows: rows, Origin: telephony.Files})
	if err != nil {
		t.Fatal(err)
	}
	return landed
}

func TestStore_TakesNoRowsOfBeforeTheOldestStart(t *testing.T) {
	t.Parallel()
	pool, source := newPool(t), parseSource(t, recordedSource)
	rows := scriptRows(t, ringAllWhole)
	open := func(oldest time.Time) *telephony.Store {
		store, err := telephony.OpenStore(t.Context(), pool, source, asterisk.NewMapper(source), oldest, func() time.Time { return later })
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	if refused := land(t, open(later), slices.Clone(rows)); refused.Bad != len(rows) || refused.New != 0 || len(stored(t, pool)) != 0 {
		t.Errorf("of %d rows of before: %+v", len(rows), refused)
	}
	if taken := land(t, open(rows[0].At.AddDate(0, -1, 0)), slices.Clone(rows)); taken.Bad != 0 || len(stored(t, pool)) == 0 {
		t.Errorf("of %d rows of after: %+v", len(rows), taken)
	}
}

// allRecorded are the rows of all recorded calls, as one exchange would have written them, but for those that s22_live has.
func allRecorded(t testing.TB) []telephony.Row {
	t.Helper()
	var rows []telephony.Row
	directories, _ := filepath.Glob("testdata/recorded/s*")
	for _, directory := range directories {
		if filepath.Base(directory) != "s22_live" {
			rows = append(rows, callRows(t, directory)...)
		}
	}
	return append(rows, scriptRows(t, ringAllWhole)...)
}

// TestStore_GivesTheSameForEveryCutAndOrder lands the rows of all recorded calls in random batches and orders, some rows
// twice, and compares with one batch.
func TestStore_GivesTheSameForEveryCutAndOrder(t *testing.T) {
	t.Parallel()
	rows := allRecorded(t)
	whole := newPool(t)
	land(t, openStore(t, whole, recordedSource, later), slices.Clone(rows))
	want := stored(t, whole)
	if len(want) < 14 {
		t.Fatalf("%d contacts", len(want))
	}
	for seed := range uint64(2) {
		random := rand.New(rand.NewPCG(seed, 7))
		pool := newPool(t)
		store := openStore(t, pool, recordedSource, later)
		shuffled := slices.Clone(rows)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for len(shuffled) > 0 {
			n := min(len(shuffled), 1+random.IntN(60))
			landBatch(t, store, shuffled[:n])
			if random.IntN(3) == 0 {
				landBatch(t, store, shuffled[:n])
			}
			shuffled = shuffled[n:]
		}
		if got := stored(t, pool); !slices.Equal(got, want) {
			t.Fatalf("seed %d: got\n%s\nwant\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// landBatch lands rows of several kinds, a batch for each.
func landBatch(t testing.TB, store *telephony.Store, rows []telephony.Row) {
	t.Helper()
	for _, kind := range telephony.Kinds {
		var some []telephony.Row
		for _, row := range rows {
			if row.Kind == kind {
				some = append(some, row)
			}
		}
		if some != nil {
			land(t, store, some)
		}
	}
}

// TestStore_LandsTheExamplesAsTheyAreMapped lands each example three rows at a time, and compares with what the mapper makes of it.
func TestStore_LandsTheExamplesAsTheyAreMapped(t *testing.T) {
	t.Parallel()
	for _, one := range examples {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			rows := scriptRows(t, one.played)
			pool := newPool(t)
			store := openStore(t, pool, exampleSource, exampleNow)
			for some := range slices.Chunk(rows, 3) {
				land(t, store, slices.Clone(some))
			}
			got := stored(t, pool)
			again := newPool(t)
			land(t, openStore(t, again, exampleSource, exampleNow), rows)
			if want := stored(t, again); !slices.Equal(got, want) {
				t.Errorf("in parts\n%s\nat once\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			var contacts []string
			for _, line := range one.want {
				if !strings.HasPrefix(line, "no contact") {
					id, _, _ := strings.Cut(line, " ")
					contacts = append(contacts, "pbx1:"+id)
				}
			}
			slices.Sort(contacts)
			for i, line := range got {
				if id, _, _ := strings.Cut(line, "|"); i >= len(contacts) || id != contacts[i] {
					t.Fatalf("landed\n%s\nwant %v", strings.Join(got, "\n"), contacts)
				}
			}
			if len(got) != len(contacts) {
				t.Errorf("landed %d contacts, want %d", len(got), len(contacts))
			}
		})
	}
}

func TestStore_CountsSoThatItAddsUp(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	store := openStore(t, pool, exampleSource, exampleNow)
	rows := append(scriptRows(t, ringAllWhole), scriptRows(t, `
		+100 CHAN_START A *97@from-internal num=201; ANSWER A
		+106 HANGUP A src=A`)...)
	total := land(t, store, rows)
	total.Add(land(t, store, rows))
	summary, err := store.Summary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := "78 rows: 39 new, 39 known; 2 calls: 1 contacts recorded, 0 replaced, 1 without a contact (1 feature code)"
	if got := summary.Line(total); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var unmapped []telephony.Unmapped
	if err := telephony.ListUnmapped(t.Context(), pool, "pbx1", 10, func(call telephony.Unmapped) error {
		unmapped = append(unmapped, call)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(unmapped) != 1 || unmapped[0].Reason != telephony.FeatureCode || len(unmapped[0].Rows) != 3 || !strings.HasPrefix(unmapped[0].Rows[0], "cel h") {
		t.Errorf("unmapped: %+v", unmapped)
	}
}

func TestStore_RefusesRowsOfAKindFromASecondOrigin(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	store := openStore(t, pool, exampleSource, exampleNow)
	rows := scriptRows(t, ringAllWhole)
	land(t, store, rows[:3])
	_, err := store.Land(t.Context(), telephony.Batch{Rows: rows[3:], Origin: telephony.Table})
	if err == nil || !strings.Contains(err.Error(), "come from files so far") {
		t.Errorf("got %v", err)
	}
	land(t, store, rows[3:])
}

func TestStore_RemapsByTheConfigurationAsItIsNow(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	land(t, openStore(t, pool, exampleSource, exampleNow), scriptRows(t, ringAllWhole))
	changed := strings.Replace(exampleSource, `"externalId": "202", "name": "Jan Kowalski"`, `"externalId": "jan", "name": "Jan Kowalski"`, 1)
	store := openStore(t, pool, changed, exampleNow)
	landed, err := store.Remap(t.Context(), time.Unix(scriptStart-1, 0), time.Unix(scriptStart+1, 0))
	if err != nil {
		t.Fatal(err)
	}
	if got := stored(t, pool); landed.Contacts.Replaced != 1 || len(got) != 1 || !strings.Contains(got[0], "|jan|") {
		t.Errorf("%+v %q", landed, got)
	}
}

func TestStore_ClosesCallsOfWhichNothingIsHeard(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	land(t, openStore(t, pool, exampleSource, exampleNow), scriptRows(t, ringAllAnswered))
	store := openStore(t, pool, exampleSource, exampleNow.Add(7*time.Hour))
	landed, err := store.CloseUnfinished(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	summary, err := store.Summary(t.Context())
	if err != nil || landed.Contacts.Replaced != 1 || summary.Unfinished != 1 || summary.Open != 0 {
		t.Errorf("%+v %+v %v", landed, summary, err)
	}
}

func TestStore_DropsRowsThatAreNoLongerKept(t *testing.T) {
	t.Parallel()
	pool := newPool(t)
	land(t, openStore(t, pool, exampleSource, exampleNow), scriptRows(t, ringAllWhole))
	want := stored(t, pool)
	store := openStore(t, pool, exampleSource, exampleNow.AddDate(0, 2, 20))
	if err := store.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows, calls int
	if err := pool.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM telephony_rows), (SELECT count(*) FROM telephony_calls)").Scan(&rows, &calls); err != nil {
		t.Fatal(err)
	}
	if rows != 0 || calls != 0 {
		t.Errorf("%d rows and %d calls are kept", rows, calls)
	}
	if got := stored(t, pool); !slices.Equal(got, want) {
		t.Errorf("contacts went with them: %q", got)
	}
}
