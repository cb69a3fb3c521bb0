package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/web"
)

const demoKey = "kky_abc_def"

var demo = web.Config{Endpoint: "/graphql", Session: web.Session{
	Key:  demoKey,
	OIDC: &web.Provider{Issuer: "https://id.example.com/realm", ClientID: "kontakty", Scopes: []string{"openid"}},
}}

// session asks for the session from a peer, at a host, with headers as pairs of names and values.
func session(config web.Config, peer, host string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, web.SessionPath, nil)
	request.RemoteAddr, request.Host = peer, host
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response := httptest.NewRecorder()
	web.Handler(config).ServeHTTP(response, request)
	return response
}

func keyOf(t *testing.T, response *httptest.ResponseRecorder) string {
	t.Helper()
	var answer struct{ Key *string }
	if err := json.Unmarshal(response.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", response.Body, err)
	}
	if answer.Key == nil {
		return ""
	}
	return *answer.Key
}

func TestDemoKey_IsGivenToOurPagesOnTheSameMachine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		peer, host string
		header     []string
	}{
		{"127.0.0.1:50000", "127.0.0.1:8080", []string{"Sec-Fetch-Site", "same-origin"}},
		{"127.0.0.1:50000", "localhost:8080", nil},
		{"127.0.0.1:50000", "LocalHost", []string{"Sec-Fetch-Site", "none"}},
		{"[::1]:50000", "[::1]:8080", []string{"Sec-Fetch-Site", "same-origin"}},
		{"[::ffff:127.0.0.1]:50000", "127.0.0.1", nil},
	} {
		if got := keyOf(t, session(demo, test.peer, test.host, test.header...)); got != demoKey {
			t.Errorf("from %s at %s with %v: key %q, want the demo's", test.peer, test.host, test.header, got)
		}
	}
}

func TestDemoKey_IsGivenToNobodyElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		what, peer, host string
		header           []string
	}{
		{"another machine", "192.0.2.7:50000", "127.0.0.1:8080", nil},
		{"another machine over IPv6", "[2001:db8::7]:50000", "[::1]:8080", nil},
		{"a peer of no address", "@", "127.0.0.1:8080", nil},
		{"a name that somebody points at this machine", "127.0.0.1:50000", "evil.example.com:8080", nil},
		{"a name that looks like this machine", "127.0.0.1:50000", "localhost.example.com", nil},
		{"an address that looks like this machine", "127.0.0.1:50000", "127.0.0.1.example.com", nil},
		{"no host", "127.0.0.1:50000", "", nil},
		{"a page of another site", "127.0.0.1:50000", "127.0.0.1:8080", []string{"Sec-Fetch-Site", "cross-site"}},
		{"a page of another port", "127.0.0.1:50000", "127.0.0.1:8080", []string{"Sec-Fetch-Site", "same-site"}},
		{"a proxy on this machine", "127.0.0.1:50000", "127.0.0.1:8080", []string{"X-Forwarded-For", "192.0.2.7"}},
		{"a proxy by the standard", "127.0.0.1:50000", "127.0.0.1:8080", []string{"Forwarded", "for=192.0.2.7"}},
		{"a proxy that only says that it is one", "127.0.0.1:50000", "127.0.0.1:8080", []string{"Via", "1.1 edge"}},
	} {
		response := session(demo, test.peer, test.host, test.header...)
		if got := keyOf(t, response); got != "" || strings.Contains(response.Body.String(), demoKey) {
			t.Errorf("%s gets the key: %s", test.what, response.Body)
		}
	}
}

func TestSession_NamesTheProviderAndIsKeptByNobody(t *testing.T) {
	t.Parallel()
	response := session(demo, "192.0.2.7:50000", "reports.example.com")
	if got, want := strings.TrimSpace(response.Body.String()),
		`{"key":null,"oidc":{"issuer":"https://id.example.com/realm","clientId":"kontakty","scopes":["openid"]}}`; got != want {
		t.Errorf("session is %s, want %s", got, want)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8", "X-Content-Type-Options": "nosniff",
	} {
		if got := response.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	without := session(web.Config{Endpoint: "/graphql"}, "127.0.0.1:50000", "127.0.0.1:8080")
	if got, want := strings.TrimSpace(without.Body.String()), `{"key":null,"oidc":null}`; got != want {
		t.Errorf("session without a demo and a provider is %s, want %s", got, want)
	}
}

func TestReportPage_MayReachTheProviderAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		provider *web.Provider
		want     string
	}{
		{nil, "'self'"},
		{&web.Provider{Issuer: "https://id.example.com/realm"}, "'self' https://id.example.com"},
		{&web.Provider{Issuer: "http://127.0.0.1:9999/oidc"}, "'self' http://127.0.0.1:9999"},
		{&web.Provider{
			Issuer: "https://accounts.example.com", Endpoints: []string{"https://tokens.example.com/token", "https://accounts.example.com/keys"},
		}, "'self' https://accounts.example.com https://tokens.example.com"},
		{&web.Provider{Issuer: "no address; script-src *"}, "'self'"},
	} {
		config := web.Config{Endpoint: "/graphql", Session: web.Session{OIDC: test.provider}}
		if got := sourcesOf(t, config, "connect-src"); got != test.want {
			t.Errorf("provider %+v: connect-src is %q, want %q", test.provider, got, test.want)
		}
	}
}

func TestReportPage_MayPlayFromWhereLinksRedirectTo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		addresses []string
		want      string
	}{
		{nil, "'self'"},
		{[]string{"https://s3.example.com/calls?prefix=a", "https://s3.example.com", "http://127.0.0.1:9000"}, "'self' https://s3.example.com http://127.0.0.1:9000"},
		{[]string{"s3.example.com", "https://a b; script-src *"}, "'self'"},
	} {
		config := web.Config{Endpoint: "/graphql", MediaAddresses: test.addresses}
		if got := sourcesOf(t, config, "media-src"); got != test.want {
			t.Errorf("addresses %q: media-src is %q, want %q", test.addresses, got, test.want)
		}
		if got := sourcesOf(t, config, "connect-src"); got != "'self'" {
			t.Errorf("addresses %q: connect-src is %q", test.addresses, got)
		}
	}
}

// sourcesOf are the sources of a directive of the report page's policy.
func sourcesOf(t *testing.T, config web.Config, directive string) string {
	t.Helper()
	for one := range strings.SplitSeq(ask(t, config, http.MethodGet, "/").Header().Get("Content-Security-Policy"), ";") {
		if name, sources, _ := strings.Cut(strings.TrimSpace(one), " "); name == directive {
			return sources
		}
	}
	return ""
}
