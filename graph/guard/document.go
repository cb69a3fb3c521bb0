package guard

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/kontakty/kontakty/internal/fault"
)

// documentLimits refuses a document before gqlgen parses it: validation takes time that grows with the square of repeated
// fields, and a document with nested fragments can stand for one that is exponentially longer.
type documentLimits struct {
	*Guard
	// accepted are documents that were checked before.
	accepted graphql.Cache[struct{}]
}

// ExtensionName names the check to gqlgen.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document that exceeds the limits, and text that PostgreSQL could not hold but in contacts
// that are recorded. Nothing is changed. Errors: LIMIT_EXCEEDED, INVALID_TEXT, RATE_LIMITED.
func (d documentLimits) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if path, found := pathOfNUL(params.Variables); found && !MendsTexts(params.Query) {
		return gqlerror.Wrap(fault.New(fault.TextMalformed, path))
	}
	if _, accepted := d.accepted.Get(ctx, params.Query); accepted {
		return nil
	}
	// A sender of many documents that were refused waits before another one is checked.
	if err := d.config.Limiter.Check(d.config.Principal(ctx), d.refusalCost()); err != nil {
		return gqlerror.Wrap(err)
	}
	if err := checkDocument(params.Query, d.config.Limits); err != nil {
		return gqlerror.Wrap(err)
	}
	d.accepted.Add(ctx, params.Query, struct{}{})
	return nil
}

// checkDocument refuses a document that exceeds the limits. One that is not well-formed passes: the parser says where.
func checkDocument(document string, limits Limits) error {
	if len(document) > limits.DocumentBytes {
		return fault.New(fault.DocumentTooLarge, "query", limits.DocumentBytes)
	}
	if HasLoneSurrogate([]byte(document)) {
		return fault.New(fault.TextMalformed, "query")
	}
	if countTokens(document, limits.Tokens) > limits.Tokens {
		return tooComplex(limits.Tokens, "tokens")
	}
	parsed, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return nil
	}
	return newDocumentSize(parsed, limits).check()
}

// MendsTexts says whether a document does nothing but record contacts: what is no character in their texts is mended, while
// everything else refuses it.
func MendsTexts(document string) bool {
	if len(document) > DefaultLimits.DocumentBytes || countTokens(document, DefaultLimits.Tokens) > DefaultLimits.Tokens {
		return false
	}
	parsed, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil || len(parsed.Operations) != 1 || parsed.Operations[0].Operation != ast.Mutation {
		return false
	}
	return !slices.ContainsFunc(parsed.Operations[0].SelectionSet, func(selection ast.Selection) bool {
		field, isField := selection.(*ast.Field)
		return !isField || field.Name != recordContacts
	})
}

// countTokens counts the tokens of a document up to the first that is none, and never more than one beyond the maximum.
func countTokens(document string, maxTokens int) int {
	source := lexer.New(&ast.Source{Input: document})
	for count := 0; ; count++ {
		token, err := source.ReadToken()
		if err != nil || token.Kind == lexer.EOF || count > maxTokens {
			return count
		}
	}
}

func tooComplex(limit int, what string) error {
	return fault.New(fault.DocumentTooComplex, "query", limit, what)
}
