package graph

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/compiled"
	"github.com/kontakty/kontakty/graph/generated"
	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/report"
)

// SDL is the whole schema as one document, for /schema.graphql.
var SDL = schema.SDL

// rememberedDocuments is how many documents are kept parsed; with the limits of the guard they stay small.
const rememberedDocuments = 1000

// Config is what the API is made of. Every field but Origins, Limits and Pace is required.
type Config struct {
	// Store reads contacts.
	Store *report.Store
	// Directory holds the small things that contacts point at.
	Directory *directory.Directory
	// Downloads orders files and finds them.
	Downloads *export.Downloads
	// Record takes contacts in, all of them or none.
	Record func(context.Context, []format.Contact) (ingest.Result, []error)
	// Identify finds our own numbers of contacts by their source's keys.
	Identify func(context.Context, []string) (map[string]int64, error)
	// Translate turns what the database reports (away, too slow) into faults and leaves other errors alone.
	Translate func(error) error
	// Access says who asks and how much he may ask for.
	Access Access
	// Log is told of defects; never of what users ask for.
	Log *slog.Logger
	// Origins are those of web pages that may open WebSockets beside our own, such as https://panel.example.com. (A
	// browser asks no CORS questions there.)
	Origins []string
	// Timeout bounds the execution of an operation, on every transport; subscriptions have none. Zero is no bound.
	Timeout time.Duration
	// Limits bound a request; what is zero takes its value from DefaultLimits.
	Limits Limits
	// Pace is how long streams wait; what is zero takes its value from DefaultPace.
	Pace Pace
}

// Handler serves the GraphQL API: POST and, for queries, GET; event streams and WebSockets, which take subscriptions too.
type Handler struct {
	http.Handler
	streams *streams
}

// Close ends all event streams and WebSockets, waits until their work is done, and refuses new ones. Their clients know
// that more was to come and connect again. A server that is to stop closes the handler first: it waits for event
// streams, which do not end by themselves, and knows nothing of WebSockets.
func (h *Handler) Close() { h.streams.close() }

// NewHandler makes the API. It must be closed in the end.
func NewHandler(config Config) *Handler { return newHandler(config, compiledAnswers(config)) }

// compiledAnswers write what the generated executor would write, in a fraction of its time.
func compiledAnswers(config Config) *compiled.Answers {
	return compiled.New(func(ctx context.Context) (compiled.Source, error) {
		reader, err := readerOf(ctx)
		return source{reader, config.Directory}, err
	})
}

// source is what compiled answers are made of.
type source struct {
	*report.Reader
	*directory.Directory
}

func newHandler(config Config, answers ...graphql.HandlerExtension) *Handler {
	limits, pace := config.Limits.orDefault(), config.Pace.orDefault()
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
	server.SetValidationRulesFn(validation)
	server.Use(extension.Introspection{}) // the charge says who may
	server.Use(newGuard(limits, config.Access.Limiter))
	server.Use(strictVariables{schema: executable.Schema()})
	server.Use(oneField{})
	for _, extension := range answers {
		server.Use(extension)
	}
	server.Use(charge{most: limits.Cost, limiter: config.Access.Limiter, introspection: config.Access.Introspection})
	streams := newStreams(limits.Streams)
	// The first that supports a request answers it.
	server.AddTransport(overWebSocket{
		origins: config.Origins, limits: limits, pace: pace, streams: streams, timeout: config.Timeout,
		introduced: func(ctx context.Context, header http.Header) (context.Context, error) {
			return introduced(ctx, config, header)
		},
	})
	server.AddTransport(overEvents{most: limits.BodyBytes, timeout: config.Timeout, pace: pace, streams: streams})
	server.AddTransport(overPOST{most: limits.BodyBytes, timeout: config.Timeout})
	server.AddTransport(overGET{most: limits.BodyBytes, timeout: config.Timeout})
	server.AddTransport(refusal{})
	return &Handler{Handler: withRequest(config, door, server), streams: streams}
}

// servedSchema is the schema without @defer: what is deferred would come in a second answer, and a plain HTTP answer
// has none, so the fields would silently be missing.
func servedSchema() *ast.Schema {
	served := *generated.NewExecutableSchema(generated.Config{}).Schema()
	served.Directives = maps.Clone(served.Directives)
	delete(served.Directives, "defer")
	return &served
}
