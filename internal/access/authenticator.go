package access

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
)

const (
	// wrongKeysPerMinute is how many wrong credentials an address may send.
	wrongKeysPerMinute = 10
	// maxCredentials bounds what is read of a key or token, in bytes.
	maxCredentials = 8192
)

// Authenticator makes principals of credentials. It is safe for use by many goroutines.
type Authenticator struct {
	keys      *Keys
	oidc      *OIDC
	subjects  *subjects
	wrongKeys *Limiter
	// Refused, where there is one, is told why credentials were not taken. It is set before the first request.
	Refused func(error)
	// suspect is held while credentials are checked from where many wrong ones came, one at a time.
	suspect chan struct{}
}

// NewAuthenticator takes API keys and, unless provider is nil, tokens of a provider. The pool must be able to write.
func NewAuthenticator(pool *postgres.Pool, keys *Keys, provider *OIDC, now func() time.Time) *Authenticator {
	wrongKeys := NewLimiter(wrongKeysPerMinute, wrongKeysPerMinute, now)
	wrongKeys.reason = fault.WrongKeysExceeded
	return &Authenticator{keys: keys, oidc: provider, subjects: newSubjects(pool), wrongKeys: wrongKeys, suspect: make(chan struct{}, 1)}
}

// Authenticate says who sent a request, by its header Authorization and by the address it came from. Credentials that this
// process does not know are charged to the address before they are checked, and right ones are given back. Those of an address
// that sent many wrong ones are checked one at a time: a right one passes, so that nobody shuts out those behind the same
// address, and wrong ones take no more than one connection. Errors: UNAUTHENTICATED; RATE_LIMITED, with RetryAfter; those of
// the database and of the provider.
func (a *Authenticator) Authenticate(ctx context.Context, header http.Header, address netip.Addr) (Actor, error) {
	actor, err := a.authenticate(ctx, header, address)
	if err != nil && a.Refused != nil && !errors.Is(ctx.Err(), context.Canceled) { // of a caller who left nothing is known
		a.Refused(err)
	}
	return actor, err
}

func (a *Authenticator) authenticate(ctx context.Context, header http.Header, address netip.Addr) (Actor, error) {
	actor := Actor{Address: address}
	if len(header.Values("Authorization")) == 0 {
		return Actor{}, fault.New(fault.CredentialsMissing, "")
	}
	credentials, err := bearer(header)
	if err == nil && a.isKnown(credentials) {
		actor.Principal, err = a.principal(ctx, credentials)
		return actor, err
	}
	limited := a.wrongKeys.Charge(Network(address), 1)
	if limited != nil {
		select {
		case a.suspect <- struct{}{}:
			defer func() { <-a.suspect }()
		case <-ctx.Done():
			return Actor{}, ctx.Err()
		}
	}
	if err == nil {
		actor.Principal, err = a.principal(ctx, credentials)
	}
	switch wrong := isWrong(err); {
	case wrong && limited != nil:
		err = limited
	case !wrong && limited == nil:
		a.wrongKeys.Adjust(Network(address), -1)
	}
	if err != nil {
		return Actor{}, err
	}
	return actor, nil
}

// isKnown says whether credentials are a key that this process has let in before.
func (a *Authenticator) isKnown(credentials string) bool {
	key, whole := parseToken(credentials)
	return isKey(credentials) && whole && a.keys.isCached(key)
}

// isWrong says that credentials are nobody's.
func isWrong(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && (e.Reason == fault.CredentialsWrong || e.Reason == fault.KeyMistyped)
}

// bearer takes the credentials out of the header, which is there. Errors: UNAUTHENTICATED.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	scheme, credentials, _ := strings.Cut(values[0], " ")
	credentials = strings.TrimSpace(credentials)
	if len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || credentials == "" || len(credentials) > maxCredentials {
		return "", fault.New(fault.CredentialsWrong, "")
	}
	return credentials, nil
}

func (a *Authenticator) principal(ctx context.Context, credentials string) (Principal, error) {
	switch {
	case isKey(credentials):
		key, whole := parseToken(credentials)
		if !whole {
			return Principal{}, fault.New(fault.KeyMistyped, "", tokenLength)
		}
		return a.keys.verify(ctx, key)
	case a.oidc != nil:
		principal, issuedAt, err := a.oidc.verify(ctx, credentials)
		if err != nil {
			return Principal{}, err
		}
		return principal, a.subjects.remember(ctx, principal, credentials, issuedAt)
	default:
		return Principal{}, fault.New(fault.CredentialsWrong, "")
	}
}

// Network is what shares a count of wrong credentials, or of connections before any were shown: an IPv4 address, or a network of
// IPv6, within which one machine can choose its address.
func Network(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	if address.Is6() {
		if prefix, err := address.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return address.String()
}

// Current gives the principal of a reference with the rights it has now, for work that it ordered earlier: a key as
// it is kept, and somebody who signs in elsewhere as the latest token said. Who has lost all rights keeps the name and
// may nothing; a reference that means nobody gives the zero Principal.
func (a *Authenticator) Current(ctx context.Context, reference string) (Principal, error) {
	if reference == operator {
		return Operator(), nil
	}
	if id, found := strings.CutPrefix(reference, keyPrefix); found {
		return a.keys.current(ctx, id)
	}
	id, found := strings.CutPrefix(reference, oidcPrefix)
	if !found {
		return Principal{}, nil
	}
	if a.oidc == nil || !strings.HasPrefix(id, a.oidc.reference("")) {
		return Principal{Kind: OIDCSubject, ID: id}, nil // nobody can come from there any more
	}
	kept, found, err := a.subjects.current(ctx, reference)
	if err != nil || !found {
		return Principal{}, err
	}
	return Principal{
		Kind: OIDCSubject, ID: id, Name: kept.Name, Scopes: effectiveScopes(kept.Scopes, kept.Grants), Grants: kept.Grants.Canonical(),
	}, nil
}
