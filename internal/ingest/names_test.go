package ingest_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

var histories = flag.Int("histories", 20, "how many random histories are imported in several orders")

const names = `SELECT concat_ws('|', 'campaign', external_id, name) FROM campaigns UNION ALL SELECT concat_ws('|', 'agent', external_id, name) FROM agents
	UNION ALL SELECT concat_ws('|', 'record', external_id, significant_name, significant_value) FROM records ORDER BY 1`

// named is a contact that brings a name of an agent, or none, and a significant field of the same words.
func named(externalID, startedAt string, revision int, name string) string {
	agent, record := `{"externalId":"a"}`, `{"externalId":"r"}`
	if name != "" {
		agent = fmt.Sprintf(`{"externalId":"a","name":%q}`, name)
		record = fmt.Sprintf(`{"externalId":"r","significantField":{"name":"Company","value":%q}}`, name)
	}
	return call(externalID, startedAt, fmt.Sprintf(`,"revision":%d,"agent":%s,"record":%s`, revision, agent, record))
}

// TestNames_AreThoseOfTheNewestLine imports each list of lines in every order, in one chunk and line by line.
func TestNames_AreThoseOfTheNewestLine(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var wanted, described []string
	for title, c := range map[string]struct {
		lines []string
		want  string
		// field is what the record says where that is something else.
		field string
	}{
		"a name that comes back":       {[]string{named("1", "2024-01-01T08:00:00Z", 0, "A"), named("2", "2024-02-01T08:00:00Z", 0, "B"), named("3", "2024-03-01T08:00:00Z", 0, "A")}, "A", ""},
		"a name that went":             {[]string{named("1", "2024-01-01T08:00:00Z", 0, "B"), named("2", "2024-02-01T08:00:00Z", 0, "B"), named("3", "2024-03-01T08:00:00Z", 0, "A")}, "A", ""},
		"references without a name":    {[]string{named("1", "2024-01-01T08:00:00Z", 0, "A"), named("2", "2024-02-01T08:00:00Z", 0, "B"), named("3", "2024-03-01T08:00:00Z", 0, "")}, "B", ""},
		"no name at all":               {[]string{named("1", "2024-01-01T08:00:00Z", 0, "")}, "key", "none"},
		"revisions of a contact":       {[]string{named("1", "2024-01-01T08:00:00Z", 2, "A"), named("1", "2024-01-01T08:00:00Z", 1, "B"), named("2", "2023-01-01T08:00:00Z", 9, "C")}, "A", ""},
		"a start that moves back":      {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), named("1", "2024-01-01T08:00:00Z", 2, "A"), named("2", "2024-02-01T08:00:00Z", 1, "B")}, "A", ""},
		"a revision without the name":  {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), named("1", "2024-03-01T08:00:00Z", 2, ""), named("2", "2024-02-01T08:00:00Z", 1, "B")}, "A", ""},
		"a revision without the agent": {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), call("1", "2024-03-01T08:00:00Z", `,"revision":2`), named("2", "2024-02-01T08:00:00Z", 1, "B")}, "A", ""},
		"two names at once":            {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), named("2", "2024-03-01T08:00:00Z", 1, "B")}, "B", ""},
		"a line of the agent's own":    {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), `{"kind":"agent","externalId":"a","name":"Own"}`, named("2", "2024-03-02T08:00:00Z", 1, "B")}, "Own", "B"},
		"a line of its own in time":    {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), `{"kind":"agent","externalId":"a","name":"Own","changedAt":"2024-03-01T08:00:00Z"}`, named("2", "2024-02-01T08:00:00Z", 1, "B")}, "Own", "A"},
		"a line of its own before":     {[]string{named("1", "2024-03-01T08:00:00Z", 1, "A"), `{"kind":"agent","externalId":"a","name":"Own","changedAt":"2024-02-01T09:00:00+01:00"}`, named("2", "2024-02-01T07:00:00Z", 1, "B")}, "A", ""},
	} {
		agent, record := "agent|a|"+c.want, "record|r|Company|"+c.want
		switch c.field {
		case "none":
			record = "record|r"
		case "":
		default:
			record = "record|r|Company|" + c.field
		}
		for _, lines := range orders(c.lines) {
			for _, size := range []int{1, 0} {
				own := fmt.Sprintf("n%d-", len(wanted))
				wanted = append(wanted, ownIDs(own, []string{strings.Replace(agent, "|key", "|"+own+"a", 1), record})...)
				described = append(described, fmt.Sprintf("%s in chunks of %d:\n%s", title, size, strings.Join(lines, "\n")))
				given := ownIDs(own, lines)
				importLines(t, db.Pool, ingest.Config{ChunkSize: size}, given...)
			}
		}
	}
	got := column[string](t, db.Pool, names)
	for i, row := range wanted {
		if !slices.Contains(got, row) {
			t.Errorf("there is no %s of %s", row, described[i/2])
		}
	}
}

