package access

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// providerDeadline ends a request to the provider.
	providerDeadline = 5 * time.Second
	// maxRedirects is how often the provider may send a request on.
	maxRedirects = 5
)

// OIDCConfig say whose tokens are taken. Issuer, Audience and Now are required.
type OIDCConfig struct {
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
	config OIDCConfig
	client *http.Client

	mu       sync.Mutex // held while the provider is asked about itself, so that it is asked once
	verifier *oidc.IDTokenVerifier
}

// NewOIDC checks the config. The provider is asked about itself when the first token comes, or by Discover, so that
// the server starts without it.
func NewOIDC(config OIDCConfig) (*OIDC, error) {
	issuer, err := url.Parse(config.Issuer)
	if err != nil || issuer.Host == "" || issuer.Fragment != "" || issuer.RawQuery != "" || len(config.Issuer) > contact.MaxText {
		return nil, errors.New("the issuer is not a URL")
	}
	if !isSafe(issuer, true) {
		return nil, errors.New("the issuer must be reached over https")
	}
	if config.Audience == "" || config.Now == nil {
		return nil, errors.New("tokens need an audience and a clock")
	}
	if len(config.Algorithms) == 0 {
		config.Algorithms = []string{oidc.RS256, oidc.ES256}
	}
	for _, algorithm := range config.Algorithms {
		if !slices.Contains(signatures, algorithm) {
			return nil, fmt.Errorf("the algorithm %q is not taken; choose from %s", algorithm, strings.Join(signatures, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(config.Roles)) {
		role := config.Roles[name]
		if len(knownScopes(role.Scopes)) != len(role.Scopes) {
			return nil, fmt.Errorf("the role %q has an unknown scope, or one twice", name)
		}
		if slices.Contains(role.Scopes, ScopeWrite) && !role.Unrestricted {
			return nil, fmt.Errorf("the role %q has %s, which goes with every contact alone", name, ScopeWrite)
		}
	}
	if config.Transport == nil {
		config.Transport = http.DefaultTransport
	}
	return &OIDC{config: config, client: &http.Client{
		Timeout:   providerDeadline,
		Transport: &throttle{next: config.Transport, now: config.Now},
		CheckRedirect: func(next *http.Request, asked []*http.Request) error {
			if len(asked) > maxRedirects || !isSafe(next.URL, issuer.Scheme == "http") {
				return errors.New("the provider sends us on too often, or to where nothing protects its answer")
			}
			return nil
		},
	}}, nil
}

// isSafe says that nobody on the way to an address can answer in its place: https or, where that is allowed, a loopback
// address.
func isSafe(address *url.URL, allowLoopback bool) bool {
	if address.Scheme == "https" {
		return true
	}
	host := address.Hostname()
	ip, err := netip.ParseAddr(host)
	return allowLoopback && address.Scheme == "http" && (host == "localhost" || err == nil && ip.IsLoopback())
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
	provider, err := oidc.NewProvider(ctx, o.config.Issuer)
	if err != nil {
		return nil, fault.New(fault.SignInAway, "").Because(err)
	}
	var about struct {
		KeysURL string `json:"jwks_uri"`
	}
	if err := provider.Claims(&about); err != nil {
		return nil, fault.New(fault.SignInAway, "").Because(err)
	}
	keysURL, err := url.Parse(about.KeysURL)
	if err != nil || !isSafe(keysURL, strings.HasPrefix(o.config.Issuer, "http:")) {
		return nil, fault.New(fault.SignInAway, "").Because(errors.New("the provider's keys are not to be had over https"))
	}
	o.verifier = oidc.NewVerifier(o.config.Issuer, newKeySet(o.client, about.KeysURL, o.config.Now), &oidc.Config{
		ClientID: o.config.Audience, SupportedSigningAlgs: o.config.Algorithms,
		SkipExpiryCheck: true, // in time goes by our own leeway
	})
	return o.verifier, nil
}

// verify says who comes with a token, and when that was issued. Errors: UNAUTHENTICATED, UNAVAILABLE if the provider's
// keys cannot be had.
func (o *OIDC) verify(ctx context.Context, raw string) (Principal, time.Time, error) {
	wrong := fault.New(fault.CredentialsWrong, "")
	if !isWellFormed(raw) {
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
	if err != nil || outcome.payload == nil {
		return Principal{}, time.Time{}, wrong
	}
	content, err := parseClaims(outcome.payload)
	if err != nil {
		return Principal{}, time.Time{}, wrong
	}
	token, wellFormed := content.registered()
	if !wellFormed {
		return Principal{}, time.Time{}, wrong
	}
	if err := token.check(o.config, verified); err != nil {
		return Principal{}, time.Time{}, err
	}
	issuedAt := o.config.Now()
	if token.issuedAt != nil && token.issuedAt.Unix() > 0 {
		issuedAt = *token.issuedAt
	}
	scopes, grants := content.rights(o.config.Claims, o.config.Roles)
	return Principal{
		Kind: OIDCSubject, ID: o.reference(token.subject), Name: content.name(o.config.Claims, token.subject),
		Scopes: scopes, Grants: grants,
	}, issuedAt, nil
}

// reference names a subject of this provider among those of all.
func (o *OIDC) reference(subject string) string { return o.config.Issuer + "#" + subject }

// isWellFormed says that a token is three parts, each in the one spelling of its bytes. Decoders forgive more, and then
// one token would have many spellings.
func isWellFormed(raw string) bool {
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
