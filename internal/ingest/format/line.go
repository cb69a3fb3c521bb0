package format

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxLineBytes is the most bytes of a line, without its end.
const MaxLineBytes = 16 << 20

// Line is a decoded and checked line: the field that its kind names is set.
type Line struct {
	Kind    Kind
	Contact *Contact
	Agent   *Agent
	// Named is a line of any other kind.
	Named *Named
	// Repairs are what was mended: all that can be of a contact, and the texts of any other line.
	Repairs []Repair
}

// Decode reads and checks a line. What can be written in several ways is brought into one: statuses, and times to UTC
// and microseconds. The fault names no source and no number of a line.
func Decode(text string) (Line, *Fault) {
	if !utf8.ValidString(text) {
		l, fault := Decode(strings.ToValidUTF8(text, "\uFFFD"))
		l.Repairs = append(l.Repairs, Repair{Fault: Fault{Reason: "held bytes that are not UTF-8, which became U+FFFD"}})
		return l, fault
	}
	// Nearly every line is a contact. Whatever is not one, or is a faulty one, is read once more.
	if l := (Line{Kind: ContactKind}); l.read(text) == nil {
		return l, l.check()
	}
	kind, fault := kindOf(text)
	if fault != nil {
		return Line{}, fault
	}
	l := Line{Kind: kind}
	if fault = l.read(text); fault == nil {
		fault = l.check()
	}
	return l, fault
}

// kindOf looks for the kind first, as it decides which keys there are. Writers usually put it first.
func kindOf(text string) (Kind, *Fault) {
	p := parser{text: text}
	if !p.find("kind") || p.null() {
		return ContactKind, nil
	}
	word, fault := p.string()
	switch {
	case fault != nil:
		return "", fault.at("kind")
	case !slices.Contains(kinds, Kind(word)):
		return "", faultf("%s is not a kind of line", echo(word)).at("kind")
	}
	return Kind(word), nil
}

// read reads a line of its kind.
func (l *Line) read(text string) (fault *Fault) {
	p := &parser{text: text}
	switch l.Kind {
	case ContactKind:
		l.Contact, p.mends = &Contact{}, true
		fault = p.contact(l.Contact)
	case AgentKind:
		l.Agent = &Agent{}
		fault = p.agent(l.Agent)
	default:
		l.Named = &Named{}
		fault = p.named(l.Named)
	}
	if fault == nil {
		fault = p.end()
	}
	l.Repairs = p.repairs
	return fault
}

func (l *Line) check() (fault *Fault) {
	var mended []Repair
	switch l.Kind {
	case ContactKind:
		mended, fault = l.Contact.Check()
	case AgentKind:
		mended, fault = l.Agent.check()
	default:
		mended, fault = l.Named.check()
	}
	l.Repairs = append(l.Repairs, mended...)
	return fault
}
