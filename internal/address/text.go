package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mark ends what was cut. It is plain ASCII, as normalisation would make three points of an ellipsis.
const mark = "..."

// clean brings the ways in which one text can be encoded into one: compatibility forms are composed, invisible marks
// dropped, blanks made one and trimmed, and control characters replaced.
func clean(raw string) string {
	if isClean(raw) {
		return raw
	}
	text := raw
	for {
		next := norm.NFKC.String(strings.Map(visible, text))
		if next == text {
			break
		}
		text = next
	}
	return strings.Join(strings.Fields(text), " ")
}

// isClean knows the texts of printable ASCII without needless blanks.
func isClean(raw string) bool {
	blank := true
	for i := range len(raw) {
		c := raw[i]
		if c < ' ' || c > '~' || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank
}

// visible drops format characters and replaces control characters, blanks apart.
func visible(r rune) rune {
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != '\x7f':
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsControl(r) && !unicode.IsSpace(r):
		return utf8.RuneError
	default:
		return r
	}
}

func isBlank(raw string) bool { return strings.TrimSpace(raw) == "" }

// folded is a clean text in which the case of letters does not count.
func folded(text string) string {
	return settle(text, func(text string) string { return strings.Map(foldedRune, text) })
}

// foldedRune is the same for all characters that differ in case alone: Greek has three forms of one letter.
func foldedRune(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return unicode.ToLower(least)
}

// lower is a clean text in lower case.
func lower(text string) string { return settle(text, strings.ToLower) }

// settle changes the case of a text until it stays as it is: composing characters may bring another one forth.
func settle(text string, change func(string) string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	for {
		next := norm.NFKC.String(change(text))
		if next == text {
			return text
		}
		text = next
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut keeps so much of a text as an address may have.
func cut(text string) string {
	if len(text) <= MaxLength || utf8.RuneCountInString(text) <= MaxLength {
		return text
	}
	kept := 0
	for at := range text {
		if kept == MaxLength-len(mark) {
			return text[:at] + mark
		}
		kept++
	}
	return text
}

// isCut knows a text that was cut.
func isCut(text string) bool {
	return len(text) >= MaxLength && strings.HasSuffix(text, mark) && utf8.RuneCountInString(text) == MaxLength
}
