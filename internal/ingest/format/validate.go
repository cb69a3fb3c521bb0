package format

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
)

// The bounds of a contact, in characters, items and seconds.
const (
	maxExternalID = 200
	maxName       = 500
	maxAddress    = 320
	maxValue      = 1000
	maxText       = MaxLineBytes // e-mails, chats and SMS

	maxAddresses   = 1000
	maxGroups      = 1000
	maxSteps       = 1000
	maxAttachments = 1000
	maxMessages    = 100_000
	maxRecordings  = 1000

	maxSeconds = 1_000_000_000
)

// Times lie in these years. Each month of a start makes partitions of its own, so a year mistyped must not pass.
var (
	firstMoment = time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(2101, time.January, 1, 0, 0, 0, 0, time.UTC).Add(-1)
)

// spellings are the other ways in which sources write a status. The platform's manual has both.
var spellings = map[contact.Status]contact.Status{"NO ANSWER": contact.NoAnswer, "NO ANSWEAR": contact.NoAnswer}

// Check says what is wrong with a contact, from whichever side it came, and brings what can be written in several ways
// into one: statuses, and times to UTC and microseconds.
func (c *Contact) Check() *Fault {
	if status, known := spellings[c.Status]; known {
		c.Status = status
	}
	c.keepAddresses()
	c.keepRecordings()
	return first(
		required("externalId", c.ExternalID, maxExternalID),
		between("revision", c.Revision, 0, 1<<63-1),
		oneOf("type", c.Type, contact.Types, "a contact type"),
		oneOf("status", c.Status, contact.Statuses, "a contact status"),
		moment("startedAt", &c.StartedAt),
		text("sourceAddress", c.SourceAddress, maxAddress),
		text("destinationAddress", c.DestinationAddress, maxAddress),
		each("toAddresses", c.ToAddresses, maxAddresses, func(a *string) *Fault { return text("", a, maxAddress) }),
		each("ccAddresses", c.CCAddresses, maxAddresses, func(a *string) *Fault { return text("", a, maxAddress) }),
		each("bccAddresses", c.BCCAddresses, maxAddresses, func(a *string) *Fault { return text("", a, maxAddress) }),
		c.Campaign.check().at("campaign"),
		c.Agent.check().at("agent"),
		c.Queue.check().at("queue"),
		c.Classifier.check().at("classifier"),
		c.Record.check().at("record"),
		c.SiteCall.check().at("siteCall"),
		text("siteCallOrderId", c.SiteCallOrderID, maxExternalID),
		text("ticketId", c.TicketID, maxExternalID),
		duration("ivrTime", c.IVRTime),
		duration("ringTime", c.RingTime),
		duration("agentTalkTime", c.AgentTalkTime),
		duration("holdTime", c.HoldTime),
		duration("wrapUpTime", c.WrapUpTime),
		text("channel", c.Channel, maxExternalID),
		text("conversationId", c.ConversationID, maxExternalID),
		c.checkHangupParty(),
		each("ivrSteps", c.IVRSteps, maxSteps, (*Step).check),
		checkDetails(&c.Details).at("details"),
	)
}

func (c *Contact) checkHangupParty() *Fault {
	if c.HangupParty == nil {
		return nil
	}
	return oneOf("hangupParty", *c.HangupParty, contact.HangupParties, "a hangup party")
}

func (r *Reference) check() *Fault {
	if r == nil {
		return nil
	}
	if r.Name != nil && *r.Name == "" {
		return faultf("is empty").at("name")
	}
	return first(required("externalId", r.ExternalID, maxExternalID), text("name", r.Name, maxName))
}

func (r *RecordReference) check() *Fault {
	if r == nil {
		return nil
	}
	fault := required("externalId", r.ExternalID, maxExternalID)
	if field := r.SignificantField; field != nil && fault == nil {
		fault = first(required("name", field.Name, maxName), text("value", field.Value, maxValue)).at("significantField")
	}
	return fault
}

func (s *Step) check() *Fault {
	fault := first(
		text("name", &s.Name, maxName),
		oneOf("kind", s.Kind, contact.StepKinds, "a kind of IVR step"),
		text("choice", s.Choice, maxValue),
		moment("enteredAt", &s.EnteredAt),
	)
	if fault == nil && s.LeftAt != nil {
		// A copy: the caller's own time is not changed.
		left := *s.LeftAt
		fault, s.LeftAt = moment("leftAt", &left), &left
		if fault == nil && left.Before(s.EnteredAt) {
			fault = faultf("is earlier than enteredAt").at("leftAt")
		}
	}
	return fault
}

