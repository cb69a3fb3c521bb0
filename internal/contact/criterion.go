package contact

import (
	"fmt"
	"strings"
	"time"
)

// statement is SQL under construction: values are parameters, names are constants of this package.
type statement struct {
	arguments []any
	known     map[int64]string
}

// bind makes a parameter of a value.
func (s *statement) bind(value any) string {
	s.arguments = append(s.arguments, value)
	return fmt.Sprintf("$%d", len(s.arguments))
}

// bindInstant makes one parameter of an instant however often it is needed.
func (s *statement) bindInstant(at time.Time) string {
	if parameter, found := s.known[at.UnixMicro()]; found {
		return parameter
	}
	if s.known == nil {
		s.known = map[int64]string{}
	}
	parameter := s.bind(at)
	s.known[at.UnixMicro()] = parameter
	return parameter
}

// criterion is one condition on the rows of contacts: a column that holds one of several values.
type criterion struct {
	column string
	// sqlType is the type of the column.
	sqlType string
	// values are a slice of numbers or strings; count is its length.
	values any
	count  int
	// single is the only value where there is just one.
	single any
	// orNull lets rows through that have no value, too.
	orNull bool
	// either are two criteria of which one must hold; the fields above are empty then.
	either []criterion
}

// criteria are the conditions of a filter, the one that leaves the fewest rows first: PostgreSQL finds the rows of a
// page by the first, and checks the others on the way.
func (c Criteria) criteria() []criterion {
	var all []criterion
	all = appendCriterion(all, "id", "bigint", c.contacts)
	all = appendCriterion(all, "ticket_id", "text", c.tickets)
	all = appendCriterion(all, "record_id", "bigint", c.records)
	all = appendCriterion(all, "source_key", "text", c.sources)
	all = appendCriterion(all, "destination_key", "text", c.destinations)
	all = appendCriterion(all, "site_call_id", "int", c.siteCalls)
	all = appendCriterion(all, "agent_id", "int", c.agents)
	all = appendCriterion(all, "classifier_id", "int", c.classifiers)
	all = appendCriterion(all, "queue_id", "int", c.queues)
	if c.outsideCampaign {
		all = append(all, criterion{column: "campaign_id", sqlType: "int", values: []int64(c.campaigns), count: len(c.campaigns), orNull: true})
	} else {
		all = appendCriterion(all, "campaign_id", "int", c.campaigns)
	}
	if c.either != nil {
		all = append(all, c.either.criteria()...)
	}
	all = appendCriterion(all, "type", "contact_type", texts(c.types))
	all = appendCriterion(all, "status", "contact_status", texts(c.statuses))
	return all
}

func appendCriterion[T int64 | string](all []criterion, column, sqlType string, values set[T]) []criterion {
	if values == nil {
		return all
	}
	one := criterion{column: column, sqlType: sqlType, values: []T(values), count: len(values)}
	if len(values) == 1 {
		one.single = values[0]
	}
	return append(all, one)
}

func texts[T ~string](values set[T]) set[string] {
	if values == nil {
		return nil
	}
	plain := make(set[string], len(values))
	for i, value := range values {
		plain[i] = string(value)
	}
	return plain
}

// nothing says that no row can meet the criteria, so that none need be looked for.
func (c Criteria) nothing() bool {
	for _, one := range c.criteria() {
		if one.count == 0 && !one.orNull && one.either == nil {
			return true
		}
	}
	return false
}

// condition is the criterion as SQL.
func (k criterion) condition(s *statement) string {
	if k.either != nil {
		return "(" + strings.Join(conditions(s, k.either), " OR ") + ")"
	}
	column := "c." + k.column
	if k.byNumber() {
		return "(c.started_at, c.id) IN (SELECT i.started_at, i.contact_id FROM contact_identities i WHERE i.contact_id = ANY (" +
			k.castList(s.bind(k.values)) + "))"
	}
	if k.orNull && k.count == 0 {
		return column + " IS NULL"
	}
	if k.single != nil {
		return column + " = " + k.cast(s.bind(k.single))
	}
	listed := column + " = ANY (" + k.castList(s.bind(k.values)) + ")"
	if k.orNull {
		return "(" + listed + " OR " + column + " IS NULL)"
	}
	return listed
}

// fewValues are compared one after the other as fast as they are looked up.
const fewValues = 8

// hashed is the condition for rows that no index finds: many values are hashed once, rather than compared with every row
// one after the other, which is all that PostgreSQL does with a list that is a parameter.
func (k criterion) hashed(s *statement) string {
	if k.count <= fewValues || k.byNumber() {
		return k.condition(s)
	}
	found := fmt.Sprintf("c.%s IN (SELECT unnest(%s))", k.column, k.castList(s.bind(k.values)))
	if k.orNull {
		found += fmt.Sprintf(" OR c.%s IS NULL", k.column)
	}
	return "(" + found + ") IS TRUE" // or it would become a join, which forgets the order of the rows
}

// otherwise is the SQL of rows that do not meet the criterion.
func (k criterion) otherwise(s *statement) string {
	return "(" + k.condition(s) + ") IS NOT TRUE"
}

// byNumber tells the criterion on the contacts themselves. Their rows lie by their start, so a number alone finds none.
func (k criterion) byNumber() bool { return k.column == "id" }

// ofKind tells the criteria on the type and the status, which have one index together.
func (k criterion) ofKind() bool { return strings.HasPrefix(k.sqlType, "contact_") }

// cast gives a parameter the column's type. An enum's parameter is text first: the driver knows nothing of our enums.
func (k criterion) cast(parameter string) string {
	if k.ofKind() {
		return parameter + "::text::" + k.sqlType
	}
	return parameter + "::" + k.sqlType
}

func (k criterion) castList(parameter string) string {
	if k.ofKind() {
		return parameter + "::text[]::" + k.sqlType + "[]"
	}
	return parameter + "::" + k.sqlType + "[]"
}

func conditions(s *statement, all []criterion) []string {
	written := make([]string, len(all))
	for i, one := range all {
		written[i] = one.condition(s)
	}
	return written
}
