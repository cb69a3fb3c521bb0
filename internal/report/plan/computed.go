package plan

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

// What came before or after a contact stands in no column: it is worked out of other contacts of the same client when it is
// read, and only of those that the viewer sees. A client is known again by the number, or by the record where a lost contact
// has none.

// computed is a condition on what is worked out when it is read.
type computed interface {
	// sql is the condition on a contact named c.
	sql(s *statement) string
	// columns are those of the contact that it is worked out of.
	columns() []string
	// among is the condition with others on the contacts that it is worked out of.
	among(seen []Condition) computed
}

// Among has what is worked out of other contacts worked out of those that meet conditions.
func (k Condition) Among(seen []Condition) Condition {
	if k.computed != nil {
		k.computed = k.computed.among(seen)
	}
	return k
}

func newComputed(of *Criterion, condition computed) Condition {
	return Condition{Criterion: of, computed: condition, count: 1}
}

// isFound says that an index leads to rows that meet the condition.
func (k Condition) isFound() bool {
	return k.between == nil && (k.computed == nil || k.Criterion == Recovery)
}

// columnsSQL are the columns that a condition looks at.
func (k Condition) columnsSQL() []string {
	if k.computed == nil {
		return []string{"c." + k.column}
	}
	named := make([]string, 0, 5)
	for _, column := range k.computed.columns() {
		named = append(named, "c."+column)
	}
	return named
}

// wordsSQL are values of an enumeration as literals, so that PostgreSQL sees which index holds them.
func wordsSQL[T ~string](words []T) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "'" + string(word) + "'"
	}
	return "(" + strings.Join(quoted, ", ") + ")"
}

var (
	cameSQL = "c.type IN " + wordsSQL(contact.CameTypes)
	wentSQL = "c.type IN " + wordsSQL(contact.WentTypes)
	lostSQL = "c.outcome IN " + wordsSQL(contact.LostOutcomes)
)

// widerSQL is the condition that a contact lies in a month of the period, made wider at both ends.
func (s *statement) widerSQL(before, after time.Duration) string {
	if len(s.intervals) == 0 {
		return "false"
	}
	first, last := s.intervals[0].Start, s.intervals[len(s.intervals)-1].End
	return months.BetweenSQL("c.started_at", first.Add(-before), last.Add(after))
}

// checkedSQL checks conditions on rows that an index of addresses or records found, lest another index tempt PostgreSQL.
func checkedSQL(conditions ...string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " AND (" + strings.Join(conditions, " AND ") + ") IS TRUE"
}

func (s *statement) hoursSQL(hours int) string {
	return "make_interval(hours => " + s.bind(hours) + "::int)"
}

func split(keys []contact.Key) ([]time.Time, []int64) {
	starts, ids := make([]time.Time, len(keys)), make([]int64, len(keys))
	for i, key := range keys {
		starts[i], ids[i] = key.StartedAt, key.ID
	}
	return starts, ids
}

func (s *statement) keysSQL(starts []time.Time, ids []int64) string {
	return "unnest(" + s.bind(starts) + "::timestamptz[], " + s.bind(ids) + "::bigint[]) k (started_at, id)"
}
