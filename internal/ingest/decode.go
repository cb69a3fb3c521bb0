package ingest

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
)

// kind is what a line is about.
type kind string

const (
	contactKind    kind = "contact"
	agentKind      kind = "agent"
	campaignKind   kind = "campaign"
	queueKind      kind = "queue"
	classifierKind kind = "classifier"
	siteCallKind   kind = "siteCall"
)

var kinds = []kind{contactKind, agentKind, campaignKind, queueKind, classifierKind, siteCallKind}

// line is a decoded and checked line: what its kind says is set.
type line struct {
	kind    kind
	contact *Contact
	agent   *Agent
	named   *Named
}

// The keys of the format.
var (
	contactKeys = keysOf("a contact", "kind", "externalId", "revision", "type", "status", "startedAt", "sourceAddress",
		"destinationAddress", "ccAddresses", "bccAddresses", "campaign", "agent", "queue", "classifier", "record", "siteCall",
		"siteCallOrderId", "ticketId", "ivrTime", "ringTime", "agentTalkTime", "hangupParty", "ivrSteps", "details")
	agentKeys      = keysOf("an agent", "kind", "externalId", "name", "groups", "deletedAt")
	namedKeys      = keysOf("a line of this kind", "kind", "externalId", "name")
	referenceKeys  = keysOf("a reference", "externalId", "name")
	recordKeys     = keysOf("a record", "externalId", "significantField")
	fieldKeys      = keysOf("a significant field", "name", "value")
	stepKeys       = keysOf("an IVR step", "name", "kind", "choice", "enteredAt", "leftAt")
	detailsKeys    = keysOf("details", "recording", "email", "chat", "sms")
	recordingKeys  = keysOf("a recording", "path", "seconds")
	emailKeys      = keysOf("an e-mail", "subject", "body", "attachments")
	attachmentKeys = keysOf("an attachment", "name", "size")
	chatKeys       = keysOf("a chat", "messages")
	messageKeys    = keysOf("a chat message", "at", "author", "text")
	smsKeys        = keysOf("an SMS", "text")
)

// decode reads and checks a line of the import format.
func decode(text string) (line, *problem) {
	if !utf8.ValidString(text) {
		return line{}, wrong("is not valid UTF-8")
	}
	// Nearly every line is a contact. Whatever is not one, or is a faulty one, is read once more.
	if l := (line{kind: contactKind}); l.read(text) == nil {
		return l, l.check()
	}
	kind, fault := kindOf(text)
	if fault != nil {
		return line{}, fault
	}
	l := line{kind: kind}
	if fault = l.read(text); fault == nil {
		fault = l.check()
	}
	return l, fault
}

// read reads a line of its kind.
func (l *line) read(text string) (fault *problem) {
	p := &parser{text: text}
	switch l.kind {
	case contactKind:
		l.contact = &Contact{}
		fault = p.contact(l.contact)
	case agentKind:
		l.agent = &Agent{}
		fault = p.agent(l.agent)
	default:
		l.named = &Named{}
		fault = p.named(l.named)
	}
	if fault == nil {
		fault = p.end()
	}
	return fault
}

// kind takes the name of a kind, which must be this one.
func (p *parser) kind(want kind) *problem {
	word, fault := p.string()
	if fault == nil && kind(word) != want {
		fault = wrong("is not %s", want)
	}
	return fault
}

// kindOf looks for the kind first, as it decides which keys there are. Writers usually put it first.
func kindOf(text string) (kind, *problem) {
	p := parser{text: text}
	if !p.find("kind") || p.null() {
		return contactKind, nil
	}
	word, fault := p.string()
	switch {
	case fault != nil:
		return "", fault.within("kind")
	case !slices.Contains(kinds, kind(word)):
		return "", wrong("%s is not a kind of line", echo(word)).within("kind")
	}
	return kind(word), nil
}

