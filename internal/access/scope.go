package access

import "slices"

// Scope is one thing that a principal may do. None implies another.
type Scope string

// The scopes.
const (
	// ScopeRead: see contacts, within the grants.
	ScopeRead Scope = "contacts:read"
	// ScopeAddresses: see numbers and e-mail addresses unmasked, and filter and sort by them.
	ScopeAddresses Scope = "contacts:addresses"
	// ScopeBcc: see the hidden recipients of e-mails.
	ScopeBcc Scope = "contacts:bcc"
	// ScopeContent: see recordings, message bodies and chats.
	ScopeContent Scope = "contacts:content"
	// ScopeWrite: record contacts.
	ScopeWrite Scope = "contacts:write"
	// ScopeExports: order and fetch files.
	ScopeExports Scope = "exports"
	// ScopeAdmin: make and revoke keys, read the audit log, see everybody's downloads.
	ScopeAdmin Scope = "admin"
)

// Scopes are all scopes.
var Scopes = []Scope{ScopeRead, ScopeAddresses, ScopeBcc, ScopeContent, ScopeWrite, ScopeExports, ScopeAdmin}

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