// ownIDs give lines, or rows that begin with a kind and an external id, external ids of their own.
func ownIDs(own string, lines []string) []string {
	all := slices.Clone(lines)
	for i, line := range all {
		if kind, rest, row := strings.Cut(line, "|"); row {
			all[i] = kind + "|" + own + rest
			continue
		}
		all[i] = strings.NewReplacer(`"externalId":"`, `"externalId":"`+own, `"group `, `"`+own+`group `).Replace(line)
	}
	return all
}

// orders are all orders of a few lines.
func orders(lines []string) [][]string {
	if len(lines) == 1 {
		return [][]string{lines}
	}
	var all [][]string
	for i := range lines {
		for _, rest := range orders(slices.Concat(lines[:i], lines[i+1:])) {
			all = append(all, slices.Concat(lines[i:i+1], rest))
		}
	}
	return all
}

// TestNames_OfContactsThatAgreeAreNotWritten looks at the versions of rows.
func TestNames_OfContactsThatAgreeAreNotWritten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	importLines(t, db.Pool, ingest.Config{}, named("1", "2024-01-01T08:00:00Z", 0, "A"))
	const versions = "SELECT concat_ws('|', xmin, ctid) FROM agents UNION ALL SELECT concat_ws('|', xmin, ctid) FROM records"
	before := column[string](t, db.Pool, versions)
	importLines(t, db.Pool, ingest.Config{}, named("2", "2024-02-01T08:00:00Z", 0, "A"), named("1", "2024-01-01T08:00:00Z", 1, "A"), named("0", "2023-01-01T08:00:00Z", 1, "B"))
	if after := column[string](t, db.Pool, versions); !slices.Equal(after, before) {
		t.Errorf("written again: %q, were %q", after, before)
	}
}

// reported is all that a report tells. Hashes tell which words a contact came in, not what it says.
func reported(t testing.TB, pool *postgres.Pool) []string {
	all := slices.Concat(dump(t, pool), column[string](t, pool, tiesByKey))
	for i, row := range all {
		if strings.HasPrefix(row, "contact|") {
			cells := strings.Split(row, "|")
			all[i] = strings.Join(slices.Delete(cells, 3, 4), "|")
		}
	}
	return all
}

// TestHistory_GivesOneReportInAnyOrder imports histories in several orders and cuts: with renames, groups, deletions,
// significant fields, revisions, some of them missing, of which some are used again. All lie in one database, each order of
// each history by external ids of its own.
func TestHistory_GivesOneReportInAnyOrder(t *testing.T) {
	t.Parallel()
	const orders = 5
	db := pgtest.New(t)
	pool := db.Open(t, postgres.Config{PreparedStatements: true})
	for seed := range *histories {
		random := rand.New(rand.NewPCG(20261128, uint64(seed)))
		lines := eventful(random)
		for order := range orders {
			given := slices.Clone(lines)
			if order > 0 {
				random.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
			}
			if order > 2 { // some lines come again
				given = append(given, given[:random.IntN(len(given))]...)
			}
			own := fmt.Sprintf("h%do%d-", seed, order)
			importInParts(t, pool, random, ownIDs(own, given))
		}
	}
	reports := map[string][]string{}
	owners := regexp.MustCompile(`h\d+o\d-`)
	for _, row := range reported(t, db.Pool) {
		if own := owners.FindString(row); own != "" {
			reports[own] = append(reports[own], strings.ReplaceAll(row, own, ""))
		}
	}
	for seed := range *histories {
		want := reports[fmt.Sprintf("h%do0-", seed)]
		if len(want) < 20 {
			t.Errorf("history %d tells %d rows alone", seed, len(want))
		}
		slices.Sort(want)
		for order := 1; order < orders; order++ {
			got := reports[fmt.Sprintf("h%do%d-", seed, order)]
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("history %d tells in order %d\n%s\nwant\n%s", seed, order,
					strings.Join(without(got, want), "\n"), strings.Join(without(want, got), "\n"))
			}
		}
	}
}

// without are the rows that others do not have.
func without(rows, others []string) []string {
	return slices.DeleteFunc(slices.Clone(rows), func(row string) bool { return slices.Contains(others, row) })
}

