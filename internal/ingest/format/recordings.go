package format

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
)

// keepRecordings brings the recordings of a contact into the one form that is stored, whichever of the three places they
// were given in: the first is Details.Recording, and Details.Recordings are all where there are several.
func (c *Contact) keepRecordings() {
	if len(c.Recordings) == 0 && len(c.Details.Recordings) == 0 {
		return
	}
	var all []contact.Recording
	add := func(r contact.Recording) {
		for i, known := range all {
			if known.Path == r.Path {
				if known.Seconds == nil {
					all[i].Seconds = r.Seconds
				}
				return
			}
		}
		all = append(all, r)
	}
	if c.Details.Recording != nil {
		add(*c.Details.Recording)
	}
	for _, r := range slices.Concat(c.Details.Recordings, c.Recordings) {
		add(r)
	}
	c.Recordings, c.Details.Recordings = nil, nil
	if c.Details.Email == nil && c.Details.Chat == nil && c.Details.SMS == nil {
		c.Details.Recording = &all[0]
		if len(all) == 1 {
			return
		}
	}
	c.Details.Recordings = all
}
