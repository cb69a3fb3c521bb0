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
// the path of the least count. The other paths stand in the statement and are not run.

const (
	// manyRows is where counting ends: from so many rows on, one path is as good as another.
	manyRows = 1000
	// maxPaths is how many criteria are counted.
	maxPaths = 4
	// manyValues is how many values are worth being looked for one by one, rather than in all rows.
	manyValues = 60
	// severalValues are looked for one by one at once; more of them only if the latest rows hold too few.
	severalValues = 32
	// latestRows is how many rows are looked at before more values than that are looked for one by one.
	latestRows = 1000
	// maxProbes is how many searches a page may take: each value in each interval is one.
	maxProbes = 400
)

// accessPath is a way to find the rows of a page: the drivers together find all of them.
type accessPath struct {
	drivers []driver
	// values is how many values the rows are found by.
	values int
	// byRow checks the hours row by row, where there are too many values to look for each in every interval.
	byRow bool
}

// pageSQL is the SQL of a page.
func (r *reading) pageSQL(columns contact.Columns) string {
	if r.scan.Order.Field != contact.OrderByStartedAt {
		return r.orderedPageSQL(columns)
	}
	r.narrow()
	if r.plain() && len(r.intervals) == 1 {
		return r.rowsSQL(columns) + "\nLIMIT " + strconv.Itoa(r.scan.Limit)
	}
	return r.fetchSQL([]string{r.keysSQL(r.paths())}, columns)
}

// fetchSQL are the rows of a page whose keys are the last of some parts of a WITH, called k.
func (r *reading) fetchSQL(parts []string, columns contact.Columns) string {
	return pageSkeleton.fill(map[string]string{
		"period": strings.Join(r.periodSQL(), " AND "), "with": r.withSQL(parts...), "columns": selectListSQL(columns),
		"contacts": r.contactsSQL(), "order": r.orderColumnsSQL("c"),
	})
}

