package transport

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// A body is read as JSON is, save for what cannot be text.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"query":"{a}"}`, `{"query":null}`, `{"query":"\ud83d\ude00"}`, `{"query":"\ud83d"}`, `{"query":"\\ud83d"}`, `[]`, "{\"query\":\"\xff\"}", `{"query":"a","variables":{"n":1e5}}x`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
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
