package compiled

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// maxOperations is how many operations have their plans kept: as many as documents are kept parsed.
	maxOperations = 1000
	// maxPlans is how many plans are kept of one operation: one for each list, times the ways in which @skip and
	// @include came out. More than that are compiled each time, as the generated executor does.
	maxPlans = 16
	// maxSwitches is how many variables of @skip and @include a key has room for.
	maxSwitches = 64
)

// plans are the plans of the operations that were run last.
type plans struct {
	operations *lru.Cache[*ast.OperationDefinition, *operation]
}

// operation is what is known of a parsed operation.
type operation struct {
	// switches are the variables that @skip and @include depend on.
	switches []string
	mu       sync.RWMutex
	plans    map[planKey]*plan
}

// planKey is a list of an operation and the values of its switches, one a bit.
type planKey struct {
	list  *ast.Field
	truth uint64
}

func newPlans() *plans {
	operations, err := lru.New[*ast.OperationDefinition, *operation](maxOperations)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &plans{operations: operations}
}

// of is the plan of a field of the operation that is being executed, nil if there is none.
func (p *plans) of(running *graphql.OperationContext, field graphql.CollectedField) *plan {
	cached, found := p.operations.Get(running.Operation)
	if !found {
		cached = &operation{switches: switchesOf(running.Doc, running.Operation), plans: map[planKey]*plan{}}
		p.operations.Add(running.Operation, cached)
	}
	key := planKey{list: field.Field}
	if len(cached.switches) > maxSwitches {
		return nil
	}
	for i, name := range cached.switches {
		holds, given := running.Variables[name].(bool)
		if !given { // null in the place of a default: an error, for the generated executor to place
			return nil
		}
		if holds {
			key.truth |= 1 << i
		}
	}
	cached.mu.RLock()
	compiled, found := cached.plans[key]
	cached.mu.RUnlock()
	if found {
		return compiled
	}
	compiled = compile(running, field.Selections)
	cached.mu.Lock()
	defer cached.mu.Unlock()
	if len(cached.plans) < maxPlans {
		cached.plans[key] = compiled
	}
	return compiled
}

// switchesOf are the variables that @skip and @include of an operation depend on, wherever they stand.
func switchesOf(document *ast.QueryDocument, running *ast.OperationDefinition) []string {
	w := walk{document: document, fragments: map[string]bool{}, variables: map[string]bool{}}
	w.selections(running.SelectionSet)
	return w.names
}

// walk goes through a selection and the fragments that it spreads, each once.
type walk struct {
	document             *ast.QueryDocument
	fragments, variables map[string]bool
	names                []string
}

func (w *walk) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			w.directives(selection.Directives)
			w.selections(selection.SelectionSet)
		case *ast.InlineFragment:
			w.directives(selection.Directives)
			w.selections(selection.SelectionSet)
		case *ast.FragmentSpread:
			w.directives(selection.Directives)
			if !w.fragments[selection.Name] {
				w.fragments[selection.Name] = true
				w.selections(w.document.Fragments.ForName(selection.Name).SelectionSet)
			}
		}
	}
}

func (w *walk) directives(list ast.DirectiveList) {
	for _, directive := range list {
		for _, argument := range directive.Arguments {
			if name := argument.Value.Raw; argument.Value.Kind == ast.Variable && !w.variables[name] {
				w.variables[name] = true
				w.names = append(w.names, name)
			}
		}
	}
}
