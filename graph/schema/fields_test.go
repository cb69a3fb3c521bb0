package schema

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// TestFields_OfTheDomainAreInTheSchema finds what can be asked or recorded in Go and not through the API.
func TestFields_OfTheDomainAreInTheSchema(t *testing.T) {
	t.Parallel()
	declared := gqlparser.MustLoadSchema(&ast.Source{Input: SDL})
	for name, bound := range map[string]reflect.Type{
		"ContactInput": reflect.TypeFor[format.Contact](), "ContactFilter": reflect.TypeFor[contact.Filter](),
		"ContactFilterInfo": reflect.TypeFor[contact.Filter](),
	} {
		for i := range bound.NumField() {
			field, _, _ := strings.Cut(bound.Field(i).Tag.Get("json"), ",")
			if declared.Types[name].Fields.ForName(field) == nil {
				t.Errorf("%s has no field %s, which %s has", name, field, bound)
			}
		}
	}
}

// TestFields_AreKnownToTheGeneratedCode finds fields for which nothing was generated yet.
func TestFields_AreKnownToTheGeneratedCode(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../generated/*.go")
	if err != nil || len(paths) < 2 {
		t.Fatalf("%v %v", paths, err)
	}
	var code strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for _, declared := range gqlparser.MustLoadSchema(&ast.Source{Input: SDL}).Types {
		if declared.BuiltIn || declared.Kind != ast.Object && declared.Kind != ast.InputObject {
			continue
		}
		for _, field := range declared.Fields {
			known := "case \"" + field.Name + "\":"
			if declared.Kind == ast.Object {
				known = "ec._" + declared.Name + "_" + field.Name + "("
			}
			if !strings.HasPrefix(field.Name, "__") && !strings.Contains(code.String(), known) {
				t.Errorf("the generated code does not know %s of %s: run make generate", field.Name, declared.Name)
			}
		}
	}
}
