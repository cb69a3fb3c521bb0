package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Fault is a line that was skipped, and why. It carries no personal data.
type Fault struct {
	// Source is the name that the input was given with, empty if it has none.
	Source string
	// Line counts from 1 within the input, blank lines included.
	Line int
	// Field is the path within the line, such as "ivrSteps[2].leftAt"; empty where the whole line is meant.
	Field string
	// Reason says what is wrong with it.
	Reason string
}

// Error is the fault in one sentence: `line 17: status: "ANSWERD" is not a contact status`.
func (f *Fault) Error() string {
	where := fmt.Sprintf("line %d: ", f.Line)
	if f.Source != "" {
		where = f.Source + ": " + where
	}
	if f.Field != "" {
		where += f.Field + ": "
	}
	return where + f.Reason
}

// problem is what is wrong with a line, and where in the line.
type problem struct{ field, reason string }

func wrong(format string, arguments ...any) *problem {
	return &problem{reason: fmt.Sprintf(format, arguments...)}
}

// within moves a problem below a field or, given as "[2]", below an item of a list; nil stays nil.
func (p *problem) within(field string) *problem {
	switch {
	case p == nil:
		return nil
	case p.field == "":
		p.field = field
	case p.field[0] == '[':
		p.field = field + p.field
	default:
		p.field = field + "." + p.field
	}
	return p
}

// item is a place in a list, as within takes it.
func item(i int) string { return "[" + strconv.Itoa(i) + "]" }

// longestEcho is the number of characters of a word that a message repeats.
const longestEcho = 40

// echo quotes a word that should have been one of a few, so that a typing mistake is seen. Anything that may be
// personal data in the wrong place (a number, an address, a text) is not repeated.
func echo(word string) string {
	digits, runes := 0, 0
	for _, r := range word {
		runes++
		switch {
		case runes > longestEcho:
			return fmt.Sprintf("%q", strings.ToValidUTF8(word[:indexOfRune(word, longestEcho)], "")+"…")
		case unicode.IsDigit(r):
			if digits++; digits > 3 {
				return "the value"
			}
		case !unicode.IsLetter(r) && r != '_' && r != '-' && r != ' ':
			return "the value"
		}
	}
	return fmt.Sprintf("%q", word)
}

func indexOfRune(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
