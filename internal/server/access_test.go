package server

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// answer is what the API says, and how.
type answer struct {
	status  int
	header  http.Header
	code    string // of the first error
	content string
}

// say sends an operation to a process within the test.
func say(t *testing.T, m *Server, credentials, query string, header http.Header) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	sent := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"}}
	for name, values := range header {
		sent[name] = values
	}
	response := send(t, credentials, http.MethodPost, m.URL()+"/graphql", sent, strings.NewReader(string(body)))
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	_ = json.Unmarshal(content, &said) // what is no JSON has no code
	given := answer{status: response.StatusCode, header: response.Header, content: string(content)}
	if len(said.Errors) > 0 {
		given.code = said.Errors[0].Extensions.Code
	}
	return given
}

const whoAmI = `{ viewer { reference name kind scopes unrestricted } }`

func TestServer_AnswersNobodyWithoutCredentials(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	m := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	if got := say(t, m, key, whoAmI, nil); got.status != http.StatusOK || !strings.Contains(got.content, `"API_KEY"`) {
		t.Errorf("with a key: %d %s", got.status, got.content)
	}
	for what, got := range map[string]answer{
		"nothing":           say(t, m, "", whoAmI, nil),
		"nothing, a stream": say(t, m, "", whoAmI, http.Header{"Accept": {"text/event-stream"}}),
		"half a key":        say(t, m, key[:20], whoAmI, nil),
		"a forged key":      say(t, m, key[:len(key)-8]+"aaaaaaaa", whoAmI, nil),
		"a name":            say(t, m, "", whoAmI, http.Header{"Authorization": {"Basic YWRtaW46YWRtaW4="}}),
		"a cookie":          say(t, m, "", whoAmI, http.Header{"Cookie": {"authorization=Bearer " + key}}),
	} {
		if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: %d %v %s", what, got.status, got.header, got.content)
		}
	}
	if status, body := get(t, "", m.URL()+"/graphql?query=%7B__typename%7D&authorization=Bearer+"+key); status != http.StatusUnauthorized {
		t.Errorf("a key in the address: %d %s", status, body)
	}

	if _, err := database.Pool.Exec(t.Context(), "UPDATE api_keys SET revoked_at = now(), revoked_by = 'local'"); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	for say(t, m, key, whoAmI, nil).status == http.StatusOK {
		if time.Since(revoked) > time.Second {
			t.Fatal("a key that another process revoked is taken for more than a second")
		}
	}
}

func TestServer_GrantsWhatATokenSays(t *testing.T) {
	t.Parallel()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	config := configFor(t, pgtest.New(t).URL)
	config.SignIn = SignInConfig{ClientID: "pages", Provider: access.OIDCConfig{
		Issuer: provider.Issuer(), Audience: "kontakty", Claims: access.ClaimNames{Roles: "realm.roles", Name: "name"},
		Roles: map[string]access.Role{"supervisor": {Scopes: []access.Scope{access.ScopeRead, access.ScopeExports}, Unrestricted: true}},
	}}
	m := started(t, config, slog.New(slog.DiscardHandler))
	token := func(change func(jwt.MapClaims)) string {
		claims := jwt.MapClaims{
			"iss": provider.Issuer(), "aud": "kontakty", "sub": "anna", "name": "Anna Nowak", "realm": map[string]any{"roles": []string{"supervisor", "admin"}},
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
		}
		change(claims)
		signed, err := provider.Keypair.SignJWT(claims)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	got := say(t, m, token(func(jwt.MapClaims) {}), whoAmI, nil)
	want := `"viewer":{"reference":"oidc:` + provider.Issuer() + `#anna","name":"Anna Nowak","kind":"OIDC_SUBJECT","scopes":["CONTACTS_READ","EXPORTS"],"unrestricted":true}`
	if got.status != http.StatusOK || !strings.Contains(got.content, want) {
		t.Errorf("a supervisor: %d %s, want %s", got.status, got.content, want)
	}
	for what, change := range map[string]func(jwt.MapClaims){
		"meant for another":       func(c jwt.MapClaims) { c["aud"] = "payroll" },
		"of another provider":     func(c jwt.MapClaims) { c["iss"] = "https://sso.example.com" },
		"that expired":            func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"that is not yet in time": func(c jwt.MapClaims) { c["nbf"] = time.Now().Add(time.Minute).Unix() },
	} {
		if got := say(t, m, token(change), whoAmI, nil); got.status != http.StatusUnauthorized {
			t.Errorf("a token %s: %d %s", what, got.status, got.content)
		}
	}
	if got := say(t, m, token(func(c jwt.MapClaims) { c["realm"] = "supervisor" }), `{ contacts(filter: {period: {preset: TODAY}}) { totalCount } }`, nil); got.code != "FORBIDDEN" {
		t.Errorf("a role in an unexpected place: %d %s", got.status, got.content)
	}

	response := send(t, "", http.MethodGet, m.URL()+"/session.json", nil, nil)
	defer response.Body.Close()
	session, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(session), `"issuer":"`+provider.Issuer()+`","clientId":"pages"`) {
		t.Errorf("the pages are told %s (%v)", session, err)
	}
}

