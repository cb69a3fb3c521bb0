package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// reading is the reading of the contacts that meet some criteria: a page (page.go), a count or a stream. The shape of its
// SQL chooses the index, for a planner that sees parameters instead of values cannot:
//
//   - one value of the first Condition: plain conditions;
//   - several values, or a type or a status alone: a probe per value, keys only, each limited, then merged and joined
//     back, so that a rare value costs no scan of the others' rows;
//   - values of several criteria: those alone that ties say have met (tied.go);
//   - a window of hours: the period cut into intervals, probed in the order of the page until it is full;
//   - what came after lost contacts: the lost from an index of their own, each with a look at what came (computed.go);
//   - the bounds of a duration: the rows themselves from its index if they are few, and otherwise those of the period;
//   - the order of a duration: scanned in its index (ordered.go).
type reading struct {
	statement
	conditions []Condition
	// scan is the order in which rows are taken, nil for a count.
	scan *Scan
	// tied are the parts of a WITH that drivers take their values from (see tied.go).
	tied []string
}

// fence ends a subquery that the planner must not take apart: it would join all rows of the period where the few keys
// or intervals outside find theirs in an index.
const fence = "OFFSET 0"

// driver is the criterion by which rows are found, as a table of its values; the others are checked on the way.
type driver struct {
	from  string
	where []string
	rest  []Condition
	// without are criteria that another driver finds the rows of.
	without []Condition
	// index says what the index holds that the rows are found in; nil leaves the choice of an index to PostgreSQL.
	index *index
	// forced checks all else on the rows of that index, lest another index tempt PostgreSQL.
	forced bool
	// absent is the column whose missing value the rows are found by, empty for none.
	absent string
	// listed says that from lists rows, no more than are counted.
	listed bool
	// further finds the contacts by their further addresses.
	further bool
}

// drivers are the ways in which the rows are found, together all of them and none twice. Nil means that plain
// conditions do.
func (r *reading) drivers() []driver {
	if len(r.conditions) == 0 {
		return nil
	}
	first, rest := r.conditions[0], r.conditions[1:]
	switch {
	case first.byNumber(), first.between != nil, first.computed != nil:
		return nil
	case first.either != nil:
		drivers := make([]driver, len(first.either))
		for i, part := range first.either {
			drivers[i] = r.valueDriver(part, rest)
			drivers[i].without = part.without(first.either[:i])
		}
		return drivers
	case first.ofKind():
		return r.kindDrivers()
	case first.orNull:
		if first.count == 0 {
			return nil
		}
		return []driver{r.valueDriver(first, rest), absentDriver(first, rest)}
	case first.single != nil:
		return nil
	default:
		return []driver{r.valueDriver(first, rest)}
	}
}

func absentDriver(first Condition, rest []Condition) driver {
	return driver{where: []string{"c." + first.column + " IS NULL"}, rest: rest, absent: first.column}
}

func (r *reading) valueDriver(first Condition, rest []Condition) driver {
	if first.isFurther() {
		return r.furtherDriver(first, rest)
	}
	return driver{
		from:  r.tiedValuesSQL(first, rest),
		where: []string{"c." + first.column + " = v.x"},
		rest:  rest,
	}
}

// kindDrivers finds rows by type and status where nothing better is given: the index begins with both, so that every
// pair is one probe.
func (r *reading) kindDrivers() []driver {
	types, statuses := r.kinds()
	if len(types) == 1 {
		return nil
	}
	return []driver{r.kindDriver(types, statuses, nil)}
}

// kinds are the pairs of a type and a status that the criteria let through.
func (r *reading) kinds() (types, statuses []string) {
	allTypes, allStatuses := contact.Texts(contact.NewSet(contact.Types)), contact.Texts(contact.NewSet(contact.Statuses))
	for _, one := range r.conditions {
		switch one.Criterion {
		case Type:
			allTypes = one.values.([]string)
		case Status:
			allStatuses = one.values.([]string)
		}
	}
	for _, kind := range allTypes {
		for _, status := range allStatuses {
			types, statuses = append(types, kind), append(statuses, status)
		}
	}
	return types, statuses
}

func (r *reading) kindDriver(types, statuses []string, rest []Condition) driver {
	return driver{
		from: fmt.Sprintf("unnest(%s::text[]::contact_type[], %s::text[]::contact_status[]) v (x, y)",
			r.bind(types), r.bind(statuses)),
		where: []string{"c.type = v.x", "c.status = v.y"},
		rest:  rest,
	}
}

