package format

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// Hash is the content of a contact in 16 bytes: equal for two contacts exactly if all that they say is equal, the names
// that they bring along and the revision included. Times are compared as PostgreSQL keeps them. It is what
// contact_identities remembers, so that a line which comes again is known.
func (c *Contact) Hash() [16]byte {
	used := digests.Get().(*digest)
	defer digests.Put(used)
	d := (*used)[:0]
	d.string(c.ExternalID)
	d.integer(c.Revision)
	d.string(string(c.Type))
	d.string(string(c.Status))
	d.time(c.StartedAt)
	d.optional(c.SourceAddress)
	d.optional(c.DestinationAddress)
	d.strings(c.CCAddresses)
	d.strings(c.BCCAddresses)
	for _, r := range []*Reference{c.Campaign, c.Agent, c.Queue, c.Classifier, c.SiteCall} {
		if d.present(r != nil) {
			d.string(r.ExternalID)
			d.optional(r.Name)
		}
	}
	if d.present(c.Record != nil) {
		d.string(c.Record.ExternalID)
		if f := c.Record.SignificantField; d.present(f != nil) {
			d.string(f.Name)
			d.optional(f.Value)
		}
	}
	d.optional(c.SiteCallOrderID)
	d.optional(c.TicketID)
	d.seconds(c.IVRTime)
	d.seconds(c.RingTime)
	d.seconds(c.AgentTalkTime)
	d.optional((*string)(c.HangupParty))
	d.integer(int64(len(c.IVRSteps)))
	for i := range c.IVRSteps {
		s := &c.IVRSteps[i]
		d.string(s.Name)
		d.string(string(s.Kind))
		d.optional(s.Choice)
		d.time(s.EnteredAt)
		if d.present(s.LeftAt != nil) {
			d.time(*s.LeftAt)
		}
	}
	d.details(c)
	if len(c.ToAddresses) > 0 { // those who knew no such list left nothing
		d.string("toAddresses")
		d.strings(c.ToAddresses)
	}
	d.later(c)
	d.paths(c.Details.Email)
	sum := sha256.Sum256(d)
	*used = d
	return [16]byte(sum[:16])
}

// later adds what contacts did not have at first, each by its name: contacts without it have the hash that they had.
func (d *digest) later(c *Contact) {
	for _, text := range []struct {
		name  string
		value *string
	}{{"channel", c.Channel}, {"conversationId", c.ConversationID}} {
		if text.value != nil {
			d.string(text.name)
			d.string(*text.value)
		}
	}
	for _, seconds := range []struct {
		name  string
		value *int
	}{{"holdTime", c.HoldTime}, {"wrapUpTime", c.WrapUpTime}} {
		if seconds.value != nil {
			d.string(seconds.name)
			d.integer(int64(*seconds.value))
		}
	}
	for _, list := range []struct {
		name       string
		recordings []contact.Recording
	}{{"recordings", c.Recordings}, {"details.recordings", c.Details.Recordings}} {
		if len(list.recordings) == 0 {
			continue
		}
		d.string(list.name)
		d.integer(int64(len(list.recordings)))
		for _, r := range list.recordings {
			d.string(r.Path)
			d.seconds(r.Seconds)
		}
	}
}

// paths adds where the attachments of an e-mail are, if any of them tells.
func (d *digest) paths(email *contact.Email) {
	if email == nil || !slices.ContainsFunc(email.Attachments, func(a contact.Attachment) bool { return a.Path != nil }) {
		return
	}
	d.string("attachments.path")
	for _, a := range email.Attachments {
		if d.present(a.Path != nil) {
			d.string(*a.Path)
		}
	}
}

// digest is a text of values in which no two lists of values look alike: each tells its length or its presence.
type digest []byte

// digests are those that may be used again: their memory would be a quarter of all that an import takes.
var digests = sync.Pool{New: func() any { return new(digest) }}

func (d *digest) present(is bool) bool {
	if is {
		*d = append(*d, 1)
	} else {
		*d = append(*d, 0)
	}
	return is
}

func (d *digest) integer(n int64) { *d = binary.AppendVarint(*d, n) }

func (d *digest) string(s string) {
	*d = binary.AppendUvarint(*d, uint64(len(s)))
	*d = append(*d, s...)
}

func (d *digest) optional(s *string) {
	if d.present(s != nil) {
		d.string(*s)
	}
}

func (d *digest) strings(all []string) {
	d.integer(int64(len(all)))
	for _, s := range all {
		d.string(s)
	}
}

func (d *digest) seconds(n *int) {
	if d.present(n != nil) {
		d.integer(int64(*n))
	}
}

func (d *digest) time(t time.Time) { d.integer(t.UnixMicro()) }

func (d *digest) details(c *Contact) {
	if r := c.Details.Recording; d.present(r != nil) {
		d.string(r.Path)
		d.seconds(r.Seconds)
	}
	if e := c.Details.Email; d.present(e != nil) {
		d.string(e.Subject)
		d.string(e.Body)
		d.integer(int64(len(e.Attachments)))
		for _, a := range e.Attachments {
			d.string(a.Name)
			d.integer(a.Size)
		}
	}
	if l := c.Details.Chat; d.present(l != nil) {
		d.integer(int64(len(l.Messages)))
		for _, m := range l.Messages {
			d.time(m.At)
			d.string(m.Author)
			d.string(m.Text)
		}
	}
	if s := c.Details.SMS; d.present(s != nil) {
		d.string(s.Text)
	}
}
