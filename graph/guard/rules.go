package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are those of the specification without "did you mean", which is for an editor that knows the schema.
func validationRules() *rules.Rules {
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.KnownArgumentNamesRule.Name)
	all.RemoveRule(rules.KnownTypeNamesRule.Name)
	all.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	for _, rule := range []core.Rule{
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		objectsForInputObjects,
	} {
		all.AddRule(rule.Name, rule.RuleFunc)
	}
	return all
}

// objectsForInputObjects is a part of ValuesOfCorrectType that gqlparser lacks: it takes {} for a value of any type, on
// which gqlgen panics where a directive wants a Boolean.
var objectsForInputObjects = core.Rule{
	Name: "ObjectsForInputObjects",
	RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Kind == ast.ObjectValue && value.Definition != nil && value.Definition.Kind != ast.InputObject {
				addError(core.Message(`Expected value of type "%s"`, value.ExpectedType.String()), core.At(value.Position))
			}
		})
	},
}
