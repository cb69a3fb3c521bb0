package plan

import (
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

// RecoveryRule is by what a lost contact may be recovered: the contacts of the same client within so many hours that meet the
// conditions on what the viewer sees.
type RecoveryRule struct {
	Hours int
	Seen  []Condition
}

// Recovered is the condition that a lost contact is in one of some states.
func Recovered(states contact.Set[contact.RecoveryState], rule RecoveryRule) Condition {
	return newComputed(Recovery, recovered{states, rule})
}

type recovered struct {
	states contact.Set[contact.RecoveryState]
	RecoveryRule
}

func (recovered) columns() []string {
	return []string{"started_at", "outcome", "client", "source_key", "record_id"}
}

func (r recovered) among(seen []Condition) computed {
	r.Seen = seen
	return r
}

func (r recovered) sql(s *statement) string {
	return "(" + lostSQL + " AND (\n" + r.stateSQL(s) + "\n) = ANY (" + s.bind([]string(contact.Texts(r.states))) + "::text[]))"
}

// stateSQL is the state of a lost contact named c.
func (r RecoveryRule) stateSQL(s *statement) string {
	return recoverySkeleton.fill(map[string]string{
		"lost": lostClientSQL, "went": wentSQL, "reached": r.reachedSQL(s, s.widerSQL(0, r.window())), "tried": r.triedSQL(s, s.widerSQL(0, r.window())),
	})
}

func (r RecoveryRule) window() time.Duration { return time.Duration(r.Hours) * time.Hour }

// lostClientSQL is by what the client of a lost contact is known again: the number, or else the record.
const lostClientSQL = "c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id"

// reachedSQL are the first contacts, of each way to know the client of l again, that reached an agent.
func (r RecoveryRule) reachedSQL(s *statement, period string) string {
	found := r.laterSQL(s, period, "c.outcome = 'REACHED_AGENT'")
	one := func(by, class string) string {
		return "(SELECT c.started_at, c.id, c.type FROM contacts c\nWHERE " + by + found + class + "\nORDER BY c.started_at, c.id\nLIMIT 1)"
	}
	return one("c.source_key = l.number", checkedSQL(cameSQL)) + "\nUNION ALL\n" + one("c.destination_key = l.number", checkedSQL(wentSQL)) +
		"\nUNION ALL\n" + one("c.record_id = l.record_id", "")
}

// triedSQL says that we went to the client of l and did not reach them.
func (r RecoveryRule) triedSQL(s *statement, period string) string {
	found := r.laterSQL(s, period, "c.outcome = 'NOT_REACHED'")
	one := func(by string) string { return "EXISTS (SELECT FROM contacts c WHERE " + by + found + ")" }
	return one("c.destination_key = l.number") + " OR " + one("c.record_id = l.record_id")
}

func (r RecoveryRule) laterSQL(s *statement, period, outcome string) string {
	return fmt.Sprintf(" AND %s AND c.started_at > l.started_at AND c.started_at <= l.started_at + %s", period, s.hoursSQL(r.Hours)) +
		checkedSQL(append([]string{outcome}, conditionsSQL(s, r.Seen)...)...)
}

// Recoveries is the statement of what came after some contacts, those that were not lost left out: the number, the state, and
// the key of the contact that reached an agent.
func Recoveries(keys []contact.Key, rule RecoveryRule) Statement {
	var s statement
	starts, ids := split(keys)
	period := months.BetweenSQL("c.started_at", slices.MinFunc(starts, time.Time.Compare), slices.MaxFunc(starts, time.Time.Compare).Add(rule.window()))
	return s.written(recoveriesSkeleton.fill(map[string]string{
		"keys": s.keysSQL(starts, ids), "lost": lostClientSQL, "months": months.InSQL("c.started_at", starts), "is lost": lostSQL,
		"went": wentSQL, "reached": rule.reachedSQL(&s, period), "tried": rule.triedSQL(&s, period),
	}))
}
