package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/months"
)

// Query says which contacts a statement is about: those that meet all conditions and start within one of the intervals.
type Query struct {
	// Conditions come with the one first that leaves the fewest rows: PostgreSQL finds the rows of a page by the first, and
	// checks the others on the way.
	Conditions []Condition
	// Intervals come earliest first and are disjoint.
	Intervals []calendar.Interval
}

// Scan is an order in the direction in which a page is filled, from behind a row on.
type Scan struct {
	Order      contact.Order
	Descending bool
	Limit      int
	After      *Position
}

// Position is where a row lies in an order.
type Position struct {
	StartedAt time.Time
	Value     int64
	ID        int64
}

// Statement is SQL with the values of its parameters.
type Statement struct {
	SQL       string
	Arguments []any
}

// Page is the statement of a page.
func (q Query) Page(scan Scan, columns contact.Columns) Statement {
	r := q.reading()
	r.scan = &scan
	return r.written(r.pageSQL(columns))
}

// Rows is the statement of all rows in an order.
func (q Query) Rows(order contact.Order, columns contact.Columns) Statement {
	r := q.reading()
	r.scan = &Scan{Order: order, Descending: order.Direction == contact.Descending}
	return r.written(r.rowsSQL(columns))
}

// Count is the statement of the number of rows.
func (q Query) Count() Statement {
	r := q.reading()
	return r.written(r.countSQL())
}

// CountLines is the statement of the number of lines of the detailed file.
func (q Query) CountLines() Statement {
	r := q.reading()
	return r.written(linesSkeleton.fill(map[string]string{
		"months": inPeriodSQL(r.intervals, "s.contact_started_at"), "matching": r.matchingSQL(contact.ColumnType),
	}))
}

// Records is the statement of the records that the rows point at.
func (q Query) Records() Statement {
	r := q.reading()
	return r.written(recordsSkeleton.fill(map[string]string{"matching": r.matchingSQL(contact.ColumnRecord)}))
}

// Identities is the statement of the starts of contacts by our own numbers.
func Identities(ids []int64) Statement {
	var s statement
	return s.written("SELECT i.contact_id, i.started_at\nFROM contact_identities i WHERE i.contact_id = ANY (" + s.bind(ids) + "::bigint[])")
}

// ContactsByExternalID is the statement of our own numbers of the contacts with some external ids, in their order, 0 for
// one that is none.
func ContactsByExternalID(ids []string) Statement {
	return numbersOf("contact_identities", "contact_id", ids)
}

// RecordsByExternalID is ContactsByExternalID for records.
func RecordsByExternalID(ids []string) Statement { return numbersOf("records", "id", ids) }

func numbersOf(table, number string, ids []string) Statement {
	var s statement
	return s.written(fmt.Sprintf("SELECT coalesce(t.%s, 0) FROM unnest(%s::text[]) WITH ORDINALITY n (external_id, o)\n"+
		"LEFT JOIN %s t USING (external_id) ORDER BY n.o", number, s.bind(ids), table))
}

// Contacts is the statement of the contacts with some keys that meet conditions.
func Contacts(keys []contact.Key, conditions []Condition, columns contact.Columns) Statement {
	var s statement
	starts, ids := split(keys)
	from := s.keysSQL(starts, ids)
	where := append([]string{months.InSQL("c.started_at", starts)}, conditionsSQL(&s, conditions)...)
	return s.written("SELECT " + selectListSQL(columns) +
		"\nFROM " + from + " JOIN contacts c ON (c.started_at, c.id) = (k.started_at, k.id)" +
		"\nWHERE " + strings.Join(where, " AND "))
}

// Asked is a conversation that is looked for, and when its contacts may have started.
type Asked struct {
	ConversationID string
	calendar.Interval
}

// Conversations is the statement of the contacts of some conversations that meet conditions: of each at most so many, the
// earliest first.
func Conversations(asked []Asked, conditions []Condition, limit int, columns contact.Columns) Statement {
	var s statement
	names, starts, ends := make([]string, len(asked)), make([]time.Time, len(asked)), make([]time.Time, len(asked))
	var read []time.Time
	for i, one := range asked {
		names[i], starts[i], ends[i] = one.ConversationID, one.Start, one.End
		for _, month := range one.Months() {
			read = append(read, month.Start)
		}
	}
	from := "unnest(" + s.bind(names) + "::text[], " + s.bind(starts) + "::timestamptz[], " + s.bind(ends) + "::timestamptz[]) k (name, a, b)"
	where := append([]string{
		"c.conversation_id = k.name", "c.started_at >= k.a", "c.started_at < k.b", months.InSQL("c.started_at", read),
	}, conditionsSQL(&s, conditions)...)
	return s.written("SELECT " + selectListSQL(columns) + "\nFROM " + from + " CROSS JOIN LATERAL (\n" +
		"SELECT " + selectListSQL(columns) + " FROM contacts c\nWHERE " + strings.Join(where, " AND ") +
		fmt.Sprintf("\nORDER BY c.started_at, c.id\nLIMIT %d\n) c\nORDER BY c.started_at, c.id", limit))
}

// RecordMonths is the statement of the months in which contacts point at any of some records, or once did, the newest first.
// For a record that does not exist it gives those of the one before, so that looking for either takes the same.
func RecordMonths(ids []int64) Statement {
	return Statement{
		SQL: `SELECT DISTINCT m.month::timestamp AT TIME ZONE 'UTC' AS month FROM unnest($1::bigint[]) r (id)
CROSS JOIN LATERAL (SELECT max(n.record_id) AS id FROM record_months n WHERE n.record_id <= r.id) nearest
JOIN record_months m ON m.record_id = nearest.id ORDER BY month DESC`,
		Arguments: []any{ids},
	}
}

// ExistingRecords is the statement of those of some records that a contact of some months points at which meets a condition.
func ExistingRecords(ids []int64, condition Condition, some []time.Time) Statement {
	var s statement
	from := s.bind(ids)
	return s.written("SELECT r.id FROM unnest(" + from + "::bigint[]) r (id)\nWHERE EXISTS (" +
		"SELECT FROM contacts c WHERE c.record_id = r.id AND " + months.InSQL("c.started_at", some) + " AND " + condition.sql(&s) + ")")
}

func (q Query) reading() *reading {
	return &reading{statement: statement{intervals: q.Intervals}, conditions: q.Conditions}
}

func (s *statement) written(sql string) Statement { return Statement{SQL: sql, Arguments: s.arguments} }

// selectListSQL is a set of columns as a select list, in the order of its names.
func selectListSQL(columns contact.Columns) string {
	return "c." + strings.Join(columns.Names(), ", c.")
}
