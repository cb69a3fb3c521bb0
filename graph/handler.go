package graph

import (
	"context"
	"log/slog"
	"maps"
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/kontakty/kontakty/graph/generated"
	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
)

// SDL is the whole schema as one document, for /schema.graphql.
var SDL = schema.SDL

// rememberedDocuments is how many documents are kept parsed; with the limits of the guard they stay small.
const rememberedDocuments = 1000

// Config is what the API is made of. Every field but Limits is required.
type Config struct {
	// Store reads contacts.
	Store *contact.Store
	// Directory holds the small things that contacts point at.
	Directory *contact.Directory
	// Downloads orders files and finds them.
	Downloads *export.Downloads
	// Record takes contacts in, all of them or none.
	Record func(context.Context, []ingest.Contact) (ingest.Result, []error)
	// Identify finds our own numbers of contacts by their source's keys.
	Identify func(context.Context, []string) (map[string]int64, error)
	// Translate turns what the database reports (away, too slow) into faults and leaves other errors alone.
	Translate func(error) error
	// Log is told of defects; never of what users ask for.
	Log *slog.Logger
	// Limits bound a request; what is zero takes its value from DefaultLimits.
	Limits Limits
}

// NewHandler serves the GraphQL API: POST and, for queries, GET.
func NewHandler(config Config) http.Handler {
	limits := config.Limits.orDefault()
	executable := generated.NewExecutableSchema(generated.Config{
		Schema:    servedSchema(),
		Resolvers: &Resolver{config: config},
	})
	door := &door{translate: config.Translate, log: config.Log}
	server := handler.New(executable)
	server.SetErrorPresenter(door.present)
	server.SetRecoverFunc(recovered)
	server.SetQueryCache(lru.New[*ast.QueryDocument](rememberedDocuments))
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(rulesWithoutSuggestions)
	server.Use(extension.Introspection{})
	server.Use(newGuard(limits))
	server.Use(strictVariables{schema: executable.Schema()})
	// The first that supports a request answers it. Event streams and web sockets go before the last one, which takes
	// everything; an event stream must decline when Accept names JSON, or it takes the queries of clients that offer both.
	server.AddTransport(overPOST{most: limits.BodyBytes})
	server.AddTransport(overGET{most: limits.BodyBytes})
	server.AddTransport(refusal{})
	return withRequest(config, door, server)
}

// servedSchema is the schema without @defer: what is deferred would come in a second answer, and a plain HTTP answer
// has none, so the fields would silently be missing.
func servedSchema() *ast.Schema {
	served := *generated.NewExecutableSchema(generated.Config{}).Schema()
	served.Directives = maps.Clone(served.Directives)
	delete(served.Directives, "defer")
	return &served
}

// rulesWithoutSuggestions are the rules of the specification; "did you mean" is for the editor, which knows the schema.
func rulesWithoutSuggestions() *rules.Rules {
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.KnownArgumentNamesRule.Name)
	all.RemoveRule(rules.KnownTypeNamesRule.Name)
	all.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	for _, rule := range []core.Rule{
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		all.AddRule(rule.Name, rule.RuleFunc)
	}
	return all
}
