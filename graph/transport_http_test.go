package graph_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
)

func TestHTTP_IsToTheLetter(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	const typename = `{"query":"{__typename}"}`
	get := func(query string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/graphql?"+query, nil)
	}
	with := func(request *http.Request, header, value string) *http.Request {
		request.Header.Set(header, value)
		return request
	}
	body := func(text string) *http.Request { return post(strings.NewReader(text)) }
	const both, plain, strict = "application/graphql-response+json, application/json", "application/json", "application/graphql-response+json"

	for name, c := range map[string]struct {
		request *http.Request
		status  int
		code    string
		media   string
	}{
		"no Accept":                       {body(typename), 200, "", plain},
		"any Accept":                      {with(body(typename), "Accept", "*/*"), 200, "", plain},
		"the first of both":               {with(body(typename), "Accept", both), 200, "", strict},
		"the heavier of both":             {with(body(typename), "Accept", "application/graphql-response+json;q=0.5, application/json"), 200, "", plain},
		"a page of HTML":                  {with(body(typename), "Accept", "text/html"), 406, "BAD_REQUEST", plain},
		"a browser":                       {with(get("query={__typename}"), "Accept", "text/html,application/xhtml+xml,*/*;q=0.8"), 200, "", plain},
		"a body without a type":           {with(body(typename), "Content-Type", ""), 415, "BAD_REQUEST", plain},
		"a form":                          {with(body(typename), "Content-Type", "text/plain"), 415, "BAD_REQUEST", plain},
		"a foreign charset":               {with(body(typename), "Content-Type", "application/json; charset=iso-8859-2"), 415, "BAD_REQUEST", plain},
		"UTF-8 said":                      {with(body(typename), "Content-Type", "application/json; charset=UTF-8"), 200, "", plain},
		"no JSON":                         {body(`{"query`), 400, "BAD_REQUEST", plain},
		"two JSONs":                       {body(typename + typename), 400, "BAD_REQUEST", plain},
		"a batch":                         {body(`[` + typename + `]`), 400, "BAD_REQUEST", plain},
		"no query":                        {body(`{"variables":{}}`), 400, "BAD_REQUEST", plain},
		"variables in a text":             {body(`{"query":"{__typename}","variables":"{}"}`), 400, "BAD_REQUEST", plain},
		"invalid UTF-8":                   {body("{\"query\":\"{__typename}\",\"variables\":{\"a\":\"\xff\"}}"), 400, "INVALID_TEXT", plain},
		"half a character":                {body(`{"query":"{__typename}","variables":{"a":"\ud83d\\ud83d"}}`), 400, "INVALID_TEXT", plain},
		"a whole character":               {body(`{"query":"{__typename}","variables":{"a":"\ud83c\udf55 \\ud83d"}}`), 200, "", plain},
		"a body too large":                {body(`{"query":"{__typename}"` + strings.Repeat(" ", 256<<10) + `}`), 413, "LIMIT_EXCEEDED", plain},
		"a parse error":                   {body(`{"query":"{"}`), 200, "GRAPHQL_PARSE_FAILED", plain},
		"a parse error, strictly":         {with(body(`{"query":"{"}`), "Accept", strict), 400, "GRAPHQL_PARSE_FAILED", strict},
		"a limit":                         {body(`{"query":"` + strings.Repeat(" ", 10_001) + `"}`), 200, "LIMIT_EXCEEDED", plain},
		"a limit, strictly":               {with(body(`{"query":"`+strings.Repeat(" ", 10_001)+`"}`), "Accept", strict), 400, "LIMIT_EXCEEDED", strict},
		"a variable, strictly":            {with(body(`{"query":"query($id: ID!) {node(id: $id) {id}}"}`), "Accept", strict), 400, "GRAPHQL_VALIDATION_FAILED", strict},
		"GET":                             {get("query=" + url.QueryEscape(`query($n: String!) {__type(name: $n) {name}}`) + "&variables=" + url.QueryEscape(`{"n":"Query"}`)), 200, "", plain},
		"GET without a query":             {get(""), 400, "BAD_REQUEST", plain},
		"GET with spoilt variables":       {get("query={__typename}&variables=x"), 400, "BAD_REQUEST", plain},
		"GET with invalid UTF-8":          {get("query={__typename}&variables=" + url.QueryEscape("{\"a\":\"\xff\"}")), 400, "INVALID_TEXT", plain},
		"GET with an address too long":    {get("query={__typename}&x=" + strings.Repeat("x", 256<<10)), 414, "LIMIT_EXCEEDED", plain},
		"GET that would change something": {get("query=mutation{__typename}"), 405, "BAD_REQUEST", plain},
		"PUT":                             {httptest.NewRequest(http.MethodPut, "/graphql", nil), 405, "BAD_REQUEST", plain},
	} {
		t.Run(name, func(t *testing.T) {
			answered := send(t, s, c.request)
			if answered.status != c.status || answered.header.Get("Content-Type") != c.media+"; charset=utf-8" {
				t.Errorf("%d %s, want %d %s", answered.status, answered.header.Get("Content-Type"), c.status, c.media)
			}
			if c.code == "" {
				if len(answered.Errors) > 0 || answered.Data == nil {
					t.Errorf("refused: %s", answered.body)
				}
				return
			}
			if len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != c.code || strings.Contains(answered.body, `"data"`) {
				t.Errorf("answered %s, want %s and no data", answered.body, c.code)
			}
			if len(answered.body) > 500 || strings.Contains(answered.body, "__typename") {
				t.Errorf("the request is echoed: %s", answered.body)
			}
			if c.status == http.StatusMethodNotAllowed && answered.header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
		})
	}
}

