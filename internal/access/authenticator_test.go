package access

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestAuthenticator_AcceptsNoForgedOrMutatedKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	original, _ := parseToken(text)
	address := netip.MustParseAddr("198.51.100.0")
	for i := range 2000 {
		if i%9 == 0 { // below the limit of an address, so that each one is looked at
			address = address.Next()
		}
		_, err := s.authenticator.Authenticate(t.Context(), bearing(forged(t, original).String()), address)
		wantReason(t, err, fault.CredentialsWrong)
	}
	_, err := s.authenticate(t.Context(), text)
	must(t, err)
}

func TestAuthenticator_SaysWhyCredentialsAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	for name, c := range map[string]struct {
		header http.Header
		want   fault.Reason
	}{
		"none":         {http.Header{}, fault.CredentialsMissing},
		"empty":        {http.Header{"Authorization": {""}}, fault.CredentialsWrong},
		"two":          {http.Header{"Authorization": {"Bearer " + text, "Bearer " + text}}, fault.CredentialsWrong},
		"basic":        {http.Header{"Authorization": {"Basic " + text}}, fault.CredentialsWrong},
		"no scheme":    {http.Header{"Authorization": {text}}, fault.CredentialsWrong},
		"cut short":    {bearing(text[:len(text)-1]), fault.KeyMistyped},
		"doubled":      {bearing(text + text), fault.KeyMistyped},
		"two in one":   {bearing(text + " " + text), fault.KeyMistyped},
		"not ours":     {bearing(newToken().String()), fault.CredentialsWrong},
		"no provider":  {bearing("eyJhbGciOiJub25lIn0.e30."), fault.CredentialsWrong},
		"far too long": {bearing("kky_" + strings.Repeat("a", maxCredentials)), fault.CredentialsWrong},
		"NUL":          {bearing("kky_\x00\xff"), fault.KeyMistyped},
	} {
		t.Run(name, func(t *testing.T) {
			a := NewAuthenticator(s.pool, s.keys, nil, s.now)
			actor, err := a.Authenticate(t.Context(), c.header, home)
			wantReason(t, err, c.want)
			if fault.CodeOf(err) != fault.Unauthenticated || !reflect.DeepEqual(actor, Actor{}) {
				t.Fatalf("%s for %+v", fault.CodeOf(err), actor)
			}
			if strings.Contains(err.Error(), text[15:]) {
				t.Fatal("the error repeats the key")
			}
		})
	}
}

func TestAuthenticator_TakesTenWrongKeysPerMinuteFromAnAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, known := s.make(t, KeyInput{})
	_, fresh := s.make(t, KeyInput{})
	_, err := s.authenticate(t.Context(), known)
	must(t, err)
	for range wrongKeysPerMinute {
		_, err := s.authenticate(t.Context(), newToken().String())
		wantReason(t, err, fault.CredentialsWrong)
	}
	_, err = s.authenticate(t.Context(), newToken().String())
	wantReason(t, err, fault.WrongKeysExceeded)
	if wait, limited := RetryAfter(err); !limited || wait != 6*time.Second {
		t.Fatalf("wait %s, want 6 s", wait)
	}
	_, err = s.authenticate(t.Context(), known[:20])
	wantReason(t, err, fault.WrongKeysExceeded)
	// A right key passes, known or not; it waits for whatever else is checked of that address.
	s.authenticator.suspect <- struct{}{}
	waiting, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.authenticate(waiting, fresh); !errors.Is(err, context.Canceled) {
		t.Fatalf("a key that is not known is checked beside another: %v", err)
	}
	<-s.authenticator.suspect
	_, err = s.authenticate(t.Context(), fresh)
	must(t, err)
	// Who was let in before stays in, also when what is remembered must be read anew.
	s.pass(time.Second)
	_, err = s.authenticate(t.Context(), known)
	must(t, err)
	_, err = s.authenticator.Authenticate(t.Context(), bearing(newToken().String()), home.Next())
	wantReason(t, err, fault.CredentialsWrong)
}

// However many wrong credentials come at once, no more than the limit are checked beside one another.
func TestAuthenticator_ChargesBeforeItChecks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var wrong, limited atomic.Int64
	var group sync.WaitGroup
	for range 5 * wrongKeysPerMinute {
		group.Go(func() {
			_, err := s.authenticate(t.Context(), newToken().String())
			switch fault.CodeOf(err) {
			case fault.Unauthenticated:
				wrong.Add(1)
			case fault.RateLimited:
				limited.Add(1)
			}
		})
	}
	group.Wait()
	if wrong.Load() != wrongKeysPerMinute || limited.Load() != 4*wrongKeysPerMinute {
		t.Errorf("%d were told to be wrong, %d to be too many", wrong.Load(), limited.Load())
	}
	for range 3 * wrongKeysPerMinute {
		_, text := s.make(t, KeyInput{})
		if _, err := s.authenticator.Authenticate(t.Context(), bearing(text), home.Next()); err != nil {
			t.Fatalf("right keys are charged: %v", err)
		}
	}
}

