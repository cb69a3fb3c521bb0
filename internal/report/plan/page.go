package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// A page of several criteria is found by the one that finds the fewest rows. Which that is depends on the values, which
// a plan that is used for all of them does not see; so the statement itself counts first, up to a bound, and then takes
// the way of the least count. The other ways stand in the statement and are not run.

const (
	// manyRows is where counting ends: from so many rows on, one way is as good as another.
	manyRows = 1000
	// mostWays is how many criteria are counted.
	mostWays = 4
	// manyValues is how many values are worth being looked for one by one, rather than in all rows.
	manyValues = 60
	// severalValues are looked for one by one at once; more of them only if the latest rows hold too few.
	severalValues = 32
	// latestRows is how many rows are looked at before more values than that are looked for one by one.
	latestRows = 1000
	// mostProbes is how many searches a page may take: each value in each interval is one.
	mostProbes = 400
)

// way is a way to find the rows of a page: the drivers together find all of them.
type way struct {
	drivers []driver
	// values is how many values the rows are found by.
	values int
	// byRow checks the hours row by row, where there are too many values to look for each in every interval.
	byRow bool
}

// page is the SQL of a page.
func (r *reading) page(columns contact.Columns) string {
	if r.walk.Order.Field != contact.OrderByStartedAt {
		return r.orderedPage(columns)
	}
	r.narrow()
	if r.plain() && len(r.intervals) == 1 {
		return r.rows(columns) + "\nLIMIT " + strconv.Itoa(r.walk.Limit)
	}
	return r.fetched([]string{r.keys(r.ways())}, columns)
}

// fetched are the rows of a page whose keys are the last of some parts of a WITH, called k.
func (r *reading) fetched(parts []string, columns contact.Columns) string {
	whole := r.whole()
	return r.with(parts...) +
		"SELECT " + selectList(columns) + "\nFROM k CROSS JOIN LATERAL (\nSELECT " + selectList(columns) + " FROM " + r.contacts() + "\n" +
		"WHERE c.started_at = k.started_at AND c.id = k.id AND " + strings.Join(whole, " AND ") + "\n" + fence + "\n) c\n" +
		r.orderBy("c")
}

// narrow cuts off what a page behind a row cannot reach, so that a deep page costs no more probes.
func (r *reading) narrow() {
	if r.walk.After == nil {
		return
	}
	at := r.walk.After.StartedAt
	var reached []calendar.Interval
	for _, one := range r.intervals {
		if r.walk.Descending {
			one = one.Until(at.Add(time.Microsecond))
		} else {
			one = one.Since(at)
		}
		if !one.Empty() {
			reached = append(reached, one)
		}
	}
	r.intervals = reached
}

// plain says that conditions alone lead PostgreSQL to the one index there is for them.
func (r *reading) plain() bool {
	if r.unindexed() {
		return true
	}
	if types, _ := r.kinds(); len(types) == 1 && !slices.ContainsFunc(r.criteria, func(one Condition) bool { return !one.ofKind() }) {
		return true
	}
	return len(r.criteria) == 1 && r.criteria[0].single != nil && !r.criteria[0].orNull && !r.criteria[0].ofKind()
}

// unindexed says that the rows are found by their start, or by their numbers, which tell the start.
func (r *reading) unindexed() bool {
	return len(r.criteria) == 0 || slices.ContainsFunc(r.criteria, Condition.byNumber)
}

