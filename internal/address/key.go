package address

import (
	"unicode/utf8"
)

// MaxLength is how many characters an address, or a key, has at most: a longer one is cut.
const MaxLength = 320

// Withheld is the one key of all the words and numbers that stand for a caller who is not told.
const Withheld = "anonymous"

// unreadable is the key of an address that holds invisible characters alone.
const unreadable = "\ufffd"

// Key gives the form by which addresses are compared: an E.164 number, a short internal number as it is, a mailbox in
// lower case, Withheld, or the text itself with its case folded. The key of a key is that key. It is not ok for an
// address that is empty or blank; every other one has a key.
func Key(raw string) (key string, ok bool) {
	if settled(raw) {
		return raw, true
	}
	text := clean(raw)
	switch {
	case text != "":
		return keyOf(text), true
	case isBlank(raw):
		return "", false
	default:
		return unreadable, true
	}
}

// keyOf is the key of a clean text. What is longer than any address is a list of mailboxes or a text.
func keyOf(text string) string {
	if isCut(text) {
		return cut(folded(text))
	}
	short := utf8.RuneCountInString(text) <= MaxLength
	if short {
		if inner, ok := enclosed(text); ok {
			text = inner
		}
		if user, ok := uriUser(text); ok {
			return keyOf(user)
		}
	}
	key, found := firstMailbox(text)
	if !found && short {
		key, found = number(text)
	}
	if !found {
		key = folded(text)
	}
	if isWithheld(key) {
		return Withheld
	}
	return cut(key)
}

// settled knows the forms that nearly all addresses have: Polish numbers in E.164 and lower-case mailboxes of letters,
// digits and points. They are their own keys, and need no further look.
func settled(raw string) bool {
	digits, others, ats := 0, 0, 0
	for i := range len(raw) {
		switch c := raw[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c == '.':
			others++
		case c == '@':
			ats++
		case c == '+' && i == 0:
		default:
			return false
		}
	}
	switch {
	case len(raw) == 12 && raw[:3] == homeCode:
		return digits == 11 && raw[3] != '0'
	case ats == 1:
		return raw[0] != '+' && raw[0] != '@' && raw[len(raw)-1] != '@' && len(raw) <= 100 && !isWithheld(raw)
	default:
		return false
	}
}
