package sample

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

var (
	talkSeconds   = spread{4, 22, 48, 75, 105, 140, 180, 235, 320, 500, 1500}
	answerSeconds = spread{2, 5, 8, 11, 15, 21, 34}
	giveUpSeconds = spread{8, 18, 25, 30, 35, 45, 62}
	wrapUpSeconds = spread{1, 6, 12, 20, 31, 48, 75, 240}
	rejectSeconds = spread{1, 3, 6, 12, 25}
)

// dialled and received draw callStatuses: of calls that agents make, and of those that they get.
var (
	callStatuses = []contact.Status{contact.Answered, contact.NoAnswer, contact.Busy, contact.Failed}
	dialled      = wheelOf(58, 25, 10, 7)
	received     = wheelOf(72, 20, 8)
)

// callToCampaign is a call to a campaign's number, and what follows it.
func (h *hour) callToCampaign() {
	at := h.moment(0)
	who, p := h.someone(560)
	c := format.Contact{Type: contact.CampaignInboundCall, Status: contact.Answered, StartedAt: at}
	if h.chance(130) {
		who, c.TicketID = h.withTicket()
		p = who.campaign
	}
	c.Campaign, c.Record = p.reference, h.reference(who)
	c.SourceAddress, c.DestinationAddress = h.caller(who), h.written(p.number)
	if h.chance(9) { // the trunk failed before the IVR came on
		c.Status, c.HangupParty = contact.Failed, new(contact.HangupSystem)
		h.add(c)
		return
	}
	in := h.callIn(p, at)
	c.Queue = in.queue
	if in.outcome != served {
		c.IVRSteps, c.IVRTime, c.HangupParty = in.steps, new(in.heard), h.endedUnserved(in.outcome)
		h.add(c)
		return
	}
	by, began, talk := h.centre.on(&h.random, p, at), in.at, talkSeconds.draw(&h.random)
	in.through(contact.AgentStep, "Agent", nil, talk)
	if h.chance(25) {
		in.through(contact.SurveyStep, "Ocena rozmowy", pressed(h.between(1, 5)), h.between(3, 12))
	}
	c.IVRSteps, c.IVRTime, c.HangupParty = in.steps, new(in.heard), h.ended()
	h.talked(&c, by, talk)
	h.add(c)
	h.followUp(&c, who, p, by, began)
}

// callByCampaign is an agent's call to a client of a campaign.
func (h *hour) callByCampaign() {
	at := h.moment(0)
	who := h.knownClient(&h.random)
	c := format.Contact{Type: contact.OutboundCall, StartedAt: at}
	if h.chance(160) {
		who, c.TicketID = h.withTicket()
	}
	p := who.campaign
	by := h.centre.on(&h.random, p, at)
	c.Campaign, c.Record = p.reference, h.reference(who)
	c.SourceAddress, c.DestinationAddress = h.written(p.number), h.written(who.phone())
	h.dial(&c, by)
	h.add(c)
	if c.Status == contact.Answered {
		h.followUp(&c, who, p, by, at.Add(time.Duration(*c.RingTime)*time.Second))
	}
}

// callOutsideCampaign is an agent's own call, to a client or to a colleague.
func (h *hour) callOutsideCampaign() {
	at := h.moment(0)
	by := h.centre.anyone(&h.random, at)
	c := format.Contact{Type: contact.OutboundCall, StartedAt: at}
	if other := h.centre.anyone(&h.random, at); h.chance(400) && other != by {
		c.SourceAddress, c.DestinationAddress = new(by.extension), new(other.extension)
	} else {
		c.SourceAddress, c.DestinationAddress = h.written(by.direct), h.written(h.stranger(&h.random).phone())
	}
	h.dial(&c, by)
	h.add(c)
}

// callToAgent is a client's call to an agent's own number.
func (h *hour) callToAgent() {
	at := h.moment(0)
	to := h.centre.anyone(&h.random, at)
	who := h.stranger(&h.random)
	if h.chance(350) {
		who = h.knownClient(&h.random)
	}
	c := format.Contact{
		Type: contact.InboundCall, StartedAt: at, Record: h.reference(who),
		SourceAddress: h.caller(who), DestinationAddress: h.written(to.direct),
	}
	h.receive(&c, to)
	h.add(c)
}

// mobileCallMade is a call that an agent made with the mobile app.
func (h *hour) mobileCallMade() {
	at := h.moment(0)
	who := h.knownClient(&h.random)
	by := h.centre.anyone(&h.random, at)
	c := format.Contact{
		Type: contact.MobileOutboundCall, StartedAt: at, Record: h.reference(who),
		SourceAddress: h.written(by.mobile), DestinationAddress: h.written(who.phone()),
	}
	h.dial(&c, by)
	h.add(c)
}

