package plan

import (
	"fmt"
	"strconv"

	"github.com/kontakty/kontakty/internal/contact"
)

// sortSQL is the value that an order sorts by, as SQL.
func sortSQL(o contact.Order, alias string) string {
	if o.Field == contact.OrderByStartedAt {
		return alias + "." + o.SortColumnName()
	}
	return fmt.Sprintf("coalesce(%s.%s, %d)", alias, o.SortColumnName(), o.Absent())
}

// behindSQL keeps the rows behind the last row of the page before.
func (r *reading) behindSQL() []string {
	if r.scan == nil || r.scan.After == nil {
		return nil
	}
	after := r.scan.After
	var value string
	if r.scan.Order.Field == contact.OrderByStartedAt {
		value = r.bindInstant(after.StartedAt)
	} else {
		value = r.bind(after.Value)
	}
	return []string{fmt.Sprintf("(%s, c.id) %s (%s, %s)", sortSQL(r.scan.Order, "c"), r.beyondSQL(), value, r.bind(after.ID))}
}

// beyondSQL compares a row with one that lies before it in the direction of the scan.
func (r *reading) beyondSQL() string {
	if r.scan.Descending {
		return "<"
	}
	return ">"
}

func (r *reading) orderColumnsSQL(alias string) string {
	return fmt.Sprintf("%s %s, %s.id %s", sortSQL(r.scan.Order, alias), r.directionSQL(), alias, r.directionSQL())
}

func (r *reading) directionSQL() string {
	if r.scan.Descending {
		return "DESC"
	}
	return "ASC"
}

func (r *reading) orderBySQL(alias string) string { return "ORDER BY " + r.orderColumnsSQL(alias) }

func (r *reading) limitSQL() string { return strconv.Itoa(r.scan.Limit) }

func (r *reading) orderLimitSQL(alias string) string {
	return fmt.Sprintf("%s\nLIMIT %d", r.orderBySQL(alias), r.scan.Limit)
}
