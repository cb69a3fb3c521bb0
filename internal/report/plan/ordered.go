package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// A page in another order than by time is scanned in that order, month by month as the tables lie, in an index of the
// value: sorting the millions of rows of a quarter takes most of a second. A scan looks at so many rows and no more. Where
// hardly any of them meets the criteria, or only few rows do at all, the rows that do are sorted.

// scannedRows is how many rows of a month a scan looks at.
const scannedRows = 2500

// orderedPageSQL is the SQL of a page that is ordered by a duration.
func (r *reading) orderedPageSQL(columns contact.Columns) string {
	if !r.scannable() {
		return r.rowsSQL(columns) + "\nLIMIT " + strconv.Itoa(r.scan.Limit)
	}
	var parts []string
	ifEnough, enoughAnd := "", ""
	if len(r.conditions) > 0 || len(r.intervals) > 1 {
		const enough = "(SELECT enough FROM size)"
		parts, ifEnough, enoughAnd = append(parts, r.enoughRowsSQL()), "WHERE "+enough, enough+" AND"
	}
	return r.fetchSQL(append(parts, byValueSkeleton.fill(map[string]string{
		"months": r.rowsByMonthSQL(), "scan": r.scanSQL(), "few": r.fewSortedSQL(), "sorted": r.allSortedSQL(),
		"if enough": ifEnough, "enough and": enoughAnd, "many rows": strconv.Itoa(manyRows),
		"order": r.valueOrderSQL("k"), "limit": r.limitSQL(),
	})), columns)
}

// scannable says whether the page may be scanned. Rows without the value, which its index does not hold, come last in the
// order: a page that begins among them, or ends there and is filled backwards, is sorted.
func (r *reading) scannable() bool {
	if len(r.intervals) == 0 || slices.ContainsFunc(r.conditions, Condition.byNumber) {
		return false
	}
	if r.scan.After != nil {
		return r.scan.After.Value != r.scan.Order.Absent()
	}
	return r.scan.Descending == (r.scan.Order.Direction == contact.Descending)
}

// enoughRowsSQL says whether so many rows meet each criterion that it may pay to scan others too.
func (r *reading) enoughRowsSQL() string {
	paths := r.paths()
	sizes := make([]string, len(paths))
	for i, one := range paths {
		sizes[i] = "(" + r.sizeSQL(one) + ")"
	}
	return fmt.Sprintf("size AS MATERIALIZED (\nSELECT least(%s) = %d AS enough\n)", strings.Join(sizes, ",\n"), manyRows)
}

// rowsByMonthSQL are the months of the period, a to b, with the number of their rows up to a bound.
func (r *reading) rowsByMonthSQL() string {
	whole := calendar.Interval{Start: r.intervals[0].Start, End: r.intervals[len(r.intervals)-1].End}
	months := r.overSQL(whole, func() string { return r.intervalsSQL(r.months()) })
	return monthSkeleton.fill(map[string]string{"months": months, "contacts": r.contactsSQL(), "many rows": strconv.Itoa(manyRows)})
}

// scanSQL are the first rows of a month m of many.
func (r *reading) scanSQL() string {
	column := "c." + r.scan.Order.SortColumnName()
	list := []string{"c.started_at", "c.id", column + " AS value"}
	for _, one := range slices.Concat(r.conditions, r.eithers()) {
		if one.either != nil || one.isFurther() {
			continue
		}
		for _, name := range one.columnsSQL() {
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	// A bound of an instant that is not known yet, beside another bound, is taken for a narrow span, which PostgreSQL would
	// rather sort. Written so, both still tell which table is meant.
	bounds := []string{fmt.Sprintf("m.n = %d", manyRows), "c.started_at >= ANY (ARRAY[m.a])", "c.started_at < ANY (ARRAY[m.b])", column + " IS NOT NULL"}
	if after := r.scan.After; after != nil {
		bounds = append(bounds, fmt.Sprintf("(%s, c.id) %s (%s, %s)", column, r.beyondSQL(), r.bind(after.Value), r.bind(after.ID)))
	}
	return scanSkeleton.fill(map[string]string{
		"columns": strings.Join(list, ", "), "contacts": r.contactsSQL(), "bounds": strings.Join(bounds, " AND "), "column": column,
		"direction": r.directionSQL(), "scanned rows": strconv.Itoa(scannedRows), "where": whereSQL(r.metSQL()),
		"order": r.valueOrderSQL("c"), "limit": r.limitSQL(),
	})
}

// fewSortedSQL are the first rows of a month m of few, such as the last hours of one: there, hardly any row of the index lies
// within the period. They are found by their start, whatever other index tempts PostgreSQL.
func (r *reading) fewSortedSQL() string {
	bounds := []string{fmt.Sprintf("m.n < %d", manyRows), "c.started_at >= m.a", "c.started_at < m.b"}
	for _, one := range slices.Concat(r.metSQL(), r.behindSQL()) {
		bounds = append(bounds, "("+one+") IS TRUE")
	}
	return r.valuesSQL() + "FROM " + r.contactsSQL() + whereSQL(bounds) + "\n" + r.orderLimitSQL("c")
}

// allSortedSQL are the first rows of the whole period: of each value that the rows are found by, if there are several.
func (r *reading) allSortedSQL() string {
	drivers := r.drivers()
	if drivers == nil {
		return r.valuesSQL() + r.matchingSQL(r.scan.Order.SortColumn()) + "\n" + r.orderLimitSQL("c")
	}
	lists := make([]string, len(drivers))
	for i, d := range drivers {
		bounds := r.periodSQL()
		if len(r.intervals) > 1 {
			bounds = append(bounds, r.hoursSQL())
		}
		if d.further {
			lists[i] = r.furtherSortedSQL(d, bounds)
		} else {
			lists[i] = r.valuesSQL() + "FROM " + r.contactsSQL() + whereSQL(slices.Concat(d.where, bounds, r.checksSQL(d), r.behindSQL())) + "\n" + r.orderLimitSQL("c")
		}
		if d.from != "" {
			lists[i] = "SELECT " + d.distinctSQL() + "k.started_at, k.id, k.value FROM " + d.from + " CROSS JOIN LATERAL (\n" + lists[i] + "\n) k"
		}
	}
	return "SELECT k.started_at, k.id, k.value FROM ((" + strings.Join(lists, ")\nUNION ALL\n(") + ")) k\n" + r.byValueSQL("k")
}

func (r *reading) valuesSQL() string {
	return "SELECT c.started_at, c.id, " + sortSQL(r.scan.Order, "c") + " AS value "
}

// metSQL are the conditions on rows that no index of a criterion finds.
func (r *reading) metSQL() []string {
	var met []string
	for _, one := range r.conditions {
		met = append(met, one.inHashedSQL(&r.statement))
	}
	if len(r.intervals) > 1 {
		met = append(met, r.hoursSQL())
	}
	return met
}

func (r *reading) valueOrderSQL(alias string) string {
	return fmt.Sprintf("%s.value %s, %[1]s.id %[2]s", alias, r.directionSQL())
}

func (r *reading) byValueSQL(alias string) string {
	return "ORDER BY " + r.valueOrderSQL(alias) + "\nLIMIT " + r.limitSQL()
}

func whereSQL(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conditions, " AND ")
}
