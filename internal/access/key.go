package access

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// Key is an API key as it is kept: everything but its secret.
type Key struct {
	bun.BaseModel `bun:"table:api_keys,alias:k"`

	// ID is our own number.
	ID int64 `bun:"id,pk"`
	// KeyID is the part of the key that is no secret: kky_<KeyID>_….
	KeyID string `bun:"key_id"`
	// Name says for people what the key is for.
	Name string `bun:"name"`
	// Scopes say what of a contact its holder may see and what it may do.
	Scopes []Scope `bun:"scopes,array"`
	// Grants say which contacts exist for its holder.
	Grants Grants `bun:"grants,type:jsonb"`
	// CreatedBy is the reference of the principal that made it.
	CreatedBy string `bun:"created_by"`
	// CreatedAt is when it was made.
	CreatedAt time.Time `bun:"created_at"`
	// ExpiresAt is from when it is refused, nil if it stays until it is revoked.
	ExpiresAt *time.Time `bun:"expires_at"`
	// LastUsedAt is when it was used last, to the minute; nil if never.
	LastUsedAt *time.Time `bun:"last_used_at"`
	// RevokedBy is the reference of the principal that revoked it, nil if nobody did.
	RevokedBy *string `bun:"revoked_by"`
	// RevokedAt is when it was revoked.
	RevokedAt *time.Time `bun:"revoked_at"`

	SecretSHA256 []byte `bun:"secret_sha256"`
}

// keyColumns are the columns that a Key is read from.
const keyColumns = `id, key_id, name, scopes, grants, created_by, created_at, expires_at, last_used_at, revoked_by,
	revoked_at, secret_sha256`

// Usable says why the key opens nothing at an instant, nil if it does. Errors: UNAUTHENTICATED.
func (k *Key) Usable(now time.Time) error {
	switch {
	case k.RevokedAt != nil:
		return fault.New(fault.KeyRevoked, "")
	case k.ExpiresAt != nil && !now.Before(*k.ExpiresAt):
		return fault.New(fault.CredentialsExpired, "")
	}
	return nil
}

// NodeID is the key's opaque id in the API.
func (k *Key) NodeID() string { return relay.EncodeID(relay.APIKeyKind, k.ID) }

// Principal is who comes with the key.
func (k *Key) Principal() Principal {
	return Principal{Kind: APIKey, ID: k.KeyID, Name: k.Name, Scopes: effectiveScopes(k.Scopes, k.Grants), Grants: k.Grants.Canonical()}
}

// KeyInput says what key somebody wants.
type KeyInput struct {
	// Name says what it is for.
	Name string
	// Scopes are at least one.
	Scopes []Scope
	// Grants may be empty, for a key that only manages keys, and are unrestricted for one that records contacts.
	Grants Grants
	// ExpiresAt is from when it is refused; nil means that it stays until it is revoked.
	ExpiresAt *time.Time
}

// check says what is wrong with the input, and what the maker may not give because it does not have it. Errors:
// INVALID_TEXT, INVALID_FILTER, FORBIDDEN.
func (i KeyInput) check(maker Principal, now time.Time) error {
	if err := contact.CheckText(i.Name); err != nil {
		return fault.At("name", err)
	}
	if len(i.Scopes) == 0 {
		return fault.New(fault.ValueUnknown, "scopes")
	}
	for _, scope := range i.Scopes {
		if !slices.Contains(Scopes, scope) {
			return fault.New(fault.ValueUnknown, "scopes")
		}
	}
	if err := i.Grants.check(); err != nil {
		return fault.At("grants", err)
	}
	if slices.Contains(i.Scopes, ScopeWrite) && !i.Grants.Unrestricted {
		return fault.New(fault.WriteRestricted, "scopes", string(ScopeWrite))
	}
	if i.ExpiresAt != nil && !now.Before(*i.ExpiresAt) {
		return fault.New(fault.ExpiryPast, "expiresAt")
	}
	if err := maker.Require(i.Scopes...); err != nil {
		return fault.At("scopes", err)
	}
	if !maker.Grants.covers(i.Grants) {
		return fault.New(fault.GrantExceeded, "grants")
	}
	return nil
}
