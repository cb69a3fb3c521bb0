package telephony

import (
	"bufio"
	"errors"
	"io"
)

// Records are what a file is made of: lines, or objects.
type Records interface {
	// Next is the next record with the number of the line that it begins in. Errors: io.EOF, a record that is too long or does
	// not end, what the file gives.
	Next() (string, int64, error)
}

// Objects are the JSON objects and XML elements of a file, one after another, with or without line ends between them.
type Objects struct {
	in   *bufio.Reader
	line int64
	text []byte
}

// NewObjects reads the objects of a file, plain or gzip.
func NewObjects(r io.Reader) (*Objects, error) {
	in, err := unpacked(r)
	if err != nil {
		return nil, err
	}
	return &Objects{in: in, line: 1}, nil
}

// errUnended is the error of an object at whose end the file stops, and of what is no object.
var errUnended = errors.New("is no whole JSON object or XML element")

// Next is the next object, by its braces, or the next element cdr, by its end.
func (o *Objects) Next() (string, int64, error) {
	stray := false
	for {
		c, err := o.in.ReadByte()
		if err != nil {
			if stray && errors.Is(err, io.EOF) {
				return "", o.line, errUnended
			}
			return "", o.line, err
		}
		switch {
		case c == '\n':
			o.line++
			if stray {
				return "", o.line - 1, errUnended
			}
		case c == '{' || c == '<':
			if stray {
				return "", o.line, errors.Join(errUnended, o.in.UnreadByte())
			}
			o.text = append(o.text[:0], c)
			if c == '{' {
				return o.object()
			}
			return o.element()
		case c == ' ', c == '\t', c == '\r', c == ',', c == '[', c == ']', c == 0xef, c == 0xbb, c == 0xbf:
		default:
			stray = true
		}
	}
}

// object reads to the brace that ends the object.
func (o *Objects) object() (string, int64, error) {
	began, depth, inText, escaped := o.line, 1, false, false
	for depth > 0 {
		c, err := o.next()
		switch {
		case err != nil:
			return "", began, err
		case escaped:
			escaped = false
		case inText && c == '\\':
			escaped = true
		case c == '"':
			inText = !inText
		case inText:
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
	}
	return o.whole(began)
}

// element reads to the end of the element cdr.
func (o *Objects) element() (string, int64, error) {
	const end = "</cdr>"
	began, matched := o.line, 0
	for matched < len(end) {
		c, err := o.next()
		switch {
		case err != nil:
			return "", began, err
		case c == end[matched]:
			matched++
		case c == end[0]:
			matched = 1
		default:
			matched = 0
		}
	}
	return o.whole(began)
}

// next is the next byte of a record that goes on.
func (o *Objects) next() (byte, error) {
	c, err := o.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, errUnended
	}
	if c == '\n' {
		o.line++
	}
	if err == nil && len(o.text) <= maxLineBytes {
		o.text = append(o.text, c)
	}
	return c, err
}

func (o *Objects) whole(began int64) (string, int64, error) {
	if len(o.text) > maxLineBytes {
		return "", began, errLongLine
	}
	return string(o.text), began, nil
}
