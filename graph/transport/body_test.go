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
	for _, body := range []string{`{"query":"{a}"}`, `{"query":null}`, `{"query":"\ud83d\ude00"}`, `{"query":"\ud83d"}`, `{"query":"\\ud83d"}`, `[]`, `{"query":"{a}","QUERY":"{b}"}`, "{\"query\":\"\xff\"}", `{"query":"a","variables":{"n":1e5}}x`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		params, status, err := readBody(httptest.NewRecorder(), request, 1<<20)
		if (err == nil) != (status == 0) || (err == nil) != (params != nil) {
			t.Fatalf("%v with status %d and %v", err, status, params)
		}
		var plain map[string]any
		query, readable := "", json.Unmarshal([]byte(body), &plain) == nil
		if readable {
			query, readable = plain["query"].(string)
		}
		if err == nil && (!readable || params.Query != query || !utf8.ValidString(body)) {
			t.Errorf("%q was taken as %q", body, params.Query)
		}
		// The decoder puts U+FFFD for half a character: what was taken has none that was not written.
		if err == nil && strings.ContainsRune(params.Query, utf8.RuneError) && !strings.ContainsRune(body, utf8.RuneError) && !strings.Contains(strings.ToLower(body), `\ufffd`) {
			t.Errorf("%q became %q", body, params.Query)
		}
	})
}

// Whoever reads a body before us, such as a filter of a proxy, finds the operation that is executed.
func TestBody_IsReadByKeysAsTheyAreSpelt(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"query":"{a}"}`: "{a}",
		`{"query":"{a}","QUERY":"{b}","Query":"{c}"}`:   "{a}",
		`{"QUERY":"{b}","query":"{a}","other":{"x":1}}`: "{a}",
		`{"query":"{a}","variables":null}`:              "{a}",
		`{"QUERY":"{b}"}`:                               "",
		`{"query":"{a}","query":"{a}"}`:                 "",
		`{"query":"{a}","variables":{},"variables":{}}`: "",
		`{"query":"{a}"} {}`:                            "",
		`[{"query":"{a}"}]`:                             "",
		`{"query":null}`:                                "",
	} {
		params, err := readOperation([]byte(body))
		if (err == nil) != (want != "") || err == nil && params.Query != want {
			t.Errorf("%s is read as %+v, %v", body, params, err)
		}
	}
}
