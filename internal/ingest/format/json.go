package format

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parser reads one JSON text, strictly by RFC 8259. encoding/json is not enough here: it takes an object's keys in any case,
// lets the last of two equal ones win, repairs invalid UTF-8 in silence and says in Go's terms what is wrong. The strings
// that it gives are parts of the text wherever nothing is escaped.
type parser struct {
	text string
	pos  int
	// mends says that a value which cannot be read is left out, unless its key must have one.
	mends   bool
	repairs repairs
}

func (p *parser) malformed() *Fault {
	return formf("is not valid JSON at byte %d", p.pos+1)
}

func (p *parser) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

// next is the first byte of the next token, 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

func (p *parser) take(c byte) bool {
	if p.next() != c {
		return false
	}
	p.pos++
	return true
}

func (p *parser) end() *Fault {
	if p.next(); p.pos != len(p.text) {
		return p.malformed()
	}
	return nil
}

// null takes a null, if there is one.
func (p *parser) null() bool {
	if p.next() != 'n' || !strings.HasPrefix(p.text[p.pos:], "null") {
		return false
	}
	p.pos += len("null")
	return true
}

// expected is the problem with a value of another type, or with what is no value at all.
func (p *parser) expected(what string) *Fault {
	switch c := p.next(); {
	case c == '"' || c == '{' || c == '[' || c == '-' || c >= '0' && c <= '9',
		strings.HasPrefix(p.text[p.pos:], "true"), strings.HasPrefix(p.text[p.pos:], "false"), strings.HasPrefix(p.text[p.pos:], "null"):
		return faultf("is not %s", what)
	default:
		return p.malformed()
	}
}

// keys are the keys that an object may have, in the order that they usually come in, and what such an object is called.
type keys struct {
	noun  string
	names []string
	index map[string]int
	// required are those whose value is never left out.
	required []string
}

func keysOf(noun string, names ...string) keys {
	k := keys{noun: noun, names: names, index: make(map[string]int, len(names))}
	for i, name := range names {
		k.index[name] = i
	}
	return k
}

// object reads an object: read is called at the value of each key, must take it, and answers for its problems.
func (p *parser) object(allowed keys, read func(key string) *Fault) *Fault {
	if p.next() != '{' {
		return p.expected("an object")
	}
	p.pos++
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
		index, found := guess, guess < len(allowed.names) && allowed.names[guess] == key
		if !found {
			index, found = allowed.index[key]
		}
		if guess = index; !found {
			return formf("%s is not a key of %s", echo(key), allowed.noun)
		}
		if seen&(1<<index) != 0 {
			return formf("is given twice").at(key)
		}
		seen |= 1 << index
		if !p.take(':') {
			return p.malformed()
		}
		if fault := p.mended(key, slices.Contains(allowed.required, key), func() *Fault { return read(key) }); fault != nil {
			return fault
		}
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return p.malformed()
		}
	}
}

// mended reads what stands at a key or is an item. What cannot be read is left out where that may be, and read as null.
func (p *parser) mended(field string, required bool, read func() *Fault) *Fault {
	p.space()
	start, before := p.pos, len(p.repairs)
	fault := read()
	if fault != nil && p.mends && !required && !fault.unmendable {
		reason := fault.at(field)
		if fault = p.leaveOut(start); fault == nil {
			p.repairs = append(p.repairs[:before], Repair{Fault: Fault{Field: reason.Field, Reason: reason.Reason + " and was left out"}})
			text, end := p.text, p.pos
			p.text, p.pos = "null", 0
			_ = read()
			p.text, p.pos = text, end
			return nil
		}
	}
	p.repairs.below(before, field)
	return fault.at(field)
}

// leaveOut passes over the value at a place, which must be valid.
func (p *parser) leaveOut(start int) *Fault {
	p.pos = start
	from := json.NewDecoder(strings.NewReader(p.text[start:]))
	var value json.RawMessage
	if err := from.Decode(&value); err != nil {
		return p.malformed()
	}
	p.pos = start + int(from.InputOffset())
	return nil
}

// array reads an array of at most limit items, or null as an empty one; read must take an item.
func (p *parser) array(limit int, read func(i int) *Fault) *Fault {
	if p.null() {
		return nil
	}
	if p.next() != '[' {
		return p.expected("a list")
	}
	p.pos++
	if p.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		switch {
		case i >= limit && !p.mends:
			return faultf("has more than %d items", limit)
		case i == limit:
			p.repairs.note("", fmt.Sprintf("has more than %d items, of which the first are kept", limit))
			fallthrough
		case i > limit:
			if fault := p.leaveOut(p.pos); fault != nil {
				return fault
			}
		default:
			if fault := p.mended(item(i), false, func() *Fault { return read(i) }); fault != nil {
				return fault
			}
		}
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return p.malformed()
		}
	}
}

// integer reads a whole number; 166.0 is one, and so are its digits in quotes.
func (p *parser) integer() (int64, *Fault) {
	var literal string
	var fault *Fault
	switch c := p.next(); {
	case c == '-' || c >= '0' && c <= '9':
		literal, fault = p.number()
	case c == '"':
		if literal, fault = p.string(); fault == nil {
			p.repairs.note("", "was text")
		}
	default:
		fault = p.expected("a whole number")
	}
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
		return 0, faultf("is out of range")
	default:
		return 0, faultf("is not a whole number")
	}
}

// number takes a number by JSON's grammar.
func (p *parser) number() (string, *Fault) {
	start := p.pos
	digits := func() bool {
		from := p.pos
		for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
			p.pos++
		}
		return p.pos > from
	}
	is := func(set string) bool {
		if p.pos < len(p.text) && strings.IndexByte(set, p.text[p.pos]) >= 0 {
			p.pos++
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
	return p.text[start:p.pos], nil
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
		switch p.text[p.pos] {
		case '"':
			if _, fault := p.string(); fault != nil {
				return false
			}
		case '{', '[':
			depth++
			p.pos++
		case '}', ']':
			depth--
			p.pos++
		case ',', ':':
			p.pos++
			continue
		default:
			for p.pos < len(p.text) && strings.IndexByte(",:{}[]\" \t\r\n", p.text[p.pos]) < 0 {
				p.pos++
			}
		}
		if depth <= 0 {
			return depth == 0
		}
	}
	return false
}
