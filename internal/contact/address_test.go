package contact_test

import (
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

func TestNormalizeAddressUnderstandsTheUsualSpellings(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"789 789 789":                "+48789789789",
		"+48 789-789-789":            "+48789789789",
		"0048789789789":              "+48789789789",
		"48789789789":                "+48789789789",
		"0789789789":                 "+48789789789",
		"tel:+48 (22) 100.01/01":     "+48221000101",
		"TEL:22\u00a0100\u00a001 01": "+48221000101",
		"７８９７８９７８９":                  "+48789789789",
		"\u202a789–789–789\u202c":    "+48789789789",
		"+1 212 555 0100":            "+12125550100",
		"101":                        "101",
		"12":                         "12",
		"123456":                     "123456",
		" Anna.Żak@Example.COM ":     "anna.żak@example.com",
		"a@b":                        "a@b",
	} {
		if got, err := contact.NormalizeAddress(raw); err != nil || got != want {
			t.Errorf("NormalizeAddress(%q) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestNormalizeAddressRefusesWhatItWouldHaveToGuess(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", " ", "+", "1", "1234567", "12345678", "1234567890", "49123456789", "wew. 12", "anonymous", "789-CALL-NOW",
		"+123456", "+1234567890123456", "00", "7+8", "@", "a@", "@b", "a@b@c", "a b@c", "\x00", "789789789\x00",
		"١٢٣٤٥٦٧٨٩",
	} {
		if got, err := contact.NormalizeAddress(raw); fault.CodeOf(err) != fault.InvalidAddress {
			t.Errorf("NormalizeAddress(%q) = %q, %v; want INVALID_ADDRESS", raw, got, err)
		}
	}
}

func FuzzNormalizeAddress(f *testing.F) {
	for _, seed := range []string{"789 789 789", "+48789789789", "0048 22 100 01 01", "101", "a@b.pl", "tel:1", "\u2460\u2461"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		first, err := contact.NormalizeAddress(raw)
		if err != nil {
			return
		}
		if second, err := contact.NormalizeAddress(first); err != nil || second != first {
			t.Fatalf("%q became %q, and that %q, %v", raw, first, second, err)
		}
	})
}
