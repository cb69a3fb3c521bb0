package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
)

// as sends a document with a key.
func as(t *testing.T, handler http.Handler, key, document string) reply {
	t.Helper()
	request := operation(t, document, nil)
	request.Header.Set("Authorization", "Bearer "+key)
	return send(t, handler, request)
}

// A page of somebody else can make a browser send forms, texts and links, with cookies; never JSON with a key.
func TestAccess_LetsForeignPagesChangeNothing(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	const change = `mutation {createApiKey(input: {name: \"x\", scopes: [ADMIN]}) {key}}`
	for _, media := range []string{
		"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json",
		"application/json-seq", "text/json", "application/graphql", "*/*", "application/jsonx", ",application/json",
	} {
		for _, accept := range []string{"application/json", "text/event-stream"} {
			request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"`+change+`"}`))
			if media != "" {
				request.Header.Set("Content-Type", media)
			}
			request.Header.Set("Accept", accept)
			request.Header.Set("Origin", "https://evil.example.com")
			if answered := send(t, s, request); answered.status != http.StatusUnsupportedMediaType || answered.Data != nil {
				t.Errorf("%q is answered %d %s", media, answered.status, answered.body)
			}
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		request := httptest.NewRequest(method, "/graphql?query="+strings.NewReplacer(" ", "%20", `\"`, "%22").Replace(change), nil)
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request.WithContext(t.Context()))
		if recorder.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s is answered %d %s", method, recorder.Code, recorder.Body)
		}
	}
	for _, cookie := range []string{"Authorization=Bearer " + s.key, "session=" + s.key, "token=" + s.key} {
		request := operation(t, `{viewer {reference}}`, nil)
		request.Header.Set("Authorization", nobody)
		request.Header.Set("Cookie", cookie)
		if answered := send(t, s, request); answered.status != http.StatusUnauthorized {
			t.Errorf("a cookie opens the door: %d %s", answered.status, answered.body)
		}
	}
	if got := s.ask(t, `{apiKeys {totalCount}}`, nil); got != `{"apiKeys":{"totalCount":1}}` {
		t.Errorf("there are %s", got)
	}
}

// Who may read answers across origins is said by the server around us. We say nothing of it, so that nobody may.
func TestAccess_AllowsNoOriginToReadUnasked(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{Origins: []string{"https://panel.example.com"}})
	for _, origin := range []string{"https://evil.example.com", "null", "https://panel.example.com"} {
		request := operation(t, `{__typename}`, nil)
		request.Header.Set("Origin", origin)
		for name := range send(t, s, request).header {
			if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
				t.Errorf("to %s is answered with %s", origin, name)
			}
		}
	}
}

