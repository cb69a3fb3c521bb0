package telephony

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// maxText is the most characters of a name or a choice.
const maxText = 200

// NewContact is a contact of a call with what all of them have; it starts in a second.
func (s *Source) NewContact(key string, revision int64, kind contact.Type, second int64) Contact {
	return Contact{Contact: format.Contact{ExternalID: s.Name + ":" + key, Revision: revision, Type: kind, StartedAt: s.Instant(second)}}
}

// Instant is a second in the source's time zone.
func (s *Source) Instant(second int64) time.Time { return time.Unix(second, 0).In(s.location) }

// JoinConversation makes one conversation of several contacts of a call; one alone belongs to none.
func (s *Source) JoinConversation(contacts []Contact, key string) {
	if len(contacts) < 2 {
		return
	}
	id := s.Name + ":" + key
	for i := range contacts {
		contacts[i].ConversationID = &id
	}
}

// Set sets one of the fields that the configuration may take from a column: classifier, ticketId or record.
func (c *Contact) Set(field, value string) {
	if value = cut(strings.TrimSpace(value)); value == "" {
		return
	}
	switch field {
	case "classifier":
		c.Classifier = &Reference{ExternalID: value, Name: value, Assumed: true}
	case "ticketId":
		c.TicketID = &value
	case "record":
		c.Record = &format.RecordReference{ExternalID: value}
	}
}

// Tile is a step of a client's way, in seconds.
type Tile struct {
	Kind         contact.StepKind
	Name, Choice string
	// Left is OpenEnd while the client is in it.
	Entered, Left int64
}

// SetWay puts a client's way into a contact, by the times at which tiles were entered, and the time spent in the IVR until
// the latest second of the call.
func (s *Source) SetWay(into *Contact, tiles []Tile, last int64) {
	slices.SortStableFunc(tiles, func(a, b Tile) int { return cmp.Compare(a.Entered, b.Entered) })
	total, isIVR := 0, false
	into.IVRSteps = nil
	for _, tile := range tiles {
		step := format.Step{Name: cut(tile.Name), Kind: tile.Kind, EnteredAt: s.Instant(tile.Entered)}
		if choice := cut(tile.Choice); choice != "" {
			step.Choice = &choice
		}
		if tile.Left != OpenEnd {
			at := s.Instant(tile.Left)
			step.LeftAt = &at
		}
		if tile.Kind != contact.QueueStep && tile.Kind != contact.AgentStep && tile.Kind != contact.TransferStep {
			total, isIVR = total+int(max(0, min(tile.Left, last)-tile.Entered)), true
		}
		into.IVRSteps = append(into.IVRSteps, step)
	}
	if into.IVRTime = nil; isIVR {
		into.IVRTime = &total
	}
}

// RecordingPath is where a recording lies that the system names whole: as the configuration says, else as it is named.
func (s *Source) RecordingPath(file string, began time.Time) string {
	if s.Recordings == "" {
		return file
	}
	return strings.NewReplacer("{yyyy}", began.Format("2006"), "{mm}", began.Format("01"), "{dd}", began.Format("02"), "{file}", path.Base(file)).Replace(s.Recordings)
}

// CampaignOf is the campaign of a DID, else of a queue, else one made of the DID, which the configuration does not name.
func (n *Names) CampaignOf(did, queue string) (campaign *Reference, unknown bool) {
	if did != "" {
		if campaign := n.CampaignOfNumber(did); campaign != nil {
			return campaign, false
		}
	}
	if campaign := n.CampaignOfQueue(queue); campaign != nil {
		return campaign, false
	}
	if did == "" {
		return nil, false
	}
	return &Reference{ExternalID: cut("did:" + did), Name: cut(did), Assumed: true}, true
}
