package guard

import (
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/kontakty/kontakty/graph/schema"
)

// Whatever the guard lets through is parsed and validated in no time; it never panics.
func FuzzDocumentLimits(f *testing.F) {
	for _, document := range []string{
		"{__typename}", "query($a: Int = 1) {a: agents(first: $a) {nodes {...f}}} fragment f on Agent {id}", "{...f} fragment f on Query {...f ...f}",
		"{__schema {types {name}}}", "mutation {x(y: {z: [\"\\u0000\", \"\\ud83d\"]}) @skip(if: true) {id}}", "{\"\"\"", "\x00", "{a(b: 1e999 c: $d)}",
	} {
		f.Add(document)
	}
	served := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL})
	f.Fuzz(func(t *testing.T, document string) {
		started := time.Now()
		if checkDocument(document, DefaultLimits) == nil {
			_, _ = gqlparser.LoadQueryWithRules(served, document, rules.NewDefaultRules())
		}
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("took %s", took)
		}
	})
}