// ways are the ways to find the rows of a page, the most promising first.
func (r *reading) ways() []way {
	if r.unindexed() {
		return []way{{drivers: []driver{{rest: r.criteria}}}}
	}
	type candidate struct {
		rank  int
		build func() way
	}
	var candidates []candidate
	var others []Condition
	for i, one := range r.criteria {
		if one.ofKind() {
			continue
		}
		rest := slices.Concat(r.criteria[:i], r.criteria[i+1:])
		candidates, others = append(candidates, candidate{one.index.rank, func() way { return r.wayBy(one, rest) }}), append(others, one)
	}
	if len(others) < len(r.criteria) {
		if types, statuses := r.kinds(); len(others) == 0 || len(types) <= manyValues {
			candidates = append(candidates, candidate{kindIndex.rank, func() way { return r.wayByKind(types, statuses, others) }})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	var ways []way
	for _, one := range candidates[:min(len(candidates), mostWays)] {
		ways = append(ways, one.build())
	}
	if len(r.intervals) == 1 {
		return ways
	}
	for i := range ways {
		ways[i].byRow = ways[i].values*len(r.intervals) > mostProbes
	}
	byTime := way{drivers: []driver{{rest: r.criteria, index: startIndex, forced: true}}}
	switch {
	case ways[0].values > manyValues:
		return append([]way{byTime}, ways...)
	case len(ways) == 1 && !ways[0].byRow:
		return ways
	default:
		return append(ways, byTime)
	}
}

// wayBy finds the rows by one Condition.
func (r *reading) wayBy(one Condition, rest []Condition) way {
	switch {
	case one.either != nil:
		var whole way
		for i, part := range one.either {
			next := r.wayBy(part, rest)
			next.drivers[0].without = part.without(one.either[:i])
			whole.drivers, whole.values = append(whole.drivers, next.drivers...), whole.values+next.values
		}
		return whole
	case one.isFurther():
		return way{drivers: []driver{r.furtherDriver(one, rest)}, values: one.count}
	case one.single != nil && !one.orNull:
		where := append([]string{one.sql(&r.statement)}, r.tiedTo(func() string { return one.cast(r.bind(one.single)) }, one, rest)...)
		d := driver{where: where, rest: rest, index: one.index}
		return way{drivers: []driver{d}, values: 1}
	}
	var drivers []driver
	if one.count > 0 {
		drivers = append(drivers, r.valueDriver(one, rest))
	}
	if one.orNull {
		drivers = append(drivers, absentDriver(one, rest))
	}
	for i := range drivers {
		drivers[i].index = one.index
	}
	return way{drivers: drivers, values: one.count + len(drivers) - 1}
}

// wayByKind finds the rows by pairs of a type and a status.
func (r *reading) wayByKind(types, statuses []string, rest []Condition) way {
	d := r.kindDriver(types, statuses, rest)
	d.index = kindIndex
	return way{drivers: []driver{d}, values: len(types)}
}

// keys is the SQL of the keys of a page, called k, as parts of a WITH.
func (r *reading) keys(ways []way) string {
	switch {
	case len(ways) > 1:
		return r.fewestKeys(ways)
	case ways[0].values > severalValues && len(r.intervals) == 1 && r.seenByStart():
		return r.latestKeys(ways[0])
	default:
		return "k AS MATERIALIZED (\n" + r.walks(ways[0]) + "\n)"
	}
}

// fewestKeys takes the way that finds the fewest rows.
func (r *reading) fewestKeys(ways []way) string {
	sizes, walks := make([]string, len(ways)), make([]string, len(ways))
	for i, one := range ways {
		sizes[i] = fmt.Sprintf("(%s) AS n%d", r.size(one), i+1)
		var least []string
		for other := range ways {
			switch {
			case other < i:
				least = append(least, fmt.Sprintf("n%d < n%d", i+1, other+1))
			case other > i:
				least = append(least, fmt.Sprintf("n%d <= n%d", i+1, other+1))
			}
		}
		walks[i] = "SELECT k.started_at, k.id FROM (\n" + r.walks(one) + "\n) k WHERE (SELECT " + strings.Join(least, " AND ") + " FROM size)"
	}
	return "size AS MATERIALIZED (\nSELECT " + strings.Join(sizes, ",\n") + "\n), k AS MATERIALIZED (\n" + r.merged(walks) + "\n)"
}

// size counts the rows that a way finds, up to a bound.
func (r *reading) size(w way) string {
	parts := make([]string, len(w.drivers))
	for i, d := range w.drivers {
		from, bounds := d.from, r.whole()
		if d.index == startIndex {
			from, bounds = r.bindIntervals(r.intervals)+" d (a, b)", []string{"c.started_at >= d.a", "c.started_at < d.b"}
		}
		parts[i] = "SELECT 1 FROM " + r.contacts() + " WHERE " + strings.Join(slices.Concat(d.where, bounds), " AND ") + fmt.Sprintf(" LIMIT %d", manyRows)
		if d.further {
			parts[i] = "SELECT 1 FROM " + r.furtherTable() + " WHERE " + ofFurther.Replace(strings.Join(slices.Concat(d.where, bounds), " AND ")) + fmt.Sprintf(" LIMIT %d", manyRows)
		}
		if from != "" {
			parts[i] = "SELECT 1 FROM " + from + " CROSS JOIN LATERAL (" + parts[i] + fmt.Sprintf(") k LIMIT %d", manyRows)
		}
	}
	return "SELECT count(*) FROM ((" + strings.Join(parts, ") UNION ALL (") + ")) k"
}

// seenByStart says that the criteria can be checked in the index by the start, without a look at a row.
func (r *reading) seenByStart() bool {
	for _, one := range slices.Concat(r.criteria, r.eithers()) {
		if one.either == nil && !startIndex.holds(one) {
			return false
		}
	}
	return true
}

// eithers are the parts of those criteria of which one part must hold.
func (r *reading) eithers() []Condition {
	var parts []Condition
	for _, one := range r.criteria {
		parts = append(parts, one.either...)
	}
	return parts
}

// latestKeys looks through the latest rows first: of several values, one or another is nearly always among them. If they
// do not fill the page, each value is looked for.
func (r *reading) latestKeys(only way) string {
	list := make([]string, len(startIndex.columns))
	for i, column := range startIndex.columns {
		list[i] = "c." + column
	}
	var conditions []string
	for _, one := range r.criteria {
		conditions = append(conditions, one.hashed(&r.statement))
	}
	bounds := slices.Concat(r.whole(), r.behind())
	return "latest AS MATERIALIZED (\nSELECT c.started_at, c.id FROM (\nSELECT c.started_at, c.id, " + strings.Join(list, ", ") + " FROM " + r.contacts() + "\n" +
		"WHERE " + strings.Join(bounds, " AND ") + "\n" + r.orderBy("c") + fmt.Sprintf("\nLIMIT %d", latestRows) + "\n) c\n" +
		"WHERE " + strings.Join(conditions, " AND ") + "\n" + r.ordered("c") + "\n), k AS MATERIALIZED (\n" + r.merged([]string{
		fmt.Sprintf("SELECT started_at, id FROM latest WHERE (SELECT count(*) = %d FROM latest)", r.walk.Limit),
		"SELECT k.started_at, k.id FROM (\n" + r.walks(only) + fmt.Sprintf("\n) k WHERE (SELECT count(*) < %d FROM latest)", r.walk.Limit),
	}) + "\n)"
}
