package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"

	"github.com/kontakty/kontakty/graph/guard"
)

// Config is what transports are made of. Every field but Pace, Origins, Begin and Observe is required.
type Config struct {
	// Guard bounds bodies and streams, and charges for operations that are refused.
	Guard *guard.Guard
	// Timeout is how long the operation of a context may take, false without a bound; subscriptions have none.
	Timeout func(context.Context) (time.Duration, bool)
	// Pace is how long streams wait; a time of zero takes its value from DefaultPace.
	Pace Pace
	// Origins are those of web pages that may open WebSockets beside our own, such as https://panel.example.com.
	Origins []string
	// Reauthenticate prepares the context of a further operation over a stream with these credentials, which may have lost a
	// right since the operation before, or all of them while the stream is idle.
	Reauthenticate func(context.Context, http.Header) (context.Context, error)
	// Principal names who a context belongs to, "" for nobody known; Network is what it shares with others who come from near.
	Principal, Network func(context.Context) string
	// MayRecord says whether the sender of a request may record contacts, for which a body may be larger.
	MayRecord func(context.Context) bool
	// Recover makes an error of a panic.
	Recover graphql.RecoverFunc
	// Begin is told of each operation that is about to be executed, by the name that Observe is told and its type, and gives the
	// context for it; nil if nobody watches.
	Begin func(ctx context.Context, operation, operationType string) context.Context
	// Observe is told of every operation and every refusal, in the context that Begin gave or else that of the request; nil if
	// nobody watches.
	Observe func(context.Context, Observation)
}

// streaming is what transports share whose answers go on and on.
type streaming struct {
	operations
	pace               Pace
	streams            *streams
	principal, network func(context.Context) string
	reauthenticate     func(context.Context, http.Header) (context.Context, error)
}

// enter counts a stream for its sender.
func (s streaming) enter(ctx context.Context) (context.Context, *stream, error) {
	return s.streams.enter(ctx, s.principal(ctx), s.network(ctx))
}

// Transports are the ways in which a server is asked.
type Transports struct {
	config  Config
	streams *streams
}

// New makes the transports. They must be closed in the end.
func New(config Config) *Transports {
	config.Pace = config.Pace.orDefault()
	limits := config.Guard.Limits()
	return &Transports{config: config, streams: newStreams(limits.Streams, limits.ArrivingStreams)}
}

// Install adds the transports to a server, where the first that supports a request answers it.
func (t *Transports) Install(server *handler.Server) {
	operations := operations{
		guard: t.config.Guard, timeout: t.config.Timeout, recover: t.config.Recover,
		begin: t.config.Begin, observe: t.config.Observe,
	}
	streaming := streaming{
		operations: operations, pace: t.config.Pace, streams: t.streams,
		principal: t.config.Principal, network: t.config.Network, reauthenticate: t.config.Reauthenticate,
	}
	limits := t.config.Guard.Limits()
	server.AddTransport(webSocket{streaming: streaming, limits: limits, origins: t.config.Origins})
	server.AddTransport(eventStream{streaming: streaming, maxBody: limits.BodyBytes})
	server.AddTransport(post{
		operations: operations, maxBody: limits.BodyBytes, maxRecord: limits.RecordBytes, mayRecord: t.config.MayRecord,
	})
	server.AddTransport(get{operations: operations, maxQuery: limits.BodyBytes})
	server.AddTransport(unsupported{operations})
}

// Close ends all event streams and WebSockets, tells their clients that the server stops, waits until nothing of them runs,
// and lets none open any more.
func (t *Transports) Close() { t.streams.close() }
