package access

import (
	"context"
	"encoding/base64"
	"net/netip"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// Kind is how a principal proved who it is.
type Kind string

// The kinds.
const (
	// APIKey: it brought an API key.
	APIKey Kind = "API_KEY"
	// OIDCSubject: it brought a token of the OpenID Connect provider.
	OIDCSubject Kind = "OIDC_SUBJECT"
	// LocalOperator: it runs commands on the machine itself.
	LocalOperator Kind = "LOCAL_OPERATOR"
)

// Principal is who asks, and what it may see and do. The zero value is nobody and may nothing.
type Principal struct {
	// Kind is how it proved who it is; ID is unique within the kind: the key's id, the issuer with the subject.
	Kind Kind
	ID   string
	// Name is for people.
	Name string
	// Scopes say what of a contact it may see and what it may do.
	Scopes []Scope
	// Grants say which contacts exist for it.
	Grants Grants
}

// Operator is the principal of commands run on the machine itself: it may do everything.
func Operator() Principal {
	return Principal{Kind: LocalOperator, Name: operator, Scopes: slices.Clone(Scopes), Grants: Grants{Unrestricted: true}}
}

// operator is the local operator's reference. Files ordered before there were principals carry it too.
const operator = "local"

const (
	keyPrefix  = "key:"
	oidcPrefix = "oidc:"
)

// String is the principal's reference, by which orders and the audit log name it: "local", "key:<id>" or
// "oidc:<issuer>#<subject>". It never changes and no two principals share it; an issuer's URL has no fragment, so its
// end is plain. It is empty for nobody.
func (p Principal) String() string {
	switch p.Kind {
	case APIKey:
		return keyPrefix + p.ID
	case OIDCSubject:
		return oidcPrefix + p.ID
	case LocalOperator:
		return operator
	default:
		return ""
	}
}

// May says whether the principal has a scope.
func (p Principal) May(scope Scope) bool { return slices.Contains(p.Scopes, scope) }

// NodeID is the principal's opaque id in the API, which sets it apart from others and finds nothing.
func (p Principal) NodeID() string {
	return base64.RawURLEncoding.EncodeToString([]byte("Viewer:" + p.String()))
}

// SeesAll says that every contact exists for the principal.
func (p Principal) SeesAll() bool { return p.Grants.Unrestricted && p.May(ScopeRead) }

// Require fails unless the principal has every scope. Errors: FORBIDDEN, naming the first that is missing.
func (p Principal) Require(scopes ...Scope) error {
	for _, scope := range scopes {
		if !p.May(scope) {
			return fault.New(fault.ScopeMissing, "", string(scope))
		}
	}
	return nil
}

// RequireUnrestricted fails unless the principal has every scope, and every contact exists for it. Errors: FORBIDDEN.
func (p Principal) RequireUnrestricted(scopes ...Scope) error {
	if err := p.Require(scopes...); err != nil {
		return err
	}
	if !p.Grants.Unrestricted {
		return fault.New(fault.ReachRestricted, "")
	}
	return nil
}

// Viewer is what the principal sees of the report. Grants are looked up anew each time, so that what is imported later
// is seen later; without ScopeRead it sees nothing.
func (p Principal) Viewer(ctx context.Context, numbers Numbers) (contact.Viewer, error) {
	if !p.May(ScopeRead) {
		return contact.Viewer{}, nil
	}
	reach, err := p.Grants.Resolve(ctx, numbers)
	if err != nil {
		return contact.Viewer{}, err
	}
	return contact.Viewer{
		Reach:     reach,
		Addresses: p.May(ScopeAddresses), BCC: p.May(ScopeBcc), Content: p.May(ScopeContent),
	}, nil
}

// Actor is a principal and where it is.
type Actor struct {
	Principal
	// Address is where the request came from; the zero value means that it did not come over the network.
	Address netip.Addr
}

// addressText is the address as the audit log keeps it, nil if not over the network.
func (a Actor) addressText() *string {
	if !a.Address.IsValid() {
		return nil
	}
	text := a.Address.Unmap().WithZone("").String()
	return &text
}
