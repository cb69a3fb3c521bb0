package guard

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/graph/schema"
)

// strictVariables checks the values of variables to the letter of the specification. gqlparser takes any text for an enum
// value, which would then restrict nothing, "7" for a number, and two keys for a @oneOf input.
type strictVariables struct{ schema *ast.Schema }

// ExtensionName names the check to gqlgen.
func (strictVariables) ExtensionName() string { return "StrictVariables" }

// Validate accepts every schema.
func (strictVariables) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses a value that does not fit its type. Nothing is changed. Errors: GRAPHQL_VALIDATION_FAILED.
func (s strictVariables) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	for _, definition := range operation.Operation.VariableDefinitions {
		value, given := operation.Variables[definition.Variable]
		if !given {
			continue
		}
		path := ast.Path{ast.PathName("variable"), ast.PathName(definition.Variable)}
		if err := s.check(definition.Type, value, path); err != nil {
			return err
		}
	}
	return nil
}

func (s strictVariables) check(typ *ast.Type, value any, path ast.Path) *gqlerror.Error {
	if value == nil {
		return nil // gqlparser refuses null where it may not stand
	}
	if typ.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			return s.check(typ.Elem, value, path)
		}
		for i, element := range list {
			if err := s.check(typ.Elem, element, append(path[:len(path):len(path)], ast.PathIndex(i))); err != nil {
				return err
			}
		}
		return nil
	}
	switch definition := s.schema.Types[typ.NamedType]; definition.Kind {
	case ast.Enum:
		if name, ok := value.(string); !ok || definition.EnumValues.ForName(name) == nil {
			return invalid(path, fmt.Sprintf("the value is none of %s", definition.Name))
		}
	case ast.InputObject:
		return s.object(definition, value, path)
	case ast.Scalar:
		if read, found := scalars[definition.Name]; found {
			if err := read(value); err != nil {
				return &gqlerror.Error{Err: err, Path: path}
			}
		}
	}
	return nil
}

func (s strictVariables) object(definition *ast.Definition, value any, path ast.Path) *gqlerror.Error {
	object, ok := value.(map[string]any)
	if !ok {
		return invalid(path, fmt.Sprintf("%s is an object", definition.Name))
	}
	if definition.Directives.ForName("oneOf") != nil && !hasOne(object) {
		return invalid(path, fmt.Sprintf("%s takes exactly one key, and not null", definition.Name))
	}
	for _, field := range definition.Fields {
		value, given := object[field.Name]
		if !given {
			continue
		}
		if err := s.check(field.Type, value, append(path[:len(path):len(path)], ast.PathName(field.Name))); err != nil {
			return err
		}
	}
	return nil
}

// NameUnknown lets the refusal of an operation name the first of several keys that the input of a variable does not have:
// gqlparser names one of them by chance.
func (g *Guard) NameUnknown(operation *graphql.OperationContext, variables map[string]any, refusal *gqlerror.Error) {
	path := refusal.Path
	if refusal.Message != "unknown field" || len(path) < 3 || operation.Operation == nil {
		return
	}
	name, _ := path[1].(ast.PathName)
	definition := operation.Operation.VariableDefinitions.ForName(string(name))
	if definition == nil {
		return
	}
	value, input := variables[string(name)], g.schema.Types[definition.Type.Name()]
	last := len(path) - 1
	for _, step := range path[2:last] {
		switch step := step.(type) {
		case ast.PathIndex:
			if list, ok := value.([]any); ok && int(step) < len(list) {
				value = list[step]
			}
		case ast.PathName:
			object, _ := value.(map[string]any)
			value, input = object[string(step)], g.schema.Types[input.Fields.ForName(string(step)).Type.Name()]
		}
	}
	object, _ := value.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if key != "__typename" && input.Fields.ForName(key) == nil {
			path[last] = ast.PathName(key)
			return
		}
	}
}

func hasOne(object map[string]any) bool {
	for _, value := range object {
		return len(object) == 1 && value != nil
	}
	return false
}

// invalid is an error GRAPHQL_VALIDATION_FAILED at the path of a variable.
func invalid(path ast.Path, message string) *gqlerror.Error {
	err := gqlerror.ErrorPathf(path, "%s", message)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

// scalars check a value of each scalar.
var scalars = map[string]func(any) error{
	"Int":       reads(schema.UnmarshalInt),
	"Long":      reads(schema.UnmarshalLong),
	"String":    reads(schema.UnmarshalString),
	"ID":        reads(schema.UnmarshalID),
	"Boolean":   reads(schema.UnmarshalBoolean),
	"DateTime":  reads(schema.UnmarshalDateTime),
	"Date":      reads(schema.UnmarshalDate),
	"LocalTime": reads(schema.UnmarshalLocalTime),
}

func reads[T any](unmarshal func(any) (T, error)) func(any) error {
	return func(value any) error {
		_, err := unmarshal(value)
		return err
	}
}
