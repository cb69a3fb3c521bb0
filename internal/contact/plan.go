package contact

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// reading is one look at the contacts that meet some criteria: a page, a count or a stream. The shape of its SQL
// chooses the index, for a planner that sees parameters instead of values cannot:
//
//   - one value of the first criterion: plain conditions;
//   - several values, or a type or a status alone: a probe per value, keys only, each limited, then merged and joined
//     back, so that a rare value costs no walk through the others' rows;
//   - a window of hours: the period cut into intervals, probed in the order of the page until it is full.
type reading struct {
	statement
	criteria  []criterion
	intervals []interval
	// walk is the order in which rows are taken, nil for a count.
	walk *walk
}

// fence ends a subquery that the planner must not take apart: it would join all rows of the period where the few keys
// or intervals outside find theirs in an index.
const fence = "OFFSET 0"

// walk is an order in the direction in which a page is filled, from behind a row on.
type walk struct {
	order      Order
	descending bool
	limit      int
	after      *place
}

// place is where a row lies in an order.
type place struct {
	startedAt time.Time
	value     int64
	id        int64
}

// driver is the criterion by which rows are found, as a table of its values; the others are checked on the way.
type driver struct {
	from  string
	where []string
	rest  []criterion
	// without are criteria that another driver finds the rows of.
	without []criterion
}

// drivers are the ways in which the rows are found, together all of them and none twice. Nil means that plain
// conditions do.
func (r *reading) drivers() []driver {
	if len(r.criteria) == 0 {
		return nil
	}
	first, rest := r.criteria[0], r.criteria[1:]
	switch {
	case first.byNumber():
		return nil
	case first.either != nil:
		one, other := r.valueDriver(first.either[0], rest), r.valueDriver(first.either[1], rest)
		other.without = first.either[:1]
		return []driver{one, other}
	case strings.HasPrefix(first.sqlType, "contact_"):
		return r.kindDrivers()
	case first.orNull:
		outside := driver{where: []string{"c." + first.column + " IS NULL"}, rest: rest}
		if first.count == 0 {
			return nil
		}
		return []driver{r.valueDriver(first, rest), outside}
	case first.single != nil:
		return nil
	default:
		return []driver{r.valueDriver(first, rest)}
	}
}

func (r *reading) valueDriver(first criterion, rest []criterion) driver {
	return driver{
		from:  "unnest(" + first.castList(r.bind(first.values)) + ") v (x)",
		where: []string{"c." + first.column + " = v.x"},
		rest:  rest,
	}
}

// kindDrivers finds rows by type and status where nothing better is given: the index begins with both, so that every
// pair is one probe.
func (r *reading) kindDrivers() []driver {
	types, statuses := texts(newSet(Types)), texts(newSet(Statuses))
	for _, one := range r.criteria {
		if one.column == "type" {
			types = one.values.([]string)
		} else {
			statuses = one.values.([]string)
		}
	}
	if len(types) == 1 && len(statuses) == 1 {
		return nil
	}
	var pairTypes, pairStatuses []string
	for _, kind := range types {
		for _, status := range statuses {
			pairTypes, pairStatuses = append(pairTypes, kind), append(pairStatuses, status)
		}
	}
	return []driver{{
		from: fmt.Sprintf("unnest(%s::text[]::contact_type[], %s::text[]::contact_status[]) v (x, y)",
			r.bind(pairTypes), r.bind(pairStatuses)),
		where: []string{"c.type = v.x", "c.status = v.y"},
	}}
}

// checks are what a driver's rows are checked for.
func (r *reading) checks(d driver) []string {
	checks := conditions(&r.statement, d.rest)
	for _, one := range d.without {
		checks = append(checks, one.otherwise(&r.statement))
	}
	return checks
}

// page is the SQL of a page.
func (r *reading) page(columns Columns) string {
	if r.walk.order.Field != OrderByStartedAt {
		return r.rows(columns) + "\nLIMIT " + fmt.Sprint(r.walk.limit)
	}
	r.narrow()
	drivers := r.drivers()
	if drivers == nil && len(r.intervals) == 1 {
		return r.rows(columns) + "\nLIMIT " + fmt.Sprint(r.walk.limit)
	}
	if drivers == nil {
		drivers = []driver{{rest: r.criteria}}
	}
	whole := r.whole()
	walks := make([]string, len(drivers))
	for i, d := range drivers {
		walks[i] = r.probes(d)
	}
	keys := walks[0]
	if len(walks) > 1 {
		keys = "SELECT k.started_at, k.id FROM ((" + strings.Join(walks, ")\nUNION ALL\n(") + ")) k\n" + r.ordered("k")
	}
	return "WITH k AS MATERIALIZED (\n" + keys + "\n)\n" +
		"SELECT " + columns.selected() + "\nFROM k CROSS JOIN LATERAL (\nSELECT " + columns.carried() + " FROM contacts c\n" +
		"WHERE c.started_at = k.started_at AND c.id = k.id AND " + strings.Join(whole, " AND ") + "\n" + fence + "\n) c\n" +
		r.orderBy("c")
}

