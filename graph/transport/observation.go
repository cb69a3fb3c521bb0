package transport

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
)

// Observation is how an operation was answered, in words of the schema alone.
type Observation struct {
	// Operation is the field of Query, Mutation or Subscription that was asked for, Several or Other.
	Operation string
	// Code is the gravest of the answer's errors, "" without any.
	Code fault.Code
	// Took is how long it took until the answer was there, or until a subscription ended.
	Took time.Duration
	// Subscription lasts as long as its client likes.
	Subscription bool
}

// The operations that are not called by one field.
const (
	// Several asks for different fields.
	Several = "several"
	// Other was refused before it was known what it asks for.
	Other = "other"
)

// gravest are the codes that tell of something wrong with the service, the worst first. All others are of equal weight.
var gravest = []fault.Code{fault.Internal, fault.Unavailable, fault.Timeout}

// begun tells whoever watches of an operation that is about to be executed, and gives the context for it.
func (o operations) begun(ctx context.Context, operation *graphql.OperationContext) context.Context {
	if o.begin == nil {
		return ctx
	}
	return o.begin(ctx, fieldOf(operation.Operation.SelectionSet, ""), string(operation.Operation.Operation))
}

// observed tells whoever watches how an operation was answered, which is nil where it was refused unread.
func (o operations) observed(ctx context.Context, operation *graphql.OperationContext, begun time.Time, errs gqlerror.List) {
	if o.observe == nil {
		return
	}
	seen := Observation{Operation: Other, Code: gravestOf(errs), Took: time.Since(begun)}
	if operation != nil {
		seen.Operation = fieldOf(operation.Operation.SelectionSet, "")
		seen.Subscription = operation.Operation.Operation == ast.Subscription
	}
	o.observe(ctx, seen)
}

// fieldOf is the one field that selections ask for, beside one found before.
func fieldOf(selections ast.SelectionSet, found string) string {
	for _, selection := range selections {
		name := ""
		switch selection := selection.(type) {
		case *ast.Field:
			name = selection.Name
		case *ast.InlineFragment:
			name = fieldOf(selection.SelectionSet, found)
		case *ast.FragmentSpread:
			name = fieldOf(selection.Definition.SelectionSet, found)
		}
		if found != "" && name != found {
			return Several
		}
		found = name
	}
	return found
}

// gravestOf is the code of the gravest error, "" without any.
func gravestOf(errs gqlerror.List) fault.Code {
	var first fault.Code
	weight := len(gravest) + 1
	for _, err := range errs {
		code, _ := err.Extensions["code"].(string)
		of := len(gravest)
		for i, one := range gravest {
			if string(one) == code {
				of = i
			}
		}
		if of < weight {
			first, weight = fault.Code(code), of
		}
	}
	return first
}
