package contact

import (
	"slices"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/fault"
)

// MaxText is how many characters a value may have that a user gives.
const MaxText = 256

// CheckText refuses a value that is empty, malformed or longer than MaxText. Errors: INVALID_TEXT.
func CheckText(text string) error { return CheckTextUpTo(text, MaxText) }

// CheckTextUpTo is CheckText for a value that may have so many characters. Errors: INVALID_TEXT.
func CheckTextUpTo(text string, limit int) error {
	if err := CheckCharacters(text); err != nil {
		return err
	}
	if utf8.RuneCountInString(text) > limit {
		return fault.New(fault.TextTooLong, "", limit)
	}
	return nil
}

// CheckCharacters refuses a value that is empty, no UTF-8 or holds a NUL. Errors: INVALID_TEXT.
func CheckCharacters(text string) error {
	switch {
	case text == "":
		return fault.New(fault.TextEmpty, "")
	case !utf8.ValidString(text) || slices.Contains([]byte(text), 0):
		return fault.New(fault.TextMalformed, "")
	default:
		return nil
	}
}
