package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
)

// statement is SQL under construction: values are parameters, names are constants of this package.
type statement struct {
	arguments []any
	// instants are the parameters of those that are bound.
	instants map[int64]string
	// intervals are those in which the contacts start that are read; none where they are read by their keys.
	intervals []calendar.Interval
}

// bind makes a parameter of a value.
func (s *statement) bind(value any) string {
	s.arguments = append(s.arguments, value)
	return fmt.Sprintf("$%d", len(s.arguments))
}

// bindInstant makes one parameter of an instant however often it is needed.
func (s *statement) bindInstant(at time.Time) string {
	if parameter, found := s.instants[at.UnixMicro()]; found {
		return parameter
	}
	if s.instants == nil {
		s.instants = map[int64]string{}
	}
	parameter := s.bind(at)
	s.instants[at.UnixMicro()] = parameter
	return parameter
}

// Condition is one condition on the rows of contacts: a column that holds one of several values.
type Condition struct {
	*Criterion

	// values are a slice of numbers or strings; count is its length.
	values any
	count  int
	// single is the only value where there is just one.
	single any
	// orNull lets rows through that have no value, too.
	orNull bool
	// between are the bounds of a duration; values says nothing then.
	between *contact.DurationRange
	// computed is what is worked out when it is read; the fields above say nothing then.
	computed computed
	// either are the conditions of which one must hold; the fields above say nothing then.
	either []Condition
	// hidden is of a condition on further addresses (see addressed.go): those of hidden recipients count, too.
	hidden bool
}

// In is the condition that a column holds one of some values.
func In[T int64 | string](criterion *Criterion, values contact.Set[T]) Condition {
	one := Condition{Criterion: criterion, values: []T(values), count: len(values)}
	if len(values) == 1 {
		one.single = values[0]
	}
	return one
}

// InOrNull is the condition that a column holds one of some values or none at all.
func InOrNull(criterion *Criterion, values contact.Set[int64]) Condition {
	return Condition{Criterion: criterion, values: []int64(values), count: len(values), orNull: true}
}

// Between is the condition that a duration lies within bounds.
func Between(criterion *Criterion, bounds contact.DurationRange) Condition {
	return Condition{Criterion: criterion, between: &bounds, count: 1}
}

// Either is the condition that one of two must hold.
func Either(one, other Condition) Condition {
	return Condition{Criterion: either, either: []Condition{one, other}}
}

// Impossible says that no row can meet the conditions, so that none need be looked for.
func Impossible(conditions []Condition) bool {
	for _, one := range conditions {
		if one.count == 0 && !one.orNull && one.either == nil {
			return true
		}
	}
	return false
}

// sql is the condition as SQL.
func (k Condition) sql(s *statement) string {
	if k.either != nil {
		return "(" + strings.Join(conditionsSQL(s, k.either), " OR ") + ")"
	}
	if k.isFurther() {
		return k.furtherSQL(s)
	}
	if k.computed != nil {
		return k.computed.sql(s)
	}
	column := "c." + k.column
	if k.between != nil {
		return k.betweenSQL(s)
	}
	if k.byNumber() {
		return "(c.started_at, c.id) IN (SELECT i.started_at, i.contact_id FROM contact_identities i WHERE i.contact_id = ANY (" +
			k.castListSQL(s.bind(k.values)) + "))"
	}
	if k.orNull && k.count == 0 {
		return column + " IS NULL"
	}
	if k.single != nil {
		return column + " = " + k.castSQL(s.bind(k.single))
	}
	listed := column + " = ANY (" + k.castListSQL(s.bind(k.values)) + ")"
	if k.orNull {
		return "(" + listed + " OR " + column + " IS NULL)"
	}
	return listed
}

func (k Condition) betweenSQL(s *statement) string {
	var bounds []string
	if k.between.AtLeast != nil {
		bounds = append(bounds, "c."+k.column+" >= "+k.castSQL(s.bind(*k.between.AtLeast)))
	}
	if k.between.AtMost != nil {
		bounds = append(bounds, "c."+k.column+" <= "+k.castSQL(s.bind(*k.between.AtMost)))
	}
	return "(" + strings.Join(bounds, " AND ") + ")"
}

// fewValues are compared one after the other as fast as they are looked up.
const fewValues = 8

// inHashedSQL is the condition for rows that no index finds: many values are hashed once, rather than compared with every row
// one after the other, which is all that PostgreSQL does with a list that is a parameter.
func (k Condition) inHashedSQL(s *statement) string {
	if k.count <= fewValues || k.byNumber() {
		return k.sql(s)
	}
	found := fmt.Sprintf("c.%s IN (SELECT unnest(%s))", k.column, k.castListSQL(s.bind(k.values)))
	if k.orNull {
		found += fmt.Sprintf(" OR c.%s IS NULL", k.column)
	}
	return "(" + found + ") IS TRUE" // or it would become a join, which forgets the order of the rows
}

// negatedSQL is the SQL of rows that do not meet the criterion.
func (k Condition) negatedSQL(s *statement) string {
	return "(" + k.sql(s) + ") IS NOT TRUE"
}

// byNumber tells the criterion on the contacts themselves. Their rows lie by their start, so a number alone finds none.
func (k Condition) byNumber() bool { return k.Criterion == ContactID }

// ofKind tells the criteria on the type and the status, which have one index together.
func (k Condition) ofKind() bool { return k.index == kindIndex }

// castSQL gives a parameter the column's type. An enum's parameter is text first: the driver knows nothing of our enums.
func (k Condition) castSQL(parameter string) string {
	if k.ofEnum() {
		return parameter + "::text::" + k.sqlType
	}
	return parameter + "::" + k.sqlType
}

func (k Condition) castListSQL(parameter string) string {
	if k.ofEnum() {
		return parameter + "::text[]::" + k.sqlType + "[]"
	}
	return parameter + "::" + k.sqlType + "[]"
}

func conditionsSQL(s *statement, all []Condition) []string {
	written := make([]string, len(all))
	for i, one := range all {
		written[i] = one.sql(s)
	}
	return written
}