// narrow drops the intervals that a page behind a row cannot reach, so that a deep page costs no more probes.
func (r *reading) narrow() {
	if r.walk.after == nil {
		return
	}
	at := r.walk.after.startedAt
	r.intervals = slices.DeleteFunc(slices.Clone(r.intervals), func(i interval) bool {
		if r.walk.descending {
			return i.start.After(at)
		}
		return !i.end.After(at)
	})
}

// probes takes the keys of a page by one driver: per value, and within a value per interval.
func (r *reading) probes(d driver) string {
	keys := r.intervalProbes(d)
	if d.from == "" {
		return keys
	}
	return "SELECT k.started_at, k.id FROM " + d.from + " CROSS JOIN LATERAL (\n" + keys + "\n) k\n" + r.ordered("k")
}

func (r *reading) intervalProbes(d driver) string {
	probe := func(from, to string) string {
		where := slices.Concat(d.where, []string{"c.started_at >= " + from, "c.started_at < " + to}, r.checks(d), r.behind())
		return "SELECT c.started_at, c.id FROM contacts c\nWHERE " + strings.Join(where, " AND ") + "\n" + r.ordered("c")
	}
	if len(r.intervals) == 1 {
		return probe(r.bindInstant(r.intervals[0].start), r.bindInstant(r.intervals[0].end))
	}
	ordered := slices.Clone(r.intervals)
	if r.walk.descending {
		slices.Reverse(ordered)
	}
	// The ordinal is known to arrive in order: the sort is incremental and stops as soon as the page is full.
	return "SELECT k.started_at, k.id FROM " + r.bindIntervals(ordered) + " WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (\n" +
		probe("d.a", "d.b") + "\n) k\nORDER BY d.o, " + r.orderColumns("k") + "\nLIMIT " + fmt.Sprint(r.walk.limit)
}

func (r *reading) bindIntervals(intervals []interval) string {
	starts, ends := make([]time.Time, len(intervals)), make([]time.Time, len(intervals))
	for i, one := range intervals {
		starts[i], ends[i] = one.start, one.end
	}
	return fmt.Sprintf("unnest(%s::timestamptz[], %s::timestamptz[])", r.bind(starts), r.bind(ends))
}

// whole bounds the start by the first and last interval, which is what partitions are chosen by.
func (r *reading) whole() []string {
	if len(r.intervals) == 0 {
		return []string{"false"}
	}
	return []string{
		"c.started_at >= " + r.bindInstant(r.intervals[0].start),
		"c.started_at < " + r.bindInstant(r.intervals[len(r.intervals)-1].end),
	}
}

// rows is the SQL of all rows in order, by plain conditions.
func (r *reading) rows(columns Columns) string {
	return "SELECT " + columns.selected() + "\n" + r.matching(columns) + "\n" + r.orderBy("c")
}

// matching is the FROM and WHERE of all rows, by plain conditions. Intervals are disjoint: no row meets two.
func (r *reading) matching(columns Columns) string {
	if len(r.intervals) == 1 {
		where := slices.Concat(r.whole(), conditions(&r.statement, r.criteria), r.behind())
		return "FROM contacts c\nWHERE " + strings.Join(where, " AND ")
	}
	from := r.bindIntervals(r.intervals)
	where := slices.Concat([]string{"c.started_at >= d.a", "c.started_at < d.b"}, conditions(&r.statement, r.criteria), r.behind())
	return "FROM " + from + " d (a, b) CROSS JOIN LATERAL (\nSELECT " + columns.carried() + " FROM contacts c\n" +
		"WHERE " + strings.Join(where, " AND ") + "\n" + fence + "\n) c"
}

// count is the SQL of the number of rows: a sum over the probes, each answered from an index alone.
func (r *reading) count() string {
	drivers := r.drivers()
	if drivers == nil {
		drivers = []driver{{rest: r.criteria}}
	}
	parts := make([]string, len(drivers))
	for i, d := range drivers {
		var from []string
		if d.from != "" {
			from = append(from, d.from)
		}
		bounds := []string{"c.started_at >= d.a", "c.started_at < d.b"}
		if len(r.intervals) > 1 {
			from = append(from, r.bindIntervals(r.intervals)+" d (a, b)")
		} else {
			bounds = r.whole()
		}
		where := slices.Concat(d.where, bounds, r.checks(d))
		parts[i] = "SELECT count(*) AS n FROM contacts c\nWHERE " + strings.Join(where, " AND ")
		if from != nil {
			parts[i] = "SELECT coalesce(sum(k.n), 0) AS n FROM " + strings.Join(from, " CROSS JOIN ") +
				" CROSS JOIN LATERAL (\n" + parts[i] + "\n) k"
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "SELECT sum(k.n) FROM ((" + strings.Join(parts, ")\nUNION ALL\n(") + ")) k"
}