// mobileCallReceived is a call to an agent's mobile phone.
func (h *hour) mobileCallReceived() {
	at := h.moment(0)
	who := h.knownClient(&h.random)
	to := h.centre.anyone(&h.random, at)
	c := format.Contact{
		Type: contact.MobileInboundCall, StartedAt: at, Record: h.reference(who),
		SourceAddress: h.caller(who), DestinationAddress: h.written(to.mobile),
	}
	h.receive(&c, to)
	h.add(c)
}

// classifierSet is a classifier set on a record with no call made, by an agent or by a callback rule.
func (h *hour) classifierSet() {
	at := h.moment(0)
	who := h.knownClient(&h.random)
	c := format.Contact{
		Type: contact.OutboundCall, Status: contact.ClassifierOnly, StartedAt: at,
		Campaign: who.campaign.reference, Record: h.reference(who),
		Classifier: h.centre.classifierRefs[h.centre.busiestClassifier.draw(&h.random)],
	}
	if h.chance(700) {
		c.Agent = h.centre.on(&h.random, who.campaign, at).reference
	}
	h.add(c)
}

// dial lets an agent ring until someone answers, or nobody does.
func (h *hour) dial(c *format.Contact, by *agent) {
	c.Agent = by.reference
	c.Status = callStatuses[dialled.draw(&h.random)]
	switch c.Status {
	case contact.Answered:
		c.RingTime, c.HangupParty = new(answerSeconds.draw(&h.random)), h.ended()
		h.talked(c, by, talkSeconds.draw(&h.random))
		return
	case contact.NoAnswer:
		c.RingTime, c.HangupParty = new(giveUpSeconds.draw(&h.random)), new(contact.HangupAgent)
	case contact.Busy:
		c.RingTime, c.HangupParty = new(rejectSeconds.draw(&h.random)), new(contact.HangupCustomer)
	default:
		c.RingTime, c.HangupParty = new(h.below(4)), new(contact.HangupSystem)
	}
	c.AgentTalkTime = new(0)
	if c.Campaign != nil {
		c.Classifier = h.notAnswered()
	}
}

// receive lets an agent answer a call, or not; then no agent talked.
func (h *hour) receive(c *format.Contact, to *agent) {
	c.Status = callStatuses[received.draw(&h.random)]
	switch c.Status {
	case contact.Answered:
		c.HangupParty = h.ended()
		h.talked(c, to, talkSeconds.draw(&h.random))
	case contact.NoAnswer:
		c.HangupParty = new(contact.HangupCustomer)
	default:
		c.HangupParty = new(contact.HangupAgent)
	}
}

// talked is a talk with an agent: how long, how it was summed up, its recordings, and the agent's work after it.
func (h *hour) talked(c *format.Contact, with *agent, seconds int) {
	c.Agent, c.AgentTalkTime = with.reference, new(seconds)
	if c.Campaign != nil {
		c.Classifier = h.summedUp()
	}
	if h.chance(910) {
		recording := &contact.Recording{}
		if !h.chance(15) {
			recording.Seconds = new(seconds)
		}
		c.Details.Recording = recording
		if recording.Seconds != nil && seconds > 40 && h.beside.chance(45) {
			h.inTwoParts(c, seconds)
		}
	}
	if seconds > 30 && h.beside.chance(140) {
		c.HoldTime = new(h.beside.between(4, seconds/3))
	}
	if h.beside.chance(720) {
		c.WrapUpTime = new(wrapUpSeconds.draw(&h.beside))
	}
}

// inTwoParts cuts the recording of a talk in two, as a recorder does that stops while the client is on hold.
func (h *hour) inTwoParts(c *format.Contact, seconds int) {
	first := h.beside.between(10, seconds-10)
	c.Details.Recording.Seconds = new(first)
	c.Details.Recordings = []contact.Recording{{Seconds: new(first)}, {Seconds: new(seconds - first)}}
}

// withheldWords are what networks write for a number that the caller withholds.
var withheldWords = []string{"anonymous", "anonymous", "Anonymous", "Restricted", "unknown", "numer zastrzeżony"}

// caller is the number a client calls from; some withhold it.
func (h *hour) caller(who client) *string {
	switch n := h.below(1000); {
	case n < 8:
		return new(oneOf(&h.beside, withheldWords))
	case n < 14:
		return nil
	default:
		return h.written(who.phone())
	}
}

// ended draws which side ended a talk, nil where it is not known.
func (h *hour) ended() *contact.HangupParty {
	switch n := h.below(100); {
	case n < 61:
		return new(contact.HangupCustomer)
	case n < 94:
		return new(contact.HangupAgent)
	case n < 97:
		return new(contact.HangupSystem)
	default:
		return nil
	}
}

// endedUnserved is which side ended a call that no agent answered.
func (h *hour) endedUnserved(o outcome) *contact.HangupParty {
	if o == closed || o == passedOn || o == selfServed && h.chance(300) {
		return new(contact.HangupSystem)
	}
	return new(contact.HangupCustomer)
}
