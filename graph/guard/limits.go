package guard

import (
	"cmp"

	"github.com/kontakty/kontakty/internal/relay"
)

// The lengths of lists that are given whole.
const (
	// MaxNodes bounds the ids of one `nodes`.
	MaxNodes = relay.MaxPageSize
	// MaxRecorded bounds the contacts of one `recordContacts`.
	MaxRecorded = 500
)

// Limits bound what one request may ask for, and how many may stay open. Fields, aliases, repeats, directives and depth are
// counted with every fragment spread out, so that a short document cannot stand for a long one.
type Limits struct {
	// BodyBytes bounds the body of a request, or the query of its address.
	BodyBytes int64
	// DocumentBytes bounds the GraphQL document.
	DocumentBytes int
	// Tokens bounds the document's tokens, comments included.
	Tokens int
	// Depth bounds how deep fields are nested; IntrospectionDepth does so below __schema and __type.
	Depth, IntrospectionDepth int
	// Fields bounds the fields of the document.
	Fields int
	// Aliases bounds the fields with an alias.
	Aliases int
	// Repeats bounds how often one response key stands in one selection set.
	Repeats int
	// Directives bounds the uses of directives.
	Directives int
	// Fragments bounds the fragments, inline ones included, as they are written.
	Fragments int
	// Cost bounds the units of one operation; see Cost.
	Cost int
	// Streams bounds the event streams and WebSockets that are open at once.
	Streams int
	// Operations bounds the operations that run at once over one WebSocket.
	Operations int
}

// DefaultLimits leave room for every column of the report with all that it refers to, and for the introspection of the
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
