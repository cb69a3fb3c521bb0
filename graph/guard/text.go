package guard

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
)

// pathOfNUL finds a text with a NUL byte in a JSON value, which no text of PostgreSQL can hold, and its path.
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
		for key, element := range value {
			if strings.ContainsRune(key, 0) {
				return "", true
			}
			if below, found := pathOfNUL(element); found {
				return fault.JoinField(key, below), true
			}
		}
	}
	return "", false
}

// HasLoneSurrogate says whether JSON or a GraphQL document holds an escape such as \ud83d without its other half, for which
// the decoder would put U+FFFD. In both, a backslash occurs in texts only.
func HasLoneSurrogate(text []byte) bool {
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 >= len(text) {
			return false
		}
		text = text[at:]
		unit, ok := escapedCodeUnit(text)
		switch {
		case !ok:
			text = text[2:]
		case unit < 0xd800 || unit > 0xdfff:
			text = text[6:]
		case unit > 0xdbff:
			return true
		default:
			if low, ok := escapedCodeUnit(text[6:]); !ok || low < 0xdc00 || low > 0xdfff {
				return true
			}
			text = text[12:]
		}
	}
}

// escapedCodeUnit reads the UTF-16 code unit of \uXXXX at the beginning of a text.
func escapedCodeUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit rune
	for _, digit := range text[2:6] {
		switch {
		case digit >= '0' && digit <= '9':
			unit = unit<<4 | rune(digit-'0')
		case digit >= 'a' && digit <= 'f':
			unit = unit<<4 | rune(digit-'a'+10)
		case digit >= 'A' && digit <= 'F':
			unit = unit<<4 | rune(digit-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