func (p *parser) contact(c *Contact) *problem {
	return p.object(contactKeys, func(key string) (fault *problem) {
		switch key {
		case "kind":
			if !p.null() {
				fault = p.kind(contactKind)
			}
		case "externalId":
			c.ExternalID, fault = p.word()
		case "revision":
			if !p.null() {
				c.Revision, fault = p.integer()
			}
		case "type":
			fault = word(p, &c.Type)
		case "status":
			fault = word(p, &c.Status)
		case "startedAt":
			c.StartedAt, fault = p.time()
		case "sourceAddress":
			c.SourceAddress, fault = optional(p, p.string)
		case "destinationAddress":
			c.DestinationAddress, fault = optional(p, p.string)
		case "ccAddresses":
			c.CCAddresses, fault = p.strings(mostAddresses)
		case "bccAddresses":
			c.BCCAddresses, fault = p.strings(mostAddresses)
		case "campaign":
			c.Campaign, fault = optional(p, p.reference)
		case "agent":
			c.Agent, fault = optional(p, p.reference)
		case "queue":
			c.Queue, fault = optional(p, p.reference)
		case "classifier":
			c.Classifier, fault = optional(p, p.reference)
		case "record":
			c.Record, fault = optional(p, p.record)
		case "siteCall":
			c.SiteCall, fault = optional(p, p.reference)
		case "siteCallOrderId":
			c.SiteCallOrderID, fault = optional(p, p.string)
		case "ticketId":
			c.TicketID, fault = optional(p, p.string)
		case "ivrTime":
			c.IVRTime, fault = optional(p, p.seconds)
		case "ringTime":
			c.RingTime, fault = optional(p, p.seconds)
		case "agentTalkTime":
			c.AgentTalkTime, fault = optional(p, p.seconds)
		case "hangupParty":
			if !p.null() {
				c.HangupParty = new(contact.HangupParty)
				fault = word(p, c.HangupParty)
			}
		case "ivrSteps":
			c.IVRSteps, fault = list(p, mostSteps, p.step)
		case "details":
			if !p.null() {
				fault = p.details(&c.Details)
			}
		}
		return fault
	})
}

func (p *parser) agent(a *Agent) *problem {
	return p.object(agentKeys, func(key string) (fault *problem) {
		switch key {
		case "kind":
			_, fault = p.word()
		case "externalId":
			a.ExternalID, fault = p.word()
		case "name":
			a.Name, fault = p.word()
		case "groups":
			a.Groups, fault = p.strings(mostGroups)
		case "deletedAt":
			a.DeletedAt, fault = optional(p, p.time)
		}
		return fault
	})
}

func (p *parser) named(n *Named) *problem {
	return p.object(namedKeys, func(key string) (fault *problem) {
		switch key {
		case "kind":
			_, fault = p.word()
		case "externalId":
			n.ExternalID, fault = p.word()
		case "name":
			n.Name, fault = p.word()
		}
		return fault
	})
}

func (p *parser) reference() (r Reference, _ *problem) {
	return r, p.object(referenceKeys, func(key string) (fault *problem) {
		switch key {
		case "externalId":
			r.ExternalID, fault = p.word()
		case "name":
			r.Name, fault = optional(p, p.string)
		}
		return fault
	})
}

func (p *parser) record() (r RecordReference, _ *problem) {
	return r, p.object(recordKeys, func(key string) (fault *problem) {
		switch key {
		case "externalId":
			r.ExternalID, fault = p.word()
		case "significantField":
			r.SignificantField, fault = optional(p, p.significantField)
		}
		return fault
	})
}

func (p *parser) significantField() (f SignificantField, _ *problem) {
	return f, p.object(fieldKeys, func(key string) (fault *problem) {
		switch key {
		case "name":
			f.Name, fault = p.word()
		case "value":
			f.Value, fault = optional(p, p.string)
		}
		return fault
	})
}

func (p *parser) step() (s Step, _ *problem) {
	return s, p.object(stepKeys, func(key string) (fault *problem) {
		switch key {
		case "name":
			s.Name, fault = p.word()
		case "kind":
			fault = word(p, &s.Kind)
		case "choice":
			s.Choice, fault = optional(p, p.string)
		case "enteredAt":
			s.EnteredAt, fault = p.time()
		case "leftAt":
			s.LeftAt, fault = optional(p, p.time)
		}
		return fault
	})
}

// seconds reads a duration; whether it is in range is checked for all sources of contacts alike.
func (p *parser) seconds() (int, *problem) {
	n, fault := p.integer()
	return int(n), fault
}

// word reads a text, or null as none: a text that is required is then found missing.
func (p *parser) word() (string, *problem) {
	if p.null() {
		return "", nil
	}
	return p.string()
}

// word reads a text of one of the enums.
func word[T ~string](p *parser, into *T) *problem {
	s, fault := p.word()
	*into = T(s)
	return fault
}

// time reads a time, or null as the zero time: one that is required is then found missing.
func (p *parser) time() (time.Time, *problem) {
	if p.null() {
		return time.Time{}, nil
	}
	s, fault := p.string()
	if fault != nil {
		return time.Time{}, fault
	}
	t, ok := parseTime(s)
	if !ok {
		return time.Time{}, wrong("is not a time of RFC 3339 with an offset, such as 2024-03-04T08:09:16+01:00")
	}
	return t, nil
}

func (p *parser) strings(longest int) ([]string, *problem) {
	return list(p, longest, p.string)
}

func optional[T any](p *parser, read func() (T, *problem)) (*T, *problem) {
	if p.null() {
		return nil, nil
	}
	value, fault := read()
	return &value, fault
}

func list[T any](p *parser, longest int, read func() (T, *problem)) ([]T, *problem) {
	var values []T
	fault := p.array(longest, func(int) *problem {
		value, fault := read()
		values = append(values, value)
		return fault
	})
	return values, fault
}
