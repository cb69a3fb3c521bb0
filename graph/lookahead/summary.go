package lookahead

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/summary"
)

// durations are what is added up for the fields of measures.
var durations = map[string]plan.Duration{
	"talkTime": plan.OfTalk, "agentTalkTime": plan.OfAgentTalk, "ivrTime": plan.OfIVR, "ringTime": plan.OfRinging,
	"queueTime": plan.OfQueue, "timeToAnswer": plan.OfAnswer, "lostAfter": plan.OfBeingLost,
}

// selected is what a summary's field selects.
type selected struct {
	operation *graphql.OperationContext
	question  summary.Question
}

// Summary is what the field being resolved, a summary of the contacts that meet a filter, selects.
func Summary(ctx context.Context, filter contact.Filter) summary.Question {
	s := selected{operation: graphql.GetOperationContext(ctx), question: summary.Question{Filter: filter}}
	for _, field := range graphql.CollectFieldsCtx(ctx, []string{"ContactSummary"}) {
		switch field.Name {
		case "total":
			s.question.Total = true
			s.measures(field.Selections)
		case "previousTotal":
			s.question.Previous = true
			s.measures(field.Selections)
		case "groups":
			s.groups(field, summary.Grouping{})
		case "facet":
			s.groups(field, summary.Grouping{Facet: true})
		}
	}
	return s.question
}

func (s *selected) fields(set ast.SelectionSet, of string) []graphql.CollectedField {
	return graphql.CollectFields(s.operation, set, []string{of})
}

func (s *selected) groups(field graphql.CollectedField, asked summary.Grouping) {
	arguments := field.ArgumentMap(s.operation.Variables)
	asked.First, _ = schema.UnmarshalInt(arguments["first"])
	by, listed := arguments["by"].([]any)
	if !listed {
		by = []any{arguments["by"]}
	}
	if asked.Facet {
		by = []any{arguments["of"]}
	}
	for _, one := range by {
		name, _ := one.(string)
		asked.By = append(asked.By, summary.Dimension(name))
	}
	if order, given := arguments["orderBy"].(map[string]any); given {
		asked.Order = &summary.Order{By: summary.OrderByContacts, Direction: contact.Descending}
		if name, given := order["by"].(string); given {
			asked.Order.By = summary.OrderField(name)
		}
		if name, given := order["direction"].(string); given {
			asked.Order.Direction = contact.Direction(name)
		}
	}
	for _, below := range s.fields(field.Selections, "ContactGroupsResult") {
		switch below.Name {
		case "rest":
			s.measures(below.Selections)
		case "nodes":
			for _, one := range s.fields(below.Selections, "ContactGroupSummary") {
				asked.Previous = asked.Previous || one.Name == "previous"
				if one.Name == "measures" || one.Name == "previous" {
					s.measures(one.Selections)
				}
			}
		}
	}
	s.question.Ask(asked)
}

func (s *selected) measures(set ast.SelectionSet) {
	wanted := &s.question.Wanted
	for _, field := range s.fields(set, "ContactMeasuresSummary") {
		arguments := field.ArgumentMap(s.operation.Variables)
		number := func(name string) int {
			n, _ := schema.UnmarshalInt(arguments[name])
			return n
		}
		switch field.Name {
		case "lostShort":
			wanted.Short(number("within"))
		case "serviceLevel":
			wanted.Level(plan.Level{Seconds: number("seconds"), ShortAbandon: number("shortAbandon")})
		default:
			if duration, known := durations[field.Name]; known {
				wanted.Duration(duration, slices.ContainsFunc(s.fields(field.Selections, "DurationSummary"), func(one graphql.CollectedField) bool {
					return one.Name == "percentile"
				}))
			}
		}
	}
}
