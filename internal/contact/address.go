package contact

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// defaultCountry is the calling code of numbers written without one.
	defaultCountry = "+48"
	// longestAddress is the longest e-mail address there can be, in bytes.
	longestAddress = 320
)

// NormalizeAddress gives the form by which addresses are compared: an E.164 number, a short internal number as it is,
// or a lower-cased e-mail address. What users type and what the platform stores both go through here, so
// "789 789 789", "+48 789-789-789" and "0048789789789" are one number. Errors: INVALID_ADDRESS for anything else.
//
// Libraries for phone numbers guess: they read "101" as +48101 and the letters of "wew. 12" as keypad digits. A report
// must not guess, so the spellings that are understood are just these.
func NormalizeAddress(raw string) (string, error) {
	malformed := fault.New(fault.AddressMalformed, "")
	if len(raw) > longestAddress {
		return "", malformed
	}
	if !plainASCII(raw) {
		raw = norm.NFKC.String(raw)
	}
	address := strings.TrimSpace(raw)
	if strings.Contains(address, "@") {
		return normalizeEmail(address, malformed)
	}
	return normalizeNumber(address, malformed)
}

func normalizeEmail(address string, malformed *fault.Error) (string, error) {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" || domain == "" || strings.Contains(domain, "@") {
		return "", malformed
	}
	for _, r := range address {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return "", malformed
		}
	}
	return strings.ToLower(address), nil
}

func normalizeNumber(address string, malformed *fault.Error) (string, error) {
	if len(address) >= 4 && strings.EqualFold(address[:4], "tel:") {
		address = address[4:]
	}
	var number strings.Builder
	for _, r := range address {
		switch {
		case r >= '0' && r <= '9', r == '+' && number.Len() == 0:
			number.WriteRune(r)
		case isSeparator(r):
		default:
			return "", malformed
		}
	}
	digits, international := strings.CutPrefix(number.String(), "+")
	if !international {
		digits, international = strings.CutPrefix(digits, "00")
	}
	n := len(digits)
	switch {
	case international && n >= 7 && n <= 15:
		return "+" + digits, nil
	case international:
		return "", malformed
	case n == 9:
		return defaultCountry + digits, nil
	case n == 10 && digits[0] == '0':
		return defaultCountry + digits[1:], nil
	case n == 11 && strings.HasPrefix(digits, defaultCountry[1:]):
		return "+" + digits, nil
	case n >= 2 && n <= 6:
		return digits, nil
	default:
		return "", malformed
	}
}

// isSeparator tells the characters that people and programs put between digits, invisible marks of copied text too.
func isSeparator(r rune) bool {
	switch r {
	case '-', '(', ')', '.', '/':
		return true
	default:
		return unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf)
	}
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
