package guard

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// Cost is what an operation was charged, in units: one for each value that its answer may hold, more for what makes the
// database work.
type Cost struct {
	// Requested is what the operation was charged; Remaining is what is left in the bucket of its sender.
	Requested int `json:"requested"`
	Remaining int `json:"remaining"`
}

// costExtension names the cost among the statistics of an operation.
const costExtension = "cost"

// CostOf is what an operation was charged, nil for one that was not.
func CostOf(operation *graphql.OperationContext) *Cost {
	if cost, charged := operation.Stats.GetExtension(costExtension).(Cost); charged {
		return &cost
	}
	return nil
}

// weights are what fields cost beside their own value: a statement, a count of millions, a walk through the schema.
var weights = map[string]int{
	"Query.contacts": 20, "Query.exportPreview": 2_000, "Query.__schema": 5_000, "Query.__type": 100,
	"Agent.contacts": 40, "AgentGroup.contacts": 40, "Campaign.contacts": 40, "Queue.contacts": 40,
	"Classifier.contacts": 40, "SiteCall.contacts": 40, "Record.contacts": 40,
	"ContactConnection.totalCount": 500, "Contact.details": 10, "Contact.conversation": 10,
	"Mutation.exportContacts": 2_000, "Mutation.recordContacts": 500,
}

// lengths are how many elements lists hold that are no pages, as a rule.
var lengths = map[string]int{
	"Contact.ivrSteps": 4, "Contact.conversation": 5, "ChatInfo.messages": 10, "EmailInfo.attachments": 2, "Query.nodes": MaxNodes,
	"RecordContactsPayload.contacts": MaxRecorded,
}

// costLimit charges the sender of an operation with its cost before it is executed, and refuses one that costs too much.
type costLimit struct{ *Guard }

// ExtensionName names the check to gqlgen.
func (costLimit) ExtensionName() string { return "CostLimit" }

// Validate accepts every schema.
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext charges. Errors: LIMIT_EXCEEDED, RATE_LIMITED, FORBIDDEN for the schema where it is not shown.
func (c costLimit) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = false
	units, introspects := costOf(operation)
	principal := c.config.Principal(ctx)
	switch {
	case introspects && !c.config.Introspection:
		return gqlerror.Wrap(fault.New(fault.IntrospectionOff, "query"))
	case units > c.config.Limits.Cost:
		return gqlerror.Wrap(fault.New(fault.OperationTooCostly, "query", units, c.config.Limits.Cost))
	}
	if err := c.config.Limiter.Charge(principal, units); err != nil {
		return gqlerror.Wrap(err)
	}
	operation.Stats.SetExtension(costExtension, Cost{Requested: units, Remaining: c.config.Limiter.Remaining(principal)})
	return nil
}

// costOf is what an operation costs by the sizes of the pages that it asks for, and whether it asks for the schema.
func costOf(operation *graphql.OperationContext) (units int, introspects bool) {
	c := operationCost{operation: operation, fragments: map[fragmentPage]int{}}
	units = max(1, c.selections(operation.Operation.SelectionSet, 1))
	return units, c.introspects
}

// operationCost adds the cost of one operation up, entering each fragment once for every size of page that spreads it.
type operationCost struct {
	operation   *graphql.OperationContext
	fragments   map[fragmentPage]int
	introspects bool
}

type fragmentPage struct {
	name string
	rows int
}

// selections is the cost of a selection set; rows are those of the page that it belongs to.
func (c *operationCost) selections(set ast.SelectionSet, rows int) int {
	total := 0
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if c.included(selection.Directives) {
				total = sum(total, c.field(selection, rows))
			}
		case *ast.InlineFragment:
			if c.included(selection.Directives) {
				total = sum(total, c.selections(selection.SelectionSet, rows))
			}
		case *ast.FragmentSpread:
			if c.included(selection.Directives) {
				total = sum(total, c.fragment(selection, rows))
			}
		}
	}
	return total
}

func (c *operationCost) fragment(spread *ast.FragmentSpread, rows int) int {
	page := fragmentPage{spread.Name, rows}
	if known, found := c.fragments[page]; found {
		return known
	}
	c.fragments[page] = 0 // validation refuses fragments that contain themselves
	c.fragments[page] = c.selections(spread.Definition.SelectionSet, rows)
	return c.fragments[page]
}

func (c *operationCost) field(field *ast.Field, rows int) int {
	if field.Definition == nil || field.ObjectDefinition == nil {
		return 1 // __typename
	}
	c.introspects = c.introspects || field.Name == "__schema" || field.Name == "__type"
	name := field.ObjectDefinition.Name + "." + field.Name
	own := sum(1, weights[name])
	switch {
	case strings.HasSuffix(field.Definition.Type.Name(), "Connection"):
		return sum(own, c.selections(field.SelectionSet, c.pageSize(field)))
	case field.Name == "nodes" || field.Name == "edges":
		return sum(own, product(max(rows, lengths[name]), c.selections(field.SelectionSet, 1)))
	default:
		return sum(own, product(max(1, lengths[name]), c.selections(field.SelectionSet, 1)))
	}
}

// pageSize is how many rows a field asks for; a size out of range is refused where the page is read.
func (c *operationCost) pageSize(field *ast.Field) int {
	arguments := field.ArgumentMap(c.operation.Variables)
	for _, name := range []string{"first", "last"} {
		if size, given := wholeNumber(arguments[name]); given {
			return min(max(size, 0), relay.MaxPageSize)
		}
	}
	return relay.PageSize
}

// included says whether @skip and @include leave a selection in.
func (c *operationCost) included(directives ast.DirectiveList) bool {
	condition := func(name string, absent bool) bool {
		directive := directives.ForName(name)
		if directive == nil {
			return absent
		}
		value, isBool := directive.ArgumentMap(c.operation.Variables)["if"].(bool)
		return !isBool && absent || isBool && value
	}
	return !condition("skip", false) && condition("include", true)
}

// wholeNumber reads a number as gqlparser and the decoder of bodies give it.
func wholeNumber(value any) (int, bool) {
	switch value := value.(type) {
	case int:
		return value, true
	case int64:
		return int(value), true
	case json.Number:
		n, err := value.Int64()
		return int(n), err == nil
	default:
		return 0, false
	}
}
