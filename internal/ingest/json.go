package ingest

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// parser reads one JSON text, strictly by RFC 8259. encoding/json is not enough here: it takes keys in any case, lets
// the last of two equal keys win, repairs invalid UTF-8 in silence and says in Go's terms what is wrong. The strings
// that it gives are parts of the text wherever nothing is escaped.
type parser struct {
	text string
	at   int
}

func (p *parser) malformed() *problem {
	return wrong("is not valid JSON at byte %d", p.at+1)
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// next is the first byte of the next token, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) take(c byte) bool {
	if p.next() != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) end() *problem {
	if p.next(); p.at != len(p.text) {
		return p.malformed()
	}
	return nil
}

// null takes a null, if there is one.
func (p *parser) null() bool {
	if p.next() != 'n' || !strings.HasPrefix(p.text[p.at:], "null") {
		return false
	}
	p.at += len("null")
	return true
}

// expected is the problem with a value of another type, or with what is no value at all.
func (p *parser) expected(what string) *problem {
	switch c := p.next(); {
	case c == '"' || c == '{' || c == '[' || c == '-' || c >= '0' && c <= '9',
		strings.HasPrefix(p.text[p.at:], "true"), strings.HasPrefix(p.text[p.at:], "false"), strings.HasPrefix(p.text[p.at:], "null"):
		return wrong("is not %s", what)
	default:
		return p.malformed()
	}
}

// keys are the keys that an object may have, in the order that they usually come in, and what such an object is called.
type keys struct {
	noun  string
	names []string
	index map[string]int
}

func keysOf(noun string, names ...string) keys {
	k := keys{noun: noun, names: names, index: make(map[string]int, len(names))}
	for i, name := range names {
		k.index[name] = i
	}
	return k
}

// object reads an object: read is called at the value of each key, must take it, and answers for its problems.
func (p *parser) object(allowed keys, read func(key string) *problem) *problem {
	if p.next() != '{' {
		return p.expected("an object")
	}
	p.at++
	if p.take('}') {
		return nil
	}
	var seen uint64
	for guess := 0; ; guess++ {
		if p.next() != '"' {
			return p.malformed()
		}
		key, fault := p.string()
		if fault != nil {
			return fault
		}
		index, known := guess, guess < len(allowed.names) && allowed.names[guess] == key
		if !known {
			index, known = allowed.index[key]
		}
		if guess = index; !known {
			return wrong("%s is not a key of %s", echo(key), allowed.noun)
		}
		if seen&(1<<index) != 0 {
			return wrong("is given twice").within(key)
		}
		seen |= 1 << index
		if !p.take(':') {
			return p.malformed()
		}
		if fault := read(key); fault != nil {
			return fault.within(key)
		}
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return p.malformed()
		}
	}
}

// array reads an array of at most longest items, or null as an empty one; read must take an item.
func (p *parser) array(longest int, read func(i int) *problem) *problem {
	if p.null() {
		return nil
	}
	if p.next() != '[' {
		return p.expected("a list")
	}
	p.at++
	if p.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		if i == longest {
			return wrong("has more than %d items", longest)
		}
		if fault := read(i); fault != nil {
			return fault.within(item(i))
		}
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return p.malformed()
		}
	}
}

// string reads a string.
func (p *parser) string() (string, *problem) {
	if p.next() != '"' {
		return "", p.expected("text")
	}
	p.at++
	for i := p.at; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			s := p.text[p.at:i]
			p.at = i + 1
			return s, nil
		case c == '\\':
			return p.escaped(i)
		case c < ' ':
			p.at = i
			return "", p.malformed()
		}
	}
	p.at = len(p.text)
	return "", p.malformed()
}

// escaped reads the rest of a string whose first escape is at i.
func (p *parser) escaped(i int) (string, *problem) {
	s := make([]byte, 0, i-p.at+64)
	s = append(s, p.text[p.at:i]...)
	for p.at = i; p.at < len(p.text); {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return string(s), nil
		case c < ' ':
			return "", p.malformed()
		case c != '\\':
			s = append(s, c)
			p.at++
			continue
		}
		if p.at+1 == len(p.text) {
			return "", p.malformed()
		}
		switch e := p.text[p.at+1]; e {
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
		p.at += 2
	}
	return "", p.malformed()
}

// unicode reads \uXXXX, or two of them that make one character.
func (p *parser) unicode() (rune, *problem) {
	first, ok := p.hex()
	switch {
	case !ok:
		return 0, p.malformed()
	case first == 0:
		return 0, wrong("holds a NUL character")
	case !utf16.IsSurrogate(first):
		return first, nil
	}
	second, ok := p.hex()
	if r := utf16.DecodeRune(first, second); ok && r != utf8.RuneError {
		return r, nil
	}
	return 0, wrong("holds half of a surrogate pair")
}

func (p *parser) hex() (rune, bool) {
	if len(p.text)-p.at < 6 || p.text[p.at:p.at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(p.text[p.at+2:p.at+6], 16, 16)
	if err != nil {
		return 0, false
	}
	p.at += 6
	return rune(n), true
}

// integer reads a whole number; 166.0 is one.
func (p *parser) integer() (int64, *problem) {
	if c := p.next(); c != '-' && (c < '0' || c > '9') {
		return 0, p.expected("a whole number")
	}
	literal, fault := p.number()
	if fault != nil {
		return 0, fault
	}
	if point := strings.IndexByte(literal, '.'); point > 0 && strings.Trim(literal[point+1:], "0") == "" {
		literal = literal[:point]
	}
	n, err := strconv.ParseInt(literal, 10, 64)
	switch {
	case err == nil:
		return n, nil
	case n == math.MaxInt64 || n == math.MinInt64:
		return 0, wrong("is out of range")
	default:
		return 0, wrong("is not a whole number")
	}
}

// number takes a number by JSON's grammar.
func (p *parser) number() (string, *problem) {
	start := p.at
	digits := func() bool {
		from := p.at
		for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
			p.at++
		}
		return p.at > from
	}
	is := func(set string) bool {
		if p.at < len(p.text) && strings.IndexByte(set, p.text[p.at]) >= 0 {
			p.at++
			return true
		}
		return false
	}
	is("-")
	if !is("0") && !digits() {
		return "", p.malformed()
	}
	if is(".") && !digits() {
		return "", p.malformed()
	}
	if is("eE") {
		is("+-")
		if !digits() {
			return "", p.malformed()
		}
	}
	return p.text[start:p.at], nil
}

// find walks the keys of an object without looking at what they hold, and stands before the value of the wanted one.
// What is malformed on the way is left for whoever reads the object afterwards: find then finds nothing.
func (p *parser) find(wanted string) bool {
	if !p.take('{') {
		return false
	}
	for p.next() == '"' {
		key, fault := p.string()
		if fault != nil || !p.take(':') {
			return false
		}
		if key == wanted {
			return true
		}
		if !p.skip() || !p.take(',') {
			return false
		}
	}
	return false
}

// skip passes over a value, minding only strings and brackets.
func (p *parser) skip() bool {
	depth := 0
	for p.next() != 0 {
		switch p.text[p.at] {
		case '"':
			if _, fault := p.string(); fault != nil {
				return false
			}
		case '{', '[':
			depth++
			p.at++
		case '}', ']':
			depth--
			p.at++
		case ',', ':':
			p.at++
			continue
		default:
			for p.at < len(p.text) && strings.IndexByte(",:{}[]\" \t\r\n", p.text[p.at]) < 0 {
				p.at++
			}
		}
		if depth <= 0 {
			return depth == 0
		}
	}
	return false
}
