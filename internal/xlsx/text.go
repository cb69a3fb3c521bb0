package xlsx

import (
	"strings"
	"unicode/utf8"
)

// maxUnits is the number of UTF-16 units that Excel takes in one cell.
const maxUnits = 32767

// kinds of bytes, by what becomes of a text that has them: nothing, it has to be looked at as characters, and as ever.
const (
	easyByte, highByte, otherByte = 0, 1, 2
)

var byteKinds = func() (kinds [256]uint8) {
	for c := range kinds {
		switch {
		case c < ' ' || c == '&' || c == '<' || c == '>' || c == '_' || c == 0xEF: // in which U+FFFE and U+FFFF begin
			kinds[c] = otherByte
		case c >= utf8.RuneSelf:
			kinds[c] = highByte
		}
	}
	return kinds
}()

// isEasy says that a text is clean, short enough and written as it is. Nearly all are.
func isEasy(text string) bool {
	if len(text) > maxUnits {
		return false
	}
	var found uint8
	for i := range len(text) {
		found |= byteKinds[text[i]]
	}
	return found == easyByte || found == highByte && utf8.ValidString(text)
}

// clean replaces what XML cannot carry by U+FFFD: control characters, U+FFFE and U+FFFF, bytes that are no UTF-8, and
// surrogates that came through as three bytes.
func clean(text string) string {
	for i, r := range text {
		if !carried(r) || r == utf8.RuneError {
			var b strings.Builder
			b.Grow(len(text))
			b.WriteString(text[:i])
			cleanInto(&b, text[i:])
			return b.String()
		}
	}
	return text
}

func cleanInto(b *strings.Builder, text string) {
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1 && isSurrogate(text):
			b.WriteRune(utf8.RuneError)
			size = 3
		case !carried(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
}

// isSurrogate says that the text begins with the three bytes of a surrogate, which UTF-8 forbids.
func isSurrogate(text string) bool {
	return len(text) >= 3 && text[0] == 0xED && text[1] >= 0xA0 && text[1] <= 0xBF && text[2]&0xC0 == 0x80
}

// carried says that XML 1.0 has the character.
func carried(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF
}

// cut shortens a clean text to what a cell takes, with the mark at its end, and says whether it did.
func cut(text, mark string) (string, bool) {
	if len(text) <= maxUnits || units(text) <= maxUnits {
		return text, false
	}
	room := maxUnits - units(mark)
	for i, r := range text {
		if r > 0xFFFF {
			room--
		}
		if room--; room < 0 {
			return text[:i] + mark, true
		}
	}
	return text, false
}

// units is the length of a text in UTF-16 units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// appendText writes a clean text as the content of an element. Excel reads _xHHHH_ as the character of that number,
// so such a text gets its first underscore written that way.
func appendText(b []byte, text string) []byte {
	start := 0
	for i := 0; i < len(text); i++ {
		var escaped string
		switch text[i] {
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '\r':
			escaped = "&#13;"
		case '_':
			if !looksEscaped(text[i:]) {
				continue
			}
			escaped = "_x005F_"
		default:
			continue
		}
		b = append(b, text[start:i]...)
		b = append(b, escaped...)
		start = i + 1
	}
	return append(b, text[start:]...)
}

// looksEscaped says that the text begins with _xHHHH_.
func looksEscaped(text string) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	for _, c := range []byte(text[2:6]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// keepsSpace says that the text begins or ends with white space, which readers drop unless told otherwise.
func keepsSpace(text string) bool {
	return text != "" && (text[0] <= ' ' || text[len(text)-1] <= ' ')
}