func (a *Agent) check() *Fault {
	fault := first(
		required("externalId", a.ExternalID, maxExternalID),
		required("name", a.Name, maxName),
		each("groups", a.Groups, maxGroups, func(group *string) *Fault { return required("", *group, maxName) }),
	)
	if fault == nil && a.DeletedAt != nil {
		deleted := *a.DeletedAt
		fault, a.DeletedAt = moment("deletedAt", &deleted), &deleted
	}
	return fault
}

func (n *Named) check() *Fault {
	return first(required("externalId", n.ExternalID, maxExternalID), required("name", n.Name, maxName))
}

func checkDetails(d *contact.DetailsContent) *Fault {
	var given []string
	var fault *Fault
	if d.Recording != nil {
		given = append(given, "recording")
		fault = checkRecording(d.Recording).at("recording")
	}
	if fault == nil {
		fault = each("recordings", d.Recordings, maxRecordings, checkRecording)
	}
	if d.Email != nil {
		given = append(given, "email")
		fault = first(
			text("subject", &d.Email.Subject, maxText),
			text("body", &d.Email.Body, maxText),
			each("attachments", d.Email.Attachments, maxAttachments, func(a *contact.Attachment) *Fault {
				return first(required("name", a.Name, maxName), between("size", a.Size, 0, 1<<63-1))
			}),
		).at("email")
	}
	if d.Chat != nil {
		given = append(given, "chat")
		fault = each("messages", d.Chat.Messages, maxMessages, func(m *contact.ChatMessage) *Fault {
			return first(moment("at", &m.At), text("author", &m.Author, maxName), text("text", &m.Text, maxText))
		}).at("chat")
	}
	if d.SMS != nil {
		given = append(given, "sms")
		fault = text("text", &d.SMS.Text, maxText).at("sms")
	}
	if len(given) > 1 {
		return faultf("holds %s: at most one is allowed", strings.Join(given, " and "))
	}
	return fault
}

func checkRecording(r *contact.Recording) *Fault {
	return first(required("path", r.Path, maxValue), duration("seconds", r.Seconds))
}

// first is the first problem of a list in which nil is none.
func first(problems ...*Fault) *Fault {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

// field puts a problem of a value below the name of its field; the items of a list have none.
func field(name string, p *Fault) *Fault {
	if name == "" {
		return p
	}
	return p.at(name)
}

func text(name string, value *string, limit int) *Fault {
	switch {
	case value == nil:
		return nil
	case len(*value) > limit && utf8.RuneCountInString(*value) > limit:
		return field(name, faultf("has more than %d characters", limit))
	case strings.IndexByte(*value, 0) >= 0:
		return field(name, faultf("holds a NUL character"))
	case !utf8.ValidString(*value):
		return field(name, faultf("is not valid UTF-8"))
	}
	return nil
}

func required(name, value string, limit int) *Fault {
	if value == "" {
		return field(name, faultf("is required"))
	}
	return text(name, &value, limit)
}

func oneOf[T ~string](name string, value T, all []T, noun string) *Fault {
	switch {
	case slices.Contains(all, value):
		return nil
	case value == "":
		return field(name, faultf("is required"))
	}
	return field(name, faultf("%s is not %s", echo(string(value)), noun))
}

func between[T int | int64](name string, value, from, to T) *Fault {
	switch {
	case value < from:
		return field(name, faultf("is negative"))
	case value > to:
		return field(name, faultf("is more than %d", to))
	}
	return nil
}

func duration(name string, seconds *int) *Fault {
	if seconds == nil {
		return nil
	}
	return between(name, *seconds, 0, maxSeconds)
}

func moment(name string, t *time.Time) *Fault {
	switch {
	case t.IsZero():
		return field(name, faultf("is required"))
	case t.Before(firstMoment) || t.After(lastMoment):
		return field(name, faultf("lies outside the years 1990 to 2100"))
	}
	*t = t.UTC().Truncate(time.Microsecond)
	return nil
}

func each[T any](name string, items []T, limit int, check func(*T) *Fault) *Fault {
	if len(items) > limit {
		return faultf("has more than %d items", limit).at(name)
	}
	for i := range items {
		if fault := check(&items[i]); fault != nil {
			return fault.at(item(i)).at(name)
		}
	}
	return nil
}
