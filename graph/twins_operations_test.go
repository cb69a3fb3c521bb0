package graph_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// author writes operations by chance over all that the schema has: every field, argument and field of an input that can
// be written, those first that were not yet. What it has no value for it complains of: a new argument needs a
// case here, or the comparison of twins says nothing of it.
type author struct {
	random *rand.Rand
	schema *ast.Schema
	twins  *twins
	// cursors are those that lists gave before, by what was asked of them; those of an administrator are foreign.
	cursors map[string][]string
	// written are "Type.field", "Type.field(argument)" and "Input.field".
	written map[string]bool
	// answered are the names of fields that had a value in an answer.
	answered map[string]bool
	// strange are arguments without a case.
	strange map[string]bool
	// brief has most operations ask for a third of what one may ask for, so that many of them can be sent.
	brief bool

	// Of the operation that is being written.
	definitions []string
	variables   map[string]any
	fields      int
	aliases     int
	nested      int
	// conversing says that the contacts of a conversation are being drawn.
	conversing bool
	// lists are what is asked of the lists at the top, by their aliases.
	lists map[string]string
}

func newAuthor(w *twins, schema *ast.Schema, seed uint64) *author {
	return &author{
		random: rand.New(rand.NewPCG(seed, 11)), schema: schema, twins: w, cursors: map[string][]string{},
		written: map[string]bool{}, answered: map[string]bool{}, strange: map[string]bool{}, brief: *twinOperations > 10_000,
	}
}

func (a *author) once(in int) bool { return a.random.IntN(in) == 0 }

// operation writes a document with its variables.
func (a *author) operation() (kind, document string, variables map[string]any) {
	a.definitions, a.variables, a.fields, a.aliases, a.nested, a.lists = nil, map[string]any{}, 60, 28, 0, map[string]string{}
	if a.brief && !a.once(8) {
		a.fields, a.aliases = 20, 6
	}
	root, roots := a.schema.Query, 1+a.random.IntN(3)
	switch a.random.IntN(20) {
	case 0, 1:
		root, roots = a.schema.Mutation, 1
	case 2:
		root, roots = a.schema.Subscription, 1
	}
	selected := a.selection(root, 7, roots)
	kind = strings.ToLower(root.Name)
	document = kind
	if len(a.definitions) > 0 {
		document += " Q(" + strings.Join(a.definitions, ", ") + ")"
	}
	return kind, document + selected, a.variables
}

// selection is what is selected of an object, at most so many fields.
func (a *author) selection(definition *ast.Definition, depth, most int) string {
	if definition.Kind == ast.Union || definition.Kind == ast.Interface {
		return a.choices(definition, depth)
	}
	fields := slices.Clone(definition.Fields)
	a.random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	if a.once(3) {
		slices.SortStableFunc(fields, func(x, y *ast.FieldDefinition) int { return compareBools(a.answered[x.Name], a.answered[y.Name]) })
	}
	slices.SortStableFunc(fields, func(x, y *ast.FieldDefinition) int {
		return compareBools(a.written[definition.Name+"."+x.Name], a.written[definition.Name+"."+y.Name])
	})
	var parts []string
	for _, field := range fields {
		if len(parts) >= most {
			break
		}
		if part := a.field(definition, field, depth); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return " { __typename }"
	}
	return " { " + strings.Join(parts, " ") + " }"
}

func compareBools(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	default:
		return 1
	}
}

// choices are inline fragments on some of the types that something may be.
func (a *author) choices(definition *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	for _, possible := range a.schema.PossibleTypes[definition.Name] {
		if definition.Kind == ast.Union || a.once(4) {
			parts = append(parts, "... on "+possible.Name+a.selection(possible, depth, 3))
		}
	}
	if definition.Kind == ast.Interface {
		for _, field := range definition.Fields {
			parts = append(parts, a.field(definition, field, 0))
		}
	}
	return " { " + strings.Join(parts, " ") + " }"
}

func (a *author) field(on *ast.Definition, field *ast.FieldDefinition, depth int) string {
	of := a.schema.Types[field.Type.Name()]
	composite := of.IsCompositeType()
	switch {
	case strings.HasPrefix(field.Name, "__") || a.fields <= 0 || composite && depth == 0:
		return ""
	case len(field.Arguments) > 0 && a.aliases <= 0, field.Name == "conversation" && a.conversing:
		return ""
	}
	if field.Name == "conversation" { // its contacts have the same one in turn, of a hundred contacts each
		depth, a.conversing = min(depth, 2), true
		defer func() { a.conversing = false }()
	}
	a.fields--
	a.written[on.Name+"."+field.Name] = true
	text := field.Name
	if len(field.Arguments) > 0 {
		a.aliases--
		text = fmt.Sprintf("%s_%d: %s", field.Name, a.aliases, field.Name)
		if arguments := a.arguments(on, field); arguments != "" {
			text += "(" + arguments + ")"
		}
		a.nested++
		defer func() { a.nested-- }()
	}
	if composite {
		text += a.selection(of, depth-1, 1+a.random.IntN(7))
	}
	return text
}

