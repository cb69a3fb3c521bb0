package format

import (
	"strings"
	"unicode/utf8"
)

// Repair is what was mended of a contact, so that one bad field does not take the contact with it. It carries no value.
type Repair struct {
	Fault
	// Kept says that nothing was changed: the value is only unlikely.
	Kept bool
}

// Collision tells of a contact whose externalId and revision another contact has: one that was used again.
func Collision(source string, line int) Repair {
	return Repair{Fault: Fault{Source: source, Line: line, Field: "externalId", Reason: "is the key of another contact too: was it used again?"}, Kept: true}
}

// cutMark ends a text that was cut.
const cutMark = "…"

// repairs are those of one contact.
type repairs []Repair

func (r *repairs) note(field, reason string) {
	*r = append(*r, Repair{Fault: Fault{Field: field, Reason: reason}})
}

func (r *repairs) warn(field, reason string) {
	*r = append(*r, Repair{Fault: Fault{Field: field, Reason: reason}, Kept: true})
}

// below puts the repairs from a place on below a field or an item.
func (r *repairs) below(from int, field string) {
	for i := from; i < len(*r); i++ {
		(*r)[i].at(field)
	}
}

// keptText is a text as it is stored, with what was mended of it; that is empty for nearly every text.
func keptText(text string, limit int) (kept, mended string) {
	if strings.IndexByte(text, 0) >= 0 || !utf8.ValidString(text) {
		text, mended = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD"), "held what is no character, which became U+FFFD"
	}
	if len(text) > limit && utf8.RuneCountInString(text) > limit {
		text, mended = text[:indexOfRune(text, limit-1)]+cutMark, "was cut, being longer than its bound"
	}
	return text, mended
}

// text mends a text that may be missing. The caller's own text stays as it is.
func (r *repairs) text(field string, value **string, limit int) {
	if *value == nil {
		return
	}
	if kept, mended := keptText(**value, limit); mended != "" {
		*value = &kept
		r.note(field, mended)
	}
}

// plain mends a text.
func (r *repairs) plain(field string, value *string, limit int) {
	kept, mended := keptText(*value, limit)
	if *value = kept; mended != "" {
		r.note(field, mended)
	}
}
