package format

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string.
func (p *parser) string() (string, *Fault) {
	if p.next() != '"' {
		return "", p.expected("text")
	}
	p.pos++
	for i := p.pos; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			s := p.text[p.pos:i]
			p.pos = i + 1
			return s, nil
		case c == '\\':
			return p.escaped(i)
		case c < ' ':
			p.pos = i
			return "", p.malformed()
		}
	}
	p.pos = len(p.text)
	return "", p.malformed()
}

// escaped reads the rest of a string whose first escape is at i.
func (p *parser) escaped(i int) (string, *Fault) {
	s := make([]byte, 0, i-p.pos+64)
	s = append(s, p.text[p.pos:i]...)
	for p.pos = i; p.pos < len(p.text); {
		c := p.text[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(s), nil
		case c < ' ':
			return "", p.malformed()
		case c != '\\':
			s = append(s, c)
			p.pos++
			continue
		}
		if p.pos+1 == len(p.text) {
			return "", p.malformed()
		}
		switch e := p.text[p.pos+1]; e {
		case '"', '\\', '/':
			s = append(s, e)
		case 'b':
			s = append(s, '\b')
		case 'f':
			s = append(s, '\f')
		case 'n':
			s = append(s, '\n')
		case 'r':
			s = append(s, '\r')
		case 't':
			s = append(s, '\t')
		case 'u':
			r, fault := p.unicode()
			if fault != nil {
				return "", fault
			}
			s = utf8.AppendRune(s, r)
			continue
		default:
			return "", p.malformed()
		}
		p.pos += 2
	}
	return "", p.malformed()
}

// unicode reads a character written as \u and four hexadecimal digits, or as two of those.
func (p *parser) unicode() (rune, *Fault) {
	first, ok := p.hex()
	switch {
	case !ok:
		return 0, p.malformed()
	case first == 0:
		p.repairs.note("", "held a NUL character, which became U+FFFD")
		return utf8.RuneError, nil
	case !utf16.IsSurrogate(first):
		return first, nil
	}
	end := p.pos
	second, ok := p.hex()
	if r := utf16.DecodeRune(first, second); ok && r != utf8.RuneError {
		return r, nil
	}
	p.pos = end // what follows is a character of its own
	p.repairs.note("", "held half of a surrogate pair, which became U+FFFD")
	return utf8.RuneError, nil
}

func (p *parser) hex() (rune, bool) {
	if len(p.text)-p.pos < 6 || p.text[p.pos:p.pos+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[p.pos+2:p.pos+6], 16, 16)
	if err != nil {
		return 0, false
	}
	p.pos += 6
	return rune(n), true
}
