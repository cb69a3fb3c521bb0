package graph_test

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// missing is what of the schema was never written.
func (a *author) missing() []string {
	var missing []string
	want := func(what string) {
		if !a.written[what] {
			missing = append(missing, what)
		}
	}
	for _, definition := range a.schema.Types {
		if strings.HasPrefix(definition.Name, "__") {
			continue
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			want(definition.Name + "." + field.Name)
			for _, argument := range field.Arguments {
				want(definition.Name + "." + field.Name + "(" + argument.Name + ")")
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// neverAnswered are fields that no answer gave a value of, so that comparing them proved nothing. Those of keys, of the
// audit log and of what was recorded are for others.
func (a *author) neverAnswered() []string {
	forOthers := []string{
		"ApiKey", "ApiKeyConnection", "ApiKeyEdge", "GrantsInfo", "AuditEvent", "AuditEventConnection", "AuditEventEdge", "Mutation",
		"CreateApiKeyPayload", "RevokeApiKeyPayload", "RecordContactsPayload", "ContactError", "SetContactRevisionPayload", "Query",
	}
	var never []string
	for _, definition := range a.schema.Types {
		if definition.Kind != ast.Object || strings.HasPrefix(definition.Name, "__") || slices.Contains(forOthers, definition.Name) {
			continue
		}
		for _, field := range definition.Fields {
			if !a.answered[field.Name] {
				never = append(never, definition.Name+"."+field.Name)
			}
		}
	}
	slices.Sort(never)
	return never
}
