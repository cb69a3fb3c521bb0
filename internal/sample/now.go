package sample

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// underWay are, for data that begins at first, the contacts that later revisions of a real platform would change: calls that ring or talk to the
// machine at the end, and messages that wait to be sent later on that day.
func (g *Generator) underWay(first time.Time) []format.Contact {
	until := g.config.Until
	h := hour{
		Generator: g, random: randomOf(g.config.Seed, saltNow), beside: randomOf(g.config.Seed, saltNow, saltBeside),
		index: int(until.Sub(first) / time.Hour), begin: until, local: until.In(warsaw), seconds: 1,
	}
	// A large call centre has more under way; a set of a few contacts has none, so that they are all history.
	ringing := min(g.config.Contacts/200, 4+min(g.config.Contacts/20_000, 60))
	pending := min(g.config.Contacts/150, 8+min(g.config.Contacts/2_000, 400))
	for i := range ringing {
		h.ring(i%2 == 0)
	}
	for range pending {
		h.wait()
	}
	g.number(h.contacts, g.config.Contacts-len(h.contacts))
	return h.contacts
}

// ring is a call in progress: in a campaign's IVR, or dialled by an agent.
func (h *hour) ring(inIVR bool) {
	who, p := h.someone(600)
	c := format.Contact{Status: contact.Ringing, Campaign: p.reference, Record: h.reference(who)}
	if !inIVR {
		c.Type, c.StartedAt = contact.OutboundCall, h.begin.Add(-time.Duration(h.between(1, 30))*time.Second)
		c.SourceAddress, c.DestinationAddress = new(p.number), new(who.phone())
		c.Agent = h.centre.on(&h.random, p, h.begin).reference
		h.add(c)
		return
	}
	c.Type = contact.CampaignInboundCall
	c.SourceAddress, c.DestinationAddress = new(who.phone()), new(p.number)
	greeting, here := greetingSeconds.draw(&h.random), h.below(40)
	w := walkFrom(h.begin.Add(-time.Duration(greeting+here) * time.Second))
	c.StartedAt = w.at
	w.through(contact.AnnouncementStep, "Powitanie", nil, greeting)
	if h.chance(500) {
		w.steps = append(w.steps, format.Step{Name: "Kolejka", Kind: contact.QueueStep, EnteredAt: w.at})
		c.Queue = h.centre.queueRefs[p.queues[0]]
	} else {
		w.steps = append(w.steps, format.Step{Name: "Menu główne", Kind: contact.MenuStep, EnteredAt: w.at})
	}
	c.IVRSteps = w.steps
	h.add(c)
}

// wait is a message that will be sent later on the same day.
func (h *hour) wait() {
	year, month, day := h.local.Date()
	left := int(time.Date(year, month, day+1, 0, 0, 0, 0, warsaw).Sub(h.begin)/time.Second) - 1
	at := h.begin.Add(time.Duration(h.between(min(1, left), max(left, 0))) * time.Second)
	var c format.Contact
	if h.chance(600) {
		c = h.outboundSMS(at)
	} else {
		c = h.outboundEmail(at)
	}
	c.Status, c.Classifier = contact.Pending, nil
	h.add(c)
}
