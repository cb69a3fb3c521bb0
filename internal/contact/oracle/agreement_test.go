package oracle

import (
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// TestAddressesAreNormalisedAlike holds contact.NormalizeAddress against the oracle's own rules.
func TestAddressesAreNormalisedAlike(t *testing.T) {
	t.Parallel()
	d := newDice(*seed, 0)
	book := addressBook(d, 500)
	for range 50_000 {
		key := pick(d, book)
		raw := spell(d, key)
		if own, ok := addressKey(raw); !ok || own != key {
			t.Fatalf("the oracle reads %q as %q, should be %q", raw, own, key)
		}
		sameKey(t, raw)
	}
	for _, raw := range notAddresses {
		if own, ok := addressKey(raw); ok {
			t.Fatalf("the oracle reads %q as %q, should be refused", raw, own)
		}
		sameKey(t, raw)
	}
	pieces := []string{
		"0", "00", "+", "48", "789", "5", "12", " ", "-", "(", ")", "/", ".", "\u00a0", "tel:", "w", "４", "＋", "@", "a@b.pl", "Ż", "#", ",", "\t",
		"–", "\u2011", "\u200b", "\ufeff", "½", "²", "٤", "TEL:", "\u202f", "İ", "ß", "\x7f",
	}
	for range 50_000 {
		var raw strings.Builder
		for range 1 + d.IntN(9) {
			raw.WriteString(pick(d, pieces))
		}
		sameKey(t, raw.String())
	}
}

func sameKey(t *testing.T, raw string) {
	t.Helper()
	own, ok := addressKey(raw)
	key, err := contact.NormalizeAddress(raw)
	switch {
	case ok && err != nil:
		t.Errorf("%q is refused (%v), should be %q", raw, err, own)
	case !ok && err == nil:
		t.Errorf("%q is %q, should be refused", raw, key)
	case !ok && fault.CodeOf(err) != fault.InvalidAddress:
		t.Errorf("%q is refused with %s, should be %s", raw, fault.CodeOf(err), fault.InvalidAddress)
	case key != own:
		t.Errorf("%q is %q, should be %q", raw, key, own)
	}
}
