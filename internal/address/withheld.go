package address

import "strings"

// withheld are the words for a caller who is not told, and what they come to on the keypad of a phone.
var withheld = map[string]bool{
	"anonymous": true, "restricted": true, "unknown": true, "unavailable": true, "private": true, "withheld": true, "blocked": true,
	"zastrzeżony": true, "numer zastrzeżony": true, "nieznany": true, "-1": true,
	"+266696687": true, "+7378742833": true, "+2562533": true, "+8656696": true, "+86282452253": true,
}

// noDomain is the domain of SIP addresses that name nobody (RFC 3323).
const noDomain = "@anonymous.invalid"

// isWithheld tells a key, or a folded text, that names nobody.
func isWithheld(key string) bool {
	return withheld[key] || strings.HasSuffix(key, noDomain)
}

// NamesNobody says that an address is one of the words for a caller who is not told, with nothing beside it.
func NamesNobody(raw string) bool {
	if settled(raw) {
		return false
	}
	text := folded(clean(raw))
	if strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">") {
		text = text[1 : len(text)-1]
	}
	return withheld[strings.TrimSuffix(text, noDomain)]
}
