package access

import (
	"reflect"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestSubjects_KeepWhatTheLatestTokenSays(t *testing.T) {
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

func TestSubjects_KeepATokenOnce(t *testing.T) {
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
