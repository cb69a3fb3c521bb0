package media

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// part says which of a contact's files is meant.
type part struct {
	kind  string
	index int
}

// recordingPart is the kind of recordings.
const recordingPart = "recording"

// partForm is what String makes.
var partForm = regexp.MustCompile(`^(` + recordingPart + `)/([1-9][0-9]{0,3})$`)

// String names the part in an address, counted from 1.
func (p part) String() string { return p.kind + "/" + strconv.Itoa(p.index+1) }

// parsePart reads what String made.
func parsePart(text string) (part, bool) {
	found := partForm.FindStringSubmatch(text)
	if found == nil {
		return part{}, false
	}
	number, _ := strconv.Atoi(found[2]) // it has at most four digits
	return part{found[1], number - 1}, true
}

// pathIn is the path of the part in the details of a contact, false if they have no such part.
func (p part) pathIn(details *contact.DetailsContent) (string, bool) {
	recordings := recordingsOf(details)
	if p.index >= len(recordings) {
		return "", false
	}
	return recordings[p.index].Path, true
}

// recordingWords begin the name of a recording's file.
var recordingWords = map[fault.Locale]string{fault.Polish: "Nagranie", fault.English: "Recording"}

// fileName is the name under which a browser saves a recording: its contact's start, and which it is where there are several.
// It tells nobody's name, number or address.
func (l *Library) fileName(of *contact.Contact, p part, several bool, extension string, locale fault.Locale) string {
	name := recordingWords[locale] + " " + of.StartedAt.In(l.config.Zone).Format("2006-01-02 15.04.05")
	if several {
		name += fmt.Sprintf(" (%d)", p.index+1)
	}
	return name + extension
}
