package plan

import (
	"slices"
	"strings"
)

// furtherDriver finds contacts by their further addresses.
func (r *reading) furtherDriver(one Condition, rest []Condition) driver {
	d := driver{rest: rest, index: furtherIndex, further: true}
	if one.single != nil {
		d.where = []string{"a.key = " + one.castSQL(r.bind(one.single))}
	} else {
		d.from = "unnest(" + one.castListSQL(r.bind(one.values)) + ") v (x)"
		d.where = []string{"a.key = v.x"}
	}
	d.where = append(d.where, one.rolesSQL()...)
	return d
}

// distinctSQL keeps one of the rows of a contact that has several of the values, as it may of further addresses alone.
func (d driver) distinctSQL() string {
	if d.further {
		return "DISTINCT "
	}
	return ""
}

// ofFurther writes what is said of a contact for its further addresses.
var ofFurther = strings.NewReplacer("c.started_at", "a.contact_started_at", "c.id", "a.contact_id")

// furtherTableSQL is the table of further addresses, named a, without the months outside the period (see months.go).
func (r *reading) furtherTableSQL() string {
	return "(SELECT * FROM contact_addresses WHERE " + inPeriodSQL(r.intervals, "contact_started_at") + ") a"
}

// furtherKeysSQL is the FROM and WHERE of the further addresses that a driver finds within bounds, whose contacts are then
// looked at where there is more to check.
func (r *reading) furtherKeysSQL(d driver, bounds []string) string {
	from := r.furtherTableSQL()
	if checks := r.checksSQL(d); len(checks) > 0 {
		where := slices.Concat([]string{"c.started_at = a.contact_started_at", "c.id = a.contact_id"}, r.periodSQL(), checks)
		from += " CROSS JOIN LATERAL (\nSELECT FROM " + r.contactsSQL() + " WHERE " + strings.Join(where, " AND ") + "\n" + fence + "\n) c"
	}
	return "FROM " + from + "\nWHERE " + strings.Join(d.where, " AND ") + " AND " + ofFurther.Replace(strings.Join(bounds, " AND "))
}

// furtherProbeSQL takes the keys of a page by one further address.
func (r *reading) furtherProbeSQL(d driver, bounds []string) string {
	return "SELECT a.contact_started_at AS started_at, a.contact_id AS id " + r.furtherKeysSQL(d, slices.Concat(bounds, r.behindSQL())) +
		"\n" + ofFurther.Replace(r.orderLimitSQL("c"))
}

// furtherSortedSQL are the contacts that a driver finds within bounds by one further address, first in the order of a value.
func (r *reading) furtherSortedSQL(d driver, bounds []string) string {
	where := slices.Concat([]string{"c.started_at = a.contact_started_at", "c.id = a.contact_id"}, bounds, r.checksSQL(d), r.behindSQL())
	return r.valuesSQL() + "FROM " + r.furtherTableSQL() + " CROSS JOIN LATERAL (\nSELECT * FROM " + r.contactsSQL() + " WHERE " + strings.Join(where, " AND ") + "\n" + fence +
		"\n) c\nWHERE " + strings.Join(d.where, " AND ") + " AND " + ofFurther.Replace(strings.Join(bounds, " AND ")) + "\n" + r.orderLimitSQL("c")
}

// furtherCountSQL counts the contacts that a driver finds, each once.
func (r *reading) furtherCountSQL(d driver, from, bounds []string) string {
	keys := "SELECT DISTINCT a.contact_started_at, a.contact_id " + r.furtherKeysSQL(d, bounds)
	if from != nil {
		keys = "SELECT DISTINCT k.contact_started_at, k.contact_id FROM " + strings.Join(from, " CROSS JOIN ") + " CROSS JOIN LATERAL (\n" + keys + "\n) k"
	}
	return "SELECT count(*) AS n FROM (\n" + keys + "\n) k"
}
