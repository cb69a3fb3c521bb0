package graph

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/kontakty/kontakty/internal/access"
)

// Whatever the guard lets through is parsed and validated in no time; it never panics.
func FuzzGuard(f *testing.F) {
	for _, document := range []string{
		"{__typename}", "query($a: Int = 1) {a: agents(first: $a) {nodes {...f}}} fragment f on Agent {id}", "{...f} fragment f on Query {...f ...f}",
		"{__schema {types {name}}}", "mutation {x(y: {z: [\"\\u0000\", \"\\ud83d\"]}) @skip(if: true) {id}}", "{\"\"\"", "\x00", "{a(b: 1e999 c: $d)}",
	} {
		f.Add(document)
	}
	g := newGuard(DefaultLimits, access.NewLimiter(1_000_000_000, 1_000_000_000, time.Now))
	schema := servedSchema()
	f.Fuzz(func(t *testing.T, document string) {
		started := time.Now()
		if g.check(document) == nil {
			_, _ = gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules())
		}
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// A body is read as JSON is, save for what cannot be text.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"query":"{a}"}`, `{"query":null}`, `{"query":"\ud83d\ude00"}`, `{"query":"\ud83d"}`, `{"query":"\\ud83d"}`, `[]`, "{\"query\":\"\xff\"}", `{"query":"a","variables":{"n":1e5}}x`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		params, status, err := readBody(httptest.NewRecorder(), request, 1<<20)
		if (err == nil) != (status == 0) || (err == nil) != (params != nil) {
			t.Fatalf("%v with status %d and %v", err, status, params)
		}
		var plain struct{ Query *string }
		readable := json.Unmarshal([]byte(body), &plain) == nil && plain.Query != nil
		if err == nil && (!readable || params.Query != *plain.Query || !utf8.ValidString(body)) {
			t.Errorf("%q was taken as %q", body, params.Query)
		}
		// The decoder puts U+FFFD for half a character: what was taken has none that was not written.
		if err == nil && strings.ContainsRune(params.Query, utf8.RuneError) && !strings.ContainsRune(body, utf8.RuneError) && !strings.Contains(strings.ToLower(body), `\ufffd`) {
			t.Errorf("%q became %q", body, params.Query)
		}
	})
}