func TestNetwork_OfIPv6SharesOneCount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	address := netip.MustParseAddr("2001:db8:1:2::1")
	for range wrongKeysPerMinute {
		address = address.Next()
		_, err := s.authenticator.Authenticate(t.Context(), bearing(newToken().String()), address)
		wantReason(t, err, fault.CredentialsWrong)
	}
	_, err := s.authenticator.Authenticate(t.Context(), bearing(newToken().String()), address.Next())
	wantReason(t, err, fault.WrongKeysExceeded)
	_, err = s.authenticator.Authenticate(t.Context(), bearing(newToken().String()), netip.MustParseAddr("2001:db8:1:3::1"))
	wantReason(t, err, fault.CredentialsWrong)
	if a, b := Network(netip.MustParseAddr("::ffff:192.0.2.7")), Network(home); a != b {
		t.Fatalf("one address is %s and %s", a, b)
	}
}

func TestAuthenticator_LetsManyInAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 50 {
				if _, err := s.authenticate(t.Context(), text); err != nil {
					t.Error(err)
					return
				}
				s.pass(freshFor / 10)
			}
		})
	}
	group.Wait()
}

func TestAuthenticator_GivesAnOwnerTheRightsOfTheKeyNow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, _ := s.make(t, KeyInput{Grants: Grants{Campaigns: []string{"a"}}})
	reference := key.Principal().String()
	now, err := s.authenticator.Current(t.Context(), reference)
	must(t, err)
	if !reflect.DeepEqual(now, key.Principal()) {
		t.Fatalf("now %+v", now)
	}
	_, err = s.keys.Revoke(t.Context(), boss, key.ID)
	must(t, err)
	now, err = s.authenticator.Current(t.Context(), reference)
	must(t, err)
	if now.String() != reference || len(now.Scopes) != 0 || !reflect.DeepEqual(now.Grants, Grants{}) {
		t.Fatalf("a revoked key still may %+v", now)
	}
	for reference, may := range map[string]bool{"local": true, "": false, "key:aaaaaaaaaa": false, "root": false, "oidc:https://x#y": false} {
		now, err := s.authenticator.Current(t.Context(), reference)
		must(t, err)
		if now.May(ScopeRead) != may || now.Grants.Unrestricted != may {
			t.Errorf("%q may %+v", reference, now)
		}
	}
}

func TestAuthenticator_ChargesAddressesForWrongTokensAndLetsGoodOnesPass(t *testing.T) {
	t.Parallel()
	p, s := newProvider(t), newSite(t)
	a := NewAuthenticator(s.pool, s.keys, newOIDC(t, p, s.clock), s.now)
	wrong := p.sign(t, p.content(s.now(), jwt.MapClaims{"aud": "other"}))
	expired := p.sign(t, p.content(s.now(), jwt.MapClaims{"exp": s.now().Add(-time.Hour).Unix()}))
	for range 50 {
		_, err := a.Authenticate(t.Context(), bearing(expired), home)
		wantReason(t, err, fault.CredentialsExpired)
	}
	for range wrongKeysPerMinute {
		_, err := a.Authenticate(t.Context(), bearing(wrong), home)
		wantReason(t, err, fault.CredentialsWrong)
	}
	_, err := a.Authenticate(t.Context(), bearing(wrong), home)
	wantReason(t, err, fault.WrongKeysExceeded)
	_, err = a.Authenticate(t.Context(), bearing(p.sign(t, p.content(s.now(), nil))), home)
	must(t, err)
	_, err = a.Authenticate(t.Context(), bearing(wrong), netip.MustParseAddr("192.0.2.8"))
	wantReason(t, err, fault.CredentialsWrong)
}

func TestAuthenticator_TellsWhoeverWatchesWhyItTookNoCredentials(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, text := s.make(t, KeyInput{})
	var told []error
	s.authenticator.Refused = func(err error) { told = append(told, err) }
	_, err := s.authenticate(t.Context(), text)
	must(t, err)
	_, err = s.authenticate(t.Context(), newToken().String())
	wantReason(t, err, fault.CredentialsWrong)
	if len(told) != 1 || !errors.Is(told[0], err) {
		t.Errorf("told of %v, want %v", told, err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.authenticator.Authenticate(left, bearing(newToken().String()), netip.Addr{}); err == nil || len(told) != 1 {
		t.Errorf("told of a caller who left: %v, %v", told, err)
	}
}
