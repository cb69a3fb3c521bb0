package oracle

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var (
	bareDigits    = regexp.MustCompile(`^[0-9]+$`)
	international = regexp.MustCompile(`^\+[0-9]{7,15}$`)
)

// addressKey is what an address is compared by, written from the table of rules alone: not ok for what is neither a
// phone number nor an e-mail address.
func addressKey(raw string) (key string, ok bool) {
	if !utf8.ValidString(raw) || strings.ContainsRune(raw, 0) {
		return "", false
	}
	text := norm.NFKC.String(raw)
	if strings.Contains(text, "@") {
		return mailKey(text)
	}
	return numberKey(text)
}

func mailKey(text string) (string, bool) {
	mail := strings.ToLower(strings.TrimSpace(text))
	name, domain, _ := strings.Cut(mail, "@")
	if name == "" || domain == "" || strings.Contains(domain, "@") {
		return "", false
	}
	if strings.ContainsFunc(mail, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", false
	}
	return mail, true
}

func numberKey(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if len(text) >= 4 && strings.EqualFold(text[:4], "tel:") {
		text = text[4:]
	}
	// Numbers copied from a page come with typographic dashes and invisible marks.
	number := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || strings.ContainsRune("()./", r) {
			return -1
		}
		return r
	}, text)
	if after, found := strings.CutPrefix(number, "00"); found {
		number = "+" + after
	}
	if international.MatchString(number) {
		return number, true
	}
	if !bareDigits.MatchString(number) {
		return "", false
	}
	switch digits := len(number); {
	case digits == 9:
		return "+48" + number, true
	case digits == 10 && number[0] == '0':
		return "+48" + number[1:], true
	case digits == 11 && strings.HasPrefix(number, "48"):
		return "+" + number, true
	case digits >= 2 && digits <= 6:
		return number, true
	default:
		return "", false
	}
}
