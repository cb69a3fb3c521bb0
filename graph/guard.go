package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// guard refuses a document before gqlgen looks at it: validation takes time that grows with the square of repeated
// fields, and what is nested in fragments can be exponentially longer than it is written.
type guard struct {
	limits  Limits
	limiter *access.Limiter
	// passed are documents that need not be looked at again.
	passed graphql.Cache[struct{}]
}

func newGuard(limits Limits, limiter *access.Limiter) *guard {
	return &guard{limits: limits, limiter: limiter, passed: lru.New[struct{}](rememberedDocuments)}
}

// ExtensionName names the guard to gqlgen.
func (g *guard) ExtensionName() string { return "Guard" }

// Validate accepts every schema.
func (g *guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses what passes the limits, and text that PostgreSQL could not hold. Nothing is changed.
func (g *guard) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if name, found := withNUL(params.Variables); found {
		return gqlerror.Wrap(fault.New(fault.TextMalformed, name))
	}
	if _, passed := g.passed.Get(ctx, params.Query); passed {
		return nil
	}
	// Whoever has had many documents refused waits before another one of his is looked at.
	if err := g.limiter.Check(actorOf(ctx).String(), refusalUnits(g.limiter)); err != nil {
		return gqlerror.Wrap(err)
	}
	if err := g.check(params.Query); err != nil {
		return gqlerror.Wrap(err)
	}
	g.passed.Add(ctx, params.Query, struct{}{})
	return nil
}

func (g *guard) check(document string) error {
	if len(document) > g.limits.DocumentBytes {
		return fault.New(fault.DocumentTooLarge, "query", g.limits.DocumentBytes)
	}
	if loneSurrogate([]byte(document)) {
		return fault.New(fault.TextMalformed, "query")
	}
	if tokens(document, g.limits.Tokens) > g.limits.Tokens {
		return tooComplex(g.limits.Tokens, "tokens")
	}
	parsed, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return nil // the executor says it with line and column
	}
	return newMeasure(parsed, g.limits).check()
}

// tokens counts the tokens of a document, at most one more than so many. It stops where the document is no GraphQL.
func tokens(document string, most int) int {
	source := lexer.New(&ast.Source{Input: document})
	for count := 0; ; count++ {
		token, err := source.ReadToken()
		if err != nil || token.Kind == lexer.EOF || count > most {
			return count
		}
	}
}

func tooComplex(limit int, what string) error {
	return fault.New(fault.DocumentTooComplex, "query", limit, what)
}

// withNUL finds the path of a text with a NUL byte, which no text of PostgreSQL can hold.
func withNUL(value any) (path string, found bool) {
	switch value := value.(type) {
	case string:
		return "", strings.ContainsRune(value, 0)
	case []any:
		for i, element := range value {
			if below, found := withNUL(element); found {
				return join(fmt.Sprintf("[%d]", i), below), true
			}
		}
	case map[string]any:
		for key, element := range value {
			if strings.ContainsRune(key, 0) {
				return "", true
			}
			if below, found := withNUL(element); found {
				return join(key, below), true
			}
		}
	}
	return "", false
}