func TestAccess_SaysWhyARequestIsRefused(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(60, 50, func() time.Time { return now })}})
	reader := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)
	writer := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeWrite)

	t.Run("nobody", func(t *testing.T) {
		request := operation(t, `{__typename}`, nil)
		request.Header.Set("Authorization", nobody)
		request.Header.Set("Accept-Language", "pl")
		answered := send(t, s, request)
		if answered.status != http.StatusUnauthorized || answered.header.Get("WWW-Authenticate") != "Bearer" || answered.Data != nil ||
			answered.Errors[0].Extensions.Code != "UNAUTHENTICATED" || answered.header.Get("X-Request-Id") == "" {
			t.Errorf("answered %d %v %s", answered.status, answered.header, answered.body)
		}
	})
	t.Run("a scope is missing", func(t *testing.T) {
		for _, document := range []string{
			`{apiKeys {totalCount}}`, `{auditEvents {totalCount}}`, `{sources {name}}`, `{downloads {totalCount}}`, `{node(id: "QXBpS2V5OjE") {id}}`,
			`{exportPreview(` + march + `) {lines}}`, `mutation {exportContacts(input: {` + march + `}) {download {id}}}`,
			`mutation {revokeApiKey(input: {id: "QXBpS2V5OjE"}) {apiKey {id}}}`, `mutation {cancelDownload(input: {id: "RG93bmxvYWQ6MQ"}) {download {id}}}`,
			`mutation {setContactRevision(input: {externalId: "x", revision: 0}) {contactId}}`,
			`mutation {recordContacts(input: {contacts: []}) {recorded}}`, `{contacts(filter: {period: {preset: TODAY}, sourceAddresses: ["101"]}) {totalCount}}`,
		} {
			answered := as(t, s.unlimited(t), reader, document)
			if answered.status != http.StatusOK || len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "FORBIDDEN" || !strings.Contains(string(answered.Data), "null") {
				t.Errorf("%s is answered %d %s", document, answered.status, answered.body)
			}
		}
		for _, document := range []string{
			`{contacts(` + march + `) {totalCount}}`, `{agents {totalCount}}`, `{campaigns {totalCount}}`, `{contact(id: "Q29udGFjdDox") {id}}`,
			`{node(id: "QWdlbnQ6MQ") {id}}`, `{nodes(ids: ["Q29udGFjdDox"]) {id}}`,
		} {
			answered := as(t, s.unlimited(t), writer, document)
			if len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "FORBIDDEN" {
				t.Errorf("%s is answered %d %s", document, answered.status, answered.body)
			}
		}
	})
	t.Run("too much", func(t *testing.T) {
		const document = `{contacts(` + march + `, first: 0) {pageInfo {hasNextPage}}}`
		spent := 0
		for {
			answered := as(t, s, reader, document)
			if answered.status == http.StatusTooManyRequests {
				wait, err := strconv.Atoi(answered.header.Get("Retry-After"))
				if err != nil || wait < 1 || wait > 60 || answered.Errors[0].Extensions.Code != "RATE_LIMITED" || answered.Data != nil {
					t.Errorf("answered %v %s", answered.header, answered.body)
				}
				break
			}
			var body struct {
				Extensions struct{ Cost guard.Cost }
			}
			if err := json.Unmarshal([]byte(answered.body), &body); err != nil {
				t.Fatal(err)
			}
			if spent += body.Extensions.Cost.Charged; body.Extensions.Cost.Requested < 20 || body.Extensions.Cost.Charged < 1 || body.Extensions.Cost.Remaining != 50-spent {
				t.Fatalf("after %d of 50 units the answer is %s", spent, answered.body)
			}
		}
		if spent == 0 || spent > 50 {
			t.Errorf("%d units were given of 50", spent)
		}
		// What one has spent is not taken from another.
		if answered := as(t, s, writer, `{__typename}`); answered.status != http.StatusOK {
			t.Errorf("another is answered %d %s", answered.status, answered.body)
		}
	})
	t.Run("the schema", func(t *testing.T) {
		config := s.config
		config.Access.Introspection = false
		handler := graph.NewHandler(config)
		t.Cleanup(handler.Close)
		for _, document := range []string{`{__schema {queryType {name}}}`, `{__type(name: "Query") {name}}`, `{...f} fragment f on Query {__schema {description}}`} {
			answered := as(t, handler, s.key, document)
			if answered.status != http.StatusForbidden || answered.Errors[0].Extensions.Code != "FORBIDDEN" || answered.Data != nil {
				t.Errorf("%s is answered %d %s", document, answered.status, answered.body)
			}
		}
		if answered := as(t, handler, s.key, `{__typename}`); answered.status != http.StatusOK {
			t.Errorf("__typename is answered %d %s", answered.status, answered.body)
		}
	})
	t.Run("too many wrong keys", func(t *testing.T) {
		last := 0
		for range 12 {
			last = presents(t, s, "Bearer kky_wrong").Code
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the twelfth wrong key is answered %d", last)
		}
		// Who was let in before is, still.
		if answered := as(t, s.unlimited(t), reader, `{__typename}`); answered.status != http.StatusOK {
			t.Errorf("a good key is answered %d %s", answered.status, answered.body)
		}
	})
}

// unlimited serves the same site without the rate.
func (s *site) unlimited(t *testing.T) http.Handler {
	t.Helper()
	config := s.config
	config.Access.Limiter = access.NewLimiter(1_000_000, 1_000_000, func() time.Time { return now })
	handler := graph.NewHandler(config)
	t.Cleanup(handler.Close)
	return handler
}

