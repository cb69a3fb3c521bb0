package address

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// homeCode is the calling code of numbers written without one.
const homeCode = "+48"

var (
	// extension is what stands behind a number for a phone within a firm.
	extension = regexp.MustCompile(`^(?:, ?\(?)?(?i:wewnętrzny|wewn\.?|wew\.?|extension|extn\.?|ext\.?|x|,,+|;ext=|\*)[ :]*[0-9]{1,6}\)?$`)
	// trunkZero is the zero that is dialled within a country and left out behind its code.
	trunkZero = regexp.MustCompile(`^\( ?0 ?\)`)
)

// number reads a phone number: in E.164 if it is one that can be dialled from anywhere or is written as in Poland, as
// it is if it is a short internal one of 2 to 6 digits.
func number(text string) (string, bool) {
	var collected [16]byte
	dialled := collected[:0]
	dropped := false
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r >= '0' && r <= '9', r == '+' && len(dialled) == 0:
			dialled = append(dialled, byte(r))
		case r == '(' && !dropped && isCallingCode(string(dialled)) && trunkZero.MatchString(text[at:]):
			dropped = true
			size = len(trunkZero.FindString(text[at:]))
		case isSeparator(r):
		case extension.MatchString(text[at:]):
			size = len(text) - at
		default:
			return "", false
		}
		at += size
	}
	if dropped && dialled[0] != '+' && dialled[0] != '0' && len(dialled) != len(homeCode)-1+homeDigits {
		return "", false
	}
	return dialable(string(dialled))
}

// homeDigits is how many digits a Polish number has behind its code.
const homeDigits = 9

// dialable reads the digits of a number, with or without a plus before them.
func dialable(dialled string) (string, bool) {
	digits, international := strings.CutPrefix(dialled, "+")
	if !international {
		digits, international = strings.CutPrefix(digits, "00")
	}
	n := len(digits)
	switch {
	case international && (n < 7 || n > 15):
		return "", false
	case international:
		return valid("+" + digits)
	case n == homeDigits:
		return valid(homeCode + digits)
	case n == homeDigits+1 && digits[0] == '0':
		return valid(homeCode + digits[1:])
	case n == homeDigits+2 && strings.HasPrefix(digits, homeCode[1:]):
		return valid("+" + digits)
	default:
		return digits, n >= 2 && n <= 6
	}
}

// valid holds a number in E.164 against what is known of the numbers of its country.
func valid(number string) (string, bool) {
	national, home := strings.CutPrefix(number, homeCode)
	return number, !home || len(national) == homeDigits && national[0] != '0'
}

// isCallingCode says that what was dialled so far may be a calling code: "+48", "0048", "48".
func isCallingCode(dialled string) bool {
	digits, international := strings.CutPrefix(dialled, "+")
	if !international {
		digits, international = strings.CutPrefix(digits, "00")
	}
	if !international {
		return dialled == homeCode[1:]
	}
	return len(digits) >= 1 && len(digits) <= 3
}

// isSeparator tells the characters that people and programs put between digits.
func isSeparator(r rune) bool {
	switch r {
	case ' ', '-', '(', ')', '.', '/':
		return true
	default:
		return r >= utf8.RuneSelf && (unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf))
	}
}
