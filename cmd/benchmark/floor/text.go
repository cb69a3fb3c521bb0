package floor

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/internal/relay"
)

func appendID(out []byte, kind relay.Kind, number int64) []byte {
	plain := strconv.AppendInt(append(append(make([]byte, 0, 40), kind...), ':'), number, 10)
	return append(base64.RawURLEncoding.AppendEncode(append(out, '"'), plain), '"')
}

func appendTime(out []byte, at time.Time) []byte {
	return append(at.UTC().AppendFormat(append(out, '"'), time.RFC3339Nano), '"')
}

func appendOptionalTime(out []byte, at *time.Time) []byte {
	if at == nil {
		return append(out, `null`...)
	}
	return appendTime(out, *at)
}

func appendOptionalInt(out []byte, n *int32) []byte {
	if n == nil {
		return append(out, `null`...)
	}
	return strconv.AppendInt(out, int64(*n), 10)
}

func appendOptionalText(out []byte, text *string) []byte {
	if text == nil {
		return append(out, `null`...)
	}
	return appendText(out, *text)
}

func appendObject(out []byte, objects map[int32][]byte, id *int32) []byte {
	if id == nil {
		return append(out, `null`...)
	}
	return append(out, objects[*id]...)
}

// appendText writes a JSON string as kontakty does.
func appendText(out []byte, text string) []byte {
	const digits = "0123456789ABCDEF"
	out = append(out, '"')
	start := 0
	for i := range len(text) {
		c := text[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		out = append(out, text[start:i]...)
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, `\n`...)
		case '\r':
			out = append(out, `\r`...)
		case '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
		}
		start = i + 1
	}
	return append(append(out, text[start:]...), '"')
}