func TestServer_WrongKeysShutOutTheirAddressAlone(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	config := configFor(t, database.URL)
	config.Proxies = Proxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	m := started(t, config, slog.New(slog.DiscardHandler))
	from := func(address string) http.Header { return http.Header{"X-Forwarded-For": {address}} }
	forged := key[:len(key)-8] + "aaaaaaaa"
	refused := 0
	for range 12 {
		got := say(t, m, forged, whoAmI, from("198.51.100.7"))
		if got.status == http.StatusTooManyRequests {
			refused++
			if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
				t.Errorf("Retry-After: %q", got.header.Get("Retry-After"))
			}
		}
	}
	if refused != 2 {
		t.Errorf("%d of 12 wrong keys are refused by their number, want 2", refused)
	}
	if got := say(t, m, forged, whoAmI, from("198.51.100.8")); got.status != http.StatusUnauthorized {
		t.Errorf("another address: %d %s", got.status, got.content)
	}
	if got := say(t, m, key, whoAmI, from("198.51.100.8")); got.status != http.StatusOK {
		t.Errorf("a good key from another address: %d %s", got.status, got.content)
	}
}

func TestServer_TellsACallerOfTooMuchWhenToComeBack(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key, other := allowed(t, database.Pool), allowed(t, database.Pool)
	config := configFor(t, database.URL)
	config.RatePerMinute, config.RateBurst = 3_000, 2_000
	m := started(t, config, slog.New(slog.DiscardHandler))
	const costly = `{ contacts(filter: {period: {preset: TODAY}}, first: 20) { totalCount nodes { id } } }`
	var got answer
	for range 2_000 { // what is charged is what each took, a few units
		if got = say(t, m, key, costly, nil); got.status != http.StatusOK {
			break
		}
		if !strings.Contains(got.content, `"remaining"`) {
			t.Fatalf("the cost is not told: %s", got.content)
		}
	}
	if seconds, err := strconv.Atoi(got.header.Get("Retry-After")); got.status != http.StatusTooManyRequests || got.code != "RATE_LIMITED" || err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("%d %v %s", got.status, got.header, got.content)
	}
	if got := say(t, m, other, costly, nil); got.status != http.StatusOK {
		t.Errorf("somebody else: %d %s", got.status, got.content)
	}
}

func TestServer_AnswerTakesNoLongerThanItMay(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.RequestTimeout, config.StatementTimeout = 300*time.Millisecond, time.Minute
	key := allowed(t, database.Pool)
	m := started(t, config, slog.New(slog.DiscardHandler))
	lock, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(t.Context()) }()
	if _, err := lock.Exec(t.Context(), "LOCK TABLE contacts"); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	got := say(t, m, key, `{ contacts(filter: {period: {preset: TODAY}}) { nodes { id } } }`, nil)
	if took := time.Since(begun); got.code != "TIMEOUT" || took > 20*time.Second {
		t.Errorf("%d %s after %v", got.status, got.content, took)
	}
}

func TestServer_KeepsTheSchemaWithoutIntrospection(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.NoIntrospection = true
	m := started(t, config, slog.New(slog.DiscardHandler))
	if status, _ := get(t, "", m.URL()+"/schema.graphql"); status != http.StatusNotFound {
		t.Errorf("/schema.graphql answers %d", status)
	}
	key := allowed(t, database.Pool)
	if got := say(t, m, key, `{ __schema { types { name } } }`, nil); got.code != "FORBIDDEN" {
		t.Errorf("%d %s", got.status, got.content)
	}
	if got := say(t, m, key, whoAmI, nil); got.code != "" {
		t.Errorf("another question: %d %s", got.status, got.content)
	}
}

