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

const campaignCallSQL = "c.type = 'CAMPAIGN_INBOUND_CALL'"

// offeredSQL is said of calls whose clients asked for an agent, so that the clocks of service run.
var offeredSQL = campaignCallSQL + " AND (c.outcome = 'REACHED_AGENT' AND c.time_to_answer IS NOT NULL OR c.outcome = 'LOST_WHILE_RINGING' OR " +
	lostSQL + " AND c.queue_time IS NOT NULL)"

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

// Cells is the statement of the cells of the rows: the place of the interval, from 1, the outcome and the labels; then either
// seconds and a count, or a count, that of the contacts with which a client came and reached an agent, the count, the sum and
// the bounds of each duration, the number of the lost within each of the seconds, and, if there are levels, the offered calls,
// the offered that were lost, and for each level the short, the met and the gone.
func (q Query) Cells(cells Cells) Statement {
	r := q.reading()
	labels := []string{"c.outcome"}
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
	where := slices.Concat(bounds, conditionsSQL(&r.statement, r.conditions), conditions)
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
	counted := []string{"count(*)", filtered("c.outcome = 'REACHED_AGENT' AND " + cameSQL)}
	for _, one := range c.Durations {
		counted = append(counted, fmt.Sprintf("count(%[1]s)", one), fmt.Sprintf("sum(%[1]s)", one), fmt.Sprintf("min(%[1]s)", one), fmt.Sprintf("max(%[1]s)", one))
	}
	for _, short := range c.Shorts {
		counted = append(counted, filtered("c.lost_after < "+seconds(short)))
	}
	if len(c.Levels) > 0 {
		counted = append(counted, filtered(offeredSQL), filtered(offeredSQL+" AND "+lostSQL))
	}
	for _, level := range c.Levels {
		within := seconds(level.Seconds)
		counted = append(counted,
			filtered(offeredSQL+" AND c.lost_after < "+seconds(level.ShortAbandon)),
			filtered(campaignCallSQL+" AND c.outcome = 'REACHED_AGENT' AND c.time_to_answer <= "+within),
			filtered(offeredSQL+" AND "+lostSQL+" AND coalesce(c.queue_time, 0) <= "+within))
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
