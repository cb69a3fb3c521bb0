package guard

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/fault"
)

// selectionSize counts what a selection set holds with its fragments spread out.
type selectionSize struct {
	depth, introspectionDepth   int
	fields, aliases, directives int
	// keys counts the response keys of the set itself, not of those below.
	keys map[string]int
}

// introspectionAlias is how many an alias counts for below __schema and __type, where each walks through all types once more.
const introspectionAlias = 2

// maxCount is where counts stop growing, so that no document overflows them.
const maxCount = 1 << 20

func sum(a, b int) int { return min(a+b, maxCount) }

func product(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if a > maxCount/b {
		return maxCount
	}
	return a * b
}

// documentSize counts what a document holds in one walk, which enters each fragment once however often it is spread.
type documentSize struct {
	document  *ast.QueryDocument
	limits    Limits
	fragments map[string]*selectionSize
	// inline counts inline fragments; repeats counts the response key that occurs most often in one selection set.
	inline, repeats int
	// nul says that a text holds a NUL byte.
	nul bool
}

func newDocumentSize(document *ast.QueryDocument, limits Limits) *documentSize {
	return &documentSize{document: document, limits: limits, fragments: map[string]*selectionSize{}}
}

// check refuses a document that exceeds a limit or holds a text with a NUL byte.
func (d *documentSize) check() error {
	var all selectionSize
	for _, operation := range d.document.Operations {
		all.add(d.selections(operation.SelectionSet))
		all.directives = sum(all.directives, d.directives(operation.Directives))
		for _, variable := range operation.VariableDefinitions {
			all.directives = sum(all.directives, d.directives(variable.Directives))
			d.value(variable.DefaultValue)
		}
	}
	for _, fragment := range d.document.Fragments { // unused ones too, which are validated
		all.directives = sum(all.directives, d.directives(fragment.Directives))
		d.fragment(fragment.Name)
	}
	for _, bound := range []struct {
		count, limit int
		what         string
	}{
		{all.depth, d.limits.Depth, "levels"},
		{all.introspectionDepth, d.limits.IntrospectionDepth, "levels"},
		{all.fields, d.limits.Fields, "fields"},
		{all.aliases, d.limits.Aliases, "aliases"},
		{d.repeats, d.limits.Repeats, "repeats"},
		{all.directives, d.limits.Directives, "directives"},
		{len(d.document.Fragments) + d.inline, d.limits.Fragments, "fragments"},
	} {
		if bound.count > bound.limit {
			return tooComplex(bound.limit, bound.what)
		}
	}
	if d.nul {
		return fault.New(fault.TextMalformed, "query")
	}
	return nil
}

// selections counts a selection set.
func (d *documentSize) selections(set ast.SelectionSet) *selectionSize {
	total := &selectionSize{keys: map[string]int{}}
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			d.field(total, selection)
		case *ast.InlineFragment:
			d.inline++
			total.directives = sum(total.directives, d.directives(selection.Directives))
			total.merge(d.selections(selection.SelectionSet))
		case *ast.FragmentSpread:
			total.directives = sum(total.directives, d.directives(selection.Directives))
			total.merge(d.fragment(selection.Name))
		}
	}
	for _, count := range total.keys {
		d.repeats = max(d.repeats, count)
	}
	return total
}

func (d *documentSize) field(total *selectionSize, field *ast.Field) {
	below := d.selections(field.SelectionSet)
	if field.Name == "__schema" || field.Name == "__type" {
		below.introspectionDepth, below.depth = max(below.depth, below.introspectionDepth), 0
		below.aliases = product(below.aliases, introspectionAlias)
	}
	below.depth++
	below.fields = sum(below.fields, 1)
	if field.Alias != field.Name {
		below.aliases = sum(below.aliases, 1)
	}
	below.directives = sum(below.directives, d.directives(field.Directives))
	for _, argument := range field.Arguments {
		d.value(argument.Value)
	}
	total.add(below)
	total.keys[field.Alias] = sum(total.keys[field.Alias], 1)
}

// fragment counts a fragment. One that does not exist or contains itself counts nothing: validation refuses it.
func (d *documentSize) fragment(name string) *selectionSize {
	if size, found := d.fragments[name]; found {
		return size
	}
	d.fragments[name] = &selectionSize{}
	if definition := d.document.Fragments.ForName(name); definition != nil {
		d.fragments[name] = d.selections(definition.SelectionSet)
	}
	return d.fragments[name]
}

func (d *documentSize) directives(list ast.DirectiveList) int {
	for _, directive := range list {
		for _, argument := range directive.Arguments {
			d.value(argument.Value)
		}
	}
	return len(list)
}

func (d *documentSize) value(value *ast.Value) {
	if value == nil {
		return
	}
	d.nul = d.nul || strings.ContainsRune(value.Raw, 0)
	for _, child := range value.Children {
		d.value(child.Value)
	}
}

// add counts another selection set of the document.
func (s *selectionSize) add(other *selectionSize) {
	s.depth = max(s.depth, other.depth)
	s.introspectionDepth = max(s.introspectionDepth, other.introspectionDepth)
	s.fields = sum(s.fields, other.fields)
	s.aliases = sum(s.aliases, other.aliases)
	s.directives = sum(s.directives, other.directives)
}

// merge counts a fragment, whose fields become those of this selection set.
func (s *selectionSize) merge(other *selectionSize) {
	s.add(other)
	for key, count := range other.keys {
		s.keys[key] = sum(s.keys[key], count)
	}
}