// Browsers send the key only where a page was allowed to add the header, which they ask for first; and they ask nothing
// before they open a WebSocket.
func TestServer_LetsForeignPagesReachNothing(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	config := configFor(t, database.URL)
	config.AllowOrigins = []string{"https://panel.example.com"}
	m := started(t, config, slog.New(slog.DiscardHandler))
	for origin, allowed := range map[string]bool{
		"https://panel.example.com": true, m.URL(): true,
		"https://evil.example.com": false, "https://panel.example.com.evil.example": false, "http://panel.example.com": false, "null": false,
	} {
		client, response, err := websocket.Dial(t.Context(), m.URL()+"/graphql", &websocket.DialOptions{
			HTTPHeader: http.Header{"Origin": {origin}, "Authorization": {"Bearer " + key}}, Subprotocols: []string{"graphql-transport-ws"},
		})
		if (err == nil) != allowed {
			t.Errorf("a WebSocket of a page of %s: %v", origin, err)
		}
		if err == nil {
			_ = client.CloseNow()
		} else if response == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("a WebSocket of a page of %s is refused with %v", origin, response)
		}
		if origin == m.URL() {
			continue // CORS does not come into it
		}
		preflight := send(t, "", http.MethodOptions, m.URL()+"/graphql", http.Header{
			"Origin": {origin}, "Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": {"authorization,content-type"},
		}, nil)
		preflight.Body.Close()
		if let := preflight.Header.Get("Access-Control-Allow-Origin") == origin && strings.Contains(strings.ToLower(preflight.Header.Get("Access-Control-Allow-Headers")), "authorization"); let != allowed {
			t.Errorf("a page of %s: %v", origin, preflight.Header)
		}
		if preflight.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("a page of %s may send cookies", origin)
		}
	}
	// What a form can send without asking is no GraphQL request.
	for _, contentType := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"} {
		response := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{"Content-Type": {contentType}, "Origin": {"https://evil.example.com"}},
			strings.NewReader(`{"query": "mutation { revokeApiKey(input: {id: \"x\"}) { clientMutationId } }"}`))
		response.Body.Close()
		if response.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%s: status %d", contentType, response.StatusCode)
		}
	}
	response := send(t, key, http.MethodGet, m.URL()+`/graphql?query=mutation%20%7B%20revokeApiKey(input%3A%20%7Bid%3A%20%22x%22%7D)%20%7B%20clientMutationId%20%7D%20%7D`, nil, nil)
	response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a mutation by GET: status %d", response.StatusCode)
	}
}

func TestServer_OneKeyRevokesAnother(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	m := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	made := say(t, m, key, `mutation { createApiKey(input: {name: "Panel", scopes: [CONTACTS_READ], grants: {campaigns: ["PS"]}}) { key apiKey { id } } }`, nil)
	var given struct {
		Data struct {
			CreateAPIKey struct {
				Key    string
				APIKey struct{ ID string } `json:"apiKey"`
			} `json:"createApiKey"`
		}
	}
	if err := json.Unmarshal([]byte(made.content), &given); err != nil || !strings.HasPrefix(given.Data.CreateAPIKey.Key, "kky_") {
		t.Fatalf("%s (%v)", made.content, err)
	}
	if got := say(t, m, given.Data.CreateAPIKey.Key, whoAmI, nil); got.code != "" || !strings.Contains(got.content, `"scopes":["CONTACTS_READ"],"unrestricted":false`) {
		t.Errorf("the new key: %s", got.content)
	}
	if got := say(t, m, given.Data.CreateAPIKey.Key, `{ apiKeys { nodes { name } } auditEvents { nodes { action } } }`, nil); got.code != "FORBIDDEN" {
		t.Errorf("the new key lists keys: %s", got.content)
	}
	say(t, m, key, `mutation { revokeApiKey(input: {id: "`+given.Data.CreateAPIKey.APIKey.ID+`"}) { clientMutationId } }`, nil)
	if got := say(t, m, given.Data.CreateAPIKey.Key, whoAmI, nil); got.status != http.StatusUnauthorized {
		t.Errorf("the revoked key: %d %s", got.status, got.content)
	}
	reference := access.Principal{Kind: access.APIKey, ID: strings.Split(key, "_")[1]}.String()
	if got := say(t, m, key, `{ auditEvents(first: 2) { nodes { action principal address } } }`, nil); !strings.Contains(got.content, `"REVOKED_KEY"`) ||
		!strings.Contains(got.content, `"MADE_KEY"`) || strings.Count(got.content, reference) != 2 || !strings.Contains(got.content, `"127.0.0.1"`) {
		t.Errorf("the audit log: %s", got.content)
	}
}

func TestServer_WritesDownWhatIsRecorded(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	m := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	record := func(status string, revision int) {
		t.Helper()
		recorded := say(t, m, key, fmt.Sprintf(`mutation { recordContacts(input: {contacts: [{externalId: "one", type: INBOUND_CALL, status: %s,
			startedAt: %q, revision: %d}]}) { recorded replaced } }`, status, time.Now().Add(-time.Hour).Format(time.RFC3339), revision), nil)
		if recorded.code != "" {
			t.Fatalf("recording: %s", recorded.content)
		}
	}
	record("RINGING", 1)
	record("ANSWERED", 2)
	if set := say(t, m, key, `mutation { setContactRevision(input: {externalId: "one", revision: 1}) { previousRevision } }`, nil); set.code != "" {
		t.Fatalf("setting the revision: %s", set.content)
	}
	got := say(t, m, key, `{ auditEvents(first: 4) { nodes { action principal } } }`, nil)
	reference := access.Principal{Kind: access.APIKey, ID: strings.Split(key, "_")[1]}.String()
	for action, times := range map[string]int{"RECORDED_CONTACTS": 2, "REPLACED_CONTACT": 1, "SET_REVISION": 1} {
		if event := fmt.Sprintf(`{"action":%q,"principal":%q}`, action, reference); strings.Count(got.content, event) != times {
			t.Errorf("the audit log says %s, want %s %d times", got.content, event, times)
		}
	}
}
