package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMerge_ReplacesTheContactWholeByAHigherRevision(t *testing.T) {
	t.Parallel()
	db, fresh := pgtest.New(t), pgtest.New(t)
	importLines(t, db.Pool, ingest.Config{}, everything...)
	id := column[int64](t, db.Pool, "SELECT id FROM contacts WHERE external_id = 'c1'")
	// Its start moves to another month, its steps, details and links go.
	revised := call("c1", "2023-11-05T08:00:00Z", `,"revision":4,"agent":{"externalId":"idit"},"ivrSteps":[{"name":"Inny","kind":"OTHER","enteredAt":"2023-11-05T08:00:00Z"}]`)
	result, _ := importLines(t, db.Pool, ingest.Config{}, revised)
	if want := (ingest.Result{Lines: 1, Replaced: 1}); result != want {
		t.Errorf("%+v", result)
	}
	if after := column[int64](t, db.Pool, "SELECT id FROM contacts WHERE external_id = 'c1'"); !slices.Equal(after, id) {
		t.Errorf("its number was %v, is %v", id, after)
	}
	importLines(t, fresh.Pool, ingest.Config{}, slices.Concat(everything, []string{revised})...)
	wantDump(t, dump(t, db.Pool), dump(t, fresh.Pool))
	if steps := column[string](t, db.Pool, "SELECT name FROM ivr_steps"); !slices.Equal(steps, []string{"Inny"}) {
		t.Errorf("%v", steps)
	}
}

// TestMerge_LeavesTheContactIfTheRevisionIsLower imports a line that would have made things, had it come first.
func TestMerge_LeavesTheContactIfTheRevisionIsLower(t *testing.T) {
	t.Parallel()
	stale := call("c1", "2024-03-04T08:09:16+01:00", `,"revision":2,"campaign":{"externalId":"PS","name":"Old"},"queue":{"externalId":"old","name":"Old"},
		"classifier":{"externalId":"unknown"},"record":{"externalId":"r1","significantField":{"name":"Old","value":"Old"}}`)
	stale = strings.NewReplacer("\n", "", "\t", "").Replace(stale)
	before, after, without := pgtest.New(t), pgtest.New(t), pgtest.New(t)
	importLines(t, without.Pool, ingest.Config{}, everything...)
	importLines(t, before.Pool, ingest.Config{}, slices.Concat([]string{stale}, everything)...)
	importLines(t, after.Pool, ingest.Config{}, everything...)
	result, faults := importLines(t, after.Pool, ingest.Config{}, stale)
	if want := (ingest.Result{Lines: 1, Stale: 1, Repaired: 1}); result != want || faults != nil {
		t.Errorf("%+v %q", result, faults)
	}
	wantDump(t, contactRows(t, after.Pool), contactRows(t, without.Pool))
	wantDump(t, reported(t, after.Pool), reported(t, before.Pool))
}

func TestMerge_ReplacesOtherContentOfTheSameRevision(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ringing := strings.Replace(call("c", "2024-03-04T08:09:16Z", ""), "ANSWERED", "RINGING", 1)
	answered := call("c", "2024-03-04T08:09:16Z", `,"agentTalkTime":7`)
	for _, step := range []struct {
		lines []string
		want  ingest.Result
		talk  int
	}{
		{[]string{ringing, ringing}, ingest.Result{Lines: 2, Recorded: 1, Unchanged: 1}, -1},
		{[]string{answered}, ingest.Result{Lines: 1, Replaced: 1}, 7},
		{[]string{ringing, answered}, ingest.Result{Lines: 2, Unchanged: 1, Stale: 1}, 7},
		{[]string{answered, ringing}, ingest.Result{Lines: 2, Unchanged: 1, Stale: 1}, 7},
	} {
		if result, _ := importLines(t, db.Pool, ingest.Config{}, step.lines...); result != step.want {
			t.Errorf("%+v, want %+v", result, step.want)
		}
		if talk := column[int](t, db.Pool, "SELECT coalesce(agent_talk_time, -1) FROM contacts"); !slices.Equal(talk, []int{step.talk}) {
			t.Errorf("agent talk time %v, want %d", talk, step.talk)
		}
	}
}