// importInParts imports lines as several files, whose chunks have one size or another, and contacts alone as calls too.
func importInParts(t *testing.T, pool *postgres.Pool, random *rand.Rand, lines []string) {
	t.Helper()
	for len(lines) > 0 {
		n := 1 + random.IntN(len(lines))
		part := lines[:n]
		lines = lines[n:]
		if !slices.ContainsFunc(part, func(line string) bool { return strings.Contains(line, `"kind":"`) && !strings.Contains(line, `"type"`) }) {
			if _, _, faults := ingest.Record(t.Context(), pool, ingest.DecodeContacts(t, part), ingest.Bounds{}, nil); faults != nil {
				t.Fatal(faults)
			}
			continue
		}
		if result, faults := importLines(t, pool, ingest.Config{ChunkSize: 1 + random.IntN(12)}, part...); result.Skipped > 0 {
			t.Fatal(faults)
		}
	}
}

// events are lines that are gathered.
type events struct {
	random *rand.Rand
	lines  []string
}

// eventful is a history of a few contacts and things.
func eventful(random *rand.Rand) []string {
	e := &events{random: random}
	for _, kind := range eventfulKinds {
		for n := range 2 {
			e.things(kind, n)
		}
	}
	for n := range 8 {
		e.contact(n)
	}
	return e.lines
}

var eventfulKinds = []string{"campaign", "agent", "queue", "classifier", "siteCall"}

func (e *events) add(line map[string]any, but ...any) {
	line = maps.Clone(line)
	for i := 0; i < len(but); i += 2 {
		line[but[i].(string)] = but[i+1]
	}
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	e.lines = append(e.lines, string(text))
}

func (e *events) name() string { return fmt.Sprintf("Name %d", e.random.IntN(4)) }

func (e *events) start() time.Time {
	return time.Date(2026, time.January, 1, 8, e.random.IntN(10), 0, 0, time.UTC).AddDate(0, 0, e.random.IntN(90))
}

// things are lines of a thing's own, of which one at most says nothing of when it changed.
func (e *events) things(kind string, n int) {
	for change := range e.random.IntN(4) {
		line := map[string]any{"kind": kind, "externalId": fmt.Sprint(kind, n), "name": e.name()}
		if change > 0 || e.random.IntN(2) == 0 {
			line["changedAt"] = e.start()
		}
		if kind == "agent" {
			groups := []string{"group x", "group y", "group z"}
			e.random.Shuffle(3, func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
			line["groups"] = groups[:e.random.IntN(4)]
			if e.random.IntN(3) == 0 {
				line["deletedAt"] = e.start()
			}
		}
		e.add(line)
	}
}

// contact is a contact in several revisions, which may ring before, say another status, correct the start, or be another
// contact whose externalId is the same.
func (e *events) contact(n int) {
	start, source, revision := e.start(), fmt.Sprint("50100000", n), 0
	for range 1 + e.random.IntN(4) {
		line := map[string]any{
			"externalId": fmt.Sprint("c", n), "type": "CAMPAIGN_INBOUND_CALL", "status": "ANSWERED", "startedAt": start, "sourceAddress": source,
			"agentTalkTime": revision,
		}
		for _, kind := range eventfulKinds {
			reference := map[string]any{"externalId": fmt.Sprint(kind, e.random.IntN(2))}
			if e.random.IntN(3) > 0 {
				reference["name"] = e.name()
			}
			if e.random.IntN(3) > 0 {
				line[kind] = reference
			}
		}
		record := map[string]any{"externalId": fmt.Sprint("r", e.random.IntN(3))}
		if e.random.IntN(3) > 0 {
			record["significantField"] = map[string]any{"name": "Company", "value": []any{nil, e.name()}[e.random.IntN(2)]}
		}
		line["record"] = record
		if revision > 0 || e.random.IntN(2) == 0 {
			line["revision"] = revision
		}
		e.add(line)
		if e.random.IntN(3) == 0 {
			e.add(line, "status", []string{"RINGING", "PENDING"}[e.random.IntN(2)])
		}
		if e.random.IntN(4) == 0 {
			e.add(line, "status", []string{"BUSY", "FAILED", "NO_ANSWER"}[e.random.IntN(3)])
		}
		if e.random.IntN(6) == 0 {
			e.add(line, "startedAt", start.Add(24*time.Hour), "sourceAddress", "602"+source)
		}
		revision += 1 + e.random.IntN(3)
		if e.random.IntN(3) == 0 {
			start = start.AddDate(0, 0, e.random.IntN(40)-20)
		}
	}
}
