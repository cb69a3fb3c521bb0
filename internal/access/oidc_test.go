package access

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	mathrand "math/rand/v2"
	"net/netip"
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
	o, err := NewOIDC(OIDCSettings{Issuer: p.Issuer(), Audience: "kontakty", Claims: claimNames, Roles: roles, Now: c.now})
	must(t, err)
	return o
}

func TestWhoSignsInAtTheProviderIsLetIn(t *testing.T) {
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

func TestATokenIsTakenOnlyAsItWasMeant(t *testing.T) {
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

func TestNoForgedTokenIsTaken(t *testing.T) {
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

func TestNoMutatedTokenIsTaken(t *testing.T) {
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

func TestRotatedKeysAreFollowed(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	before := p.sign(t, p.content(c.now(), jwt.MapClaims{"exp": c.now().Add(time.Hour).Unix()}))
	_, _, err := o.verify(t.Context(), before)
	must(t, err)
	p.rotate(t)
	c.pass(calmFor)
	_, _, err = o.verify(t.Context(), p.sign(t, p.content(c.now(), nil)))
	must(t, err)
	c.pass(calmFor)
	_, _, err = o.verify(t.Context(), before)
	wantReason(t, err, fault.CredentialsWrong)
}

func TestAWithdrawnKeyOpensNothingAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	raw := p.sign(t, p.content(c.now(), jwt.MapClaims{"exp": c.now().Add(time.Hour).Unix()}))
	_, _, err := o.verify(t.Context(), raw)
	must(t, err)
	p.rotate(t)
	c.pass(keysFreshFor)
	_, _, err = o.verify(t.Context(), raw)
	wantReason(t, err, fault.CredentialsWrong)
}

func TestAProviderThatIsAwayShutsNobodyOutWhoseKeyIsKnown(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	day := jwt.MapClaims{"exp": c.now().Add(24 * time.Hour).Unix()}
	raw := p.sign(t, p.content(c.now(), day))

	p.setShut(true)
	_, _, err := o.verify(t.Context(), raw)
	wantReason(t, err, fault.SignInAway)
	asked, _ := p.timesAsked()
	for range 50 {
		_, _, err = o.verify(t.Context(), raw)
		wantReason(t, err, fault.SignInAway)
	}
	if again, _ := p.timesAsked(); again != asked {
		t.Fatalf("a provider that fails was asked %d times more within a second", again-asked)
	}

	p.setShut(false)
	c.pass(calmFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
	p.setShut(true)
	c.pass(keysFreshFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
	c.pass(keysUsableFor)
	_, _, err = o.verify(t.Context(), raw)
	wantReason(t, err, fault.SignInAway)
	p.setShut(false)
	c.pass(calmFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
}

func TestMadeUpKeysDoNotTroubleTheProvider(t *testing.T) {
	t.Parallel()
	p, other, c := newProvider(t), newProvider(t), newClock()
	o := newOIDC(t, p, c)
	_, _, err := o.verify(t.Context(), p.sign(t, p.content(c.now(), nil)))
	must(t, err)
	_, before := p.timesAsked()
	raw := other.sign(t, p.content(c.now(), nil))
	for range 200 {
		_, _, err := o.verify(t.Context(), raw)
		wantReason(t, err, fault.CredentialsWrong)
	}
	if _, keys := p.timesAsked(); keys-before > 1 {
		t.Fatalf("the provider was asked for its keys %d times", keys-before)
	}
}

func TestAKeyOnACurveIsTaken(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	p.alsoPublish("curve", &key.PublicKey)
	signed := jwt.NewWithClaims(jwt.SigningMethodES256, p.content(c.now(), nil))
	signed.Header["kid"] = "curve"
	raw, err := signed.SignedString(key)
	must(t, err)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
}

func TestTheLatestTokenSaysWhatAnOwnerMay(t *testing.T) {
	t.Parallel()
	p, s := newProvider(t), newSite(t)
	a := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	wide := p.sign(t, p.content(s.now(), jwt.MapClaims{"scope": "contacts:read exports", "kontakty_campaigns": []string{"c1", "c2"}}))
	narrow := p.sign(t, p.content(s.now().Add(time.Second), nil))
	var actor Actor
	for _, raw := range []string{wide, narrow, wide} {
		var err error
		actor, err = a.Authenticate(t.Context(), bearing(raw), home)
		must(t, err)
	}
	// Another process sees the older token after the newer one, too.
	later := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	_, err := later.Authenticate(t.Context(), bearing(wide), home)
	must(t, err)
	now, err := a.Current(t.Context(), actor.String())
	must(t, err)
	if now.May(ScopeExports) || !reflect.DeepEqual(now.Grants, Grants{Campaigns: []string{"c1"}}) || now.Name != "Anna Nowak" {
		t.Fatalf("the owner may %+v", now)
	}
	// Without the provider, nobody can come from there.
	now, err = s.authenticator.Current(t.Context(), actor.String())
	must(t, err)
	if now.String() != actor.String() || now.May(ScopeRead) || !reflect.DeepEqual(now.Grants, Grants{}) {
		t.Fatalf("without the provider the owner may %+v", now)
	}
}

func TestATokenIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	p, s := newProvider(t), newSite(t)
	a := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	raw := p.sign(t, p.content(s.now(), nil))
	s.recorder.Reset()
	for range 20 {
		_, err := a.Authenticate(t.Context(), bearing(raw), home)
		must(t, err)
	}
	if sql := s.recorder.SQL(); len(sql) != 1 {
		t.Fatalf("20 requests took %d statements", len(sql))
	}
}

func TestWrongTokensCostTheirAddressButGoodOnesPass(t *testing.T) {
	t.Parallel()
	p, s := newProvider(t), newSite(t)
	a := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	wrong := p.sign(t, p.content(s.now(), jwt.MapClaims{"aud": "other"}))
	expired := p.sign(t, p.content(s.now(), jwt.MapClaims{"exp": s.now().Add(-time.Hour).Unix()}))
	for range 50 {
		_, err := a.Authenticate(t.Context(), bearing(expired), home)
		wantReason(t, err, fault.CredentialsExpired)
	}
	for range wrongKeysAMinute {
		_, err := a.Authenticate(t.Context(), bearing(wrong), home)
		wantReason(t, err, fault.CredentialsWrong)
	}
	_, err := a.Authenticate(t.Context(), bearing(wrong), home)
	wantReason(t, err, fault.WrongKeysExceeded)
	_, err = a.Authenticate(t.Context(), bearing(p.sign(t, p.content(s.now(), nil))), home)
	must(t, err)
	_, err = a.Authenticate(t.Context(), bearing(wrong), netip.MustParseAddr("192.0.2.8"))
	wantReason(t, err, fault.CredentialsWrong)
}
