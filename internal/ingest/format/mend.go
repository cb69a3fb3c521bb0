package format

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// What a contact says against itself is taken away, and what cannot be as it stands is mended: the contact is recorded.

// maxLikely is how many seconds a duration has at most as a rule; more of them may be milliseconds.
const maxLikely = 24 * 60 * 60

// mend mends all but what a contact cannot be without: its externalId, revision, status and start.
func (c *Contact) mend(r *repairs) {
	c.mendWords(r)
	c.mendReferences(r)
	r.text("channel", &c.Channel, maxExternalID)
	r.text("conversationId", &c.ConversationID, maxExternalID)
	r.text("siteCallOrderId", &c.SiteCallOrderID, maxExternalID)
	r.text("ticketId", &c.TicketID, maxExternalID)
	for _, one := range c.durations() {
		r.duration(one.field, one.seconds)
	}
	c.mendSteps(r)
	c.mendDetails(r)
	c.mendAgainstType(r)
}

// mendWords brings words into the one spelling that is kept.
func (c *Contact) mendWords(r *repairs) {
	r.ownID(&c.ExternalID)
	c.Status = folded(c.Status)
	if status, found := spellings[c.Status]; found {
		c.Status = status
	}
	switch kind := folded(c.Type); {
	case slices.Contains(contact.Types, kind):
		c.Type = kind
	case kind == "":
		c.Type = contact.Other
		r.note("type", "is missing and became OTHER")
	default:
		if c.Channel == nil {
			word := strings.TrimSpace(string(c.Type))
			c.Channel = &word
		}
		c.Type = contact.Other
		r.note("type", "is none of the report's types and became OTHER")
	}
	if c.Channel != nil && strings.TrimSpace(*c.Channel) == "" {
		c.Channel = nil
	}
	if c.Channel != nil && c.Type != contact.Other {
		c.Channel = nil
		r.note("channel", "is for contacts of type OTHER and was left out")
	}
	if c.HangupParty != nil {
		if party := folded(*c.HangupParty); slices.Contains(contact.HangupParties, party) {
			c.HangupParty = &party
		} else {
			c.HangupParty = nil
			r.note("hangupParty", "is not a hangup party and was left out")
		}
	}
}

// ownID mends the external id of what a line is about, as those that refer to it are mended. One that is too long cannot be.
func (r *repairs) ownID(externalID *string) {
	if trimmed := strings.TrimSpace(*externalID); trimmed != *externalID {
		*externalID = trimmed
		r.note("externalId", "had blanks around it")
	}
	r.plain("externalId", externalID, len(*externalID)+1)
}

// folded is a word in capitals, without blanks around it.
func folded[T ~string](word T) T { return T(strings.ToUpper(strings.TrimSpace(string(word)))) }

// mendReferences leaves out references without an external id, and names that are blank.
func (c *Contact) mendReferences(r *repairs) {
	for _, one := range []struct {
		field string
		into  **Reference
	}{{"campaign", &c.Campaign}, {"agent", &c.Agent}, {"queue", &c.Queue}, {"classifier", &c.Classifier}, {"siteCall", &c.SiteCall}} {
		if *one.into == nil {
			continue
		}
		reference := **one.into
		if !r.externalID(one.field, &reference.ExternalID) {
			*one.into = nil
			continue
		}
		r.text(one.field+".name", &reference.Name, maxName)
		if reference.Name != nil && strings.TrimSpace(*reference.Name) == "" {
			reference.Name = nil
			r.note(one.field+".name", "is blank and was left out")
		}
		*one.into = &reference
	}
	if c.Record == nil {
		return
	}
	record := *c.Record
	if !r.externalID("record", &record.ExternalID) {
		c.Record = nil
		return
	}
	if record.SignificantField != nil {
		field := *record.SignificantField
		r.plain("record.significantField.name", &field.Name, maxName)
		r.text("record.significantField.value", &field.Value, maxValue)
		if record.SignificantField = &field; strings.TrimSpace(field.Name) == "" {
			record.SignificantField = nil
			r.note("record.significantField", "has no name and was left out")
		}
	}
	c.Record = &record
}

// externalID mends that of what a contact points at; false leaves the reference out.
func (r *repairs) externalID(field string, id *string) bool {
	kept, mended := keptText(strings.TrimSpace(*id), maxExternalID)
	switch {
	case kept == "":
		r.note(field, "has no key and was left out")
		return false
	case len(kept) < len(strings.TrimSpace(*id)) && strings.HasSuffix(kept, cutMark):
		r.note(field, "has a key longer than its bound and was left out")
		return false
	case mended != "":
		r.note(field+".externalId", mended)
	}
	*id = kept
	return true
}

// namedDuration is a duration and its field.
type namedDuration struct {
	field   string
	seconds **int
}

func (c *Contact) durations() []namedDuration {
	return []namedDuration{
		{"ivrTime", &c.IVRTime}, {"ringTime", &c.RingTime}, {"agentTalkTime", &c.AgentTalkTime}, {"holdTime", &c.HoldTime}, {"wrapUpTime", &c.WrapUpTime},
	}
}

func (r *repairs) duration(field string, seconds **int) {
	switch {
	case *seconds == nil:
	case **seconds < 0:
		*seconds = nil
		r.note(field, "is negative and was left out")
	case **seconds > maxSeconds:
		*seconds = nil
		r.note(field, "is longer than any contact and was left out")
	case **seconds > maxLikely:
		r.warn(field, "is over 24 hours: are these milliseconds?")
	}
}