func TestAccess_OpensASocketWithCredentialsAlone(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	url := s.serve(t, 0)
	reader, revoked := s.newKey(t, access.Grants{}, access.ScopeRead), s.newKey(t, access.Grants{}, access.ScopeRead)
	s.revoke(t, revoked)
	introduction := func(credentials string) string {
		return `{"type":"connection_init","payload":` + credentials + `}`
	}
	without := http.Header{"Authorization": {nobody}}
	for name, c := range map[string]struct {
		says string
		code websocket.StatusCode
	}{
		"a key":                 {introduction(`{"authorization":"Bearer ` + reader + `"}`), 0},
		"with a capital letter": {introduction(`{"Authorization":"Bearer ` + reader + `"}`), 0},
		"nothing":               {opening, 4401},
		"null":                  {introduction(`null`), 4401},
		"an empty object":       {introduction(`{}`), 4401},
		"a list":                {introduction(`["Bearer ` + reader + `"]`), 4401},
		"a number":              {introduction(`{"authorization":7}`), 4401},
		"a list of keys":        {introduction(`{"authorization":["Bearer ` + reader + `"]}`), 4401},
		"no scheme":             {introduction(`{"authorization":"` + reader + `"}`), 4401},
		"a wrong key":           {introduction(`{"authorization":"Bearer kky_wrong"}`), 4401},
		"a revoked key":         {introduction(`{"authorization":"Bearer ` + revoked + `"}`), 4401},
	} {
		t.Run(name, func(t *testing.T) {
			client := dial(t, url, without)
			client.say(t, c.says)
			said := client.next(t)
			if c.code != 0 {
				if said != "cut" || client.closed == nil || client.closed.Code != c.code {
					t.Errorf("answered %s %v, want %d", said, client.closed, c.code)
				}
				return
			}
			client.say(t, subscribing("1", `{viewer {reference}}`))
			if next := client.next(t); said != "connection_ack" || !strings.Contains(next, strings.Split(reader, "_")[1]) {
				t.Errorf("answered %s and %s", said, next)
			}
		})
	}
	t.Run("a wrong key in the handshake", func(t *testing.T) {
		if got := handshake(t, url, http.Header{"Authorization": {"Bearer kky_wrong"}}, "graphql-transport-ws"); got != http.StatusUnauthorized {
			t.Errorf("answered %d", got)
		}
	})
	t.Run("the handshake's key is the one", func(t *testing.T) {
		client := dial(t, url, http.Header{"Authorization": {"Bearer " + reader}})
		client.say(t, introduction(`{"authorization":"Bearer `+s.key+`"}`))
		client.next(t)
		client.say(t, subscribing("1", `{viewer {reference}}`))
		if said := client.next(t); !strings.Contains(said, strings.Split(reader, "_")[1]) {
			t.Errorf("answered %s", said)
		}
	})
}

// revoke takes a key away.
func (s *site) revoke(t *testing.T, key string) {
	t.Helper()
	operator := access.Actor{Principal: access.Operator()}
	kept := must(s.keys.Named(t.Context(), operator.Principal, strings.Split(key, "_")[1]))
	if _, err := s.keys.Revoke(t.Context(), operator, kept.ID); err != nil {
		t.Fatal(err)
	}
}

// A stream that was opened with a key tells nothing more once the key is revoked.
func TestAccess_EndsWhatARevokedKeyOpened(t *testing.T) {
	t.Parallel()
	s := newTwin(t)
	s.follow(t)
	url := s.serve(t, 0)
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			key := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead, access.ScopeExports)
			ordered := as(t, s, key, `mutation {exportContacts(input: {`+march+`}) {download {id}}}`)
			id := strings.Split(string(ordered.Data), `"`)[7]
			heard := subscribe(t, url, following(id), http.Header{"Authorization": {"Bearer " + key}})
			if first := heard.next(t); !strings.Contains(first, `"QUEUED"`) {
				t.Fatalf("first is %s", first)
			}
			s.revoke(t, key)
			s.execute(t, `UPDATE downloads SET contacts_done = 5, contacts_total = 10 WHERE ordered_by = $1`, "key:"+strings.Split(key, "_")[1])
			if said := heard.next(t); said != "complete" {
				t.Errorf("after the key was revoked: %s", said)
			}
			if client, ok := heard.(*socketClient); ok {
				client.say(t, subscribing("2", `{__typename}`))
				if said := client.next(t); said != "cut" || client.closed == nil || client.closed.Code != 4401 {
					t.Errorf("a further operation is answered %s %v", said, client.closed)
				}
			}
		})
	}
}

