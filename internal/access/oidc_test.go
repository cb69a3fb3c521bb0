package access

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"github.com/kontakty/kontakty/internal/fault"
)

var (
	claimNames = ClaimNames{
		Scopes: "scope", Roles: "realm_access.roles", Campaigns: "kontakty_campaigns", AgentGroups: "kontakty_groups",
		Agent: "kontakty_agent",
	}
	roles = map[string]Role{
		"supervisor": {Scopes: []Scope{ScopeRead, ScopeContent}},
		"everything": {Scopes: Scopes, Unrestricted: true},
	}
)

func newOIDC(t testing.TB, p *provider, c *clock) *OIDC {
	t.Helper()
	o, err := NewOIDC(OIDCConfig{Issuer: p.Issuer(), Audience: "kontakty", Claims: claimNames, Roles: roles, Now: c.now})
	must(t, err)
	return o
}

func TestOIDC_LetsInWhoSignsInAtTheProvider(t *testing.T) {
	t.Parallel()
	p, s := newProvider(t), newSite(t)
	p.ClientID = "kontakty"
	s.clock.pass(time.Since(s.now())) // the provider has the clock of the machine
	a := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	raw := p.signIn(t, person{&mockoidc.MockUser{Subject: "auth0|42"}})
	actor, err := a.Authenticate(t.Context(), bearing(raw), home)
	must(t, err)
	want := Principal{
		Kind: OIDCSubject, ID: p.Issuer() + "#auth0|42", Name: "Jane Doe", Scopes: []Scope{ScopeRead, ScopeContent},
		Grants: Grants{AgentGroups: []string{"BOK", "Sprzedaż"}, Agent: "17"},
	}
	if !reflect.DeepEqual(actor, Actor{want, home}) || actor.String() != "oidc:"+want.ID {
		t.Fatalf("let in as %+v, want %+v", actor, want)
	}
	now, err := a.Current(t.Context(), actor.String())
	must(t, err)
	if !reflect.DeepEqual(now, want) {
		t.Fatalf("remembered as %+v, want %+v", now, want)
	}
	_, text := s.make(t, KeyInput{})
	_, err = a.Authenticate(t.Context(), bearing(text), home)
	must(t, err)
}

