package graph

import (
	"context"
	"maps"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/compiled"
	"github.com/kontakty/kontakty/graph/generated"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/graph/transport"
	"github.com/kontakty/kontakty/internal/directory"
)

// SDL is the whole schema as one document, for /schema.graphql.
var SDL = schema.SDL

// Handler serves the GraphQL API: POST and, for queries, GET; event streams and WebSockets, which take subscriptions too.
type Handler struct {
	http.Handler
	transports *transport.Transports
}

// Close ends all event streams and WebSockets, waits until nothing of them runs, and refuses new ones. Their clients are told
// that the server stops, and connect again. A server that is to stop closes the handler first: it waits for event streams,
// which do not end by themselves, and knows nothing of WebSockets.
func (h *Handler) Close() { h.transports.Close() }

// NewHandler makes the API. It must be closed in the end.
func NewHandler(config Config) *Handler { return newHandler(config, compiledAnswers(config)) }

// compiledAnswers write what the generated executor would write, in a fraction of its time.
func compiledAnswers(config Config) *compiled.Answers {
	return compiled.New(func(ctx context.Context) (compiled.Source, error) {
		reader, err := readerOf(ctx)
		return source{reader, config.Directory}, err
	})
}

// source is what compiled answers read.
type source struct {
	*auditedReader
	*directory.Directory
}

func newHandler(config Config, answers ...graphql.HandlerExtension) *Handler {
	config.Limits, config.Observe = config.Limits.OrDefault(), withoutLeavers(config.Observe)
	executable := generated.NewExecutableSchema(generated.Config{
		Schema:    servedSchema(),
		Resolvers: &Resolver{config: config},
	})
	presenter := &errorPresenter{translate: config.Translate, log: config.Log}
	server := handler.New(executable)
	server.SetErrorPresenter(presenter.Present)
	server.SetRecoverFunc(recovered)
	server.SetQueryCache(lru.New[*ast.QueryDocument](guard.MaxDocuments))
	server.Use(extension.Introspection{}) // the guard says who may
	g := guard.New(guard.Config{
		Limits: config.Limits, Limiter: config.Access.Limiter, Principal: principalOf, Introspection: config.Access.Introspection,
	})
	g.Install(server, executable.Schema())
	for _, extension := range answers {
		server.Use(extension)
	}
	transports := transport.New(transport.Config{
		Guard: g, Timeout: config.timeout, Pace: config.Pace, Origins: config.Origins,
		Principal: principalOf, Network: networkOf, MayRecord: mayRecord,
		Reauthenticate: config.reauthenticate, Recover: recovered, Begin: config.Begin, Observe: config.Observe,
	})
	transports.Install(server)
	return &Handler{Handler: authenticated(config, presenter, server), transports: transports}
}

// servedSchema is the schema without @defer: what is deferred would come in a second answer, and a plain HTTP answer
// has none, so the fields would silently be missing.
func servedSchema() *ast.Schema {
	served := *generated.NewExecutableSchema(generated.Config{}).Schema()
	served.Directives = maps.Clone(served.Directives)
	delete(served.Directives, "defer")
	return &served
}
