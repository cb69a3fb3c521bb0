package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// cellsOfEverything counts all that there is to count.
var cellsOfEverything = plan.Cells{
	By: []plan.Label{plan.ByCampaign, plan.ByHangup}, Durations: []plan.Duration{plan.OfTalk, plan.OfQueue},
	Levels: []plan.Level{{Seconds: 20, ShortAbandon: 5}}, Shorts: []int{5}, Limit: 1000,
}

// TestCells_HaveTheStatementsOfTheirGoldenFiles keeps the SQL of each pass of a summary.
func TestCells_HaveTheStatementsOfTheirGoldenFiles(t *testing.T) {
	t.Parallel()
	store := goldenStore(t)
	today := contact.Today
	criteria, err := store.For(contact.Viewer{Reach: contact.Reach{Campaigns: []int64{1}, AgentGroups: []int64{1}}}).
		Resolve(t.Context(), contact.Filter{Period: contact.Period{Preset: &today}, Outcomes: contact.LostOutcomes})
	if err != nil {
		t.Fatal(err)
	}
	whole := plan.Query{Conditions: criteria.conditions(), Intervals: criteria.Intervals()}
	var hours []calendar.Interval
	for _, span := range calendar.Spans(criteria.Intervals(), criteria.Zone(), true)[:3] {
		hours = append(hours, span.Interval)
	}
	byHour := plan.Query{Conditions: criteria.conditions(), Intervals: hours}
	histogram := cellsOfEverything
	histogram.Value = plan.OfQueue
	file := filepath.Join("plan", "testdata", "sql", "summary.sql")
	compareGolden(t, file, runnable("total", whole.Cells(cellsOfEverything))+"\n"+runnable("hours", byHour.Cells(cellsOfEverything))+"\n"+
		runnable("seconds", whole.Cells(histogram)))
	runGolden(t, store, file)
}

// TestCells_AreReadFromOneIndexAlone looks at the plans of passes over many contacts once their pages are known to be visible.
func TestCells_AreReadFromOneIndexAlone(t *testing.T) {
	t.Parallel()
	store := goldenStore(t)
	for _, statement := range []string{
		`SELECT ensure_contact_partitions('2024-03-01', '2024-03-31')`,
		`INSERT INTO contacts (id, started_at, type, status, external_id, outcome, campaign_id, agent_talk_time, source_address)
		SELECT i, '2024-03-01Z'::timestamptz + i * interval '1 minute', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', i, 'REACHED_AGENT', 1 + i % 2, i % 100, repeat('x', 300)
		FROM generate_series(1, 40000) i`,
	} {
		if _, err := store.db.DB.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for visible := false; !visible; { // autovacuum may look at the table meanwhile, and rows are visible to all once it has
		if _, err := store.db.DB.ExecContext(t.Context(), `VACUUM ANALYZE contacts`); err != nil {
			t.Fatal(err)
		}
		if err := store.db.DB.QueryRowContext(t.Context(), `SELECT relallvisible = relpages FROM pg_class WHERE relname = 'contacts_202403'`).Scan(&visible); err != nil {
			t.Fatal(err)
		}
	}
	period := calendar.Interval{Start: time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC), End: time.Date(2024, 3, 28, 0, 0, 0, 0, time.UTC)}
	var days []calendar.Interval
	for _, span := range calendar.Spans([]calendar.Interval{period}, time.UTC, false) {
		days = append(days, span.Interval)
	}
	for name, intervals := range map[string][]calendar.Interval{"total": {period}, "days": days} {
		statement := plan.Query{Intervals: intervals}.Cells(cellsOfEverything)
		rows, err := store.db.DB.QueryContext(t.Context(), "EXPLAIN (ANALYZE, BUFFERS) "+statement.SQL, statement.Arguments...)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&text, line)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); !strings.Contains(got, "Index Only Scan using contacts_202403_started_at_id_type_status_outcome_") || !strings.Contains(got, "Heap Fetches: 0") || strings.Contains(got, "Sort") || strings.Contains(got, "Seq Scan") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}