func TestOIDC_TakesATokenOnlyAsItWasMeant(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	at := func(d time.Duration) int64 { return c.now().Add(d).Unix() }
	ok := fault.Reason("")
	for name, test := range map[string]struct {
		changed jwt.MapClaims
		want    fault.Reason
	}{
		"good":                      {nil, ok},
		"one audience of two":       {jwt.MapClaims{"aud": []string{"other", "kontakty"}}, ok},
		"expired within leeway":     {jwt.MapClaims{"exp": at(-29 * time.Second)}, ok},
		"begins within leeway":      {jwt.MapClaims{"nbf": at(30 * time.Second)}, ok},
		"issued within leeway":      {jwt.MapClaims{"iat": at(30 * time.Second)}, ok},
		"no time of issue":          {jwt.MapClaims{"iat": nil}, ok},
		"expired beyond leeway":     {jwt.MapClaims{"exp": at(-30 * time.Second)}, fault.CredentialsExpired},
		"expired long ago":          {jwt.MapClaims{"exp": at(-24 * time.Hour)}, fault.CredentialsExpired},
		"never expires":             {jwt.MapClaims{"exp": nil}, fault.CredentialsWrong},
		"expires in words":          {jwt.MapClaims{"exp": "tomorrow"}, fault.CredentialsWrong},
		"begins beyond leeway":      {jwt.MapClaims{"nbf": at(31 * time.Second)}, fault.CredentialsWrong},
		"begins in words":           {jwt.MapClaims{"nbf": "now"}, fault.CredentialsWrong},
		"issued in the future":      {jwt.MapClaims{"iat": at(31 * time.Second)}, fault.CredentialsWrong},
		"wrong audience":            {jwt.MapClaims{"aud": "other"}, fault.CredentialsWrong},
		"no audience":               {jwt.MapClaims{"aud": nil}, fault.CredentialsWrong},
		"audience of another case":  {jwt.MapClaims{"aud": "Kontakty"}, fault.CredentialsWrong},
		"other issuer":              {jwt.MapClaims{"iss": "https://login.example.com"}, fault.CredentialsWrong},
		"issuer with a slash more":  {jwt.MapClaims{"iss": p.Issuer() + "/"}, fault.CredentialsWrong},
		"no issuer":                 {jwt.MapClaims{"iss": nil}, fault.CredentialsWrong},
		"no subject":                {jwt.MapClaims{"sub": nil}, fault.CredentialsWrong},
		"empty subject":             {jwt.MapClaims{"sub": ""}, fault.CredentialsWrong},
		"subject with NUL":          {jwt.MapClaims{"sub": "a\x00b"}, fault.CredentialsWrong},
		"subject of 256 characters": {jwt.MapClaims{"sub": strings.Repeat("a", 256)}, fault.CredentialsWrong},
	} {
		_, _, err := o.verify(t.Context(), p.sign(t, p.content(c.now(), test.changed)))
		var e *fault.Error
		if test.want == ok && err != nil || test.want != ok && (!errors.As(err, &e) || e.Reason != test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

func TestOIDC_ReadsClaimsByTheirExactNames(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	soon := c.now().Add(5 * time.Minute).Unix()
	// token are the claims of a good token, with more of them in front and behind.
	token := func(front, behind string) string {
		return fmt.Sprintf(`{%s"iss":%q,"aud":"kontakty","sub":"anna","iat":%d,"exp":%d,"scope":"contacts:read"%s}`, front, p.Issuer(), c.now().Unix(), soon, behind)
	}
	for name, test := range map[string]struct {
		payload string
		want    fault.Reason
	}{
		"good":                             {token("", ""), ""},
		"a claim beside":                   {token(`"Role":"x",`, `,"nested":{"a":1,"A":2}`), ""},
		"another subject in capitals":      {token("", `,"Sub":"victim"`), fault.CredentialsWrong},
		"another subject before":           {token(`"SUB":"victim",`, ""), fault.CredentialsWrong},
		"a subject with a long s":          {token("", `,"ſub":"victim"`), fault.CredentialsWrong},
		"the audience in capitals alone":   {strings.Replace(token("", ""), `"aud"`, `"AUD"`, 1), fault.CredentialsWrong},
		"another audience":                 {strings.Replace(token("", `,"AUD":"kontakty"`), `"aud":"kontakty"`, `"aud":"other"`, 1), fault.CredentialsWrong},
		"another issuer":                   {strings.Replace(token("", fmt.Sprintf(`,"Iss":%q`, p.Issuer())), `"iss":"`, `"iss":"http://else`, 1), fault.CredentialsWrong},
		"another end":                      {strings.Replace(token("", fmt.Sprintf(`,"Exp":%d`, soon)), fmt.Sprintf(`"exp":%d`, soon), `"exp":1`, 1), fault.CredentialsWrong},
		"the subject twice":                {token(`"sub":"victim",`, ""), fault.CredentialsWrong},
		"a key twice within another":       {token("", `,"realm_access":{"roles":[],"roles":["everything"]}`), fault.CredentialsWrong},
		"the end as text":                  {strings.Replace(token("", ""), fmt.Sprintf(`"exp":%d`, soon), fmt.Sprintf(`"exp":"%d"`, soon), 1), fault.CredentialsWrong},
		"the beginning as text":            {token("", `,"nbf":"1"`), fault.CredentialsWrong},
		"the audience in a list with null": {strings.Replace(token("", ""), `"kontakty"`, `["kontakty",null]`, 1), fault.CredentialsWrong},
		"half of a surrogate pair":         {strings.Replace(token("", ""), `"anna"`, `"a\ud800"`, 1), fault.CredentialsWrong},
		"the other half":                   {strings.Replace(token("", ""), `"anna"`, `"a\udc01"`, 1), fault.CredentialsWrong},
		"bytes that are no text":           {strings.Replace(token("", ""), `"anna"`, "\"a\xff\"", 1), fault.CredentialsWrong},
		"more than an object":              {token("", "") + "{}", fault.CredentialsWrong},
	} {
		principal, _, err := o.verify(t.Context(), p.signText(t, test.payload))
		var e *fault.Error
		switch {
		case test.want == "" && (err != nil || principal.ID != p.Issuer()+"#anna"):
			t.Errorf("%s: %v for %q", name, err, principal)
		case test.want != "" && (!errors.As(err, &e) || e.Reason != test.want || principal.String() != ""):
			t.Errorf("%s: %v for %q, want %q", name, err, principal, test.want)
		}
	}
}

func TestOIDC_AsksForKeysOnlyWhereNobodyCanAnswerInstead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		issuer, keys string
		redirect     bool
		taken        bool
	}{
		"keys over https":                     {"https://login.example.com", "https://keys.example.com/jwks", false, true},
		"keys over http":                      {"https://login.example.com", "http://login.example.com/jwks", false, false},
		"keys over http on loopback":          {"https://login.example.com", "http://127.0.0.1/jwks", false, false},
		"all on loopback":                     {"http://127.0.0.1:1", "http://127.0.0.1:1/jwks", false, true},
		"an issuer on loopback, keys outside": {"http://127.0.0.1:1", "http://login.example.com/jwks", false, false},
		"sent on to http":                     {"https://login.example.com", "https://login.example.com/jwks", true, false},
	} {
		o, err := NewOIDC(OIDCConfig{Issuer: test.issuer, Audience: "kontakty", Now: newClock().now, Transport: answers(func(r *http.Request) *http.Response {
			body := fmt.Sprintf(`{"issuer":%q,"jwks_uri":%q}`, test.issuer, test.keys)
			answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
			if test.redirect && r.URL.Scheme == "https" {
				answer.StatusCode, answer.Header = http.StatusFound, http.Header{"Location": {"http" + strings.TrimPrefix(r.URL.String(), "https")}}
			}
			return answer
		})})
		must(t, err)
		if err := o.Discover(t.Context()); (err == nil) != test.taken || err != nil && fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// answers is a provider without a network.
type answers func(*http.Request) *http.Response

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }

func TestOIDC_TakesNoForgedToken(t *testing.T) {
	t.Parallel()
	p, other, c := newProvider(t), newProvider(t), newClock()
	o := newOIDC(t, p, c)
	content := p.content(c.now(), jwt.MapClaims{"scope": "admin"})
	keyID, err := p.Keypair.KeyID()
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(p.Keypair.PublicKey)
	must(t, err)
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	forge := func(method jwt.SigningMethod, key any, header map[string]any) string {
		t.Helper()
		forged := jwt.NewWithClaims(method, content)
		forged.Header["kid"] = keyID
		for name, value := range header {
			forged.Header[name] = value
		}
		raw, err := forged.SignedString(key)
		must(t, err)
		return raw
	}
	good := p.sign(t, p.content(c.now(), nil))
	_, _, err = o.verify(t.Context(), good)
	must(t, err)
	header, _, _ := strings.Cut(good, ".")
	_, signature, _ := strings.Cut(good[len(header)+1:], ".")
	evil := forge(jwt.SigningMethodHS256, []byte("x"), nil)
	_, rest, _ := strings.Cut(evil, ".")
	payload, _, _ := strings.Cut(rest, ".")
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for name, raw := range map[string]string{
		"none":                        forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"None":                        part(`{"alg":"None"}`) + "." + payload + ".",
		"none with a signature":       part(`{"alg":"none"}`) + "." + payload + "." + signature,
		"HS256 with the public DER":   forge(jwt.SigningMethodHS256, der, nil),
		"HS256 with the public PEM":   forge(jwt.SigningMethodHS256, asPEM, nil),
		"HS256 with the modulus":      forge(jwt.SigningMethodHS256, p.Keypair.PublicKey.N.Bytes(), nil),
		"another provider's key":      forge(jwt.SigningMethodRS256, other.Keypair.PrivateKey, nil),
		"another key, no id":          forge(jwt.SigningMethodRS256, other.Keypair.PrivateKey, map[string]any{"kid": ""}),
		"a key that it brings along":  forge(jwt.SigningMethodRS256, other.Keypair.PrivateKey, map[string]any{"jku": other.JWKSEndpoint()}),
		"an algorithm not configured": forge(jwt.SigningMethodRS512, p.Keypair.PrivateKey, nil),
		"altered claims":              header + "." + payload + "." + signature,
		"no signature":                header + "." + payload + ".",
		"other provider's token":      other.sign(t, other.content(c.now(), nil)),
		"claims cut off":              header + ".." + signature,
		"four parts":                  good + "." + signature,
		"in JSON":                     `{"payload":"` + payload + `","signatures":[]}`,
		"line breaks":                 good[:20] + "\n" + good[20:],
		"padding":                     good + "=",
		"empty":                       "",
		"dots":                        "..",
	} {
		principal, _, err := o.verify(t.Context(), raw)
		var e *fault.Error
		if !errors.As(err, &e) || e.Reason != fault.CredentialsWrong || principal.String() != "" {
			t.Errorf("%s: %v for %q", name, err, principal)
		}
	}
}

func TestOIDC_TakesNoMutatedToken(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	good := p.sign(t, p.content(c.now(), nil))
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n"
	mutations := []func() string{
		func() string { // another character
			i := mathrand.IntN(len(good))
			return good[:i] + string(alphabet[mathrand.IntN(len(alphabet))]) + good[i+1:]
		},
		func() string { // the last one, some of whose bits mean nothing
			return good[:len(good)-1] + string(alphabet[mathrand.IntN(64)])
		},
		func() string { // one less
			i := mathrand.IntN(len(good))
			return good[:i] + good[i+1:]
		},
		func() string { // one more
			i := mathrand.IntN(len(good) + 1)
			return good[:i] + string(alphabet[mathrand.IntN(len(alphabet))]) + good[i:]
		},
	}
	for i := range 4000 {
		raw := mutations[i%len(mutations)]()
		if raw == good {
			continue
		}
		if _, _, err := o.verify(t.Context(), raw); fault.CodeOf(err) != fault.Unauthenticated {
			t.Fatalf("a mutated token is answered with %v", err)
		}
	}
	if _, keys := p.timesAsked(); keys > 2 {
		t.Fatalf("the provider was asked for its keys %d times", keys)
	}
}

func TestOIDC_RefusesUnsafeConfigurations(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*OIDCConfig){
		"http":               func(s *OIDCConfig) { s.Issuer = "http://login.example.com" },
		"no URL":             func(s *OIDCConfig) { s.Issuer = "login" },
		"a fragment":         func(s *OIDCConfig) { s.Issuer += "#x" },
		"no audience":        func(s *OIDCConfig) { s.Audience = "" },
		"no clock":           func(s *OIDCConfig) { s.Now = nil },
		"none":               func(s *OIDCConfig) { s.Algorithms = []string{"RS256", "none"} },
		"a shared secret":    func(s *OIDCConfig) { s.Algorithms = []string{"HS256"} },
		"an unknown scope":   func(s *OIDCConfig) { s.Roles = map[string]Role{"r": {Scopes: []Scope{"root"}}} },
		"restricted write":   func(s *OIDCConfig) { s.Roles = map[string]Role{"r": {Scopes: []Scope{ScopeWrite}}} },
		"loopback in a name": func(s *OIDCConfig) { s.Issuer = "http://127.0.0.1.example.com" },
	} {
		settings := OIDCConfig{Issuer: "https://login.example.com/realms/x", Audience: "kontakty", Now: newClock().now}
		if _, err := NewOIDC(settings); err != nil {
			t.Fatal(err)
		}
		change(&settings)
		if _, err := NewOIDC(settings); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzOIDC(f *testing.F) {
	p, c := newProvider(f), newClock()
	o := newOIDC(f, p, c)
	good := p.sign(f, p.content(c.now(), nil))
	for _, seed := range []string{good, good[:len(good)-1] + "A", "..", "a.b.c", `{"payload":""}`, "eyJhbGciOiJub25lIn0.e30."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		_, _, err := o.verify(context.Background(), raw)
		if (err == nil) != (raw == good) {
			t.Fatalf("%q is answered with %v", raw, err)
		}
		if err != nil && fault.CodeOf(err) != fault.Unauthenticated {
			t.Fatalf("%q is answered with %v", raw, err)
		}
	})
}
