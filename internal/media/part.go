package media

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// part says which of a contact's files is meant.
type part struct {
	kind  string
	index int
}

// The kinds of files.
const (
	recordingPart  = "recording"
	attachmentPart = "attachment"
)

// partForm is what String makes.
var partForm = regexp.MustCompile(`^(` + recordingPart + `|` + attachmentPart + `)/([1-9][0-9]{0,3})$`)

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

// found is where a part of a contact is, and how it is called.
type found struct {
	part part
	path string
	// name is that of an attachment.
	name string
	// several says that the contact has more than one file of the kind.
	several bool
}

// in finds the part in the details of a contact, false if they have no such part.
func (p part) in(details *contact.DetailsContent) (found, bool) {
	if p.kind == recordingPart {
		recordings := recordingsOf(details)
		if p.index >= len(recordings) {
			return found{}, false
		}
		return found{part: p, path: recordings[p.index].Path, several: len(recordings) > 1}, true
	}
	if details == nil || details.Email == nil || p.index >= len(details.Email.Attachments) || details.Email.Attachments[p.index].Path == nil {
		return found{}, false
	}
	one := details.Email.Attachments[p.index]
	return found{part: p, path: *one.Path, name: one.Name}, true
}

// opened is as what giving the part out is written down.
func (p part) opened() access.Action {
	if p.kind == recordingPart {
		return access.OpenedRecording
	}
	return access.OpenedContent
}

// recordingWords begin the name of a recording's file.
var recordingWords = map[fault.Locale]string{fault.Polish: "Nagranie", fault.English: "Recording"}

// fileName is the name under which a browser saves a file. That of a recording is its contact's start, and which it is where
// there are several: it tells nobody's name, number or address.
func (l *Library) fileName(of *contact.Contact, file found, extension string, locale fault.Locale) string {
	if file.part.kind == attachmentPart {
		return file.name
	}
	name := recordingWords[locale] + " " + of.StartedAt.In(l.config.Zone).Format("2006-01-02 15.04.05")
	if file.several {
		name += fmt.Sprintf(" (%d)", file.part.index+1)
	}
	return name + extension
}
