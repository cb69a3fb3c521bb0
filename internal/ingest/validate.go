package ingest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
)

// The bounds of a contact, in characters, items and seconds.
const (
	longestExternalID = 200
	longestName       = 500
	longestAddress    = 320
	longestValue      = 1000
	longestText       = longestLine // e-mails, chats and SMS

	mostAddresses   = 1000
	mostGroups      = 1000
	mostSteps       = 1000
	mostAttachments = 1000
	mostMessages    = 100_000

	mostSeconds = 1_000_000_000
)

// Times lie in these years. Each month of a start makes partitions of its own, so a year mistyped must not pass.
var (
	firstMoment = time.Date(1990, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(2101, time.January, 1, 0, 0, 0, 0, time.UTC).Add(-1)
)

// spellings are the other ways in which sources write a status. The platform's manual has both.
var spellings = map[contact.Status]contact.Status{"NO ANSWER": contact.NoAnswer, "NO ANSWEAR": contact.NoAnswer}

func (l *line) check() *problem {
	switch l.kind {
	case contactKind:
		return l.contact.check()
	case agentKind:
		return l.agent.check()
	default:
		return l.named.check()
	}
}

// check says what is wrong with a contact, from whichever side it came, and brings what can be written in several ways
// into one: statuses, and times to UTC and microseconds.
func (c *Contact) check() *problem {
	if status, known := spellings[c.Status]; known {
		c.Status = status
	}
	return first(
		required("externalId", c.ExternalID, longestExternalID),
		between("revision", c.Revision, 0, 1<<63-1),
		oneOf("type", c.Type, contact.Types, "a contact type"),
		oneOf("status", c.Status, contact.Statuses, "a contact status"),
		moment("startedAt", &c.StartedAt),
		text("sourceAddress", c.SourceAddress, longestAddress),
		text("destinationAddress", c.DestinationAddress, longestAddress),
		each("ccAddresses", c.CCAddresses, mostAddresses, func(a *string) *problem { return text("", a, longestAddress) }),
		each("bccAddresses", c.BCCAddresses, mostAddresses, func(a *string) *problem { return text("", a, longestAddress) }),
		c.Campaign.check().within("campaign"),
		c.Agent.check().within("agent"),
		c.Queue.check().within("queue"),
		c.Classifier.check().within("classifier"),
		c.Record.check().within("record"),
		c.SiteCall.check().within("siteCall"),
		text("siteCallOrderId", c.SiteCallOrderID, longestExternalID),
		text("ticketId", c.TicketID, longestExternalID),
		duration("ivrTime", c.IVRTime),
		duration("ringTime", c.RingTime),
		duration("agentTalkTime", c.AgentTalkTime),
		c.checkHangupParty(),
		each("ivrSteps", c.IVRSteps, mostSteps, (*Step).check),
		checkDetails(&c.Details).within("details"),
	)
}

func (c *Contact) checkHangupParty() *problem {
	if c.HangupParty == nil {
		return nil
	}
	return oneOf("hangupParty", *c.HangupParty, contact.HangupParties, "a hangup party")
}

func (r *Reference) check() *problem {
	if r == nil {
		return nil
	}
	if r.Name != nil && *r.Name == "" {
		return wrong("is empty").within("name")
	}
	return first(required("externalId", r.ExternalID, longestExternalID), text("name", r.Name, longestName))
}

func (r *RecordReference) check() *problem {
	if r == nil {
		return nil
	}
	fault := required("externalId", r.ExternalID, longestExternalID)
	if field := r.SignificantField; field != nil && fault == nil {
		fault = first(required("name", field.Name, longestName), text("value", field.Value, longestValue)).within("significantField")
	}
	return fault
}

func (s *Step) check() *problem {
	fault := first(
		text("name", &s.Name, longestName),
		oneOf("kind", s.Kind, contact.StepKinds, "a kind of IVR step"),
		text("choice", s.Choice, longestValue),
		moment("enteredAt", &s.EnteredAt),
	)
	if fault == nil && s.LeftAt != nil {
		// A copy: the caller's own time is not changed.
		left := *s.LeftAt
		fault, s.LeftAt = moment("leftAt", &left), &left
		if fault == nil && left.Before(s.EnteredAt) {
			fault = wrong("is earlier than enteredAt").within("leftAt")
		}
	}
	return fault
}

func (a *Agent) check() *problem {
	fault := first(
		required("externalId", a.ExternalID, longestExternalID),
		required("name", a.Name, longestName),
		each("groups", a.Groups, mostGroups, func(group *string) *problem { return required("", *group, longestName) }),
	)
	if fault == nil && a.DeletedAt != nil {
		deleted := *a.DeletedAt
		fault, a.DeletedAt = moment("deletedAt", &deleted), &deleted
	}
	return fault
}

func (n *Named) check() *problem {
	return first(required("externalId", n.ExternalID, longestExternalID), required("name", n.Name, longestName))
}

func checkDetails(d *contact.DetailsContent) *problem {
	var given []string
	var fault *problem
	if d.Recording != nil {
		given = append(given, "recording")
		fault = first(required("path", d.Recording.Path, longestValue), duration("seconds", d.Recording.Seconds)).within("recording")
	}
	if d.Email != nil {
		given = append(given, "email")
		fault = first(
			text("subject", &d.Email.Subject, longestText),
			text("body", &d.Email.Body, longestText),
			each("attachments", d.Email.Attachments, mostAttachments, func(a *contact.Attachment) *problem {
				return first(required("name", a.Name, longestName), between("size", a.Size, 0, 1<<63-1))
			}),
		).within("email")
	}
	if d.Chat != nil {
		given = append(given, "chat")
		fault = each("messages", d.Chat.Messages, mostMessages, func(m *contact.ChatMessage) *problem {
			return first(moment("at", &m.At), text("author", &m.Author, longestName), text("text", &m.Text, longestText))
		}).within("chat")
	}
	if d.SMS != nil {
		given = append(given, "sms")
		fault = text("text", &d.SMS.Text, longestText).within("sms")
	}
	if len(given) > 1 {
		return wrong("holds %s: at most one is allowed", strings.Join(given, " and "))
	}
	return fault
}

// first is the first problem of a list in which nil is none.
func first(problems ...*problem) *problem {
	for _, p := range problems {
		if p != nil {
			return p
		}
	}
	return nil
}

// field puts a problem of a value below the name of its field; the items of a list have none.
func field(name string, p *problem) *problem {
	if name == "" {
		return p
	}
	return p.within(name)
}

func text(name string, value *string, longest int) *problem {
	switch {
	case value == nil:
		return nil
	case len(*value) > longest && utf8.RuneCountInString(*value) > longest:
		return field(name, wrong("has more than %d characters", longest))
	case strings.IndexByte(*value, 0) >= 0:
		return field(name, wrong("holds a NUL character"))
	case !utf8.ValidString(*value):
		return field(name, wrong("is not valid UTF-8"))
	}
	return nil
}

func required(name, value string, longest int) *problem {
	if value == "" {
		return field(name, wrong("is required"))
	}
	return text(name, &value, longest)
}

func oneOf[T ~string](name string, value T, all []T, noun string) *problem {
	switch {
	case slices.Contains(all, value):
		return nil
	case value == "":
		return field(name, wrong("is required"))
	}
	return field(name, wrong("%s is not %s", echo(string(value)), noun))
}

func between[T int | int64](name string, value, from, to T) *problem {
	switch {
	case value < from:
		return field(name, wrong("is negative"))
	case value > to:
		return field(name, wrong("is more than %d", to))
	}
	return nil
}

func duration(name string, seconds *int) *problem {
	if seconds == nil {
		return nil
	}
	return between(name, *seconds, 0, mostSeconds)
}

func moment(name string, t *time.Time) *problem {
	switch {
	case t.IsZero():
		return field(name, wrong("is required"))
	case t.Before(firstMoment) || t.After(lastMoment):
		return field(name, wrong("lies outside the years 1990 to 2100"))
	}
	*t = t.UTC().Truncate(time.Microsecond)
	return nil
}

func each[T any](name string, items []T, most int, check func(*T) *problem) *problem {
	if len(items) > most {
		return wrong("has more than %d items", most).within(name)
	}
	for i := range items {
		if fault := check(&items[i]); fault != nil {
			return fault.within(item(i)).within(name)
		}
	}
	return nil
}
