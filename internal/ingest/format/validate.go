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
	maxName       = 200
	maxValue      = 1000
	maxSubject    = 1000
	maxBody       = 1 << 20 // of e-mails, chats and SMS

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

// Check mends a contact, from whichever side it came, and says what is wrong with it all the same: a contact cannot be
// without its externalId, a status that is known, and a start. What can be written in several ways is brought into one:
// words in other case, and times to UTC and microseconds.
func (c *Contact) Check() ([]Repair, *Fault) {
	start := moment("startedAt", &c.StartedAt)
	var mended repairs
	c.keepAddresses(&mended)
	c.mend(&mended)
	return mended, first(
		required("externalId", c.ExternalID),
		between("revision", c.Revision, 0, 1<<63-1),
		oneOf("status", c.Status, contact.Statuses, "a contact status"),
		start,
	)
}

// check mends the texts of an agent, and says what is wrong with it all the same.
func (a *Agent) check() ([]Repair, *Fault) {
	var mended repairs
	mended.ownID(&a.ExternalID)
	mended.plain("name", &a.Name, maxName)
	for i := range a.Groups {
		mended.plain("groups"+item(i), &a.Groups[i], maxName)
	}
	fault := first(
		required("externalId", a.ExternalID),
		required("name", strings.TrimSpace(a.Name)),
		each("groups", a.Groups, maxGroups, func(group *string) *Fault { return required("", *group) }),
	)
	return mended, first(fault, optionalMoment("deletedAt", &a.DeletedAt), optionalMoment("changedAt", &a.ChangedAt))
}

// check mends the texts of what is named, and says what is wrong with it all the same.
func (n *Named) check() ([]Repair, *Fault) {
	var mended repairs
	mended.ownID(&n.ExternalID)
	mended.plain("name", &n.Name, maxName)
	return mended, first(
		required("externalId", n.ExternalID), required("name", strings.TrimSpace(n.Name)), optionalMoment("changedAt", &n.ChangedAt),
	)
}

// optionalMoment checks a time that may be missing, and leaves the caller's own as it is.
func optionalMoment(name string, t **time.Time) *Fault {
	if *t == nil {
		return nil
	}
	kept := **t
	*t = &kept
	return moment(name, &kept)
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

// required checks an external id or a name, which have one bound.
func required(name, value string) *Fault {
	if value == "" {
		return field(name, faultf("is required"))
	}
	return text(name, &value, maxName)
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
