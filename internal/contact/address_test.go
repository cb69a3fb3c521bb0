package contact_test

import (
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

func TestNormalizeAddress_TakesWhateverCanBeStored(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"789 789 789": "+48789789789", " Anna.Żak@Example.COM ": "anna.żak@example.com", "<unknown>": "anonymous", "InPost": "inpost",
		"789\t789\t789": "+48789789789", "1234567": "1234567", strings.Repeat("a", 320): strings.Repeat("a", 320),
	} {
		if got, err := contact.NormalizeAddress(raw); err != nil || got != want {
			t.Errorf("NormalizeAddress(%q) = %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestNormalizeAddress_RefusesWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", " ", "\u00a0\t", "\x00", "789789789\x00", "a\x01b", "a\u0085\u0086", strings.Repeat("ż", 321)} {
		if got, err := contact.NormalizeAddress(raw); fault.CodeOf(err) != fault.InvalidAddress {
			t.Errorf("NormalizeAddress(%q) = %q, %v; want INVALID_ADDRESS", raw, got, err)
		}
	}
}
