package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// A page in another order than by time is walked in that order, month by month as the tables lie, in an index of the
// value: sorting the millions of rows of a quarter takes most of a second. A walk looks at so many rows and no more. Where
// hardly any of them meets the criteria, or only few rows do at all, the rows that do are sorted.

// walkedRows is how many rows of a month a walk looks at.
const walkedRows = 2500

// orderedPage is the SQL of a page that is ordered by a duration.
func (r *reading) orderedPage(columns contact.Columns) string {
	if !r.walkable() {
		return r.rows(columns) + "\nLIMIT " + strconv.Itoa(r.walk.Limit)
	}
	var parts, enough []string
	if len(r.criteria) > 0 || len(r.intervals) > 1 {
		parts, enough = append(parts, r.enoughRows()), append(enough, "(SELECT enough FROM size)")
	}
	filled := fmt.Sprintf("NOT EXISTS (SELECT FROM month m WHERE m.n = %d AND (SELECT count(*) FROM found f WHERE f.month = m.a) < %d)",
		manyRows, r.walk.Limit)
	parts = append(parts,
		"month AS MATERIALIZED (\n"+r.rowsByMonth()+"\n)",
		"found AS MATERIALIZED (\nSELECT m.a AS month, k.started_at, k.id, k.value FROM month m CROSS JOIN LATERAL ((\n"+
			r.walked()+"\n)\nUNION ALL\n(\n"+r.fewSorted()+"\n)) k"+where(enough)+"\n)",
		"complete AS MATERIALIZED (\nSELECT "+strings.Join(append(enough, filled), " AND ")+" AS yes\n)",
		"k AS MATERIALIZED (\nSELECT k.started_at, k.id FROM ((\n"+
			"SELECT f.started_at, f.id, f.value FROM found f WHERE (SELECT yes FROM complete)\n)\nUNION ALL\n(\n"+
			"SELECT k.started_at, k.id, k.value FROM (\n"+r.allSorted()+"\n) k WHERE (SELECT NOT yes FROM complete)\n)) k\n"+r.byValue("k")+"\n)")
	return r.fetched(parts, columns)
}

// walkable says whether the page may be walked. Rows without the value, which its index does not hold, come last in the
// order: a page that begins among them, or ends there and is filled backwards, is sorted.
func (r *reading) walkable() bool {
	if len(r.intervals) == 0 || slices.ContainsFunc(r.criteria, Condition.byNumber) {
		return false
	}
	if r.walk.After != nil {
		return r.walk.After.Value != r.walk.Order.Absent()
	}
	return r.walk.Descending == (r.walk.Order.Direction == contact.Descending)
}

// enoughRows says whether so many rows meet each criterion that it may pay to walk through others too.
func (r *reading) enoughRows() string {
	ways := r.ways()
	sizes := make([]string, len(ways))
	for i, one := range ways {
		sizes[i] = "(" + r.size(one) + ")"
	}
	return fmt.Sprintf("size AS MATERIALIZED (\nSELECT least(%s) = %d AS enough\n)", strings.Join(sizes, ",\n"), manyRows)
}

// rowsByMonth are the months of the period, a to b, with the number of their rows up to a bound.
func (r *reading) rowsByMonth() string {
	whole := calendar.Interval{Start: r.intervals[0].Start, End: r.intervals[len(r.intervals)-1].End}
	months := r.over(whole, func() string { return r.bindIntervals(r.months()) })
	return "SELECT d.a, d.b, k.n FROM " + months + " d (a, b) CROSS JOIN LATERAL (\nSELECT count(*) AS n FROM (" +
		fmt.Sprintf("SELECT FROM %s WHERE c.started_at >= d.a AND c.started_at < d.b LIMIT %d) c\n) k", r.contacts(), manyRows)
}

// walked are the first rows of a month m of many.
func (r *reading) walked() string {
	column := "c." + r.walk.Order.SortColumnName()
	list := []string{"c.started_at", "c.id", column + " AS value"}
	for _, one := range slices.Concat(r.criteria, r.eithers()) {
		if one.either == nil && !one.isFurther() && !slices.Contains(list, "c."+one.column) {
			list = append(list, "c."+one.column)
		}
	}
	// A bound of an instant that is not known yet, beside another bound, is taken for a narrow span, which PostgreSQL would
	// rather sort. Written so, both still tell which table is meant.
	within := []string{fmt.Sprintf("m.n = %d", manyRows), "c.started_at >= ANY (ARRAY[m.a])", "c.started_at < ANY (ARRAY[m.b])", column + " IS NOT NULL"}
	if after := r.walk.After; after != nil {
		within = append(within, fmt.Sprintf("(%s, c.id) %s (%s, %s)", column, r.beyond(), r.bind(after.Value), r.bind(after.ID)))
	}
	return "SELECT c.started_at, c.id, c.value FROM (\nSELECT " + strings.Join(list, ", ") + " FROM " + r.contacts() + where(within) +
		fmt.Sprintf("\nORDER BY %s %s, c.id %[2]s\nLIMIT %d\n) c", column, r.direction(), walkedRows) + where(r.met()) + "\n" + r.byValue("c")
}

// fewSorted are the first rows of a month m of few, such as the last hours of one: there, hardly any row of the index lies
// within the period. They are found by their start, whatever other index tempts PostgreSQL.
func (r *reading) fewSorted() string {
	within := []string{fmt.Sprintf("m.n < %d", manyRows), "c.started_at >= m.a", "c.started_at < m.b"}
	for _, one := range slices.Concat(r.met(), r.behind()) {
		within = append(within, "("+one+") IS TRUE")
	}
	return r.valued() + "FROM " + r.contacts() + where(within) + "\n" + r.ordered("c")
}

// allSorted are the first rows of the whole period: of each value that the rows are found by, if there are several.
func (r *reading) allSorted() string {
	drivers := r.drivers()
	if drivers == nil {
		return r.valued() + r.matching(r.walk.Order.SortColumn()) + "\n" + r.ordered("c")
	}
	lists := make([]string, len(drivers))
	for i, d := range drivers {
		bounds := r.whole()
		if len(r.intervals) > 1 {
			bounds = append(bounds, r.withinHours())
		}
		if d.further {
			lists[i] = r.furtherSorted(d, bounds)
		} else {
			lists[i] = r.valued() + "FROM " + r.contacts() + where(slices.Concat(d.where, bounds, r.checks(d), r.behind())) + "\n" + r.ordered("c")
		}
		if d.from != "" {
			lists[i] = "SELECT " + d.once() + "k.started_at, k.id, k.value FROM " + d.from + " CROSS JOIN LATERAL (\n" + lists[i] + "\n) k"
		}
	}
	return "SELECT k.started_at, k.id, k.value FROM ((" + strings.Join(lists, ")\nUNION ALL\n(") + ")) k\n" + r.byValue("k")
}

func (r *reading) valued() string {
	return "SELECT c.started_at, c.id, " + sortExpression(r.walk.Order, "c") + " AS value "
}

// met are the conditions on rows that no index of a criterion finds.
func (r *reading) met() []string {
	var met []string
	for _, one := range r.criteria {
		met = append(met, one.hashed(&r.statement))
	}
	if len(r.intervals) > 1 {
		met = append(met, r.withinHours())
	}
	return met
}

func (r *reading) byValue(alias string) string {
	return fmt.Sprintf("ORDER BY %s.value %s, %[1]s.id %[2]s\nLIMIT %[3]d", alias, r.direction(), r.walk.Limit)
}

func where(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conditions, " AND ")
}
