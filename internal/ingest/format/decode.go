package format

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// The keys of the format's JSON.
var (
	contactKeys = keysOf("a contact", "kind", "externalId", "revision", "type", "status", "startedAt", "sourceAddress",
		"destinationAddress", "toAddresses", "ccAddresses", "bccAddresses", "campaign", "agent", "queue", "classifier", "record", "siteCall",
		"siteCallOrderId", "ticketId", "ivrTime", "ringTime", "agentTalkTime", "hangupParty", "ivrSteps", "details",
		"channel", "conversationId", "holdTime", "wrapUpTime", "recordings")
	agentKeys      = keysOf("an agent", "kind", "externalId", "name", "groups", "deletedAt", "changedAt")
	namedKeys      = keysOf("a line of this kind", "kind", "externalId", "name", "changedAt")
	referenceKeys  = keysOf("a reference", "externalId", "name")
	recordKeys     = keysOf("a record", "externalId", "significantField")
	fieldKeys      = keysOf("a significant field", "name", "value")
	stepKeys       = keysOf("an IVR step", "name", "kind", "choice", "enteredAt", "leftAt")
	detailsKeys    = keysOf("details", "recording", "email", "chat", "sms", "recordings")
	recordingKeys  = keysOf("a recording", "path", "seconds")
	emailKeys      = keysOf("an e-mail", "subject", "body", "attachments")
	attachmentKeys = keysOf("an attachment", "name", "size", "path")
	chatKeys       = keysOf("a chat", "messages")
	messageKeys    = keysOf("a chat message", "at", "author", "text")
	smsKeys        = keysOf("an SMS", "text")
)

// kind takes the name of a kind, which must be this one.
func (p *parser) kind(want Kind) *Fault {
	word, fault := p.string()
	if fault == nil && Kind(word) != want {
		fault = faultf("is not %s", want)
	}
	return fault
}

func init() {
	contactKeys.required = []string{"kind", "externalId", "revision", "status", "startedAt"}
}

func (p *parser) contact(c *Contact) *Fault {
	return p.object(contactKeys, func(key string) (fault *Fault) {
		switch key {
		case "kind":
			if !p.null() {
				fault = p.kind(ContactKind)
			}
		case "externalId":
			c.ExternalID, fault = p.textOrNull()
		case "revision":
			if !p.null() {
				c.Revision, fault = p.integer()
			}
		case "type":
			fault = enum(p, &c.Type)
		case "status":
			fault = enum(p, &c.Status)
		case "startedAt":
			c.StartedAt, fault = p.time()
		case "sourceAddress":
			c.SourceAddress, fault = optional(p, p.word)
		case "destinationAddress":
			c.DestinationAddress, fault = optional(p, p.word)
		case "toAddresses":
			c.ToAddresses, fault = list(p, maxAddresses, p.word)
		case "ccAddresses":
			c.CCAddresses, fault = list(p, maxAddresses, p.word)
		case "bccAddresses":
			c.BCCAddresses, fault = list(p, maxAddresses, p.word)
		case "hangupParty":
			if c.HangupParty = nil; !p.null() {
				c.HangupParty = new(contact.HangupParty)
				fault = enum(p, c.HangupParty)
			}
		case "ivrSteps":
			c.IVRSteps, fault = list(p, maxSteps, p.step)
		case "details":
			if c.Details = (contact.DetailsContent{}); !p.null() {
				fault = p.details(&c.Details)
			}
		case "channel":
			c.Channel, fault = optional(p, p.word)
		case "conversationId":
			c.ConversationID, fault = optional(p, p.word)
		case "recordings":
			c.Recordings, fault = list(p, maxRecordings, p.recording)
		default:
			fault = p.partOfContact(c, key)
		}
		return fault
	})
}

// partOfContact reads what a contact points at, and its durations.
func (p *parser) partOfContact(c *Contact, key string) (fault *Fault) {
	switch key {
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
		c.SiteCallOrderID, fault = optional(p, p.word)
	case "ticketId":
		c.TicketID, fault = optional(p, p.word)
	case "ivrTime":
		c.IVRTime, fault = optional(p, p.seconds)
	case "ringTime":
		c.RingTime, fault = optional(p, p.seconds)
	case "agentTalkTime":
		c.AgentTalkTime, fault = optional(p, p.seconds)
	case "holdTime":
		c.HoldTime, fault = optional(p, p.seconds)
	case "wrapUpTime":
		c.WrapUpTime, fault = optional(p, p.seconds)
	}
	return fault
}

func (p *parser) agent(a *Agent) *Fault {
	return p.object(agentKeys, func(key string) (fault *Fault) {
		switch key {
		case "kind":
			_, fault = p.textOrNull()
		case "externalId":
			a.ExternalID, fault = p.textOrNull()
		case "name":
			a.Name, fault = p.textOrNull()
		case "groups":
			a.Groups, fault = list(p, maxGroups, p.word)
		case "deletedAt":
			a.DeletedAt, fault = optional(p, p.time)
		case "changedAt":
			a.ChangedAt, fault = optional(p, p.time)
		}
		return fault
	})
}

