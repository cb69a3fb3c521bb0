package contact

import (
	"fmt"
	"math"
)

// sortColumns are the columns that contacts can be ordered by.
var sortColumns = map[OrderField]struct {
	name   string
	column Columns
}{
	OrderByAgentTalkTime: {"agent_talk_time", ColumnAgentTalkTime},
	OrderByTalkTime:      {"talk_time", ColumnTalkTime},
	OrderByRingTime:      {"ring_time", ColumnRingTime},
}

// absent stands for a missing value, so that it comes last in the order's own direction and a row comparison finds
// what lies behind it. No duration comes near either.
func (o Order) absent() int64 {
	if o.Direction == Descending {
		return -1
	}
	return math.MaxInt32
}

// sortValue is the value of a contact in the order, the stand-in where it has none.
func (o Order) sortValue(c *Contact) int64 {
	var value *int
	switch o.Field {
	case OrderByAgentTalkTime:
		value = c.AgentTalkTime
	case OrderByTalkTime:
		value = c.TalkTime
	case OrderByRingTime:
		value = c.RingTime
	}
	if value == nil {
		return o.absent()
	}
	return int64(*value)
}

// expression is the value as SQL.
func (o Order) expression(alias string) string {
	if o.Field == OrderByStartedAt {
		return alias + ".started_at"
	}
	return fmt.Sprintf("coalesce(%s.%s, %d)", alias, sortColumns[o.Field].name, o.absent())
}

// column is what must be read to know the value.
func (o Order) column() Columns { return sortColumns[o.Field].column }

// valid says whether the order came through the schema.
func (o Order) valid() bool {
	_, known := sortColumns[o.Field]
	return (known || o.Field == OrderByStartedAt) && (o.Direction == Ascending || o.Direction == Descending)
}

// behind keeps the rows behind the last row of the page before.
func (r *reading) behind() []string {
	if r.walk == nil || r.walk.after == nil {
		return nil
	}
	after := r.walk.after
	var value string
	if r.walk.order.Field == OrderByStartedAt {
		value = r.bindInstant(after.startedAt)
	} else {
		value = r.bind(after.value)
	}
	return []string{fmt.Sprintf("(%s, c.id) %s (%s, %s)", r.walk.order.expression("c"), r.beyond(), value, r.bind(after.id))}
}

// beyond compares a row with one that lies before it in the direction of the walk.
func (r *reading) beyond() string {
	if r.walk.descending {
		return "<"
	}
	return ">"
}

func (r *reading) orderColumns(alias string) string {
	return fmt.Sprintf("%s %s, %s.id %s", r.walk.order.expression(alias), r.direction(), alias, r.direction())
}

func (r *reading) direction() string {
	if r.walk.descending {
		return "DESC"
	}
	return "ASC"
}

func (r *reading) orderBy(alias string) string { return "ORDER BY " + r.orderColumns(alias) }

func (r *reading) ordered(alias string) string {
	return fmt.Sprintf("%s\nLIMIT %d", r.orderBy(alias), r.walk.limit)
}
