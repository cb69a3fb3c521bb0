package graph_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/relay"
)

// operations draws operations by chance: whatever the schema offers below `contacts`, and now and then something else,
// with arguments that are right, at the border and wrong. The same seed gives the same operations.
type operations struct {
	random *rand.Rand
	schema *ast.Schema
	// cursors are of pages that were answered before.
	cursors []string
}

// drawn is one operation being drawn.
type drawn struct {
	*operations
	definitions []string
	// values draw the values of the variables; no value at all is absent.
	values    map[string]func() any
	fragments []string
	// spreadable are the fragments that are finished, by the type they are on.
	spreadable map[string][]string
	// conditions are the variables of @skip and @include.
	conditions []string
	// room is how many more fields, aliases, directives and fragments the limits allow, roughly.
	fields, aliases, directives, pieces int
}

// name is a value that is written without quotes in a document: one of an enum.
type name string

// absent is the value of a variable that is not given.
type absent struct{}

// draw makes a document, and what draws values for its variables.
func (o *operations) draw() (document string, variables func() map[string]any) {
	d := &drawn{
		operations: o, values: map[string]func() any{}, spreadable: map[string][]string{},
		fields: 45, aliases: 25, directives: 12, pieces: 20,
	}
	roots := []string{d.root("")}
	for d.once(8) {
		roots = append(roots, d.root(fmt.Sprintf("r%d: ", len(roots))))
	}
	kind := ""
	if o.random.IntN(3) > 0 || len(d.definitions) > 0 {
		kind = "query Q"
	}
	if len(d.definitions) > 0 {
		kind += "(" + strings.Join(d.definitions, ", ") + ")"
	}
	return kind + " {\n" + strings.Join(roots, "\n") + "\n}\n" + strings.Join(d.fragments, "\n"), d.draws
}

// draws are values for the variables.
func (d *drawn) draws() map[string]any {
	drawn := map[string]any{}
	for _, called := range slices.Sorted(maps.Keys(d.values)) {
		if value := d.values[called](); value != (absent{}) {
			drawn[called] = value
		}
	}
	return drawn
}

func (o *operations) once(in int) bool { return o.random.IntN(in) == 0 }

func pick[T any](o *operations, from []T) T { return from[o.random.IntN(len(from))] }

// root is a field of the query; most are `contacts`.
func (d *drawn) root(alias string) string {
	if d.once(3) {
		alias = "list" + cmp.Or(alias, ": ")
	}
	switch d.random.IntN(40) {
	case 0:
		return "__typename"
	case 1:
		return alias + "agents(first: 2)" + d.selection("AgentConnection", 2)
	case 2:
		return alias + fmt.Sprintf("node(id: %q)", d.id(pick(d.operations, kinds))) + d.selection("Node", 3)
	case 3:
		return alias + fmt.Sprintf("contact(id: %q)", d.id(relay.ContactKind)) + d.selection("Contact", 3)
	}
	field := alias + "contacts(" + d.contactsArguments() + ")"
	written := field + d.directive() + d.selection("ContactConnection", 5)
	switch {
	case d.once(12): // twice, to be merged
		written += "\n" + field + d.selection("ContactConnection", 5)
	case d.once(12):
		written = "... on Query" + d.directive() + " { " + written + " }"
	}
	return written
}

var kinds = []relay.Kind{
	relay.ContactKind, relay.AgentKind, relay.AgentGroupKind, relay.CampaignKind, relay.QueueKind, relay.ClassifierKind,
	relay.SiteCallKind, relay.RecordKind,
}

