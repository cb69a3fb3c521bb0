package access

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// leeway is how far the provider's clock and ours may be apart.
	leeway = 30 * time.Second
	// providerDeadline ends a request to the provider.
	providerDeadline = 5 * time.Second
	// longestSubject is the longest subject that OpenID Connect allows.
	longestSubject = 255
)

// OIDCSettings say whose tokens are taken. Issuer, Audience and Now are required.
type OIDCSettings struct {
	// Issuer is the provider's URL as it stands in its tokens: https, or http on a loopback address.
	Issuer string
	// Audience is what a token must be meant for.
	Audience string
	// Algorithms are the signatures that are taken, nil means RS256 and ES256. Those that need no key, or one that
	// both sides share, are refused.
	Algorithms []string
	// Claims say where a token has the rights of its subject.
	Claims ClaimNames
	// Roles say what the provider's roles mean here; others mean nothing.
	Roles map[string]Role
	// Transport makes the requests to the provider; nil means http.DefaultTransport.
	Transport http.RoundTripper
	// Now is the clock by which tokens expire.
	Now func() time.Time
}

// signatures are the algorithms that may be configured: all have a key that only the provider knows.
var signatures = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
	oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// OIDC recognises the tokens of one OpenID Connect provider. It is safe for use by many goroutines.
type OIDC struct {
	settings OIDCSettings
	client   *http.Client

	mu       sync.Mutex // held while the provider is asked about itself, so that it is asked once
	verifier *oidc.IDTokenVerifier
}

// NewOIDC checks the settings. The provider is asked about itself when the first token comes, or by Discover, so that
// the server starts without it.
func NewOIDC(settings OIDCSettings) (*OIDC, error) {
	issuer, err := url.Parse(settings.Issuer)
	if err != nil || issuer.Host == "" || issuer.Fragment != "" || issuer.RawQuery != "" || len(settings.Issuer) > longestName {
		return nil, errors.New("the issuer is not a URL")
	}
	if issuer.Scheme != "https" && (issuer.Scheme != "http" || !loopback(issuer.Hostname())) {
		return nil, errors.New("the issuer must be reached over https")
	}
	if settings.Audience == "" || settings.Now == nil {
		return nil, errors.New("tokens need an audience and a clock")
	}
	if len(settings.Algorithms) == 0 {
		settings.Algorithms = []string{oidc.RS256, oidc.ES256}
	}
	for _, algorithm := range settings.Algorithms {
		if !slices.Contains(signatures, algorithm) {
			return nil, fmt.Errorf("the algorithm %q is not taken; choose from %s", algorithm, strings.Join(signatures, ", "))
		}
	}
	for name, role := range settings.Roles {
		if len(knownScopes(role.Scopes)) != len(role.Scopes) {
			return nil, fmt.Errorf("the role %q has an unknown scope, or one twice", name)
		}
	}
	if settings.Transport == nil {
		settings.Transport = http.DefaultTransport
	}
	return &OIDC{settings: settings, client: &http.Client{
		Timeout:   providerDeadline,
		Transport: &calm{next: settings.Transport, now: settings.Now},
	}}, nil
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// Discover asks the provider about itself unless that was done. Errors: UNAVAILABLE.
func (o *OIDC) Discover(ctx context.Context) error {
	_, err := o.discovered(ctx)
	return err
}

func (o *OIDC) discovered(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.verifier != nil {
		return o.verifier, nil
	}
	// The others wait for this answer, so it does not end with the request that asks; providerDeadline ends it.
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), o.client)
	provider, err := oidc.NewProvider(ctx, o.settings.Issuer)
	if err != nil {
		return nil, fault.New(fault.SignInAway, "").Because(err)
	}
	var about struct {
		KeysURL string `json:"jwks_uri"`
	}
	if err := provider.Claims(&about); err != nil {
		return nil, fault.New(fault.SignInAway, "").Because(err)
	}
	o.verifier = oidc.NewVerifier(o.settings.Issuer, newKeySet(o.client, about.KeysURL, o.settings.Now), &oidc.Config{
		ClientID: o.settings.Audience, SupportedSigningAlgs: o.settings.Algorithms,
		SkipExpiryCheck: true, // in time goes by our own leeway
	})
	return o.verifier, nil
}

// verify says who comes with a token, and when that was issued. Errors: UNAUTHENTICATED, UNAVAILABLE if the provider's
// keys cannot be had.
func (o *OIDC) verify(ctx context.Context, raw string) (Principal, time.Time, error) {
	wrong := fault.New(fault.CredentialsWrong, "")
	if !wellFormed(raw) {
		return Principal{}, time.Time{}, wrong
	}
	verifier, err := o.discovered(ctx)
	if err != nil {
		return Principal{}, time.Time{}, err
	}
	ctx, outcome := withOutcome(ctx)
	verified, err := verifier.Verify(ctx, raw)
	if outcome.away != nil {
		return Principal{}, time.Time{}, fault.New(fault.SignInAway, "").Because(outcome.away)
	}
	// Why a token is wrong is not passed on: the library's words repeat what the token says.
	if err != nil || outcome.payload == nil || verified.Subject == "" || len(verified.Subject) > longestSubject {
		return Principal{}, time.Time{}, wrong
	}
	content, err := parseClaims(outcome.payload)
	if err != nil || strings.ContainsRune(verified.Subject, 0) {
		return Principal{}, time.Time{}, wrong
	}
	if err := o.inTime(verified, content); err != nil {
		return Principal{}, time.Time{}, err
	}
	issuedAt := verified.IssuedAt
	if issuedAt.Unix() <= 0 {
		issuedAt = o.settings.Now()
	}
	scopes, grants := content.rights(o.settings.Claims, o.settings.Roles)
	return Principal{
		Kind: OIDCSubject, ID: o.reference(verified.Subject), Name: content.name(o.settings.Claims, verified.Subject),
		Scopes: scopes, Grants: grants,
	}, issuedAt, nil
}

// reference names a subject of this provider among those of all.
func (o *OIDC) reference(subject string) string { return o.settings.Issuer + "#" + subject }

// inTime goes by our clock and leeway. A token without an end is none.
func (o *OIDC) inTime(verified *oidc.IDToken, content claims) error {
	now := o.settings.Now()
	if content.at("exp") == nil || verified.IssuedAt.After(now.Add(leeway)) {
		return fault.New(fault.CredentialsWrong, "")
	}
	if !now.Before(verified.Expiry.Add(leeway)) {
		return fault.New(fault.CredentialsExpired, "")
	}
	var claimed struct {
		NotBefore float64 `json:"nbf"`
	}
	if err := verified.Claims(&claimed); err != nil || claimed.NotBefore > float64(now.Add(leeway).Unix()) {
		return fault.New(fault.CredentialsWrong, "")
	}
	return nil
}

// wellFormed says that a token is three parts, each in the one spelling of its bytes. Decoders forgive more, and then
// one token would have many spellings.
func wellFormed(raw string) bool {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || strings.ContainsAny(raw, "\r\n") {
		return false
	}
	for _, part := range parts {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil || part == "" {
			return false
		}
	}
	return true
}