func (a *author) arguments(on *ast.Definition, field *ast.FieldDefinition) string {
	var given, pages []string
	list, backward := field.Name, a.once(4)
	for _, argument := range field.Arguments {
		place := on.Name + "." + field.Name + "(" + argument.Name + ")"
		size, ends := argument.Name == "first" || argument.Name == "last", argument.Name == "last" || argument.Name == "before"
		switch cursor := argument.Name == "after" || argument.Name == "before"; {
		case size || cursor:
			if new := !a.written[place]; new || size && ends == backward || cursor && ends == backward && a.once(2) || a.once(100) {
				pages = append(pages, argument.Name)
			}
			continue
		case a.written[place] && !(argument.Type.NonNull && argument.DefaultValue == nil) && !a.once(5):
			continue
		}
		a.written[place] = true
		value := a.value(argument.Type, field.Name+"."+argument.Name)
		list += " " + literal(value)
		given = append(given, argument.Name+": "+a.argument(argument.Type.String(), value))
	}
	for _, page := range pages {
		a.written[on.Name+"."+field.Name+"("+page+")"] = true
		if page == "first" || page == "last" {
			given = append(given, page+": "+a.argument("Int", a.size()))
			continue
		}
		if cursor := a.cursor(list); cursor != "" {
			given = append(given, page+": "+a.argument("String", cursor))
		}
	}
	if a.nested == 0 {
		a.lists[fmt.Sprintf("%s_%d", field.Name, a.aliases)] = list
	}
	return strings.Join(given, ", ")
}

// argument is a value as it stands in the document: a variable or a literal.
func (a *author) argument(of string, value any) string {
	if a.once(2) {
		return literal(value)
	}
	called := fmt.Sprintf("v%d", len(a.definitions))
	a.definitions = append(a.definitions, "$"+called+": "+of)
	a.variables[called] = value
	return "$" + called
}

func (a *author) size() int {
	switch {
	case a.once(100):
		return 201
	case a.once(100):
		return -1
	case a.nested > 0:
		return a.random.IntN(4)
	case a.once(12):
		return 100
	default:
		return a.random.IntN(12)
	}
}

// cursor is mostly one that goes on with a list; none where there is none yet.
func (a *author) cursor(list string) string {
	known := a.cursors[list]
	switch {
	case a.once(8):
		return a.pick(a.twins.cursors...)
	case a.once(30):
		return "no cursor"
	case len(known) == 0:
		return ""
	default:
		return a.pick(known...)
	}
}

// value draws what a place takes. A place is an argument with its field, or the field of an input with its type.
func (a *author) value(of *ast.Type, place string) any {
	if of.Elem != nil {
		values := []any{}
		for len(values) == 0 || a.once(3) {
			values = append(values, a.value(of.Elem, place))
		}
		return values
	}
	definition := a.schema.Types[of.NamedType]
	switch definition.Kind {
	case ast.Enum:
		return name(definition.EnumValues[a.random.IntN(len(definition.EnumValues))].Name)
	case ast.InputObject:
		return a.input(definition)
	}
	value, known := a.scalar(of.NamedType, place)
	if !known {
		a.strange[of.NamedType+" "+place] = true
	}
	return value
}

func (a *author) input(definition *ast.Definition) any {
	fields := map[string]any{}
	if definition.Directives.ForName("oneOf") != nil {
		field := definition.Fields[a.random.IntN(len(definition.Fields))]
		for _, one := range definition.Fields {
			if !a.written[definition.Name+"."+one.Name] {
				field = one
			}
		}
		if definition.Name == "PeriodInput" && a.once(2) {
			a.written["PeriodInput.preset"] = true
			return map[string]any{"preset": name("CURRENT_MONTH")}
		}
		a.written[definition.Name+"."+field.Name] = true
		return map[string]any{field.Name: a.value(field.Type, definition.Name+"."+field.Name)}
	}
	for _, field := range definition.Fields {
		place := definition.Name + "." + field.Name
		seldom := 14
		if definition.Name == "ContactInput" || field.Name == "clientMutationId" {
			seldom = 2
		}
		if required := field.Type.NonNull && field.DefaultValue == nil; !required && a.written[place] && !a.once(seldom) {
			continue
		}
		a.written[place] = true
		fields[field.Name] = a.value(field.Type, place)
	}
	return fields
}

// remember keeps the cursors of an answer, to go on from them.
func (a *author) remember(answer string) {
	var lists struct {
		Data map[string]json.RawMessage
	}
	if json.Unmarshal([]byte(answer), &lists) != nil {
		return
	}
	for alias, text := range lists.Data {
		var page struct {
			PageInfo struct{ StartCursor, EndCursor string }
			Edges    []struct{ Cursor string }
		}
		if json.Unmarshal(text, &page) != nil {
			continue
		}
		given := []string{page.PageInfo.StartCursor, page.PageInfo.EndCursor}
		for _, edge := range page.Edges {
			given = append(given, edge.Cursor)
		}
		known := append(a.cursors[a.lists[alias]], slices.DeleteFunc(given, func(cursor string) bool { return cursor == "" })...)
		a.cursors[a.lists[alias]] = known[max(0, len(known)-30):]
	}
}
