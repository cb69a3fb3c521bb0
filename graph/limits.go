package graph

import (
	"cmp"
	"time"
)

// Limits bound what one request may ask for, whatever it looks like, and how many may stay open. Counts are those after
// all fragments have been put in, so that a short document cannot stand for a long one.
type Limits struct {
	// BodyBytes bounds the body of a request, or the query of its address.
	BodyBytes int64
	// DocumentBytes bounds the GraphQL document.
	DocumentBytes int
	// Tokens bounds the document's tokens, comments included.
	Tokens int
	// Depth bounds how deep fields lie in one another. What lies below __schema and __type has IntrospectionDepth.
	Depth, IntrospectionDepth int
	// Fields bounds the fields, wherever they stand.
	Fields int
	// Aliases bounds the fields with a name of their own.
	Aliases int
	// Repeats bounds how often one response key stands in one selection set.
	Repeats int
	// Directives bounds the uses of directives.
	Directives int
	// Fragments bounds the fragments, inline ones included, as they are written.
	Fragments int
	// Cost bounds what an operation may come to, by the sizes of the pages it asks for; see charge.
	Cost int
	// Streams bounds the event streams and WebSockets that are open at once.
	Streams int
	// Operations bounds the operations that run at once over one WebSocket.
	Operations int
}

// DefaultLimits leave room for every column of the report with all it points at, and for the introspection of the
// usual tools.
var DefaultLimits = Limits{
	BodyBytes:          256 << 10,
	DocumentBytes:      10_000,
	Tokens:             1_000,
	Depth:              10,
	IntrospectionDepth: 20,
	Fields:             1_000,
	Aliases:            30,
	Repeats:            50,
	Directives:         20,
	Fragments:          30,
	Cost:               100_000,
	Streams:            1_000,
	Operations:         20,
}

func (l Limits) orDefault() Limits {
	return Limits{
		BodyBytes:          cmp.Or(l.BodyBytes, DefaultLimits.BodyBytes),
		DocumentBytes:      cmp.Or(l.DocumentBytes, DefaultLimits.DocumentBytes),
		Tokens:             cmp.Or(l.Tokens, DefaultLimits.Tokens),
		Depth:              cmp.Or(l.Depth, DefaultLimits.Depth),
		IntrospectionDepth: cmp.Or(l.IntrospectionDepth, DefaultLimits.IntrospectionDepth),
		Fields:             cmp.Or(l.Fields, DefaultLimits.Fields),
		Aliases:            cmp.Or(l.Aliases, DefaultLimits.Aliases),
		Repeats:            cmp.Or(l.Repeats, DefaultLimits.Repeats),
		Directives:         cmp.Or(l.Directives, DefaultLimits.Directives),
		Fragments:          cmp.Or(l.Fragments, DefaultLimits.Fragments),
		Cost:               cmp.Or(l.Cost, DefaultLimits.Cost),
		Streams:            cmp.Or(l.Streams, DefaultLimits.Streams),
		Operations:         cmp.Or(l.Operations, DefaultLimits.Operations),
	}
}

// Pace is how long streams wait. What is zero takes its value from DefaultPace.
type Pace struct {
	// Opening is how long who opened a WebSocket may take to introduce itself.
	Opening time.Duration
	// Ping is how often an open stream is tried. A WebSocket that does not answer for twice as long is closed.
	Ping time.Duration
	// Delivery is how long each part may take to be sent.
	Delivery time.Duration
}

// DefaultPace is lively enough for proxies that cut what is silent for half a minute.
var DefaultPace = Pace{Opening: 5 * time.Second, Ping: 20 * time.Second, Delivery: 10 * time.Second}

func (p Pace) orDefault() Pace {
	return Pace{
		Opening:  cmp.Or(p.Opening, DefaultPace.Opening),
		Ping:     cmp.Or(p.Ping, DefaultPace.Ping),
		Delivery: cmp.Or(p.Delivery, DefaultPace.Delivery),
	}
}
