package workbook

import (
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/address"
)

// byteOrderMark tells Excel that a text is UTF-8.
const byteOrderMark = "\uFEFF"

// endOfLine ends every line of CSV.
const endOfLine = "\r\n"

// fields are lines of CSV after RFC 4180.
type fields struct {
	bytes  []byte
	begun  bool // whether there is a field on the line
	quoted int  // how many fields a program might have taken for formulas
}

// endLine ends a line that begins at a place.
func (f *fields) endLine(start int) {
	if len(f.bytes) == start { // an empty line is one that readers pass over
		f.bytes = append(f.bytes, `""`...)
	}
	f.bytes, f.begun = append(f.bytes, endOfLine...), false
}

func (f *fields) next() {
	if f.begun {
		f.bytes = append(f.bytes, ',')
	}
	f.begun = true
}

// text writes a field as it is.
func (f *fields) text(text string) {
	f.next()
	if !needsQuotes(text) {
		f.bytes = append(f.bytes, text...)
		return
	}
	f.bytes = append(f.bytes, '"')
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			break
		}
		f.bytes = append(append(f.bytes, text[:at+1]...), '"')
		text = text[at+1:]
	}
	f.bytes = append(append(f.bytes, text...), '"')
}

// needsQuotes says that a text holds what ends a field, or white space at an end, which some readers take away.
func needsQuotes(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case '"', ',', '\r', '\n':
			return true
		case ' ', '\t':
			if i == 0 || i == len(text)-1 {
				return true
			}
		}
	}
	return false
}

// free writes text that others wrote, so that no program takes it for a formula: nothing in CSV tells one from a text.
func (f *fields) free(text string) {
	if isFormula(text) {
		f.quoted++
		text = "'" + text
	}
	f.text(text)
}

// isFormula says that programs might take a text for a formula.
func isFormula(text string) bool {
	return text != "" && strings.IndexByte("=+-@\t\r", text[0]) >= 0
}

// addresses writes addresses. A number is one whatever it begins with.
func (f *fields) addresses(all ...string) {
	text := strings.Join(all, "; ")
	if len(all) > 0 && isNumber(all[0]) {
		f.text(text)
		return
	}
	f.free(text)
}

// hiddenDigits stand in the place of digits where numbers are masked.
const hiddenDigits = "***"

// isNumber says that an address is a phone number in full, or a masked one: digits and what stands between them.
func isNumber(text string) bool {
	if strings.HasPrefix(text, "+") && strings.Contains(text, hiddenDigits) {
		return strings.Trim(text, "+0123456789 *") == ""
	}
	key, _ := address.Key(text)
	return len(key) > 1 && key[0] == '+' && strings.Trim(key[1:], "0123456789") == "" && text[0] == '+' && strings.Trim(text, "+0123456789 ().-") == ""
}

func (f *fields) number(number int) {
	f.next()
	f.bytes = strconv.AppendInt(f.bytes, int64(number), 10)
}

// moment writes a moment with the offset of its own location, to the whole second.
func (f *fields) moment(moment time.Time) {
	f.next()
	f.bytes = moment.AppendFormat(f.bytes, time.RFC3339)
}
