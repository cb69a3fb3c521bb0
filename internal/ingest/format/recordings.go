package format

import (
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
)

// keepRecordings brings the recordings of a contact into the one form that is stored, whichever of the three places they
// were given in: the first is Details.Recording, and Details.Recordings are all where there are several.
func (c *Contact) keepRecordings(r *repairs) {
	given := slices.Concat(c.Details.Recordings, c.Recordings)
	if c.Details.Recording != nil {
		given = slices.Insert(given, 0, *c.Details.Recording)
	}
	if len(given) == 0 {
		return
	}
	var all []contact.Recording
	for _, one := range given {
		r.plain("recording.path", &one.Path, maxValue)
		r.duration("recording.seconds", &one.Seconds)
		at := slices.IndexFunc(all, func(other contact.Recording) bool { return other.Path == one.Path })
		switch {
		case one.Path == "":
			r.note("recording", "has no path and was left out")
		case at < 0:
			all = append(all, one)
		case all[at].Seconds == nil:
			all[at].Seconds = one.Seconds
		}
	}
	if len(all) > maxRecordings {
		all = all[:maxRecordings]
		r.note("recordings", "has more items than its bound, of which the first are kept")
	}
	c.Recordings, c.Details.Recording, c.Details.Recordings = nil, nil, nil
	if len(all) > 0 && c.Details.Email == nil && c.Details.Chat == nil && c.Details.SMS == nil {
		c.Details.Recording = &all[0]
		if len(all) == 1 {
			return
		}
	}
	c.Details.Recordings = all
}