func TestGuard_ChargesForRefusedDocumentsUntilNoneIsRead(t *testing.T) {
	t.Parallel()
	// A full bucket of 1,000 pays for fifty refusals of 20 units each.
	s := newEmptySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(60, 1_000, func() time.Time { return now })}})
	key := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)
	known := as(t, s, key, `{__typename}`)
	if known.status != http.StatusOK {
		t.Fatalf("answered %d %s", known.status, known.body)
	}
	refused := 0
	for i := 0; ; i++ {
		document := fmt.Sprintf(`{nothing%d}`, i)
		if i%2 == 0 {
			document = "{" + strings.Repeat("__typename ", 2_000) + fmt.Sprintf("} #%d", i)
		}
		answered := as(t, s, key, document)
		if answered.status == http.StatusTooManyRequests {
			break
		}
		if refused++; refused > 60 {
			t.Fatalf("%d documents were refused at no cost, the last with %s", refused, answered.body)
		}
	}
	if refused != 49 { // one unit went to the first answer
		t.Errorf("%d refusals were paid for, want 49", refused)
	}
	// What is left pays for a document that was looked at before, and nothing was taken from others.
	for _, other := range []string{key, s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)} {
		if answered := as(t, s, other, `{__typename}`); answered.status != http.StatusOK {
			t.Errorf("a known document is answered %d %s", answered.status, answered.body)
		}
	}
}

func TestSources_AreShownToAdministratorsFromWhomNothingIsHidden(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	if got := s.ask(t, `{sources {name}}`, nil); got != `{"sources":[]}` {
		t.Errorf("without any: %s", got)
	}
	for _, statement := range []string{
		`INSERT INTO telephony_sources (name, kind, file, keep_rows, row_count, bad_rows, errors, last_row_at, read_at, caught_up_at, last_error_at) VALUES
			('pbx2', 'asterisk', 'b.json', '35 days', 3000000000, 2, 1, '2024-03-31 09:58Z', '2024-03-31 09:59:30Z', '2024-03-31 09:59:53Z', '2024-03-30 09:00Z'),
			('pbx1', 'freepbx', 'a.json', '35 days', 0, 0, 0, NULL, NULL, NULL, NULL)`,
		`INSERT INTO telephony_positions (source_id, place, position) SELECT id, 'cel', '{}' FROM telephony_sources WHERE name = 'pbx2'`,
		`INSERT INTO telephony_calls (id, source_id, key, first_at, last_at, row_count, open, reason, unfinished, unknown, contacts, run)
			SELECT n, s.id, n, now(), now(), 1, n = 1, CASE WHEN n > 5 THEN 'FEATURE_CODE' WHEN n > 4 THEN 'NO_PARTY' END, n = 2, '{}', '{}', 1
			FROM telephony_sources s, generate_series(1, 7) n WHERE s.name = 'pbx2'`,
	} {
		if _, err := s.database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const document = `{sources {name kind rows badRows errors lastErrorAt lastRowAt readAt lagSeconds calls openCalls unfinishedCalls withoutContact {reason calls}}}`
	want := `{"sources":[{"name":"pbx1","kind":"freepbx","rows":0,"badRows":0,"errors":0,"lastErrorAt":null,"lastRowAt":null,"readAt":null,"lagSeconds":null,` +
		`"calls":0,"openCalls":0,"unfinishedCalls":0,"withoutContact":[]},` +
		`{"name":"pbx2","kind":"asterisk","rows":3000000000,"badRows":2,"errors":1,"lastErrorAt":"2024-03-30T09:00:00Z","lastRowAt":"2024-03-31T09:58:00Z",` +
		`"readAt":"2024-03-31T09:59:30Z","lagSeconds":7,"calls":7,"openCalls":1,"unfinishedCalls":1,` +
		`"withoutContact":[{"reason":"FEATURE_CODE","calls":2},{"reason":"NO_PARTY","calls":1}]}]}`
	if got := s.ask(t, document, nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	restricted := s.newKey(t, access.Grants{Campaigns: []string{"PS"}}, access.ScopeRead, access.ScopeAdmin)
	if answered := as(t, s, restricted, document); len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "FORBIDDEN" {
		t.Errorf("an administrator of one campaign is answered %s", answered.body)
	}
}
