package access

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// leeway is how far the provider's clock and ours may be apart.
	leeway = 30 * time.Second
	// maxSubject is the longest subject that OpenID Connect allows.
	maxSubject = 255
)

// registered are the registered claims of RFC 7519 that decide whether a token is taken.
type registered struct {
	issuer, subject string
	audience        []string
	// expiresAt, notBefore and issuedAt are nil where the token does not say.
	expiresAt, notBefore, issuedAt *time.Time
}

// registered reads these claims by their exact names; false means that one has a form that RFC 7519 does not give it.
func (c claims) registered() (registered, bool) {
	var r registered
	var wellFormed [6]bool
	r.issuer, wellFormed[0] = c["iss"].(string)
	r.subject, wellFormed[1] = c["sub"].(string)
	r.audience, wellFormed[2] = c.audience()
	r.expiresAt, wellFormed[3] = c.instant("exp")
	r.notBefore, wellFormed[4] = c.instant("nbf")
	r.issuedAt, wellFormed[5] = c.instant("iat")
	return r, !slices.Contains(wellFormed[:], false)
}

// audience is one text or a list of texts.
func (c claims) audience() ([]string, bool) {
	list, isList := c["aud"].([]any)
	if !isList {
		list = []any{c["aud"]}
	}
	audience := make([]string, 0, len(list))
	for _, value := range list {
		text, isText := value.(string)
		if !isText {
			return nil, false
		}
		audience = append(audience, text)
	}
	return audience, true
}

// instant is a number of seconds since 1970, of which the part of a second does not count; nil where there is none.
func (c claims) instant(name string) (*time.Time, bool) {
	value, found := c[name]
	if !found {
		return nil, true
	}
	number, isNumber := value.(json.Number)
	if !isNumber {
		return nil, false
	}
	seconds, err := number.Float64()
	if err != nil || math.Abs(seconds) > 1<<53 {
		return nil, false
	}
	at := time.Unix(int64(seconds), 0)
	return &at, true
}

// check says why a token is not taken. The library has looked at it before, without regard to the case of names: where
// it understood anything else, the token is not taken either. Errors: UNAUTHENTICATED.
func (r registered) check(config OIDCConfig, verified *oidc.IDToken) error {
	now := config.Now()
	switch {
	case r.issuer != config.Issuer || !slices.Contains(r.audience, config.Audience),
		r.subject == "" || len(r.subject) > maxSubject || !isReadable(r.subject),
		r.expiresAt == nil, // a token without an end is none
		r.issuedAt != nil && r.issuedAt.After(now.Add(leeway)),
		r.notBefore != nil && r.notBefore.After(now.Add(leeway)),
		verified.Issuer != r.issuer || verified.Subject != r.subject || !slices.Equal(verified.Audience, r.audience),
		verified.Expiry.Unix() != r.expiresAt.Unix(),
		r.issuedAt != nil && verified.IssuedAt.Unix() != r.issuedAt.Unix():
		return fault.New(fault.CredentialsWrong, "")
	case !now.Before(r.expiresAt.Add(leeway)):
		return fault.New(fault.CredentialsExpired, "")
	default:
		return nil
	}
}