// mendSteps leaves the caller's own steps as they are.
func (c *Contact) mendSteps(r *repairs) {
	if len(c.IVRSteps) > maxSteps {
		c.IVRSteps = c.IVRSteps[:maxSteps]
		r.note("ivrSteps", "has more items than its bound, of which the first are kept")
	}
	c.IVRSteps = slices.Clone(c.IVRSteps)
	before := c.StartedAt
	for i := range c.IVRSteps {
		from := len(*r)
		before = c.IVRSteps[i].mend(r, before)
		r.below(from, item(i))
		r.below(from, "ivrSteps")
	}
}

// mend mends a step that follows an instant, and gives that of the next.
func (s *Step) mend(r *repairs, before time.Time) time.Time {
	r.plain("name", &s.Name, maxName)
	r.text("choice", &s.Choice, maxValue)
	if kind := folded(s.Kind); slices.Contains(contact.StepKinds, kind) {
		s.Kind = kind
	} else {
		s.Kind = contact.OtherStep
		r.note("kind", "is not a kind of IVR step and became OTHER")
	}
	if moment("", &s.EnteredAt) != nil {
		s.EnteredAt = before
		r.note("enteredAt", "is no time and became that before it")
	}
	if s.LeftAt == nil {
		return s.EnteredAt
	}
	left := *s.LeftAt
	switch {
	case moment("", &left) != nil:
		s.LeftAt = nil
		r.note("leftAt", "is no time and was left out")
	case left.Before(s.EnteredAt):
		s.LeftAt = nil
		r.note("leftAt", "is earlier than enteredAt and was left out")
	default:
		s.LeftAt = &left
	}
	return s.EnteredAt
}

// mendAgainstType takes away what a contact of its type or status does not have.
func (c *Contact) mendAgainstType(r *repairs) {
	without := func(field string, seconds **int, reason string) {
		if *seconds != nil {
			*seconds = nil
			r.note(field, reason)
		}
	}
	written := slices.Contains(writtenTypes, c.Type)
	for _, one := range c.durations()[:4] { // the agent's work after it is the same for all
		switch {
		case written:
			without(one.field, one.seconds, "is for calls and was left out")
		case c.Status == contact.ClassifierOnly:
			without(one.field, one.seconds, "cannot be of a classifier without a call and was left out")
		}
	}
	if slices.Contains(inboundTypes, c.Type) {
		without("ringTime", &c.RingTime, "is for outbound calls and was left out")
	}
	if written && len(c.IVRSteps) > 0 {
		c.IVRSteps = nil
		r.note("ivrSteps", "are for calls and were left out")
	}
	if written && c.HangupParty != nil && c.Type != contact.Chat && c.Type != contact.MessengerChat {
		c.HangupParty = nil
		r.note("hangupParty", "is for calls and was left out")
	}
}

var (
	// writtenTypes are without voice.
	writtenTypes = []contact.Type{
		contact.OutboundEmail, contact.InboundEmail, contact.OutboundSMS, contact.InboundSMS, contact.Chat, contact.MessengerChat,
	}
	inboundTypes = []contact.Type{contact.InboundCall, contact.CampaignInboundCall, contact.MobileInboundCall}
)

// mendDetails mends what there is to see of a contact.
func (c *Contact) mendDetails(r *repairs) {
	from := len(*r)
	c.keepRecordings(r)
	d := &c.Details
	switch {
	case d.Email != nil && (d.Chat != nil || d.SMS != nil):
		d.Chat, d.SMS = nil, nil
		r.note("", "holds more than one kind, of which the e-mail is kept")
	case d.Chat != nil && d.SMS != nil:
		d.SMS = nil
		r.note("", "holds more than one kind, of which the chat is kept")
	}
	if d.Email != nil {
		email := *d.Email
		r.plain("email.subject", &email.Subject, maxSubject)
		r.plain("email.body", &email.Body, maxBody)
		email.Attachments = slices.Clone(email.Attachments)
		for i := range email.Attachments {
			a := &email.Attachments[i]
			r.plain("email.attachments["+strconv.Itoa(i)+"].name", &a.Name, maxName)
			r.text("email.attachments["+strconv.Itoa(i)+"].path", &a.Path, maxValue)
			if a.Size < 0 {
				a.Size = 0
				r.note("email.attachments["+strconv.Itoa(i)+"].size", "is negative and became 0")
			}
		}
		d.Email = &email
	}
	if d.Chat != nil {
		chat := contact.ChatLog{Messages: slices.Clone(d.Chat.Messages)}
		before := c.StartedAt
		for i := range chat.Messages {
			m := &chat.Messages[i]
			field := "chat.messages[" + strconv.Itoa(i) + "]"
			if moment("", &m.At) != nil {
				m.At = before
				r.note(field+".at", "is no time and became that before it")
			}
			before = m.At
			r.plain(field+".author", &m.Author, maxName)
			r.plain(field+".text", &m.Text, maxBody)
		}
		d.Chat = &chat
	}
	if d.SMS != nil {
		sms := *d.SMS
		r.plain("sms.text", &sms.Text, maxBody)
		d.SMS = &sms
	}
	r.below(from, "details")
}
