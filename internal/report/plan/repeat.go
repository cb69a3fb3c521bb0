package plan

import (
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

// RepeatRule is by what a contact may be a repeat: contacts of the same client within so many days before it that meet the
// conditions on what the viewer sees.
type RepeatRule struct {
	Days int
	Seen []Condition
}

// Repeated is the condition that a client came before.
func Repeated(rule RepeatRule) Condition { return newComputed(Repeat, repeated{rule}) }

type repeated struct{ RepeatRule }

func (repeated) columns() []string {
	return []string{"started_at", "id", "type", "client", "source_key"}
}

func (r repeated) among(seen []Condition) computed {
	r.Seen = seen
	return r
}

func (r repeated) sql(s *statement) string {
	return "(c.client IS NOT NULL AND " + cameSQL + " AND (\nSELECT " + r.beforeSQL(s, s.widerSQL(r.window(), 0)) +
		"\nFROM (SELECT c.started_at, c.id, c.source_key) l\n))"
}

func (r RepeatRule) window() time.Duration { return time.Duration(r.Days) * 24 * time.Hour }

// beforeSQL says that the client of l came before.
func (r RepeatRule) beforeSQL(s *statement, period string) string {
	return "EXISTS (\nSELECT FROM contacts c WHERE c.source_key = l.source_key AND " + period +
		" AND c.started_at >= l.started_at - " + s.hoursSQL(24*r.Days) + " AND c.started_at <= l.started_at AND (c.started_at, c.id) < (l.started_at, l.id)" +
		checkedSQL(append([]string{cameSQL, "c.client IS NOT NULL"}, conditionsSQL(s, r.Seen)...)...) + "\n)"
}

// Repeats is the statement of whether the clients of some contacts came before, those left out that are no client's own or
// have no number.
func Repeats(keys []contact.Key, rule RepeatRule) Statement {
	var s statement
	starts, ids := split(keys)
	period := months.BetweenSQL("c.started_at", slices.MinFunc(starts, time.Time.Compare).Add(-rule.window()), slices.MaxFunc(starts, time.Time.Compare))
	return s.written(repeatsSkeleton.fill(map[string]string{
		"keys": s.keysSQL(starts, ids), "months": months.InSQL("c.started_at", starts), "came": cameSQL, "before": rule.beforeSQL(&s, period),
	}))
}
