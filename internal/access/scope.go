package access

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
)

// Scope is one thing that a principal may do. None implies another.
type Scope string

// The scopes.
const (
	// ScopeRead: see contacts, within the grants.
	ScopeRead Scope = "contacts:read"
	// ScopeAddresses: see numbers and e-mail addresses unmasked, and filter and sort by them.
	ScopeAddresses Scope = contact.AddressScope
	// ScopeBcc: see the hidden recipients of e-mails.
	ScopeBcc Scope = contact.BCCScope
	// ScopeContent: see recordings, message bodies and chats.
	ScopeContent Scope = contact.ContentScope
	// ScopeWrite: record contacts; it counts only where every contact exists for the principal.
	ScopeWrite Scope = "contacts:write"
	// ScopeExports: order and fetch files.
	ScopeExports Scope = "exports"
	// ScopeAdmin: make and revoke keys, read the audit log, see everybody's downloads.
	ScopeAdmin Scope = "admin"
)

// Scopes are all scopes.
var Scopes = []Scope{ScopeRead, ScopeAddresses, ScopeBcc, ScopeContent, ScopeWrite, ScopeExports, ScopeAdmin}

// effectiveScopes are the known scopes, without ScopeWrite where not every contact exists for the principal: a contact
// recorded replaces another and renames what it points at, whatever the grants say.
func effectiveScopes(named []Scope, grants Grants) []Scope {
	scopes := knownScopes(named)
	if grants.Unrestricted {
		return scopes
	}
	return slices.DeleteFunc(scopes, func(scope Scope) bool { return scope == ScopeWrite })
}

// knownScopes keeps what is a scope, each once, in the order of Scopes; unknown ones grant nothing and fall away.
func knownScopes(named []Scope) []Scope {
	kept := []Scope{}
	for _, scope := range Scopes {
		if slices.Contains(named, scope) {
			kept = append(kept, scope)
		}
	}
	return kept
}
