package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validation are the rules of the specification; "did you mean" is for the editor, which knows the schema.
func validation() *rules.Rules {
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.KnownArgumentNamesRule.Name)
	all.RemoveRule(rules.KnownTypeNamesRule.Name)
	all.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	for _, rule := range []core.Rule{
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		objectsWhereTheyBelong,
	} {
		all.AddRule(rule.Name, rule.RuleFunc)
	}
	return all
}

// objectsWhereTheyBelong is a part of ValuesOfCorrectType that gqlparser leaves out: it takes {} for a value of any type,
// and where a directive wants a Boolean, gqlgen panics of it.
var objectsWhereTheyBelong = core.Rule{
	Name: "ObjectsWhereTheyBelong",
	RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Kind == ast.ObjectValue && value.Definition != nil && value.Definition.Kind != ast.InputObject {
				addError(core.Message(`Expected value of type "%s"`, value.ExpectedType.String()), core.At(value.Position))
			}
		})
	},
}
