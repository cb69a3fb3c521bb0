package compiled

import (
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// value writes what get gives.
func value[T, V any](append func([]byte, V) []byte, get func(T) V) write[T] {
	return func(answer []byte, thing T, _ *page) []byte { return append(answer, get(thing)) }
}

// optional writes what get gives, null for nil.
func optional[T, V any](append func([]byte, V) []byte, get func(T) *V) write[T] {
	return func(answer []byte, thing T, _ *page) []byte {
		if found := get(thing); found != nil {
			return append(answer, *found)
		}
		return appendNull(answer)
	}
}

// id is a field that holds the id of a thing of a kind.
func id[T any](kind relay.Kind, number func(T) int64) field[T] {
	return field[T]{value: func(answer []byte, thing T, _ *page) []byte {
		return append(relay.AppendID(append(answer, '"'), kind, number(thing)), '"')
	}}
}

// column is a field of a contact that is made from a column.
func column(columns contact.Columns, value write[*contact.Contact]) field[*contact.Contact] {
	return field[*contact.Contact]{columns: columns, value: value}
}

// object is a field that is never null and has fields of its own.
func object[T, V any](of *shape[V], get func(T) V) field[T] {
	return field[T]{object: func(c *compiler, selected graphql.CollectedField) write[T] {
		inner := of.compile(c, selected.Selections)
		return func(answer []byte, thing T, page *page) []byte { return inner(answer, get(thing), page) }
	}}
}

// nullable is a field that may be null and has fields of its own.
func nullable[T, V any](of *shape[*V], get func(T) *V) field[T] {
	return field[T]{object: func(c *compiler, selected graphql.CollectedField) write[T] {
		inner := of.compile(c, selected.Selections)
		return func(answer []byte, thing T, page *page) []byte {
			if found := get(thing); found != nil {
				return inner(answer, found, page)
			}
			return appendNull(answer)
		}
	}}
}

// list is a field that is a list of objects.
func list[T, V any](of *shape[V], get func(T) []V) field[T] {
	return field[T]{object: func(c *compiler, selected graphql.CollectedField) write[T] {
		inner := of.compile(c, selected.Selections)
		return func(answer []byte, thing T, page *page) []byte { return appendObjects(answer, get(thing), page, inner) }
	}}
}

// thing is a field of a contact that shows what one of its columns points at.
func thing[V any](kind things, columns contact.Columns, of *shape[*V], find func(*page, *contact.Contact) *V) field[*contact.Contact] {
	return field[*contact.Contact]{
		columns: columns,
		things:  kind,
		object: func(c *compiler, selected graphql.CollectedField) write[*contact.Contact] {
			inner := of.compile(c, selected.Selections)
			return func(answer []byte, from *contact.Contact, page *page) []byte {
				if found := find(page, from); found != nil {
					return inner(answer, found, page)
				}
				return appendNull(answer)
			}
		},
	}
}

// steps is the field of a contact that shows its way through the IVR.
func steps() field[*contact.Contact] {
	return field[*contact.Contact]{
		things: ivrSteps,
		object: func(c *compiler, selected graphql.CollectedField) write[*contact.Contact] {
			inner := stepShape.compile(c, selected.Selections)
			return func(answer []byte, from *contact.Contact, page *page) []byte {
				return appendObjects(answer, page.steps[from.ID], page, inner)
			}
		},
	}
}

// details is the field of a contact that shows what there is to see of it; a plan can tell of which type that is.
func details() field[*contact.Contact] {
	return field[*contact.Contact]{
		columns: contact.ColumnDetailsKind,
		object: func(c *compiler, selected graphql.CollectedField) write[*contact.Contact] {
			kinds := make(map[contact.DetailsKind]write[*contact.Contact], len(detailsShapes))
			for kind, of := range detailsShapes {
				kinds[kind] = of.compile(c, selected.Selections)
			}
			return func(answer []byte, from *contact.Contact, page *page) []byte {
				if from.DetailsKind == nil {
					return appendNull(answer)
				}
				return kinds[*from.DetailsKind](answer, from, page)
			}
		},
	}
}

func appendObjects[V any](answer []byte, objects []V, page *page, inner write[V]) []byte {
	answer = append(answer, '[')
	for i, one := range objects {
		if len(answer) > page.maxBytes {
			break
		}
		if i > 0 {
			answer = append(answer, ',')
		}
		answer = inner(answer, one, page)
	}
	return append(answer, ']')
}

func appendNull(answer []byte) []byte { return append(answer, "null"...) }

func appendBool(answer []byte, b bool) []byte { return strconv.AppendBool(answer, b) }

func appendInt(answer []byte, n int) []byte { return strconv.AppendInt(answer, int64(n), 10) }

// appendInstant writes an instant in UTC.
func appendInstant(answer []byte, at time.Time) []byte {
	return append(at.UTC().AppendFormat(append(answer, '"'), time.RFC3339Nano), '"')
}

// appendPlain writes a text that holds nothing to be escaped: an id, a cursor, a name of the schema.
func appendPlain[T ~string](answer []byte, text T) []byte {
	return append(append(append(answer, '"'), text...), '"')
}

// appendTexts writes a list of texts.
func appendTexts(answer []byte, texts []string) []byte {
	answer = append(answer, '[')
	for i, text := range texts {
		if i > 0 {
			answer = append(answer, ',')
		}
		answer = appendText(answer, text)
	}
	return append(answer, ']')
}

// appendText writes a text as gqlgen does: what JSON demands is escaped and nothing else.
func appendText(answer []byte, text string) []byte {
	answer = append(answer, '"')
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		answer = append(answer, text[start:i]...)
		switch c {
		case '\t':
			answer = append(answer, `\t`...)
		case '\r':
			answer = append(answer, `\r`...)
		case '\n':
			answer = append(answer, `\n`...)
		case '\\', '"':
			answer = append(answer, '\\', c)
		default:
			answer = append(answer, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
		start = i + 1
	}
	return append(append(answer, text[start:]...), '"')
}

const hex = "0123456789ABCDEF"
