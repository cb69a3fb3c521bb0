package access

import (
	"reflect"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

func TestPrincipal_OfNobodyMayNothing(t *testing.T) {
	t.Parallel()
	nobody := Actor{}
	for _, scope := range Scopes {
		wantReason(t, nobody.Require(scope), fault.ScopeMissing)
	}
	rows, err := nobody.Grants.Resolve(t.Context(), nil)
	must(t, err)
	if !reflect.DeepEqual(rows, contact.Reach{}) || nobody.String() != "" {
		t.Fatalf("nobody is %q and sees %v", nobody, rows)
	}
}

func TestPrincipal_HasNoScopeThatAnotherImplies(t *testing.T) {
	t.Parallel()
	for _, has := range Scopes {
		principal := Principal{Scopes: []Scope{has}}
		for _, needs := range Scopes {
			if principal.May(needs) != (has == needs) {
				t.Errorf("who has %s may %s: %v", has, needs, principal.May(needs))
			}
		}
	}
	err := Principal{Scopes: []Scope{ScopeRead}}.Require(ScopeRead, ScopeBcc)
	if fault.CodeOf(err) != fault.Forbidden {
		t.Fatalf("a missing scope is %v", err)
	}
}
