package contact

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMasked_ShowsTooLittleToReachAnybody(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"+48789789789":      "+48 *** *** 789",
		"+12025550143":      "+1 *** *** 143",
		"+4915112345678":    "+49 *** *** 678",
		"+380441234567":     "+380 *** *** 567",
		"+2901234":          "+290 ***",
		"+3912345":          "+39 ***",
		"101":               "***",
		"123456":            "***",
		"":                  "***",
		"789 789 789":       "***",
		"+48 789 789 789":   "***",
		"+48789x89789":      "***",
		"anna@example.com":  "a***@example.com",
		"a@example.com":     "***@example.com",
		"żaneta@example.pl": "ż***@example.pl",
		"a@b@c":             "***",
		"@example.com":      "***",
		"anna@":             "***",
		"\xff\xfe@x.pl":     "***",
		"anonymous":         "anonymous",
		"inpost":            "***",
		"jan @ nowak":       "***",
		"a,b@example.com":   "***",
	} {
		if got := Masked(address); got != want {
			t.Errorf("%q is masked as %q, want %q", address, got, want)
		}
	}
}

func TestMasked_ShowsWithheldAddressesAsTheyAre(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"Numer zastrzeżony": "Numer zastrzeżony", "<unknown>": "<unknown>", "+266696687": "+266696687", "-1": "-1", " Anonymous ": " Anonymous ",
		"anonymous@anonymous.invalid":               "anonymous@anonymous.invalid",
		"Jan Kowalski <x@anonymous.invalid>":        "anonymous",
		"sip:jan@anonymous.invalid":                 "anonymous",
		"jan@anonymous.invalid":                     "anonymous",
		`"Jan" <sip:anonymous@anonymous.invalid>`:   "anonymous",
		"Jan Kowalski <jan.kowalski@example.com>":   "j***@example.com",
		"sip:+48501723894@10.0.0.5":                 "+48 *** *** 894",
		"Kowalski Jan":                              "***",
		"\"501723894\" <sip:501723894@example.com>": "+48 *** *** 894",
	} {
		if got := maskedAsWritten(raw); got != want {
			t.Errorf("%q is masked as %q, want %q", raw, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"+48789789789", "anna.nowak@example.com", "101", "+2901234", "a@b", "ż@ż", "+1", "@", "+48 12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		masked := Masked(address)
		if address == "anonymous" {
			return
		}
		if !utf8.ValidString(masked) || !strings.Contains(masked, hidden) {
			t.Fatalf("%q is masked as %q", address, masked)
		}
		local, domain, isEmail := strings.Cut(address, "@")
		shown := strings.NewReplacer(hidden, "", " ", "", "+", "").Replace(masked)
		if isEmail {
			if masked != hidden && utf8.RuneCountInString(strings.TrimSuffix(masked, hidden+"@"+domain)) > 1 {
				t.Fatalf("more than a character of %q is shown: %q", local, masked)
			}
			return
		}
		if len(shown) > 6 || shown != "" && len(address)-1-len(shown) < minHidden && len(shown) > 3 {
			t.Fatalf("too much of %q is shown: %q", address, masked)
		}
	})
}
