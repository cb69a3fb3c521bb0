package sample

import (
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/internal/ingest/format"
)

// Generator makes the contacts of a set of data. It holds nothing that grows with their number, and any number of
// goroutines may use it.
type Generator struct {
	config   Config
	size     size
	calendar calendar
	centre   *callCentre
	now      []format.Contact
	// tickets is the number of tickets that are opened in a week.
	tickets int
	// day and night draw from kinds.
	day, night wheel
}

// New prepares the data that the config asks for. A Config that Validate refuses is the caller's mistake: it panics.
func New(o Config) *Generator {
	if err := o.Validate(); err != nil {
		panic("sample: " + err.Error())
	}
	o.Until = o.Until.UTC().Truncate(time.Second)
	g := &Generator{config: o, size: sizeFor(o.Contacts)}
	first := monthsBefore(o.Until, o.Months)
	g.centre = newCallCentre(g.size, first, o.Until)
	var day, night []int
	for _, kind := range kinds {
		day, night = append(day, kind.day), append(night, kind.night)
	}
	g.day, g.night = wheelOf(day...), wheelOf(night...)
	weeks := int(o.Until.Sub(first)/week) + 1
	g.tickets = max(1, o.Contacts/(28*weeks))
	g.now = g.underWay(first)
	g.calendar = newCalendar(o.Contacts-len(g.now), o.Months, o.Seed, o.Until)
	return g
}

const week = 7 * 24 * time.Hour

// Agents are the agents with their groups, deleted ones too.
func (g *Generator) Agents() []format.Agent {
	list := make([]format.Agent, len(g.centre.agents))
	for i := range g.centre.agents {
		list[i] = g.centre.agents[i].Agent
	}
	return list
}

// Campaigns are all campaigns.
func (g *Generator) Campaigns() []format.Named {
	list := make([]format.Named, len(g.centre.campaigns))
	for i := range g.centre.campaigns {
		list[i] = g.centre.campaigns[i].Named
	}
	return list
}

// Queues are the queues of all campaigns.
func (g *Generator) Queues() []format.Named { return slices.Clone(g.centre.queues) }

// Classifiers are all classifiers.
func (g *Generator) Classifiers() []format.Named { return slices.Clone(g.centre.classifiers) }

// SiteCalls are the SiteCall forms.
func (g *Generator) SiteCalls() []format.Named { return slices.Clone(g.centre.siteCalls) }

// Contacts yields all contacts, oldest first but for those that are under way, which come last. A contact may be kept
// and changed, but what it points at is shared.
func (g *Generator) Contacts() iter.Seq[*format.Contact] {
	return func(yield func(*format.Contact) bool) {
		for i := range g.Hours() + 1 {
			contacts := g.Hour(i)
			for j := range contacts {
				if !yield(&contacts[j]) {
					return
				}
			}
		}
	}
}

// Hours is the number of hours that the contacts are made in.
func (g *Generator) Hours() int { return len(g.calendar.before) - 1 }

// Hour makes the contacts that began in an hour, oldest first: the hour that begins so many hours after the first one.
// Hour Hours holds those that are under way at the end or wait to be sent; they may lie in another month.
func (g *Generator) Hour(i int) []format.Contact {
	if i == g.Hours() {
		return slices.Clone(g.now)
	}
	h := hour{
		Generator: g,
		random:    randomOf(g.config.Seed, saltHour, uint64(i)),
		beside:    randomOf(g.config.Seed, saltBeside, uint64(i)),
		index:     i,
		begin:     g.calendar.first.Add(time.Duration(i) * time.Hour),
		seconds:   3600,
	}
	h.seconds = min(h.seconds, int(g.config.Until.Sub(h.begin)/time.Second))
	h.local = h.begin.In(warsaw)
	number := g.calendar.before[i]
	h.fill(g.calendar.before[i+1] - number)
	contacts := oldestFirst(h.contacts, h.begin)
	g.number(contacts, number)
	return contacts
}

// oldestFirst puts an hour's contacts in order; those of one second stay as they are. It sorts their places, as the
// contacts are large.
func oldestFirst(contacts []format.Contact, begin time.Time) []format.Contact {
	places := make([]uint64, len(contacts))
	for i := range contacts {
		places[i] = uint64(contacts[i].StartedAt.Sub(begin)/time.Second)<<32 | uint64(i)
	}
	slices.Sort(places)
	ordered := make([]format.Contact, len(contacts))
	for i, place := range places {
		ordered[i] = contacts[place&0xffffffff]
	}
	return ordered
}

// number gives contacts their external ids, and their recordings the paths that follow from them.
func (g *Generator) number(contacts []format.Contact, first int) {
	for i := range contacts {
		c := &contacts[i]
		c.ExternalID = g.contactID(first + i)
		if c.Details.Recording == nil {
			continue
		}
		path := string(c.StartedAt.AppendFormat(make([]byte, 0, 40), "2006/01/02/")) + c.ExternalID
		seconds := c.Details.Recording.Seconds
		if seconds == nil {
			seconds = c.AgentTalkTime
		}
		c.Details.Recording.Path = recordingPath(path, *seconds)
		for j := range c.Details.Recordings {
			part := &c.Details.Recordings[j]
			part.Path = recordingPath(path+"-"+strconv.Itoa(j+1), *part.Seconds)
		}
		if len(c.Details.Recordings) > 0 {
			c.Details.Recordings[0].Path = c.Details.Recording.Path
		}
	}
}

