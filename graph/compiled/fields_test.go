package compiled

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
)

// TestContactShape_HasEveryColumn finds columns that no field of the API reads, and fields that the schema does not have.
func TestContactShape_HasEveryColumn(t *testing.T) {
	t.Parallel()
	var read contact.Columns
	declared := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL}).Types["Contact"]
	for name, field := range contactShape.fields {
		read |= field.columns
		if declared.Fields.ForName(name) == nil {
			t.Errorf("%s of contactShape is no field of Contact in contact.graphqls", name)
		}
	}
	for _, column := range (contact.AllColumns &^ read).Names()[2:] { // behind the key
		t.Errorf("fields.go: no field of contactShape reads the column %s", column)
	}
}
