package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/graph/guard"
)

// chain makes n fragments that each spread the next one, so many times over.
func chain(n, times int, on, wrap, leaf string) string {
	var document strings.Builder
	for i := range n {
		next := leaf
		if i < n-1 {
			next = strings.Repeat(fmt.Sprintf("...f%d ", i+1), times)
		}
		fmt.Fprintf(&document, "fragment f%d on %s {%s} ", i, on, strings.ReplaceAll(wrap, "@", next))
	}
	return document.String()
}

// nested puts n levels of fields into one another.
func nested(n int) string {
	levels := []string{"agents {nodes {", "contacts(" + march + ") {nodes {"}
	document, depth, braces := levels[0], 2, 2
	for depth+2 < n {
		if strings.HasSuffix(document, levels[0]) {
			document += levels[1]
		} else {
			document += "agent {" + levels[1]
			depth, braces = depth+1, braces+1
		}
		depth, braces = depth+2, braces+2
	}
	for depth+1 < n {
		document += "agent {"
		depth, braces = depth+1, braces+1
	}
	return "{" + document + "id" + strings.Repeat("}", braces+1)
}

func TestGuard_RefusesWhatExceedsALimitAndNotWhatMeetsIt(t *testing.T) {
	t.Parallel()
	limits := guard.Limits{Tokens: 60, DocumentBytes: 500, Depth: 3, IntrospectionDepth: 4, Fields: 12, Aliases: 3, Repeats: 4, Directives: 2, Fragments: 3}
	s := newEmptySite(t, graph.Config{Limits: limits})
	agents := func(inside string) string { return "{agents {nodes {" + inside + "}}}" }
	for name, c := range map[string]struct{ meets, passes string }{
		"bytes":               {"{__typename}" + strings.Repeat(" ", 488), "{__typename}" + strings.Repeat(" ", 489)},
		"tokens":              {"{" + strings.Repeat("agents(first: 1) {totalCount} ", 4) + "}", "{" + strings.Repeat("agents(first: 1) {totalCount} ", 4) + strings.Repeat("# x\n", 60) + "}"},
		"levels":              {agents("id"), "{agents {edges {node {id}}}}"},
		"levels in fragments": {"{...a} fragment a on Query {agents {...b}} fragment b on AgentConnection {nodes {id}}", "{...a} fragment a on Query {agents {...b}} fragment b on AgentConnection {edges {node {id}}}"},
		"introspection":       {"{__schema {types {fields {type {name}}}}}", "{__schema {types {fields {type {ofType {name}}}}}}"},
		"fields":              {agents("id name externalId") + "", "{agents {nodes {...a ...b}}} fragment a on Agent {...b ...b ...b} fragment b on Agent {id externalId name}"},
		"aliases":             {agents("a: id b: id c: id"), agents("a: id b: id c: id d: id")},
		"aliases times":       {agents("...a") + "fragment a on Agent {a: id b: id}", agents("...a") + "fragment a on Agent {...b ...b} fragment b on Agent {a: id b: id}"},
		"repeats":             {agents("id id id id"), agents("id id id id id")},
		"repeats in pieces":   {agents("id ... {id id} ...a") + "fragment a on Agent {id}", agents("id ... {id id} ...a ...a") + "fragment a on Agent {id}"},
		"directives":          {agents("id @skip(if: false) name @skip(if: false)"), agents("id @skip(if: false) name @skip(if: false) externalId @skip(if: false)")},
		"fragments":           {agents("... {id} ... {id} ... {id}"), agents("... {id} ... {id} ... {id} ... {id}")},
	} {
		if answered := send(t, s, operation(t, c.meets, nil)); len(answered.Errors) > 0 {
			t.Errorf("%s: %s is refused: %.200s", name, c.meets, answered.body)
		}
		if answered := send(t, s, operation(t, c.passes, nil)); len(answered.Errors) == 0 || answered.Errors[0].Extensions.Code != "LIMIT_EXCEEDED" {
			t.Errorf("%s: %s is answered %.200s", name, c.passes, answered.body)
		}
	}
}

