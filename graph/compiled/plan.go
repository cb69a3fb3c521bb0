package compiled

import (
	"io"
	"math"
	"strconv"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/contact"
)

// plan is how a list of contacts is read and written.
type plan struct {
	// columns and things are what is read.
	columns contact.Columns
	things  things
	// counts are the fields that want the length of the whole list.
	counts []graphql.CollectedField
	write  write[*page]
	// size is how many bytes the last answer had, which is about how many the next will have.
	size atomic.Int64
}

// write appends the value of a field of a thing to an answer.
type write[T any] func(answer []byte, thing T, page *page) []byte

// refuses says whether something is selected that the viewer may not see: each such field is an error of its own, for
// the generated executor to tell.
func (p *plan) refuses(viewer contact.Viewer) bool {
	return p.columns&contact.ColumnBCCAddresses != 0 && !viewer.BCC
}

// buffer is a writer that lends what it writes to.
type buffer interface {
	Grow(bytes int)
	AvailableBuffer() []byte
}

// writeTo writes a page as JSON. Where the writer says what room it has, no list goes on once that is full: what was
// written is more than there is room for then, and the writer refuses it.
func (p *plan) writeTo(w io.Writer, page *page) {
	var written []byte
	page.maxBytes = math.MaxInt
	if bounded, ok := w.(interface{ Room() int }); ok {
		page.maxBytes = bounded.Room()
	}
	if buffer, ok := w.(buffer); ok { // nothing is copied
		buffer.Grow(min(int(p.size.Load()), page.maxBytes))
		written = buffer.AvailableBuffer()
	}
	written = p.write(written, page, page)
	p.size.Store(int64(len(written) + len(written)/8))
	_, _ = w.Write(written) // the writers of gqlgen keep everything in memory, or drop what is too much
}

// compiler turns a selection into a plan.
type compiler struct {
	operation *graphql.OperationContext
	plan      *plan
	// unknown says that something was selected that no plan can write.
	unknown bool
}

// compile makes the plan of what is selected of a list, nil if it cannot.
func compile(operation *graphql.OperationContext, selections ast.SelectionSet) *plan {
	c := &compiler{operation: operation, plan: &plan{}}
	c.plan.write = listShape.compile(c, selections)
	if c.unknown {
		return nil
	}
	return c.plan
}

// shape is a type of the schema: what can be written of it.
type shape[T any] struct {
	// names are the type's own name, and those of the interfaces and unions that it belongs to.
	names  []string
	fields map[string]field[T]
}

// field is a field of a shape. A field without a value has others of its own.
type field[T any] struct {
	// columns are those of a contact that the field is made from.
	columns contact.Columns
	// things are those that a contact points at and that the field shows.
	things things
	// value writes the value of a field without fields.
	value write[T]
	// object compiles what is selected of a field that has fields of its own.
	object func(*compiler, graphql.CollectedField) write[T]
}

// member is a field as it is selected.
type member[T any] struct {
	// key is its name in the answer, with what stands around it.
	key   []byte
	value write[T]
}

// compile makes what writes an object. The fields are collected by gqlgen itself: fragments, type conditions, @skip and
// @include mean what they mean to it, and fields merge as they do there.
func (s *shape[T]) compile(c *compiler, selections ast.SelectionSet) write[T] {
	var members []member[T]
	taken := map[string]bool{}
	for _, selected := range graphql.CollectFields(c.operation, selections, s.names) {
		if taken[selected.Alias] { // gqlgen writes the first
			continue
		}
		taken[selected.Alias] = true
		value := s.member(c, selected)
		if value == nil {
			c.unknown = true
			continue
		}
		key := strconv.Quote(selected.Alias) + ":" // names of GraphQL hold nothing to be escaped
		if len(members) > 0 {
			key = "," + key
		}
		members = append(members, member[T]{key: []byte(key), value: value})
	}
	return func(answer []byte, thing T, page *page) []byte {
		answer = append(answer, '{')
		for i := range members {
			answer = append(answer, members[i].key...)
			answer = members[i].value(answer, thing, page)
		}
		return append(answer, '}')
	}
}

func (s *shape[T]) member(c *compiler, selected graphql.CollectedField) write[T] {
	if selected.Name == "__typename" {
		name := strconv.Quote(s.names[0])
		return func(answer []byte, _ T, _ *page) []byte { return append(answer, name...) }
	}
	field := s.fields[selected.Name]
	c.plan.columns |= field.columns
	c.plan.things |= field.things
	if field.object != nil {
		return field.object(c, selected)
	}
	return field.value
}
