package plan

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/contact"
)

// sortExpression is the value that an order sorts by, as SQL.
func sortExpression(o contact.Order, alias string) string {
	if o.Field == contact.OrderByStartedAt {
		return alias + "." + o.SortColumnName()
	}
	return fmt.Sprintf("coalesce(%s.%s, %d)", alias, o.SortColumnName(), o.Absent())
}

// behind keeps the rows behind the last row of the page before.
func (r *reading) behind() []string {
	if r.walk == nil || r.walk.After == nil {
		return nil
	}
	after := r.walk.After
	var value string
	if r.walk.Order.Field == contact.OrderByStartedAt {
		value = r.bindInstant(after.StartedAt)
	} else {
		value = r.bind(after.Value)
	}
	return []string{fmt.Sprintf("(%s, c.id) %s (%s, %s)", sortExpression(r.walk.Order, "c"), r.beyond(), value, r.bind(after.ID))}
}

// beyond compares a row with one that lies before it in the direction of the walk.
func (r *reading) beyond() string {
	if r.walk.Descending {
		return "<"
	}
	return ">"
}

func (r *reading) orderColumns(alias string) string {
	return fmt.Sprintf("%s %s, %s.id %s", sortExpression(r.walk.Order, alias), r.direction(), alias, r.direction())
}

func (r *reading) direction() string {
	if r.walk.Descending {
		return "DESC"
	}
	return "ASC"
}

func (r *reading) orderBy(alias string) string { return "ORDER BY " + r.orderColumns(alias) }

func (r *reading) ordered(alias string) string {
	return fmt.Sprintf("%s\nLIMIT %d", r.orderBy(alias), r.walk.Limit)
}