// checksSQL are what a driver's rows are checked for.
func (r *reading) checksSQL(d driver) []string {
	var checks []string
	for _, one := range d.rest {
		check := one.sql(&r.statement)
		if d.index != nil && (d.forced || !d.index.has(one)) {
			check = "(" + check + ") IS TRUE"
		}
		checks = append(checks, check)
	}
	for _, one := range d.without {
		checks = append(checks, one.negatedSQL(&r.statement))
	}
	return checks
}

func (*reading) bounds(intervals []calendar.Interval) (starts, ends []time.Time) {
	starts, ends = make([]time.Time, len(intervals)), make([]time.Time, len(intervals))
	for i, one := range intervals {
		starts[i], ends[i] = one.Start, one.End
	}
	return starts, ends
}

func (r *reading) intervalsSQL(intervals []calendar.Interval) string {
	starts, ends := r.bounds(intervals)
	return fmt.Sprintf("unnest(%s::timestamptz[], %s::timestamptz[])", r.bind(starts), r.bind(ends))
}

// periodSQL bounds the start by the first and last interval, which is what partitions are chosen by.
func (r *reading) periodSQL() []string {
	if len(r.intervals) == 0 {
		return []string{"false"}
	}
	return []string{
		"c.started_at >= " + r.bindInstant(r.intervals[0].Start),
		"c.started_at < " + r.bindInstant(r.intervals[len(r.intervals)-1].End),
	}
}

// contactsSQL is the table of contacts, named c, without the months outside the period (see months.go).
func (r *reading) contactsSQL() string {
	if len(r.intervals) == 0 {
		return "contacts c"
	}
	return "(SELECT * FROM contacts WHERE " + inPeriodSQL(r.intervals, "started_at") + ") c"
}

// rowsSQL is the SQL of all rows in order, by plain conditions.
func (r *reading) rowsSQL(columns contact.Columns) string {
	return rowsSkeleton.fill(map[string]string{
		"columns": selectListSQL(columns), "matching": r.matchingSQL(columns), "order": r.orderColumnsSQL("c"),
	})
}

// matchingSQL is the FROM and WHERE of all rows, by plain conditions. Intervals are disjoint: no row meets two.
func (r *reading) matchingSQL(columns contact.Columns) string {
	if len(r.intervals) == 1 {
		where := slices.Concat(r.periodSQL(), conditionsSQL(&r.statement, r.conditions), r.behindSQL())
		return "FROM " + r.contactsSQL() + "\nWHERE " + strings.Join(where, " AND ")
	}
	from := r.intervalsSQL(r.intervals)
	where := slices.Concat([]string{"c.started_at >= d.a", "c.started_at < d.b"}, conditionsSQL(&r.statement, r.conditions), r.behindSQL())
	return "FROM " + from + " d (a, b) CROSS JOIN LATERAL (\nSELECT " + selectListSQL(columns) + " FROM " + r.contactsSQL() + "\n" +
		"WHERE " + strings.Join(where, " AND ") + "\n" + fence + "\n) c"
}

// countSQL is the SQL of the number of rows: a sum over the probes, each answered from an index alone.
func (r *reading) countSQL() string {
	drivers := r.drivers()
	if drivers == nil {
		drivers = []driver{{rest: r.conditions}}
	}
	parts := make([]string, len(drivers))
	for i, d := range drivers {
		var from []string
		if d.from != "" {
			from = append(from, d.from)
		}
		bounds := []string{"c.started_at >= d.a", "c.started_at < d.b"}
		if len(r.intervals) > 1 {
			from = append(from, r.intervalsSQL(r.intervals)+" d (a, b)")
		} else {
			bounds = r.periodSQL()
		}
		if d.further {
			parts[i] = r.furtherCountSQL(d, from, bounds)
			continue
		}
		where := slices.Concat(d.where, bounds, r.checksSQL(d))
		parts[i] = countSkeleton.fill(map[string]string{"contacts": r.contactsSQL(), "conditions": strings.Join(where, " AND ")})
		if from != nil {
			parts[i] = countValuesSkeleton.fill(map[string]string{"values": strings.Join(from, " CROSS JOIN "), "count": parts[i]})
		}
	}
	if len(parts) == 1 {
		return r.withSQL() + parts[0]
	}
	return r.withSQL() + "SELECT sum(k.n) FROM ((" + strings.Join(parts, ")\nUNION ALL\n(") + ")) k"
}