// selection is what is selected of a type, at most so many levels deep.
func (d *drawn) selection(typeName string, depth int) string {
	definition := d.schema.Types[typeName]
	var parts []string
	for range 1 + d.random.IntN(7) {
		parts = append(parts, d.part(definition, depth))
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	if len(parts) == 0 {
		parts = []string{"__typename"}
	}
	return " { " + strings.Join(parts, " ") + " }"
}

func (d *drawn) part(definition *ast.Definition, depth int) string {
	switch {
	case definition.Kind == ast.Union || d.pieces > 0 && d.once(8):
		return d.inline(definition, depth)
	case d.pieces > 0 && d.once(10):
		return d.spread(definition, depth)
	case d.once(12):
		return "__typename" + d.directive()
	default:
		return d.field(definition, depth)
	}
}

func (d *drawn) field(definition *ast.Definition, depth int) string {
	field := pick(d.operations, definition.Fields)
	if strings.HasPrefix(field.Name, "__") || d.fields <= 0 {
		return ""
	}
	d.fields--
	typeName := field.Type.Name()
	composite := d.schema.Types[typeName].IsCompositeType()
	nested := len(field.Arguments) > 0
	conversation := field.Name == "conversation"
	if composite && depth == 0 || (nested || conversation || typeName == "ContactDetails") && !d.once(40) { // what plans leave to others is drawn seldom
		return ""
	}
	if conversation { // its contacts have the same one in turn, of a hundred contacts each
		depth = min(depth, 2)
	}
	written := field.Name
	if nested || d.aliases > 0 && d.once(6) {
		d.aliases--
		alias := fmt.Sprintf("%s%d", field.Name, d.random.IntN(2))
		switch {
		case nested:
			alias = fmt.Sprintf("n%d", d.random.IntN(1000))
		case d.once(40):
			alias = pick(d.operations, definition.Fields).Name // may be in conflict
		}
		written = alias + ": " + written
	}
	if nested {
		written += "(" + d.contactsArguments() + ")"
	}
	written += d.directive()
	if composite {
		written += d.selection(typeName, depth-1)
	}
	return written
}

// typeCondition is a type that a fragment on another may name.
func (d *drawn) typeCondition(definition *ast.Definition) string {
	possible := []string{definition.Name}
	possible = append(possible, definition.Interfaces...)
	if definition.Kind != ast.Object {
		for _, one := range d.schema.PossibleTypes[definition.Name] {
			possible = append(possible, one.Name)
		}
	}
	return pick(d.operations, possible)
}

func (d *drawn) inline(definition *ast.Definition, depth int) string {
	d.pieces--
	if definition.Kind != ast.Union && d.once(3) {
		return "..." + d.directive() + d.selection(definition.Name, depth)
	}
	on := d.typeCondition(definition)
	if d.schema.Types[on].Kind == ast.Union {
		return "... on " + on + " { __typename }"
	}
	return "... on " + on + d.directive() + d.selection(on, depth)
}

func (d *drawn) spread(definition *ast.Definition, depth int) string {
	on := d.typeCondition(definition)
	if known := d.spreadable[on]; len(known) > 0 && d.once(2) {
		return "..." + pick(d.operations, known) + d.directive()
	}
	d.pieces--
	called := fmt.Sprintf("F%d", len(d.fragments))
	d.fragments = append(d.fragments, "")
	at := len(d.fragments) - 1
	d.fragments[at] = "fragment " + called + " on " + on + d.selection(on, depth)
	d.spreadable[on] = append(d.spreadable[on], called)
	return "..." + called + d.directive()
}

// directive is @skip or @include, or both, or mostly nothing.
func (d *drawn) directive() string {
	if d.directives <= 1 || !d.once(9) {
		return ""
	}
	names := []string{"skip", "include"}
	d.random.Shuffle(2, func(i, j int) { names[i], names[j] = names[j], names[i] })
	written := ""
	for _, called := range names[:1+d.random.IntN(8)/7] {
		d.directives--
		written += " @" + called + "(if: " + d.condition() + ")"
	}
	return written
}

func (d *drawn) condition() string {
	switch {
	case d.once(4):
		return fmt.Sprint(d.once(2))
	case len(d.conditions) > 0 && d.once(2):
		return pick(d.operations, d.conditions)
	}
	variable := d.variable("Boolean!", func() any { return d.once(2) })
	d.conditions = append(d.conditions, variable)
	return variable
}

// variable defines a variable.
func (d *drawn) variable(typeName string, value func() any) string {
	called := fmt.Sprintf("v%d", len(d.definitions))
	definition := "$" + called + ": " + typeName
	d.values[called] = value
	switch byDefault := value(); {
	case d.once(12) && byDefault != nil:
		definition += " = " + literal(byDefault)
		d.values[called] = func() any {
			if d.once(2) {
				return absent{}
			}
			return value()
		}
	case d.once(100) && byDefault != nil: // null may stand in the place of the default
		definition = "$" + called + ": " + strings.TrimSuffix(typeName, "!") + " = " + literal(byDefault)
		d.values[called] = func() any {
			if d.once(2) {
				return nil
			}
			return value()
		}
	case !strings.HasSuffix(typeName, "!") && d.once(20):
		d.values[called] = func() any { return absent{} }
	}
	d.definitions = append(d.definitions, definition)
	return "$" + called
}

// argument is a value as it stands in the document: a variable or a literal.
func (d *drawn) argument(typeName string, value func() any) string {
	if d.once(2) {
		return d.variable(typeName, value)
	}
	return literal(value())
}

// literal writes a value as GraphQL does.
func literal(value any) string {
	switch value := value.(type) {
	case name:
		return string(value)
	case map[string]any:
		var fields []string
		for _, key := range slices.Sorted(maps.Keys(value)) {
			fields = append(fields, key+": "+literal(value[key]))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case []any:
		var elements []string
		for _, element := range value {
			elements = append(elements, literal(element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	default:
		written, err := json.Marshal(value)
		if err != nil {
			panic(err) // texts, numbers, true, false and null
		}
		return string(written)
	}
}
