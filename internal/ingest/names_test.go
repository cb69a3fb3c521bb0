package ingest_test

import (
	"encoding/json"
	"flag"
	"fmt"
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
				wanted = append(wanted, ownKeys(own, []string{strings.Replace(agent, "|key", "|"+own+"a", 1), record})...)
				described = append(described, fmt.Sprintf("%s in chunks of %d:\n%s", title, size, strings.Join(lines, "\n")))
				given := ownKeys(own, lines)
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

// ownKeys give lines, or rows that begin with a kind and a key, keys of their own.
func ownKeys(own string, lines []string) []string {
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
// each history by keys of its own.
func TestHistory_GivesOneReportInAnyOrder(t *testing.T) {
	t.Parallel()
	const orders = 5
	db := pgtest.New(t)
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
			importInParts(t, db, random, ownKeys(own, given))
		}
	}
	reports := map[string][]string{}
	keys := regexp.MustCompile(`h\d+o\d-`)
	for _, row := range reported(t, db.Pool) {
		if own := keys.FindString(row); own != "" {
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
func importInParts(t *testing.T, db *pgtest.Database, random *rand.Rand, lines []string) {
	t.Helper()
	for len(lines) > 0 {
		n := 1 + random.IntN(len(lines))
		part := lines[:n]
		lines = lines[n:]
		if !slices.ContainsFunc(part, func(line string) bool { return strings.Contains(line, `"kind":"`) && !strings.Contains(line, `"type"`) }) {
			if _, _, faults := ingest.Record(t.Context(), db.Pool, ingest.DecodeContacts(t, part), ingest.Bounds{}, nil); faults != nil {
				t.Fatal(faults)
			}
			continue
		}
		if result, faults := importLines(t, db.Pool, ingest.Config{ChunkSize: 1 + random.IntN(12)}, part...); result.Skipped > 0 {
			t.Fatal(faults)
		}
	}
}

// eventful is a history of a few contacts and things, in the order of time.
func eventful(random *rand.Rand) []string {
	var lines []string
	kinds := []string{"campaign", "agent", "queue", "classifier", "siteCall"}
	at := func(days int) time.Time {
		return time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, days).Add(time.Duration(random.IntN(10)) * time.Minute)
	}
	add := func(line map[string]any) {
		text, err := json.Marshal(line)
		if err != nil {
			panic(err)
		}
		lines = append(lines, string(text))
	}
	name := func() string { return fmt.Sprintf("Name %d", random.IntN(4)) }
	// One line of a thing's own says nothing of when it changed; any others do.
	for _, kind := range kinds {
		for n := range 2 {
			changes := random.IntN(4)
			for change := range changes {
				line := map[string]any{"kind": kind, "externalId": fmt.Sprint(kind, n), "name": name()}
				if change > 0 || random.IntN(2) == 0 {
					line["changedAt"] = at(random.IntN(90))
				}
				if kind == "agent" {
					groups := []string{"group x", "group y", "group z"}
					random.Shuffle(3, func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
					line["groups"] = groups[:random.IntN(4)]
					if random.IntN(3) == 0 {
						line["deletedAt"] = at(random.IntN(90))
					}
				}
				add(line)
			}
		}
	}
	for n := range 8 {
		start, source := at(random.IntN(90)), fmt.Sprint("50100000", n)
		revision := 0
		for range 1 + random.IntN(4) {
			line := map[string]any{"externalId": fmt.Sprint("c", n), "type": "CAMPAIGN_INBOUND_CALL", "status": "ANSWERED", "startedAt": start, "sourceAddress": source}
			for _, kind := range kinds {
				reference := map[string]any{"externalId": fmt.Sprint(kind, random.IntN(2))}
				if random.IntN(3) > 0 {
					reference["name"] = name()
				}
				if random.IntN(3) > 0 {
					line[kind] = reference
				}
			}
			record := map[string]any{"externalId": fmt.Sprint("r", random.IntN(3))}
			if random.IntN(3) > 0 {
				record["significantField"] = map[string]any{"name": "Company", "value": []any{nil, name()}[random.IntN(2)]}
			}
			line["record"] = record
			if revision > 0 || random.IntN(2) == 0 {
				line["revision"] = revision
			}
			line["agentTalkTime"] = revision
			add(line)
			if random.IntN(3) == 0 { // it rang before
				ringing := map[string]any{}
				for key, value := range line {
					ringing[key] = value
				}
				ringing["status"] = []string{"RINGING", "PENDING"}[random.IntN(2)]
				add(ringing)
			}
			if random.IntN(6) == 0 { // the key was used again
				again := map[string]any{}
				for key, value := range line {
					again[key] = value
				}
				again["startedAt"], again["sourceAddress"] = start.Add(24*time.Hour), "602"+source
				add(again)
			}
			revision += 1 + random.IntN(3)
			if random.IntN(3) == 0 { // a revision corrects the start
				start = start.AddDate(0, 0, random.IntN(40)-20)
			}
		}
	}
	return lines
}
