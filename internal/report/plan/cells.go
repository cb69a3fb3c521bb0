package plan

import (
	"fmt"
	"slices"
	"strings"
)

// A summary counts the rows of many groups in one pass. Arithmetic on the time of each row would be most of its cost, so each
// interval is read by itself and thereby tells which one its rows are of. What is said of an interval and of its groups is a
// cell; whoever asks adds cells up.

// Label is what rows are grouped by.
type Label string

// The labels.
const (
	ByType       Label = "c.type"
	ByStatus     Label = "c.status"
	ByHangup     Label = "c.hangup_party"
	ByCampaign   Label = "c.campaign_id"
	ByQueue      Label = "c.queue_id"
	ByAgent      Label = "c.agent_id"
	ByClassifier Label = "c.classifier_id"
)

// Duration is what of a row is added up, in seconds.
type Duration string

// The durations.
const (
	OfTalk      Duration = "CASE WHEN c.ivr_time IS NOT NULL OR c.agent_talk_time IS NOT NULL THEN coalesce(c.ivr_time, 0) + coalesce(c.agent_talk_time, 0) END"
	OfAgentTalk Duration = "c.agent_talk_time"
	OfIVR       Duration = "c.ivr_time"
	OfRinging   Duration = "c.ring_time"
	OfQueue     Duration = "c.queue_time"
	OfAnswer    Duration = "c.time_to_answer"
	OfBeingLost Duration = "c.lost_after"
)

// Level is how calls are told apart for a service level: answered or gone within so many seconds, or gone so soon that the
// call does not count.
type Level struct{ Seconds, ShortAbandon int }

// Cells says what is counted of the rows, apart for each interval, outcome and label.
type Cells struct {
	By        []Label
	Durations []Duration
	Levels    []Level
	// Shorts are seconds within which clients were lost.
	Shorts []int
	// Value counts rows by the seconds of one duration instead of all that.
	Value Duration
	// Limit is how many cells there are at most.
	Limit int
}

// Cells is the statement of the cells of the rows: the place of the interval, from 1, the outcome, the type, which seconds are
// not told apart by, and the labels; then either seconds and a count, or a count, the count, the sum and the bounds of each
// duration, the number of the lost within each of the seconds, and, if there are levels, how many have a time to the answer and
// how many one in queues, and for each level how many are lost shortly after they asked for an agent, answered in time, and in
// queues no longer than that. Of one outcome and type, these are simple conditions: what they come to is for whoever adds up.
func (q Query) Cells(cells Cells) Statement {
	r := q.reading()
	labels := []string{"c.outcome", "c.type"}
	if cells.Value != "" {
		labels[1] = "NULL::contact_type"
	}
	for _, label := range cells.By {
		labels = append(labels, string(label))
	}
	var counted, conditions []string
	if cells.Value != "" {
		labels = append(labels, string(cells.Value))
		counted, conditions = []string{"count(*)"}, []string{"(" + string(cells.Value) + ") IS NOT NULL"}
	} else {
		counted = cells.countedSQL(&r.statement)
	}
	bounds := []string{"c.started_at >= d.a", "c.started_at < d.b"}
	if len(r.intervals) == 1 {
		bounds = r.periodSQL()
	}
	where := slices.Concat(bounds, []string{summaryIndexSQL}, conditionsSQL(&r.statement, r.conditions), conditions)
	sql := "SELECT " + namedSQL(slices.Concat(labels, counted)) + "\nFROM " + r.contactsSQL() + "\nWHERE " + strings.Join(where, " AND ") +
		"\nGROUP BY " + ordinalsSQL(len(labels))
	if len(r.intervals) > 1 {
		sql = "SELECT d.n, k.*\nFROM " + r.intervalsSQL(r.intervals) + " WITH ORDINALITY d (a, b, n) CROSS JOIN LATERAL (\n" + sql + "\n" + fence + "\n) k"
	} else {
		sql = "SELECT 1::bigint AS n, k.*\nFROM (\n" + sql + "\n) k"
	}
	return r.written(sql + fmt.Sprintf("\nLIMIT %d", cells.Limit))
}

// countedSQL are the counts of a cell.
func (c Cells) countedSQL(s *statement) []string {
	filtered := func(condition string) string { return "count(*) FILTER (WHERE " + condition + ")" }
	seconds := func(n int) string { return s.bind(n) + "::int" }
	counted := []string{"count(*)"}
	for _, one := range c.Durations {
		counted = append(counted, fmt.Sprintf("count(%[1]s)", one), fmt.Sprintf("sum(%[1]s)", one), fmt.Sprintf("min(%[1]s)", one), fmt.Sprintf("max(%[1]s)", one))
	}
	for _, short := range c.Shorts {
		counted = append(counted, filtered("c.lost_after < "+seconds(short)))
	}
	if len(c.Levels) > 0 {
		counted = append(counted, "count(c.time_to_answer)", "count(c.queue_time)")
	}
	for _, level := range c.Levels {
		within := seconds(level.Seconds)
		counted = append(counted,
			filtered("c.lost_after < "+seconds(level.ShortAbandon)+" AND (c.queue_time IS NOT NULL OR c.outcome = 'LOST_WHILE_RINGING')"),
			filtered("c.time_to_answer <= "+within), filtered("c.queue_time <= "+within))
	}
	return counted
}

// namedSQL gives the columns of a subquery names that differ.
func namedSQL(columns []string) string {
	named := make([]string, len(columns))
	for i, column := range columns {
		named[i] = fmt.Sprintf("%s AS k%d", column, i+1)
	}
	return strings.Join(named, ",\n")
}

func ordinalsSQL(n int) string {
	ordinals := make([]string, n)
	for i := range ordinals {
		ordinals[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(ordinals, ", ")
}