func TestMerge_RenamesByAnotherNameAndWritesNothingForTheSame(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	old := call("n0", "2024-03-04T08:09:15Z", `,"campaign":{"externalId":"new","name":"Stara"}`)
	importLines(t, db.Pool, ingest.Config{}, append(slices.Clone(everything), old)...)
	importLines(t, db.Pool, ingest.Config{},
		call("n1", "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"new","name":"Nowa"},"agent":{"externalId":"gone","name":"Gone"}`),
		call("n2", "2024-03-04T08:09:16Z", `,"record":{"externalId":"r1"}`),
		call("n3", "2024-03-04T08:09:16Z", `,"record":{"externalId":"r2","significantField":{"name":"Firma","value":null}}`),
		`{"kind":"classifier","externalId":"k","name":"Załatwione"}`)
	if got := column[string](t, db.Pool, "SELECT name FROM campaigns UNION ALL SELECT name FROM classifiers ORDER BY 1"); !slices.Equal(got, []string{"Nowa", "Obsługa bieżąca", "Załatwione"}) {
		t.Errorf("%v", got)
	}
	if got := column[string](t, db.Pool, "SELECT concat_ws('|', significant_name, significant_value) FROM records ORDER BY external_id"); !slices.Equal(got, []string{"Segment|Klient", "Firma"}) {
		t.Errorf("%v", got)
	}
	if got := column[bool](t, db.Pool, "SELECT deleted_at IS NOT NULL FROM agents WHERE external_id = 'gone'"); !slices.Equal(got, []bool{true}) {
		t.Error("a mention brought a deleted agent back")
	}
	// The line that said "Stara" comes again, unchanged: the new name stays.
	importLines(t, db.Pool, ingest.Config{}, old)
	if got := column[string](t, db.Pool, "SELECT name FROM campaigns WHERE external_id = 'new'"); !slices.Equal(got, []string{"Nowa"}) {
		t.Errorf("%v", got)
	}
}

func TestMerge_EndsTheSameTwiceWhereLinesDisagreeAboutAName(t *testing.T) {
	t.Parallel()
	lines := []string{
		`{"kind":"agent","externalId":"a","name":"Full Name","groups":[]}`,
		call("c1", "2024-03-04T08:09:16Z", `,"agent":{"externalId":"a","name":"Short"}`),
		call("c2", "2024-03-04T08:09:16Z", `,"agent":{"externalId":"a"}`),
	}
	for _, size := range []int{0, 1} {
		db := pgtest.New(t)
		importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
		before := dump(t, db.Pool)
		importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
		wantDump(t, dump(t, db.Pool), before)
	}
}

func TestMerge_SetsTheGroupsOfAnAgentExactly(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	line := func(id string, groups string) string {
		return fmt.Sprintf(`{"kind":"agent","externalId":%q,"name":"A","groups":%s}`, id, groups)
	}
	for _, step := range []struct {
		lines []string
		want  []string
	}{
		{[]string{line("a", `["x","y"]`), line("b", `["y"]`)}, []string{"a:x", "a:y", "b:y"}},
		{[]string{line("a", `["y","z"]`)}, []string{"a:y", "a:z", "b:y"}},
		{[]string{line("a", `["x"]`), line("a", `["z"]`), line("b", `null`)}, []string{"a:z"}},
		{[]string{call("c", "2024-03-04T08:09:16Z", `,"agent":{"externalId":"a","name":"B"}`)}, []string{"a:z"}},
		{[]string{line("b", `["y"]`), line("a", `[]`)}, []string{"b:y"}},
	} {
		importLines(t, db.Pool, ingest.Config{}, step.lines...)
		got := column[string](t, db.Pool, `SELECT a.external_id || ':' || g.external_id FROM agent_group_members m
			JOIN agents a ON a.id = m.agent_id JOIN agent_groups g ON g.id = m.agent_group_id ORDER BY 1`)
		if !slices.Equal(got, step.want) {
			t.Errorf("%v, want %v", got, step.want)
		}
	}
	if got := column[string](t, db.Pool, "SELECT name FROM agent_groups ORDER BY 1"); !slices.Equal(got, []string{"x", "y", "z"}) {
		t.Errorf("%v", got)
	}
}

// history is lines with n contacts in several revisions each, most of them in the order of time. Every line gives
// all names, so that none depends on another, and says of each name always the same.
func history(random *rand.Rand, contacts int) []string {
	var lines []string
	for c := range contacts {
		for revision := range 1 + random.IntN(4) {
			pick := func(kind string) string {
				if random.IntN(4) == 0 {
					return "null"
				}
				n := random.IntN(5)
				return fmt.Sprintf(`{"externalId":"%s%d","name":"%s %d"}`, kind, n, kind, n)
			}
			var steps []string
			for range random.IntN(4) {
				steps = append(steps, fmt.Sprintf(`{"name":"s%d","kind":"MENU","enteredAt":"2024-03-04T08:09:16Z"}`, random.IntN(9)))
			}
			details := []string{"null", `{"recording":{"path":"p"}}`, `{"sms":{"text":"t"}}`}[random.IntN(3)]
			lines = append(lines, call(fmt.Sprintf("c%d", c), fmt.Sprintf("2024-%02d-%02dT08:%02d:16Z", 1+random.IntN(4), 1+random.IntN(28), random.IntN(60)),
				fmt.Sprintf(`,"revision":%d,"campaign":%s,"agent":%s,"queue":%s,"classifier":%s,"ivrTime":%d,"ivrSteps":[%s],"details":%s,
				"record":{"externalId":"r%d","significantField":{"name":"n","value":"%[9]d"}}`,
					revision, pick("campaign"), pick("agent"), pick("queue"), pick("classifier"), random.IntN(100), strings.Join(steps, ","), details, random.IntN(20))))
		}
	}
	for i, line := range lines {
		lines[i] = strings.NewReplacer("\n", "", "\t", "").Replace(line)
	}
	return lines
}

// contactRows are the part of a dump that revisions decide.
func contactRows(t testing.TB, pool *postgres.Pool) []string {
	return slices.DeleteFunc(dump(t, pool), func(row string) bool {
		kind, _, _ := strings.Cut(row, "|")
		return !slices.Contains([]string{"contact", "step", "details", "identities"}, kind)
	})
}

func TestMerge_GivesTheSameContactsForRevisionsInAnyOrderAndChunks(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	lines := history(random, 60)
	db := pgtest.New(t)
	importLines(t, db.Pool, ingest.Config{}, lines...)
	want := contactRows(t, db.Pool)
	for range 8 {
		shuffled := slices.Clone(lines)
		// Some lines come more than once.
		for range 20 {
			shuffled = append(shuffled, lines[random.IntN(len(lines))])
		}
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		db := pgtest.New(t)
		result, faults := importLines(t, db.Pool, ingest.Config{ChunkSize: 1 + random.IntN(40)}, shuffled...)
		if result.Recorded != 60 || faults != nil {
			t.Errorf("%+v %q", result, faults)
		}
		wantDump(t, contactRows(t, db.Pool), want)
		if missing := db.Untied(t); missing > 0 {
			t.Errorf("%d ties are missing", missing)
		}
	}
}

func TestMerge_GivesTheSameForEverySizeOfAChunk(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	lines := slices.Concat(everything, history(random, 30), []string{`{"kind":"campaign","externalId":"campaign1","name":"Other"}`}, history(random, 30), everything, []string{"[]"})
	var want []string
	var wantResult ingest.Result
	for _, size := range []int{1, 7, 50, 5000} {
		db := pgtest.New(t)
		result, _ := importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
		got := dump(t, db.Pool)
		if want == nil {
			want, wantResult = got, result
		}
		wantDump(t, got, want)
		if result != wantResult {
			t.Errorf("in chunks of %d: %+v, want %+v", size, result, wantResult)
		}
	}
}

func TestImport_IsSimplyRunAgainAfterItWasStopped(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	lines := slices.Concat(everything, history(random, 60))
	whole := pgtest.New(t)
	importLines(t, whole.Pool, ingest.Config{}, lines...)
	want := dump(t, whole.Pool)
	for round := range 6 {
		db := pgtest.New(t)
		pool := db.Open(t, postgres.Config{ApplicationName: "stopped"})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		stopAt := random.IntN(len(lines) * 2 / 3)
		// Lines are read while those before them land.
		input := &endless{left: len(lines), line: func(i int) string {
			switch {
			case i != stopAt:
			case round%2 == 0:
				cancel()
			default:
				_, _ = db.Pool.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stopped' AND datname = current_database()")
			}
			return lines[i]
		}}
		_, err := ingest.Import(ctx, pool, input, ingest.Config{ChunkSize: 7})
		if round%2 == 0 && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled, but: %v", err)
		}
		importLines(t, db.Pool, ingest.Config{}, lines...)
		wantDump(t, dump(t, db.Pool), want)
	}
}

