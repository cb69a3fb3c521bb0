package guard

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
)

// pathOfNUL finds the first text with a NUL byte in a JSON value, which no text of PostgreSQL can hold, and its path.
func pathOfNUL(value any) (path string, found bool) {
	switch value := value.(type) {
	case string:
		return "", strings.ContainsRune(value, 0)
	case []any:
		for i, element := range value {
			if below, found := pathOfNUL(element); found {
				return fault.JoinField(fmt.Sprintf("[%d]", i), below), true
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if strings.ContainsRune(key, 0) {
				return "", true
			}
			if below, found := pathOfNUL(value[key]); found {
				return fault.JoinField(key, below), true
			}
		}
	}
	return "", false
}

// HasLoneSurrogate says whether JSON or a GraphQL document holds an escape such as \ud83d without its other half, for which
// the decoder would put U+FFFD. In both, a backslash occurs in texts only.
func HasLoneSurrogate(text []byte) bool { return loneSurrogate(text, 0) >= 0 }

// LoneSurrogatesAsNUL is JSON with a NUL in the place of each escape that HasLoneSurrogate finds: PostgreSQL can hold neither.
// It changes the text that it is given.
func LoneSurrogatesAsNUL(text []byte) []byte {
	const escaped = `\u0000`
	for at := loneSurrogate(text, 0); at >= 0; at = loneSurrogate(text, at+len(escaped)) {
		copy(text[at:], escaped)
	}
	return text
}

// loneSurrogate is the place of the first such escape from a place on, negative if there is none.
func loneSurrogate(text []byte, from int) int {
	for at := from; ; {
		next := bytes.IndexByte(text[at:], '\\')
		if at += next; next < 0 || at+1 >= len(text) {
			return -1
		}
		unit, ok := escapedCodeUnit(text[at:])
		switch {
		case !ok:
			at += 2
		case unit < 0xd800 || unit > 0xdfff:
			at += 6
		case unit > 0xdbff:
			return at
		default:
			if low, ok := escapedCodeUnit(text[at+6:]); !ok || low < 0xdc00 || low > 0xdfff {
				return at
			}
			at += 12
		}
	}
}

// escapedCodeUnit reads the UTF-16 code unit that a text begins with, written as \u and four hexadecimal digits.
func escapedCodeUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit), err == nil
}
