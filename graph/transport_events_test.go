package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
)

type graphConfig = graph.Config

// config is a configuration with some things set.
func config(set ...func(*graphConfig)) graph.Config {
	var c graph.Config
	for _, one := range set {
		one(&c)
	}
	return c
}

// Clients that offer JSON beside an event stream do so for every query.
func TestEvents_AreForClientsThatAcceptNothingElse(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	url := s.serve(t, 0)
	for accept, want := range map[string]string{
		"text/event-stream":                                          "text/event-stream",
		"application/json;q=0, text/event-stream":                    "text/event-stream",
		"text/event-stream, multipart/mixed":                         "text/event-stream",
		"text/event-stream, */*;q=0.1":                               "text/event-stream",
		"text/event-stream, application/json":                        "application/json; charset=utf-8",
		"text/event-stream, application/graphql-response+json;q=0.5": "application/graphql-response+json; charset=utf-8",
		"application/graphql-response+json, application/json, text/event-stream, multipart/mixed": "application/graphql-response+json; charset=utf-8",
		"text/event-stream;q=0, */*": "application/json; charset=utf-8",
	} {
		_, response := openEvents(t, url, `{__typename}`, http.Header{"Accept": {accept}})
		if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != want {
			t.Errorf("Accept %q is answered %s %s, want %s", accept, response.Status, got, want)
		}
		if got := response.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Accept %q: Cache-Control is %q", accept, got)
		}
	}
}

func TestEvents_AreTheOnlyAnswerToAPostedSubscription(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	answered := send(t, s, operation(t, following("x"), nil))
	if answered.status != http.StatusNotAcceptable || len(answered.Errors) != 1 || !strings.Contains(answered.Errors[0].Message, "text/event-stream") {
		t.Errorf("answered %d %s", answered.status, answered.body)
	}
}

func TestEvents_AreNotOpenedForWhatIsNoOperation(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Limits.BodyBytes = 100 }))
	const body = `{"query":"{__typename}"}`
	for name, c := range map[string]struct {
		method, contentType, body string
		status                    int
		code                      string
	}{
		"a form":           {http.MethodPost, "text/plain", body, 415, "BAD_REQUEST"},
		"no JSON":          {http.MethodPost, "application/json", `{`, 400, "BAD_REQUEST"},
		"half a character": {http.MethodPost, "application/json", `{"query":"{__typename}","variables":{"a":"\ud83d"}}`, 400, "INVALID_TEXT"},
		"a body too large": {http.MethodPost, "application/json", strings.Repeat(" ", 101), 413, "LIMIT_EXCEEDED"},
		"a link":           {http.MethodGet, "", "", 406, "BAD_REQUEST"},
	} {
		t.Run(name, func(t *testing.T) {
			request := post(strings.NewReader(c.body))
			request.Method, request.URL.RawQuery = c.method, "query={__typename}"
			request.Header.Set("Content-Type", c.contentType)
			request.Header.Set("Accept", "text/event-stream")
			answered := send(t, s, request)
			if answered.status != c.status || len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != c.code {
				t.Errorf("answered %d %s, want %d %s", answered.status, answered.body, c.status, c.code)
			}
		})
	}
}
