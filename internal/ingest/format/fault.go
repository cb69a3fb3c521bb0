package format

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Fault is what is wrong with a line, so that it was skipped. It carries no personal data.
type Fault struct {
	// Source is the name that the input was given with, empty if it has none.
	Source string
	// Line counts from 1 within the input, blank lines included; 0 is a line of no input.
	Line int
	// Field is the path within the line, such as "ivrSteps[2].leftAt"; empty where the whole line is meant.
	Field string
	// Reason says what is wrong with it.
	Reason string
	// unmendable says that the line is none of the format, whatever its values.
	unmendable bool
}

// Error is the fault in one sentence: `line 17: status: "ANSWERD" is not a contact status`.
func (f *Fault) Error() string {
	where := ""
	if f.Source != "" {
		where = f.Source + ": "
	}
	if f.Line > 0 {
		where += fmt.Sprintf("line %d: ", f.Line)
	}
	if f.Field != "" {
		where += f.Field + ": "
	}
	return where + f.Reason
}

// faultf is a fault of a value whose field is not said yet.
func faultf(reason string, arguments ...any) *Fault {
	return &Fault{Reason: fmt.Sprintf(reason, arguments...)}
}

// formf is a fault of a line that is none of the format.
func formf(reason string, arguments ...any) *Fault {
	f := faultf(reason, arguments...)
	f.unmendable = true
	return f
}

// at puts a fault below a field or, given as "[2]", below an item of a list; nil stays nil.
func (f *Fault) at(field string) *Fault {
	switch {
	case f == nil:
		return nil
	case f.Field == "":
		f.Field = field
	case f.Field[0] == '[':
		f.Field = field + f.Field
	default:
		f.Field = field + "." + f.Field
	}
	return f
}

// item is an index of a list, as at takes it.
func item(i int) string { return "[" + strconv.Itoa(i) + "]" }

// maxEcho is the most characters of a word that a message repeats.
const maxEcho = 40

// echo quotes a word that should have been one of a few, so that a typing mistake is seen. Anything that may be
// personal data in the wrong place (a number, an address, a text) is not repeated.
func echo(word string) string {
	digits, runes := 0, 0
	for _, r := range word {
		runes++
		switch {
		case runes > maxEcho:
			return fmt.Sprintf("%q", strings.ToValidUTF8(word[:indexOfRune(word, maxEcho)], "")+"…")
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
