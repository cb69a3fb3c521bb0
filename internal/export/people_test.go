package export

import (
	"net/http"
	"net/netip"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/access"
)

// operator may do everything, and is who asks where it does not matter.
var operator = access.Actor{Principal: access.Operator()}

// home is where people come from.
var home = netip.MustParseAddr("192.0.2.7")

// person is somebody with an API key.
type person struct {
	access.Actor
	text string // the key itself
}

// everything is what grants name when they restrict nothing.
var everything = access.Grants{Unrestricted: true}

// scopesBut are all scopes of one who is no administrator, except some.
func scopesBut(left ...access.Scope) []access.Scope {
	return slices.DeleteFunc(slices.Clone(access.Scopes), func(scope access.Scope) bool {
		return scope == access.ScopeAdmin || slices.Contains(left, scope)
	})
}

// somebody may do all that the operator may, except that not everybody's downloads are theirs. Their key is not kept.
func somebody(id string) access.Actor {
	return access.Actor{Principal: access.Principal{Kind: access.APIKey, ID: id, Scopes: scopesBut(), Grants: everything}}
}

// person makes a key and gives who comes with it.
func (s *site) person(t testing.TB, scopes []access.Scope, grants access.Grants) person {
	t.Helper()
	if !grants.Unrestricted { // such a key cannot write
		scopes = slices.DeleteFunc(slices.Clone(scopes), func(scope access.Scope) bool { return scope == access.ScopeWrite })
	}
	key, text, err := s.keys.Create(t.Context(), operator, access.KeyInput{Name: "somebody", Scopes: scopes, Grants: grants})
	must(t, err)
	return person{Actor: access.Actor{Principal: key.Principal(), Address: home}, text: text}
}

// change changes what is kept of a person's key, such as its rights.
func (s *site) change(t testing.TB, p person, assignments string, arguments ...any) {
	t.Helper()
	s.exec(t, `UPDATE api_keys SET `+assignments+` WHERE key_id = $1`, append([]any{p.ID}, arguments...)...)
}

// again is a person with the rights that they have now.
func (s *site) again(t testing.TB, p person) person {
	t.Helper()
	current, err := s.config.Rights(t.Context(), p.String())
	must(t, err)
	p.Principal = current
	return p
}

// bears are the headers of somebody's requests.
func (p person) bears() http.Header { return http.Header{"Authorization": {"Bearer " + p.text}} }