// recordingPath is a path as package speech knows them: it tells the length, from which the recording is spoken.
func recordingPath(path string, seconds int) string {
	return path + "-" + strconv.Itoa(seconds) + "s.wav"
}

func (g *Generator) contactID(number int) string { return g.id("", number, 8) }

// hour makes the contacts of one hour.
type hour struct {
	*Generator
	random
	// beside draws what was added to contacts later, so that everything else stays as it was drawn before.
	beside   random
	index    int
	begin    time.Time
	local    time.Time
	seconds  int
	room     int
	contacts []format.Contact
}

// kinds are the things that happen, and how often by day and by night; what needs more than one contact says so.
var kinds = []struct {
	day, night int
	contacts   int
	happen     func(*hour)
}{
	{456, 620, 1, (*hour).callToCampaign},
	{232, 4, 1, (*hour).callByCampaign},
	{46, 2, 1, (*hour).callOutsideCampaign},
	{40, 10, 1, (*hour).callToAgent},
	{54, 120, 1, (*hour).emailReceived},
	{52, 40, 1, (*hour).emailSent},
	{42, 60, 1, (*hour).smsSent},
	{12, 30, 1, (*hour).smsReceived},
	{18, 14, 1, (*hour).chat},
	{9, 24, 1, (*hour).messengerChat},
	{20, 0, 1, (*hour).surveyDialled},
	{9, 4, 2, (*hour).orderedCall},
	{13, 6, 1, (*hour).mobileCallMade},
	{9, 6, 1, (*hour).mobileCallReceived},
	{14, 0, 1, (*hour).classifierSet},
}

// fill makes so many contacts.
func (h *hour) fill(contacts int) {
	h.contacts = make([]format.Contact, 0, contacts)
	h.room = contacts
	wheel := h.day
	if hour := h.local.Hour(); hour < 7 || hour >= 21 {
		wheel = h.night
	}
	for h.room > 0 {
		if kind := kinds[wheel.draw(&h.random)]; kind.contacts <= h.room {
			kind.happen(h)
		}
	}
}

// moment draws a start that leaves so many seconds of the hour for what belongs to it.
func (h *hour) moment(ahead int) time.Time {
	return h.begin.Add(time.Duration(h.below(max(1, h.seconds-ahead))) * time.Second)
}

// fits tells whether something that follows may begin at a moment: there is room for it, and it is still this hour.
func (h *hour) fits(at time.Time) bool {
	return h.room > 0 && at.Before(h.begin.Add(time.Duration(h.seconds)*time.Second))
}

// add puts a contact into the hour. Its start must be a moment of the hour.
func (h *hour) add(c format.Contact) {
	if c.CCAddresses == nil {
		c.CCAddresses = none
	}
	if c.BCCAddresses == nil {
		c.BCCAddresses = none
	}
	if c.IVRSteps == nil {
		c.IVRSteps = noSteps
	}
	h.contacts = append(h.contacts, c)
	h.room--
}

// Empty lists are lists, not null: so they are written, and so they come back.
var (
	none    = []string{}
	noSteps = []format.Step{}
)

// someone draws whom a campaign's contact is with, and the campaign.
func (h *hour) someone(knownPerMille int) (client, *campaign) {
	if h.chance(knownPerMille) {
		c := h.knownClient(&h.random)
		return c, c.campaign
	}
	return h.stranger(&h.random), &h.centre.campaigns[h.centre.busiestCampaign.draw(&h.random)]
}

// withTicket draws a ticket that is open, with its client: this week's or last week's. Its contacts lie days apart.
func (h *hour) withTicket() (client, *string) {
	opened := h.index / int(week/time.Hour)
	if opened > 0 && h.chance(450) {
		opened--
	}
	ticket := opened*h.tickets + h.below(h.tickets)
	r := randomOf(h.config.Seed, saltTicket, uint64(ticket))
	return h.knownClient(&r), new(h.id("T", ticket, 6))
}

// summedUp draws the classifier of a talk, nil where the agent set none.
func (h *hour) summedUp() *format.Reference {
	if h.chance(130) {
		return nil
	}
	return h.centre.classifierRefs[h.centre.busiestClassifier.draw(&h.random)]
}

// notAnswered draws the classifier of a call that nobody answered, nil where none was set.
func (h *hour) notAnswered() *format.Reference {
	if h.chance(600) {
		return nil
	}
	return h.centre.classifierRefs[oneOf(&h.random, h.centre.unanswered)]
}

// written is an address as it was written down: nearly always in its normalised form.
func (h *hour) written(address string) *string {
	if h.chance(965) {
		return &address
	}
	return new(writtenOtherwise(address, h.below(3)))
}

func writtenOtherwise(address string, way int) string {
	switch {
	case len(address) == 12 && address[:3] == "+48":
		a, b, c := address[3:6], address[6:9], address[9:]
		return [...]string{a + " " + b + " " + c, "+48 " + a + "-" + b + "-" + c, "0048" + a + b + c}[way]
	case len(address) > 0 && address[0] >= 'a' && address[0] <= 'z':
		return string(address[0]-'a'+'A') + address[1:]
	default:
		return address
	}
}
