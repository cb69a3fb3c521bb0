package address

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kept is an address as it is stored: as it was written, but without control characters and not longer than an address
// may be. It is found by what is kept. Not ok for what is empty or blank, which is no address.
func Kept(raw string) (kept string, ok bool) {
	if settled(raw) {
		return raw, true
	}
	if isBlank(raw) {
		return "", false
	}
	if strings.ContainsFunc(raw, isForbidden) {
		raw = strings.Map(func(r rune) rune {
			if isForbidden(r) {
				return utf8.RuneError
			}
			return r
		}, raw)
	}
	if len(raw) <= MaxLength || utf8.RuneCountInString(raw) <= MaxLength {
		return raw, true
	}
	if list := List(raw); list != nil {
		return Kept(list[0])
	}
	if text := clean(raw); text != "" {
		return cut(text), true
	}
	return unreadable, true
}

// Askable says that a text can be asked for: it is neither blank, nor longer than an address, nor holds it control
// characters, blanks apart.
func Askable(text string) bool {
	return !isBlank(text) && utf8.RuneCountInString(text) <= MaxLength && !strings.ContainsFunc(text, isForbidden)
}

// isForbidden tells control characters and what is no character. Tabs and line ends come along when numbers are copied.
func isForbidden(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// Recipients gives the addresses of a list as they are stored, nil where there is one address alone.
func Recipients(raw string) []string {
	var kept []string
	for _, one := range List(raw) {
		if address, ok := Kept(one); ok {
			kept = append(kept, address)
		}
	}
	return kept
}

// Same says that two addresses have one key.
func Same(a, b string) bool {
	one, _ := Key(a)
	other, _ := Key(b)
	return one == other
}
