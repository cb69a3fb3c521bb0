package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/fault"
)

// size is what a selection set amounts to once its fragments are put in.
type size struct {
	depth, introspectionDepth  int
	fields, aliases, directive int
	// keys counts the response keys of the set itself, not of those below.
	keys map[string]int
}

// enough is where counts stop growing, so that no document overflows them.
const enough = 1 << 20

func sum(a, b int) int { return min(a+b, enough) }

// measure works out the size of a document in one walk: each fragment once, however often it is spread.
type measure struct {
	document  *ast.QueryDocument
	limits    Limits
	fragments map[string]*size
	// inline counts inline fragments, and repeats the most frequent response key of any selection set.
	inline, repeats int
	nul             bool
}

func newMeasure(document *ast.QueryDocument, limits Limits) *measure {
	return &measure{document: document, limits: limits, fragments: map[string]*size{}}
}

// check refuses a document that passes a limit, or holds a text with a NUL byte.
func (m *measure) check() error {
	var all size
	for _, operation := range m.document.Operations {
		all.add(m.selections(operation.SelectionSet))
		all.directive = sum(all.directive, m.directives(operation.Directives))
		for _, variable := range operation.VariableDefinitions {
			all.directive = sum(all.directive, m.directives(variable.Directives))
			m.value(variable.DefaultValue)
		}
	}
	for _, fragment := range m.document.Fragments { // the unused ones too: they are validated
		all.directive = sum(all.directive, m.directives(fragment.Directives))
		m.fragment(fragment.Name)
	}
	for _, limit := range []struct {
		is, most int
		what     string
	}{
		{all.depth, m.limits.Depth, "levels"},
		{all.introspectionDepth, m.limits.IntrospectionDepth, "levels"},
		{all.fields, m.limits.Fields, "fields"},
		{all.aliases, m.limits.Aliases, "aliases"},
		{m.repeats, m.limits.Repeats, "repeats"},
		{all.directive, m.limits.Directives, "directives"},
		{len(m.document.Fragments) + m.inline, m.limits.Fragments, "fragments"},
	} {
		if limit.is > limit.most {
			return tooComplex(limit.most, limit.what)
		}
	}
	if m.nul {
		return fault.New(fault.TextMalformed, "query")
	}
	return nil
}

// selections is the size of a selection set.
func (m *measure) selections(set ast.SelectionSet) *size {
	total := &size{keys: map[string]int{}}
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			m.field(total, selection)
		case *ast.InlineFragment:
			m.inline++
			total.directive = sum(total.directive, m.directives(selection.Directives))
			total.merge(m.selections(selection.SelectionSet))
		case *ast.FragmentSpread:
			total.directive = sum(total.directive, m.directives(selection.Directives))
			total.merge(m.fragment(selection.Name))
		}
	}
	for _, count := range total.keys {
		m.repeats = max(m.repeats, count)
	}
	return total
}

func (m *measure) field(total *size, field *ast.Field) {
	below := m.selections(field.SelectionSet)
	if field.Name == "__schema" || field.Name == "__type" {
		below.introspectionDepth, below.depth = max(below.depth, below.introspectionDepth), 0
	}
	below.depth++
	below.fields = sum(below.fields, 1)
	if field.Alias != field.Name {
		below.aliases = sum(below.aliases, 1)
	}
	below.directive = sum(below.directive, m.directives(field.Directives))
	for _, argument := range field.Arguments {
		m.value(argument.Value)
	}
	total.add(below)
	total.keys[field.Alias] = sum(total.keys[field.Alias], 1)
}

// fragment is the size of a fragment. One that does not exist or contains itself counts nothing: validation says so.
func (m *measure) fragment(name string) *size {
	if known, found := m.fragments[name]; found {
		return known
	}
	m.fragments[name] = &size{}
	if definition := m.document.Fragments.ForName(name); definition != nil {
		m.fragments[name] = m.selections(definition.SelectionSet)
	}
	return m.fragments[name]
}

func (m *measure) directives(list ast.DirectiveList) int {
	for _, directive := range list {
		for _, argument := range directive.Arguments {
			m.value(argument.Value)
		}
	}
	return len(list)
}

func (m *measure) value(value *ast.Value) {
	if value == nil {
		return
	}
	m.nul = m.nul || strings.ContainsRune(value.Raw, 0)
	for _, child := range value.Children {
		m.value(child.Value)
	}
}

// add counts a set that lies beside or below.
func (s *size) add(other *size) {
	s.depth = max(s.depth, other.depth)
	s.introspectionDepth = max(s.introspectionDepth, other.introspectionDepth)
	s.fields = sum(s.fields, other.fields)
	s.aliases = sum(s.aliases, other.aliases)
	s.directive = sum(s.directive, other.directive)
}

// merge counts a set whose fields become those of this one.
func (s *size) merge(other *size) {
	s.add(other)
	for key, count := range other.keys {
		s.keys[key] = sum(s.keys[key], count)
	}
}