func TestHTTP_ReadsABodyNoFurtherThanItsLimit(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{Limits: guard.Limits{BodyBytes: 100}})
	endless := bytes.NewReader(make([]byte, 1<<20))
	request := post(endless)
	request.Header.Set("Authorization", "Bearer "+s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead))
	if status := send(t, s, request).status; status != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", status)
	}
	if read := 1<<20 - endless.Len(); read > 1000 {
		t.Errorf("%d bytes were read", read)
	}
}

func TestHTTP_LetsNoCacheStoreAnAnswer(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	answered := send(t, s, operation(t, `{__typename}`, nil))
	if answered.header.Get("Cache-Control") != "no-store" || !strings.Contains(answered.header.Get("Vary"), "Accept-Language") {
		t.Errorf("headers are %v", answered.header)
	}
}

// Recording takes a body of its own size from whoever may record; nothing else, and nobody else, gets so much in.
func TestPost_TakesLargeBodiesForRecordingAlone(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Limits.BodyBytes, c.Limits.RecordBytes = 1_000, 4_000 }))
	everybody := access.Grants{Unrestricted: true}
	writer, reader := s.newKey(t, everybody, access.ScopeWrite), s.newKey(t, everybody, access.ScopeRead)
	const records, other = `mutation {recordContacts(input: {contacts: []}) {recorded}}`, `{viewer {reference}}`
	for name, c := range map[string]struct {
		key, document string
		bytes, status int
	}{
		"recording":                {writer, records, 3_000, http.StatusOK},
		"recording far too much":   {writer, records, 5_000, http.StatusRequestEntityTooLarge},
		"recording without rights": {reader, records, 3_000, http.StatusRequestEntityTooLarge},
		"reading":                  {writer, other, 3_000, http.StatusRequestEntityTooLarge},
		"recording and reading":    {writer, records[:len(records)-1] + ` revokeApiKey(input: {id: "x"}) {clientMutationId}}`, 3_000, http.StatusRequestEntityTooLarge},
		"a small question":         {writer, other, 900, http.StatusOK},
	} {
		body := string(payload(c.document, nil))
		body += strings.Repeat(" ", c.bytes-len(body))
		request := post(strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+c.key)
		if answered := send(t, s, request); answered.status != c.status {
			t.Errorf("%s is answered %d %s", name, answered.status, answered.body)
		}
	}
}
