package access

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestKeySet_FollowsRotatedKeys(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	before := p.sign(t, p.content(c.now(), jwt.MapClaims{"exp": c.now().Add(time.Hour).Unix()}))
	_, _, err := o.verify(t.Context(), before)
	must(t, err)
	p.rotate(t)
	c.pass(throttleFor)
	_, _, err = o.verify(t.Context(), p.sign(t, p.content(c.now(), nil)))
	must(t, err)
	c.pass(throttleFor)
	_, _, err = o.verify(t.Context(), before)
	wantReason(t, err, fault.CredentialsWrong)
}

func TestKeySet_ForgetsAWithdrawnKeyAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	raw := p.sign(t, p.content(c.now(), jwt.MapClaims{"exp": c.now().Add(time.Hour).Unix()}))
	_, _, err := o.verify(t.Context(), raw)
	must(t, err)
	p.rotate(t)
	c.pass(keysFreshFor)
	_, _, err = o.verify(t.Context(), raw)
	wantReason(t, err, fault.CredentialsWrong)
}

func TestKeySet_ShutsNobodyOutWhoseKeyIsKnownWhileTheProviderIsAway(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	day := jwt.MapClaims{"exp": c.now().Add(24 * time.Hour).Unix()}
	raw := p.sign(t, p.content(c.now(), day))

	p.setShut(true)
	_, _, err := o.verify(t.Context(), raw)
	wantReason(t, err, fault.SignInAway)
	asked, _ := p.timesAsked()
	for range 50 {
		_, _, err = o.verify(t.Context(), raw)
		wantReason(t, err, fault.SignInAway)
	}
	if again, _ := p.timesAsked(); again != asked {
		t.Fatalf("a provider that fails was asked %d times more within a second", again-asked)
	}

	p.setShut(false)
	c.pass(throttleFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
	p.setShut(true)
	c.pass(keysFreshFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
	c.pass(keysUsableFor)
	_, _, err = o.verify(t.Context(), raw)
	wantReason(t, err, fault.SignInAway)
	p.setShut(false)
	c.pass(throttleFor)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
}

func TestThrottle_SparesTheProviderMadeUpKeys(t *testing.T) {
	t.Parallel()
	p, other, c := newProvider(t), newProvider(t), newClock()
	o := newOIDC(t, p, c)
	_, _, err := o.verify(t.Context(), p.sign(t, p.content(c.now(), nil)))
	must(t, err)
	_, before := p.timesAsked()
	raw := other.sign(t, p.content(c.now(), nil))
	for range 200 {
		_, _, err := o.verify(t.Context(), raw)
		wantReason(t, err, fault.CredentialsWrong)
	}
	if _, keys := p.timesAsked(); keys-before > 1 {
		t.Fatalf("the provider was asked for its keys %d times", keys-before)
	}
}

func TestKeySet_TakesAKeyOnACurve(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), newClock()
	o := newOIDC(t, p, c)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	p.alsoPublish("curve", &key.PublicKey)
	signed := jwt.NewWithClaims(jwt.SigningMethodES256, p.content(c.now(), nil))
	signed.Header["kid"] = "curve"
	raw, err := signed.SignedString(key)
	must(t, err)
	_, _, err = o.verify(t.Context(), raw)
	must(t, err)
}
