package contact

import "math"

// OrderField is what contacts are ordered by.
type OrderField string

// The orders. Contacts without the value come last in either direction.
const (
	OrderByStartedAt     OrderField = "STARTED_AT"
	OrderByAgentTalkTime OrderField = "AGENT_TALK_TIME"
	OrderByTalkTime      OrderField = "TALK_TIME"
	OrderByRingTime      OrderField = "RING_TIME"
)

// Direction is which end of an order comes first.
type Direction string

// The directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// Order is what a list is sorted by; the id breaks ties, in the same direction.
type Order struct {
	Field     OrderField `json:"field"`
	Direction Direction  `json:"direction"`
}

// NewestFirst is the report's own order.
var NewestFirst = Order{Field: OrderByStartedAt, Direction: Descending}

// sortColumns are the columns that contacts can be ordered by.
var sortColumns = map[OrderField]struct {
	name   string
	column Columns
}{
	OrderByAgentTalkTime: {"agent_talk_time", ColumnAgentTalkTime},
	OrderByTalkTime:      {"talk_time", ColumnTalkTime},
	OrderByRingTime:      {"ring_time", ColumnRingTime},
}

// Absent stands for a missing value, so that it comes last in the order's own direction and a row comparison finds
// what lies behind it. No duration comes near either.
func (o Order) Absent() int64 {
	if o.Direction == Descending {
		return -1
	}
	return math.MaxInt32
}

// SortValue is the value of a contact in the order, the stand-in where it has none.
func (o Order) SortValue(c *Contact) int64 {
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
		return o.Absent()
	}
	return int64(*value)
}

// SortColumn is what must be read to know the value.
func (o Order) SortColumn() Columns { return sortColumns[o.Field].column }

// Valid says whether the order came through the schema.
func (o Order) Valid() bool {
	_, sortable := sortColumns[o.Field]
	return (sortable || o.Field == OrderByStartedAt) && (o.Direction == Ascending || o.Direction == Descending)
}

// SortColumnName is the name of that column.
func (o Order) SortColumnName() string { return sortColumns[o.Field].name }