func TestGuard_LetsTheWholeReportAndTheUsualIntrospectionPass(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	typeReference := "{kind name" + strings.Repeat(" ofType {kind name", 9) + strings.Repeat("}", 9) + "}"
	introspection := `{__schema {description queryType {name kind} mutationType {name kind} subscriptionType {name kind}
		types {...type} directives {name description isRepeatable locations args(includeDeprecated: true) {...value}}}}
		fragment type on __Type {kind name description specifiedByURL isOneOf
			fields(includeDeprecated: true) {name description args(includeDeprecated: true) {...value} type ` + typeReference + ` isDeprecated deprecationReason}
			inputFields(includeDeprecated: true) {...value} interfaces ` + typeReference + `
			enumValues(includeDeprecated: true) {name description isDeprecated deprecationReason} possibleTypes ` + typeReference + `}
		fragment value on __InputValue {name description type ` + typeReference + ` defaultValue isDeprecated deprecationReason}`
	if answer := s.ask(t, introspection, nil); !strings.Contains(answer, `"specifiedByURL":"https://`) || !strings.Contains(answer, `"name":"PeriodInput","description":"The days of a report: exactly one of a preset and a range.","specifiedByURL":null,"isOneOf":true`) {
		t.Error("the introspection lacks what the schema says")
	}
	s.ask(t, `query($f: ContactFilter!) {contacts(filter: $f, first: 200) {totalCount edges {cursor node `+everything+`}}}`,
		map[string]any{"f": map[string]any{"period": map[string]any{"preset": "CURRENT_MONTH"}}})
}

// None of these documents may take long, whether it is refused or answered: each once cost seconds or more.
func TestGuard_TakesLongForNoDocument(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	const enough = time.Second
	for name, document := range map[string]string{
		"ten thousand fields":         "{" + strings.Repeat("__typename ", 10_000) + "}",
		"as many fields as may be":    "{" + strings.Repeat("__typename ", 900) + "}",
		"one field, as often":         "{agents {nodes {" + strings.Repeat("id ", 50) + strings.Repeat("name ", 50) + "}}}",
		"fields in one another":       "{" + strings.Repeat("agents {nodes {contacts("+march+") {nodes {agent {", 40) + "id" + strings.Repeat("}", 161),
		"braces":                      strings.Repeat("{", 10_000),
		"brackets":                    "{agents(search: " + strings.Repeat("[", 9_000) + ")}",
		"fragments, doubling":         "{...f0} " + chain(30, 2, "Query", "@", "__typename"),
		"fragments, tenfold":          "{...f0} " + chain(30, 10, "Query", "@", "__typename"),
		"fragments in fields":         "{agents {nodes {contacts(" + march + ") {nodes {agent {...f0}}}}}} " + chain(20, 2, "Agent", "contacts("+march+") {nodes {agent {@}}}", "id"),
		"aliases in fragments":        "{agents {nodes {...f0}}} " + chain(10, 1, "Agent", "a: contacts("+march+") {nodes {agent {@}}} b: contacts("+march+") {nodes {agent {@}}}", "id"),
		"a fragment of itself":        "{...f0} fragment f0 on Query {...f0 __typename}",
		"two fragments of each other": "{...f0} fragment f0 on Query {...f1 ...f1} fragment f1 on Query {...f0 ...f0}",
		"a deep introspection":        "{__schema {types {" + strings.Repeat("fields {type {", 15) + "name" + strings.Repeat("}", 33),
		"many introspections":         "{" + strings.Repeat("__schema {types {name fields {name type {name}}}} ", 60) + "}",
		"directives":                  "{__typename " + strings.Repeat("@skip(if: false) ", 190) + "}",
		"aliases":                     "{" + strings.Repeat("a: __typename ", 300) + "}",
		"an answer as deep as may be": nested(10),
	} {
		started := time.Now()
		answered := send(t, s, operation(t, document, nil))
		if took := time.Since(started); took > enough {
			t.Errorf("%s took %s: %.200s", name, took, answered.body)
		}
	}
}
