package plan

import (
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/relay"
)

// Criterion is a column of contacts that rows are found by, and how PostgreSQL finds them.
type Criterion struct {
	column string
	// sqlType is the type of the column.
	sqlType string
	// index is what the rows are found in.
	index *index
	// tie is the kind of the things that the column points at, where ties (tied.go) are kept of them.
	tie relay.Kind
}

// The criteria. Each line says the column, its SQL type, its index (the rank, then the columns that it holds behind the
// column and the key), and the kind of thing whose ties are kept.
var (
	ContactID      = newCriterion("id", "bigint", identities, untied)
	TicketID       = newCriterion("ticket_id", "text", indexed(1), untied)
	RecordID       = newCriterion("record_id", "bigint", indexed(2), untied)
	SourceKey      = newCriterion("source_key", "text", indexed(5, "type", "status"), untied)
	DestinationKey = newCriterion("destination_key", "text", indexed(6, "type", "status"), untied)
	SiteCallID     = newCriterion("site_call_id", "int", indexed(3), relay.SiteCallKind)
	AgentID        = newCriterion("agent_id", "int", indexed(4, "type", "status", "campaign_id"), relay.AgentKind)
	ClassifierID   = newCriterion("classifier_id", "int", indexed(7, "type", "status"), relay.ClassifierKind)
	QueueID        = newCriterion("queue_id", "int", indexed(8, "type", "status"), relay.QueueKind)
	CampaignID     = newCriterion("campaign_id", "int", indexed(9, "type", "status", "agent_id"), relay.CampaignKind)
	SourceAddress  = newCriterion("source_address", "text", indexed(10, "type", "status"), untied)
	Destination    = newCriterion("destination_address", "text", indexed(10, "type", "status"), untied)
	Outcome        = newCriterion("outcome", "contact_outcome", indexed(10, "type", "status"), untied)
	QueueTime      = newCriterion("queue_time", "int", byValue(), untied)
	TimeToAnswer   = newCriterion("time_to_answer", "int", byValue(), untied)
	LostAfter      = newCriterion("lost_after", "int", byValue(), untied)
	AgentTalkTime  = newCriterion("agent_talk_time", "int", byValue(), untied)
	Type           = newCriterion("type", "contact_type", kindIndex, untied)
	Status         = newCriterion("status", "contact_status", kindIndex, untied)
)

// The criteria on what is worked out when it is read. The lost have an index of their own, repeats are found by their start.
var (
	Recovery = &Criterion{column: "recovery", index: &index{rank: 10}}
	Repeat   = &Criterion{column: "repeat", index: startIndex}
)

// summaryIndexSQL is what all contacts meet and the index contacts_summary names: without it PostgreSQL does not take that
// index, which would tempt it away from one of a page's own criterion.
const summaryIndexSQL = "c.id > 0"

// summaryColumns are those in the index beside the key.
var summaryColumns = []string{
	"type", "status", "outcome", "campaign_id", "agent_id", "queue_id", "classifier_id", "hangup_party", "ivr_time", "ring_time",
	"agent_talk_time", "queue_time", "time_to_answer", "lost_after", "client",
}

// Criteria are all those of columns.
var Criteria []*Criterion

const untied relay.Kind = ""

func newCriterion(column, sqlType string, in *index, tie relay.Kind) *Criterion {
	if column == "" || sqlType == "" || in == nil {
		panic("plan: a criterion without its column, type or index: " + column)
	}
	one := &Criterion{column: column, sqlType: sqlType, index: in, tie: tie}
	Criteria = append(Criteria, one)
	return one
}

// ofEnum says that the column is of an enumeration of ours.
func (c *Criterion) ofEnum() bool { return strings.HasPrefix(c.sqlType, "contact_") }

// index is what an index holds behind the column it begins with, the key apart.
type index struct {
	// columns can be checked without a look at the row.
	columns []string
	// rank tells criteria of many rows apart: the lower one is tried. It goes by the rows of the most frequent value.
	rank int
	// byValue says that it is in the order of the values, not of the start.
	byValue bool
}

func indexed(rank int, columns ...string) *index { return &index{rank: rank, columns: columns} }

func byValue() *index { return &index{byValue: true} }

// The indexes that are not those of one column.
var (
	// identities are the starts of contacts by their numbers: rows lie by their start, so a number alone finds none.
	identities = &index{}
	// eitherIndex stands for those of two criteria of which one must hold.
	eitherIndex = &index{rank: 10}
	// kindIndex is the index by the type and the status.
	kindIndex = &index{rank: 11}
	// startIndex is the index by the start alone.
	startIndex = &index{columns: []string{"type", "status", "campaign_id", "agent_id"}}
)

// either is what a condition of two criteria is of.
var either = &Criterion{index: eitherIndex}

func (i *index) has(one Condition) bool { return slices.Contains(i.columns, one.column) }

// String is the column.
func (c *Criterion) String() string { return c.column }