func TestImport_LandsNothingOfAChunkWhoseConnectionBreaks(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	importLines(t, db.Pool, ingest.Config{}, everything...)
	before := dumpNumbers(t, db.Pool)
	// The last thing that a chunk writes fails, after all others were written.
	if _, err := db.Pool.Exec(t.Context(), "ALTER TABLE contact_details ADD CHECK (content ? 'sms') NOT VALID"); err != nil {
		t.Fatal(err)
	}
	lines := history(rand.New(rand.NewPCG(7, 8)), 20)
	if _, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(strings.Join(lines, "\n")), ingest.Config{}); err == nil {
		t.Fatal("landed")
	}
	wantDump(t, dumpNumbers(t, db.Pool), before)
}

func TestImport_NeitherBlocksNorDoublesBesideAnother(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	lines := history(random, 150)
	backwards := slices.Clone(lines)
	slices.Reverse(backwards)
	var odd, even []string
	for i, line := range lines {
		if i%2 == 0 {
			even = append(even, line)
		} else {
			odd = append(odd, line)
		}
	}
	alone := pgtest.New(t)
	importLines(t, alone.Pool, ingest.Config{}, lines...)
	want := contactRows(t, alone.Pool)
	for name, files := range map[string][][]string{
		"the same file":                   {lines, lines},
		"the same file from both ends":    {lines, backwards},
		"files that share their contacts": {even, odd},
	} {
		db := pgtest.New(t)
		var wait sync.WaitGroup
		for i, file := range files {
			wait.Go(func() {
				options := ingest.Config{ChunkSize: 11, Strict: i == 1 && name == "the same file from both ends"}
				if _, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(strings.Join(file, "\n")), options); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		wait.Wait()
		wantDump(t, contactRows(t, db.Pool), want)
	}
}