func (p *parser) named(n *Named) *Fault {
	return p.object(namedKeys, func(key string) (fault *Fault) {
		switch key {
		case "kind":
			_, fault = p.textOrNull()
		case "externalId":
			n.ExternalID, fault = p.textOrNull()
		case "name":
			n.Name, fault = p.textOrNull()
		case "changedAt":
			n.ChangedAt, fault = optional(p, p.time)
		}
		return fault
	})
}

func (p *parser) reference() (r Reference, _ *Fault) {
	return r, p.object(referenceKeys, func(key string) (fault *Fault) {
		switch key {
		case "externalId":
			r.ExternalID, fault = p.textOrNull()
		case "name":
			r.Name, fault = optional(p, p.word)
		}
		return fault
	})
}

func (p *parser) record() (r RecordReference, _ *Fault) {
	return r, p.object(recordKeys, func(key string) (fault *Fault) {
		switch key {
		case "externalId":
			r.ExternalID, fault = p.textOrNull()
		case "significantField":
			r.SignificantField, fault = optional(p, p.significantField)
		}
		return fault
	})
}

func (p *parser) significantField() (f SignificantField, _ *Fault) {
	return f, p.object(fieldKeys, func(key string) (fault *Fault) {
		switch key {
		case "name":
			f.Name, fault = p.textOrNull()
		case "value":
			f.Value, fault = optional(p, p.word)
		}
		return fault
	})
}

func (p *parser) step() (s Step, _ *Fault) {
	return s, p.object(stepKeys, func(key string) (fault *Fault) {
		switch key {
		case "name":
			s.Name, fault = p.textOrNull()
		case "kind":
			fault = enum(p, &s.Kind)
		case "choice":
			s.Choice, fault = optional(p, p.word)
		case "enteredAt":
			s.EnteredAt, fault = p.time()
		case "leftAt":
			s.LeftAt, fault = optional(p, p.time)
		}
		return fault
	})
}

// seconds reads a duration; whether it is in range is checked for all sources of contacts alike. Fractions are rounded
// down; digits in quotes, and hours, minutes and seconds, are read as what they say.
func (p *parser) seconds() (int, *Fault) {
	if p.next() == '"' {
		text, fault := p.string()
		if fault != nil {
			return 0, fault
		}
		n, ok := secondsIn(text)
		if !ok {
			return 0, faultf("is not a number of seconds")
		}
		p.repairs.note("", "was text")
		return n, nil
	}
	if c := p.next(); c != '-' && (c < '0' || c > '9') {
		return 0, p.expected("a number of seconds")
	}
	literal, fault := p.number()
	if fault != nil {
		return 0, fault
	}
	if n, err := strconv.ParseInt(literal, 10, 32); err == nil {
		return int(n), nil
	}
	n, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.Abs(n) > math.MaxInt32 {
		return 0, faultf("is out of range")
	}
	if math.Floor(n) != n {
		p.repairs.note("", "was rounded down to whole seconds")
	}
	return int(math.Floor(n)), nil
}

// secondsIn are the seconds of a text such as "166" or "00:02:46".
func secondsIn(text string) (int, bool) {
	parts := strings.Split(strings.TrimSpace(text), ":")
	if len(parts) != 1 && len(parts) != 3 {
		return 0, false
	}
	total := 0
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil || i > 0 && n > 59 {
			return 0, false
		}
		total = total*60 + int(n)
	}
	return total, true
}

// word reads a text, or a whole number as its digits: many sources count what others name.
func (p *parser) word() (string, *Fault) {
	if c := p.next(); c != '-' && (c < '0' || c > '9') {
		return p.string()
	}
	literal, fault := p.number()
	switch {
	case fault != nil:
		return "", fault
	case strings.ContainsAny(literal, ".eE"):
		return "", faultf("is not text")
	}
	p.repairs.note("", "was a number")
	return literal, nil
}

// textOrNull reads a text, or null as the empty one: a text that is required is then found missing.
func (p *parser) textOrNull() (string, *Fault) {
	if p.null() {
		return "", nil
	}
	return p.word()
}

// enum reads a text of one of the enums, or null as none.
func enum[T ~string](p *parser, into *T) (fault *Fault) {
	if *into = ""; p.null() {
		return nil
	}
	s, fault := p.string()
	*into = T(s)
	return fault
}

// time reads a time, or null as the zero time: one that is required is then found missing.
func (p *parser) time() (time.Time, *Fault) {
	if p.null() {
		return time.Time{}, nil
	}
	s, fault := p.string()
	if fault != nil {
		return time.Time{}, fault
	}
	t, ok := parseTime(s)
	if !ok {
		return time.Time{}, faultf("is not a time of RFC 3339 with an offset, such as 2024-03-04T08:09:16+01:00")
	}
	return t, nil
}

func optional[T any](p *parser, read func() (T, *Fault)) (*T, *Fault) {
	if p.null() {
		return nil, nil
	}
	value, fault := read()
	return &value, fault
}

func list[T any](p *parser, limit int, read func() (T, *Fault)) ([]T, *Fault) {
	var values []T
	fault := p.array(limit, func(int) *Fault {
		value, fault := read()
		if fault == nil {
			values = append(values, value)
		}
		return fault
	})
	return values, fault
}
