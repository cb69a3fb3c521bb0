package graph

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// charge works out what an operation may cost before it is executed, refuses what costs too much at once, and takes the
// rest from the bucket of who asks. A unit is one value of an answer; what makes the database work weighs more.
type charge struct {
	most          int
	limiter       *access.Limiter
	introspection bool
}

// costExtension is where an answer shows its cost, in the statistics of its operation and in its extensions.
const costExtension = "cost"

// Cost is what an operation was charged.
type Cost struct {
	// Requested is how many units it took, Remaining how many its sender has left now.
	Requested int `json:"requested"`
	Remaining int `json:"remaining"`
}

// weights are what fields cost beyond their own value: a statement, a count of millions, a walk through the schema.
var weights = map[string]int{
	"Query.contacts": 20, "Query.exportPreview": 2_000, "Query.__schema": 5_000, "Query.__type": 100,
	"Agent.contacts": 40, "AgentGroup.contacts": 40, "Campaign.contacts": 40, "Queue.contacts": 40,
	"Classifier.contacts": 40, "SiteCall.contacts": 40, "Record.contacts": 40,
	"ContactConnection.totalCount": 500, "Contact.details": 10,
	"Mutation.exportContacts": 2_000, "Mutation.recordContacts": 500,
}

// refusalUnits are what a document costs that is refused before it is executed: more than most that are answered, for
// looking at it may take as long, and nobody needs many. A full bucket pays for fifty at least.
func refusalUnits(limiter *access.Limiter) int { return min(2_000, max(1, limiter.Burst()/50)) }

// chargeRefusal takes from whoever sent an operation what its refusal took; nothing where he has that little left.
func chargeRefusal(ctx context.Context, errs gqlerror.List) {
	switch fault.CodeOf(errs[0]) {
	case fault.RateLimited, fault.Unauthenticated:
	default:
		request := requestOf(ctx)
		_ = request.limiter.Charge(request.actor.String(), refusalUnits(request.limiter)) // the refusal stays the same
	}
}

// lengths are how many elements lists have that are no pages, as a rule.
var lengths = map[string]int{
	"Contact.ivrSteps": 4, "ChatInfo.messages": 10, "EmailInfo.attachments": 2, "Query.nodes": mostNodes,
	"RecordContactsPayload.contacts": mostRecorded,
}

// ExtensionName names the charge to gqlgen.
func (charge) ExtensionName() string { return "Charge" }

// Validate accepts every schema.
func (charge) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext charges. Errors: LIMIT_EXCEEDED, RATE_LIMITED, FORBIDDEN for the schema where it is not shown.
func (c charge) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = false
	b := bill{operation: operation, fragments: map[fragmentPage]int{}}
	units := max(1, b.selections(operation.Operation.SelectionSet, 1))
	who := actorOf(ctx).String()
	switch {
	case b.introspects && !c.introspection:
		return gqlerror.Wrap(fault.New(fault.IntrospectionOff, "query"))
	case units > c.most:
		return gqlerror.Wrap(fault.New(fault.OperationTooCostly, "query", units, c.most))
	}
	if err := c.limiter.Charge(who, units); err != nil {
		return gqlerror.Wrap(err)
	}
	operation.Stats.SetExtension(costExtension, Cost{Requested: units, Remaining: c.limiter.Remaining(who)})
	return nil
}

// bill adds up the cost of one operation, each fragment once for every size of page it is spread in.
type bill struct {
	operation   *graphql.OperationContext
	fragments   map[fragmentPage]int
	introspects bool
}

type fragmentPage struct {
	name string
	rows int
}

// selections is the cost of a selection set. Within a page, rows is how many its nodes and edges are.
func (b *bill) selections(set ast.SelectionSet, rows int) int {
	total := 0
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if b.included(selection.Directives) {
				total = sum(total, b.field(selection, rows))
			}
		case *ast.InlineFragment:
			if b.included(selection.Directives) {
				total = sum(total, b.selections(selection.SelectionSet, rows))
			}
		case *ast.FragmentSpread:
			if b.included(selection.Directives) {
				total = sum(total, b.fragment(selection, rows))
			}
		}
	}
	return total
}

func (b *bill) fragment(spread *ast.FragmentSpread, rows int) int {
	page := fragmentPage{spread.Name, rows}
	if known, found := b.fragments[page]; found {
		return known
	}
	b.fragments[page] = 0 // validation refuses fragments that contain themselves
	b.fragments[page] = b.selections(spread.Definition.SelectionSet, rows)
	return b.fragments[page]
}

func (b *bill) field(field *ast.Field, rows int) int {
	if field.Definition == nil || field.ObjectDefinition == nil {
		return 1 // __typename
	}
	b.introspects = b.introspects || field.Name == "__schema" || field.Name == "__type"
	name := field.ObjectDefinition.Name + "." + field.Name
	own := sum(1, weights[name])
	switch {
	case strings.HasSuffix(field.Definition.Type.Name(), "Connection"):
		return sum(own, b.selections(field.SelectionSet, b.pageSize(field)))
	case field.Name == "nodes" || field.Name == "edges":
		return sum(own, product(max(rows, lengths[name]), b.selections(field.SelectionSet, 1)))
	default:
		return sum(own, product(max(1, lengths[name]), b.selections(field.SelectionSet, 1)))
	}
}

// pageSize is how many rows a field asks for. What is no size is refused where pages are read.
func (b *bill) pageSize(field *ast.Field) int {
	arguments := field.ArgumentMap(b.operation.Variables)
	for _, name := range []string{"first", "last"} {
		if size, given := whole(arguments[name]); given {
			return min(max(size, 0), relay.MaxPageSize)
		}
	}
	return relay.PageSize
}

func (b *bill) included(directives ast.DirectiveList) bool {
	condition := func(name string, otherwise bool) bool {
		directive := directives.ForName(name)
		if directive == nil {
			return otherwise
		}
		value, isBool := directive.ArgumentMap(b.operation.Variables)["if"].(bool)
		return !isBool && otherwise || isBool && value
	}
	return !condition("skip", false) && condition("include", true)
}

// whole reads a number as gqlparser and our own decoder give it.
func whole(value any) (int, bool) {
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

func product(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a > enough/b {
		return enough
	}
	return a * b
}

// answerOf is what an operation answered, with what it cost.
func answerOf(operation *graphql.OperationContext, response *graphql.Response) answer {
	answered := answer{Errors: response.Errors, Data: response.Data}
	if cost, charged := operation.Stats.GetExtension(costExtension).(Cost); charged {
		answered.Cost = &cost
	}
	return answered
}
