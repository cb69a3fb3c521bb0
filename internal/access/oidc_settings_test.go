package access

import (
	"context"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestUnsafeSettingsAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*OIDCSettings){
		"http":               func(s *OIDCSettings) { s.Issuer = "http://login.example.com" },
		"no URL":             func(s *OIDCSettings) { s.Issuer = "login" },
		"a fragment":         func(s *OIDCSettings) { s.Issuer += "#x" },
		"no audience":        func(s *OIDCSettings) { s.Audience = "" },
		"no clock":           func(s *OIDCSettings) { s.Now = nil },
		"none":               func(s *OIDCSettings) { s.Algorithms = []string{"RS256", "none"} },
		"a shared secret":    func(s *OIDCSettings) { s.Algorithms = []string{"HS256"} },
		"an unknown scope":   func(s *OIDCSettings) { s.Roles = map[string]Role{"r": {Scopes: []Scope{"root"}}} },
		"loopback in a name": func(s *OIDCSettings) { s.Issuer = "http://127.0.0.1.example.com" },
	} {
		settings := OIDCSettings{Issuer: "https://login.example.com/realms/x", Audience: "kontakty", Now: newClock().now}
		if _, err := NewOIDC(settings); err != nil {
			t.Fatal(err)
		}
		change(&settings)
		if _, err := NewOIDC(settings); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzTokenOfAProvider(f *testing.F) {
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
