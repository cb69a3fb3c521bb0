package guard

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// singleField refuses a subscription that does not select exactly one field. gqlparser counts the names of fields, so that
// it misses one field under two aliases, and one that @skip leaves out.
type singleField struct{}

// ExtensionName names the check to gqlgen.
func (singleField) ExtensionName() string { return "SingleField" }

// Validate accepts every schema.
func (singleField) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses. Nothing is changed. Errors: GRAPHQL_VALIDATION_FAILED.
func (singleField) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	asked := operation.Operation
	if asked.Operation == ast.Subscription && len(graphql.CollectFields(operation, asked.SelectionSet, []string{"Subscription"})) != 1 {
		return invalid(nil, "a subscription selects exactly one field")
	}
	return nil
}
