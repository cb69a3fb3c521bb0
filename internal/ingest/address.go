package ingest

import "github.com/kontakty/kontakty/internal/contact"

// addressKey is the form by which filters find an address, nil where it has none.
func addressKey(raw *string) *string {
	if raw == nil || isNormalized(*raw) {
		return raw
	}
	key, err := contact.NormalizeAddress(*raw)
	if err != nil {
		return nil
	}
	return &key
}

// isNormalized knows the forms that nearly all our addresses have, so that the one function that makes normalised
// addresses need not be asked: Polish numbers in E.164 and lower-case e-mail addresses of letters, digits and points.
// Where it says yes, that function gives back what it was given.
func isNormalized(address string) bool {
	digits, letters, ats := 0, 0, 0
	for i := range len(address) {
		switch c := address[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c == '.':
			letters++
		case c == '@':
			ats++
		case c == '+' && i == 0:
		default:
			return false
		}
	}
	switch {
	case len(address) == 12 && address[:3] == "+48":
		return digits == 11
	case ats == 1:
		return address[0] != '+' && address[0] != '@' && address[len(address)-1] != '@' && len(address) <= 100
	default:
		return false
	}
}
