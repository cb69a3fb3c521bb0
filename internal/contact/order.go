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
	OrderByQueueTime     OrderField = "QUEUE_TIME"
	OrderByTimeToAnswer  OrderField = "TIME_TO_ANSWER"
	OrderByLostAfter     OrderField = "LOST_AFTER"
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

// durations are the orders by a duration: its column and its value.
var durations = map[OrderField]struct {
	column Columns
	value  func(*Contact) *int
}{
	OrderByAgentTalkTime: {ColumnAgentTalkTime, func(c *Contact) *int { return c.AgentTalkTime }},
	OrderByTalkTime:      {ColumnTalkTime, func(c *Contact) *int { return c.TalkTime }},
	OrderByRingTime:      {ColumnRingTime, func(c *Contact) *int { return c.RingTime }},
	OrderByQueueTime:     {ColumnQueueTime, func(c *Contact) *int { return c.QueueTime }},
	OrderByTimeToAnswer:  {ColumnTimeToAnswer, func(c *Contact) *int { return c.TimeToAnswer }},
	OrderByLostAfter:     {ColumnLostAfter, func(c *Contact) *int { return c.LostAfter }},
}

// Absent stands for a missing value, so that it comes last in the order's own direction and a row comparison finds
// what lies behind it. No duration comes near either.
func (o Order) Absent() int64 {
	if o.Direction == Descending {
		return -1
	}
	return math.MaxInt32
}

// SortValue is the value of a contact in the order: its duration, or Absent where it has none, or the microseconds of
// its start.
func (o Order) SortValue(c *Contact) int64 {
	duration, found := durations[o.Field]
	if !found {
		return c.StartedAt.UnixMicro()
	}
	if value := duration.value(c); value != nil {
		return int64(*value)
	}
	return o.Absent()
}

// SortColumn is what must be read to know the value beside the start, none for the order by time.
func (o Order) SortColumn() Columns { return durations[o.Field].column }

// Valid says whether the order came through the schema.
func (o Order) Valid() bool {
	_, byDuration := durations[o.Field]
	return (byDuration || o.Field == OrderByStartedAt) && (o.Direction == Ascending || o.Direction == Descending)
}

// SortColumnName is the name of the column that is sorted by.
func (o Order) SortColumnName() string {
	if o.Field == OrderByStartedAt {
		return "started_at"
	}
	names := o.SortColumn().Names()
	return names[len(names)-1]
}
