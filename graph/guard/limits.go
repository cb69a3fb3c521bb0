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
	// RecordBytes bounds the body of a request that does nothing but record contacts, of whoever may.
	RecordBytes int64
	// DocumentBytes bounds the GraphQL document.
	DocumentBytes int
	// Tokens bounds the document's tokens, comments included.
	Tokens int
	// Depth bounds how deep fields are nested; IntrospectionDepth does so below __schema and __type.
	Depth, IntrospectionDepth int
	// Fields bounds the fields of the document.
	Fields int
	// Aliases bounds the fields with an alias; below __schema and __type each counts twice.
	Aliases int
	// Repeats bounds how often one response key stands in one selection set.
	Repeats int
	// Directives bounds the uses of directives.
	Directives int
	// Fragments bounds the fragments, inline ones included, as they are written.
	Fragments int
	// Cost bounds the units of one operation; see Cost.
	Cost int
	// AnswerBytes bounds the data of one answer, and what is loaded of the details of contacts for it.
	AnswerBytes int
	// Streams bounds the event streams and WebSockets of one principal that are open at once. ArrivingStreams bounds the
	// WebSockets from one network that have not shown credentials yet.
	Streams, ArrivingStreams int
	// Operations bounds the operations that run at once over one WebSocket.
	Operations int
}

// DefaultLimits leave room for every column of the report with all that it refers to, and for the introspection of the
// usual tools.
var DefaultLimits = Limits{
	BodyBytes:          256 << 10,
	RecordBytes:        8 << 20,
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
	AnswerBytes:        16 << 20,
	Streams:            50,
	ArrivingStreams:    20,
	Operations:         20,
}

// OrDefault gives every limit of zero its default.
func (l Limits) OrDefault() Limits {
	return Limits{
		BodyBytes:          cmp.Or(l.BodyBytes, DefaultLimits.BodyBytes),
		RecordBytes:        cmp.Or(l.RecordBytes, DefaultLimits.RecordBytes),
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
		AnswerBytes:        cmp.Or(l.AnswerBytes, DefaultLimits.AnswerBytes),
		Streams:            cmp.Or(l.Streams, DefaultLimits.Streams),
		ArrivingStreams:    cmp.Or(l.ArrivingStreams, DefaultLimits.ArrivingStreams),
		Operations:         cmp.Or(l.Operations, DefaultLimits.Operations),
	}
}
