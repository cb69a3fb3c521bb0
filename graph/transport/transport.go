package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"

	"github.com/kontakty/kontakty/graph/guard"
)

// Config is what transports are made of. Every field but Pace and Origins is required.
type Config struct {
	// Guard bounds bodies and streams, and charges for operations that are refused.
	Guard *guard.Guard
	// Timeout is how long the operation of a context may take, false without a bound; subscriptions have none.
	Timeout func(context.Context) (time.Duration, bool)
	// Pace is how long streams wait; a time of zero takes its value from DefaultPace.
	Pace Pace
	// Origins are those of web pages that may open WebSockets beside our own, such as https://panel.example.com.
	Origins []string
	// Reauthenticate prepares the context of an operation over a WebSocket with these credentials, which may have lost a
	// right since the operation before.
	Reauthenticate func(context.Context, http.Header) (context.Context, error)
	// Recover makes an error of a panic.
	Recover graphql.RecoverFunc
}

// Transports are the ways in which a server is asked.
type Transports struct {
	config  Config
	streams *streams
}

// New makes the transports. They must be closed in the end.
func New(config Config) *Transports {
	config.Pace = config.Pace.orDefault()
	return &Transports{config: config, streams: newStreams(config.Guard.Limits().Streams)}
}

// Install adds the transports to a server, where the first that supports a request answers it.
func (t *Transports) Install(server *handler.Server) {
	operations := operations{guard: t.config.Guard, timeout: t.config.Timeout, recover: t.config.Recover}
	limits := t.config.Guard.Limits()
	server.AddTransport(webSocket{
		operations: operations, limits: limits, pace: t.config.Pace, streams: t.streams, origins: t.config.Origins,
		reauthenticate: t.config.Reauthenticate,
	})
	server.AddTransport(eventStream{operations: operations, maxBody: limits.BodyBytes, pace: t.config.Pace, streams: t.streams})
	server.AddTransport(post{operations: operations, maxBody: limits.BodyBytes})
	server.AddTransport(get{operations: operations, maxQuery: limits.BodyBytes})
	server.AddTransport(unsupported{})
}

// Close ends all event streams and WebSockets, tells their clients that the server stops, waits until nothing of them runs,
// and lets none open any more.
func (t *Transports) Close() { t.streams.close() }
