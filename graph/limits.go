package graph

import "cmp"

// Limits bound what one request may ask for, whatever it looks like. Counts are those after all fragments have been
// put in, so that a short document cannot stand for a long one.
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
	}
}