// narrow cuts off what a page behind a row cannot hold, so that a deep page costs no more probes.
func (r *reading) narrow() {
	if r.scan.After == nil {
		return
	}
	at := r.scan.After.StartedAt
	var reached []calendar.Interval
	for _, one := range r.intervals {
		if r.scan.Descending {
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
	if types, _ := r.kinds(); len(types) == 1 && !slices.ContainsFunc(r.conditions, func(one Condition) bool { return !one.ofKind() }) {
		return true
	}
	return len(r.conditions) == 1 && r.conditions[0].single != nil && !r.conditions[0].orNull && !r.conditions[0].ofKind()
}

// unindexed says that the rows are found by their start, or by their numbers, which tell the start.
func (r *reading) unindexed() bool {
	return len(r.conditions) == 0 || slices.ContainsFunc(r.conditions, Condition.byNumber)
}

// paths are the ways to find the rows of a page, the most promising first.
func (r *reading) paths() []accessPath {
	if r.unindexed() {
		return []accessPath{{drivers: []driver{{rest: r.conditions}}}}
	}
	type candidate struct {
		rank  int
		build func() accessPath
	}
	var candidates []candidate
	var others []Condition
	for i, one := range r.conditions {
		if one.ofKind() {
			continue
		}
		if !one.isFound() {
			others = append(others, one)
			continue
		}
		rest := slices.Concat(r.conditions[:i], r.conditions[i+1:])
		candidates, others = append(candidates, candidate{one.index.rank, func() accessPath { return r.pathBy(one, rest) }}), append(others, one)
	}
	if len(others) < len(r.conditions) {
		if types, statuses := r.kinds(); len(others) == 0 || len(types) <= manyValues {
			candidates = append(candidates, candidate{kindIndex.rank, func() accessPath { return r.pathByKind(types, statuses, others) }})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	var paths []accessPath
	for _, one := range candidates[:min(len(candidates), maxPaths)] {
		paths = append(paths, one.build())
	}
	return append(r.pathsAndTime(paths), r.pathsBetween()...)
}

// pathsAndTime are some paths, and that by the start where it may be the best or is the only one.
func (r *reading) pathsAndTime(paths []accessPath) []accessPath {
	byTime := accessPath{drivers: []driver{{rest: r.conditions, index: startIndex, forced: true}}}
	switch {
	case len(paths) == 0:
		if r.inSummaryIndex() {
			byTime.drivers[0].where = []string{summaryIndexSQL}
		}
		return []accessPath{byTime}
	case len(r.intervals) == 1:
		return paths
	}
	for i := range paths {
		paths[i].byRow = paths[i].values*len(r.intervals) > maxProbes
	}
	switch {
	case paths[0].values > manyValues:
		return append([]accessPath{byTime}, paths...)
	case len(paths) == 1 && !paths[0].byRow:
		return paths
	default:
		return append(paths, byTime)
	}
}

// inSummaryIndex says that the index has all columns that the conditions look at, so that rows which fail them are not read.
func (r *reading) inSummaryIndex() bool {
	return !slices.ContainsFunc(r.conditions, func(one Condition) bool {
		return slices.ContainsFunc(one.columnsSQL(), func(column string) bool {
			return !slices.Contains(summaryColumns, strings.TrimPrefix(column, "c."))
		})
	})
}

// pathsBetween find the rows by the bounds of a duration, in whose index they do not lie by their start: all those of the months
// are taken, up to where counting ends. They come last, so that each is followed only where it finds fewer rows than any other
// path, and thus all of its rows.
func (r *reading) pathsBetween() []accessPath {
	var paths []accessPath
	for i, one := range r.conditions {
		if one.between == nil {
			continue
		}
		rows := listSkeleton.fill(map[string]string{
			"contacts": r.contactsSQL(), "condition": one.sql(&r.statement), "column": one.column, "many rows": strconv.Itoa(manyRows),
		})
		paths = append(paths, accessPath{
			drivers: []driver{{
				from: "(\n" + rows + "\n) v (x, y)", where: []string{"c.started_at = v.x", "c.id = v.y"},
				rest: slices.Concat(r.conditions[:i], r.conditions[i+1:]), listed: true,
			}},
			values: manyRows, byRow: len(r.intervals) > 1,
		})
	}
	return paths
}

// pathBy finds the rows by one Condition.
func (r *reading) pathBy(one Condition, rest []Condition) accessPath {
	switch {
	case one.either != nil:
		var whole accessPath
		for i, part := range one.either {
			next := r.pathBy(part, rest)
			next.drivers[0].without = part.without(one.either[:i])
			whole.drivers, whole.values = append(whole.drivers, next.drivers...), whole.values+next.values
		}
		return whole
	case one.isFurther():
		return accessPath{drivers: []driver{r.furtherDriver(one, rest)}, values: one.count}
	case one.computed != nil:
		return accessPath{drivers: []driver{{where: []string{lostSQL}, rest: append(rest, one), index: one.index}}, values: 1}
	case one.single != nil && !one.orNull:
		where := append([]string{one.sql(&r.statement)}, r.tiedToSQL(func() string { return one.castSQL(r.bind(one.single)) }, one, rest)...)
		d := driver{where: where, rest: rest, index: one.index}
		return accessPath{drivers: []driver{d}, values: 1}
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
	return accessPath{drivers: drivers, values: one.count + len(drivers) - 1}
}

// pathByKind finds the rows by pairs of a type and a status.
func (r *reading) pathByKind(types, statuses []string, rest []Condition) accessPath {
	d := r.kindDriver(types, statuses, rest)
	d.index = kindIndex
	return accessPath{drivers: []driver{d}, values: len(types)}
}

// keysSQL is the SQL of the keys of a page, called k, as parts of a WITH.
func (r *reading) keysSQL(paths []accessPath) string {
	switch {
	case len(paths) > 1:
		return r.leastKeysSQL(paths)
	case paths[0].values > severalValues && len(r.intervals) == 1 && r.seenByStart():
		return r.latestKeysSQL(paths[0])
	default:
		return "k AS MATERIALIZED (\n" + r.pathSQL(paths[0]) + "\n)"
	}
}

// leastKeysSQL takes the path that finds the fewest rows.
func (r *reading) leastKeysSQL(paths []accessPath) string {
	sizes, lists := make([]string, len(paths)), make([]string, len(paths))
	for i, one := range paths {
		sizes[i] = fmt.Sprintf("(%s) AS n%d", r.sizeSQL(one), i+1)
		var least []string
		for other := range paths {
			switch {
			case other < i:
				least = append(least, fmt.Sprintf("n%d < n%d", i+1, other+1))
			case other > i:
				least = append(least, fmt.Sprintf("n%d <= n%d", i+1, other+1))
			}
		}
		lists[i] = "SELECT k.started_at, k.id FROM (\n" + r.pathSQL(one) + "\n) k WHERE (SELECT " + strings.Join(least, " AND ") + " FROM size)"
	}
	return leastSkeleton.fill(map[string]string{"sizes": strings.Join(sizes, ",\n"), "keys": r.mergeSQL(lists)})
}

// sizeSQL counts the rows that a path finds, up to a bound.
func (r *reading) sizeSQL(p accessPath) string {
	parts := make([]string, len(p.drivers))
	for i, d := range p.drivers {
		from, bounds := d.from, r.periodSQL()
		if d.index == startIndex {
			from, bounds = r.intervalsSQL(r.intervals)+" d (a, b)", []string{"c.started_at >= d.a", "c.started_at < d.b"}
		}
		parts[i] = "SELECT 1 FROM " + r.contactsSQL() + " WHERE " + strings.Join(slices.Concat(d.where, bounds), " AND ") + fmt.Sprintf(" LIMIT %d", manyRows)
		if d.listed {
			parts[i] = "SELECT 1 FROM " + d.from
			continue
		}
		if d.further {
			parts[i] = "SELECT 1 FROM " + r.furtherTableSQL() + " WHERE " + ofFurther.Replace(strings.Join(slices.Concat(d.where, bounds), " AND ")) + fmt.Sprintf(" LIMIT %d", manyRows)
		}
		if from != "" {
			parts[i] = "SELECT 1 FROM " + from + " CROSS JOIN LATERAL (" + parts[i] + fmt.Sprintf(") k LIMIT %d", manyRows)
		}
	}
	return "SELECT count(*) FROM ((" + strings.Join(parts, ") UNION ALL (") + ")) k"
}

// seenByStart says that the criteria can be checked in the index by the start, without a look at a row.
func (r *reading) seenByStart() bool {
	for _, one := range slices.Concat(r.conditions, r.eithers()) {
		if one.either == nil && !startIndex.has(one) {
			return false
		}
	}
	return true
}

// eithers are the parts of those criteria of which one part must hold.
func (r *reading) eithers() []Condition {
	var parts []Condition
	for _, one := range r.conditions {
		parts = append(parts, one.either...)
	}
	return parts
}

// latestKeysSQL looks through the latest rows first: of several values, one or another is nearly always among them. If they
// do not fill the page, each value is looked for.
func (r *reading) latestKeysSQL(only accessPath) string {
	list := make([]string, len(startIndex.columns))
	for i, column := range startIndex.columns {
		list[i] = "c." + column
	}
	var conditions []string
	for _, one := range r.conditions {
		conditions = append(conditions, one.inHashedSQL(&r.statement))
	}
	bounds := slices.Concat(r.periodSQL(), r.behindSQL())
	return latestSkeleton.fill(map[string]string{
		"checked": strings.Join(list, ", "), "contacts": r.contactsSQL(), "bounds": strings.Join(bounds, " AND "),
		"conditions": strings.Join(conditions, " AND "), "keys": r.pathSQL(only), "latest rows": strconv.Itoa(latestRows),
		"order": r.orderColumnsSQL("c"), "key order": r.orderColumnsSQL("k"), "limit": r.limitSQL(),
	})
}
