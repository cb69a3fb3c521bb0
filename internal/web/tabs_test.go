package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

func TestTabs_AreValidAgainstTheSchema(t *testing.T) {
	t.Parallel()
	schema := loadSchema(t)
	tabs := files(t, "graphiql/src/tabs/*.graphql")
	for name, query := range tabs {
		document, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
		if errs != nil {
			t.Errorf("%s: %v", name, errs)
			continue
		}
		// GraphiQL asks which operation to run when there are several, and names the tab after the first.
		if len(document.Operations) != 1 || document.Operations[0].Name == "" {
			t.Errorf("%s holds %d operations, want one with a name", name, len(document.Operations))
			continue
		}
		for _, variable := range document.Operations[0].VariableDefinitions {
			t.Errorf("%s needs variable $%s; a tab must run as it is", name, variable.Variable)
		}
	}
}

func TestTabs_AreInTheBuiltPage(t *testing.T) {
	t.Parallel()
	var scripts strings.Builder
	for _, script := range files(t, "graphiql/dist/assets/*.js") {
		scripts.WriteString(script)
	}
	for name, query := range files(t, "graphiql/src/tabs/*.graphql") {
		first, _, _ := strings.Cut(query, "\n")
		if !strings.Contains(scripts.String(), first) {
			t.Errorf("%s is not in the built page; is it in tabs.js, and is dist current?", name)
		}
	}
}

func TestTabs_ShowAllNineteenColumnsFirst(t *testing.T) {
	t.Parallel()
	document, errs := gqlparser.LoadQueryWithRules(
		loadSchema(t), files(t, "graphiql/src/tabs/1-*.graphql")["1-contacts.graphql"], rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	selected := make(map[string]bool)
	var walk func(prefix string, set ast.SelectionSet)
	walk = func(prefix string, set ast.SelectionSet) {
		for _, selection := range set {
			if field, ok := selection.(*ast.Field); ok {
				selected[prefix+field.Name] = true
				walk(prefix+field.Name+".", field.SelectionSet)
			}
		}
	}
	walk("", document.Operations[0].SelectionSet)
	for _, column := range []string{
		"externalId", "campaign.name", "agent.name", "sourceAddress", "destinationAddress", "ccAddresses", "bccAddresses",
		"startedAt", "talkTime", "ringTime", "agentTalkTime", "type", "status", "record.externalId",
		"record.significantField.value", "classifier.name", "queue.name", "details", "hangupParty",
	} {
		if !selected["contacts.nodes."+column] {
			t.Errorf("column %s is not selected", column)
		}
	}
}

// loadSchema reads the API's schema from its source: this package must not import graph.
func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	var sources []*ast.Source
	for name, text := range files(t, "../../graph/schema/*.graphqls") {
		sources = append(sources, &ast.Source{Name: name, Input: text})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// files are the contents of what matches, at least one file, by name.
func files(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no file matches %s (%v)", pattern, err)
	}
	contents := make(map[string]string)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(name)] = string(content)
	}
	return contents
}
