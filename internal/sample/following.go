package sample

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// Contacts that come of other contacts, and those that come in pairs.

// followUp may add a consultation or a transfer during a talk that began at a moment, and a survey after it. The talk is the
// contact that was added last; it and what follows are one conversation.
func (h *hour) followUp(c *format.Contact, who client, p *campaign, by *agent, began time.Time) {
	first, talk := len(h.contacts)-1, *c.AgentTalkTime
	ended := began.Add(time.Duration(talk) * time.Second)
	switch n := h.below(1000); {
	case n < 50 && talk > 60:
		h.consult(c, by, began.Add(time.Duration(talk/3)*time.Second), h.between(10, talk/2))
		if h.beside.chance(400) {
			h.surveyAfter(c, who, p, ended.Add(2*time.Second))
		}
	case n < 85 && talk > 20:
		h.passOn(c, by, ended)
	case n < 175:
		h.surveyAfter(c, who, p, ended.Add(2*time.Second))
	}
	if conversation := h.contacts[first:]; len(conversation) > 1 {
		id := h.id("C", h.index, 4) + "-" + string(appendPadded(nil, first, 3))
		for i := range conversation {
			conversation[i].ConversationID = &id
		}
	}
}

// consult is the agent's call to a colleague while the client waits.
func (h *hour) consult(c *format.Contact, by *agent, at time.Time, talk int) {
	other := h.centre.anyone(&h.random, at)
	if !h.fits(at) || other == by {
		return
	}
	consultation := format.Contact{
		Type: contact.Consultation, Status: contact.Answered, StartedAt: at,
		Campaign: c.Campaign, Record: c.Record, TicketID: c.TicketID,
		SourceAddress: new(by.extension), DestinationAddress: new(other.extension),
		Agent: by.reference, AgentTalkTime: new(0), HangupParty: new(contact.HangupAgent),
	}
	if h.chance(180) {
		consultation.Status = contact.NoAnswer
	} else {
		consultation.AgentTalkTime = &talk
	}
	h.add(consultation)
}

// passOn is the hand-over of a call to an outside number.
func (h *hour) passOn(c *format.Contact, by *agent, at time.Time) {
	if !h.fits(at) {
		return
	}
	transfer := format.Contact{
		Type: contact.ExternalTransfer, Status: contact.Answered, StartedAt: at,
		Campaign: c.Campaign, Record: c.Record, TicketID: c.TicketID,
		SourceAddress: new(by.extension), DestinationAddress: h.written(h.stranger(&h.random).phone()),
		Agent: by.reference, AgentTalkTime: new(h.between(3, 40)), HangupParty: new(contact.HangupAgent),
	}
	if h.chance(150) {
		transfer.Status, transfer.AgentTalkTime, transfer.HangupParty = contact.Busy, new(0), new(contact.HangupSystem)
	}
	h.add(transfer)
}

// surveyAfter is the machine's questions when an agent has finished.
func (h *hour) surveyAfter(c *format.Contact, who client, p *campaign, at time.Time) {
	if !h.fits(at) {
		return
	}
	s := format.Contact{
		Type: contact.PostCallSurvey, Status: contact.Answered, StartedAt: at,
		Campaign: c.Campaign, Record: c.Record, TicketID: c.TicketID,
		SourceAddress: new(p.number), DestinationAddress: new(who.phone()),
	}
	if h.chance(220) {
		s.Status, s.HangupParty = contact.NoAnswer, new(contact.HangupSystem)
	} else {
		h.ask(&s)
	}
	h.add(s)
}

// surveyDialled is a call of a campaign that dials automatic surveys.
func (h *hour) surveyDialled() {
	at := h.moment(0)
	// The survey campaigns are every sixth; their clients are whoever it is.
	p := &h.centre.campaigns[5+6*h.lowest(len(h.centre.campaigns)/6)]
	who := h.stranger(&h.random)
	s := format.Contact{
		Type: contact.VoiceMailingSurvey, StartedAt: at, Campaign: p.reference,
		SourceAddress: new(p.number), DestinationAddress: h.written(who.phone()),
	}
	switch s.Status = callStatuses[dialled.draw(&h.random)]; s.Status {
	case contact.Answered:
		h.ask(&s)
	case contact.Busy:
		s.HangupParty = new(contact.HangupCustomer)
	default:
		s.HangupParty = new(contact.HangupSystem)
	}
	h.add(s)
}

// ask walks through a survey: questions, each answered by a digit; some hang up before the end.
func (h *hour) ask(s *format.Contact) {
	w := walkFrom(s.StartedAt)
	s.HangupParty = new(contact.HangupSystem)
	for _, question := range []string{"Ocena rozmowy", "Czy sprawa została załatwiona?", "Czy polecisz nas znajomym?"} {
		if h.chance(120) {
			w.through(contact.SurveyStep, question, nil, h.between(2, 9))
			s.HangupParty = new(contact.HangupCustomer)
			break
		}
		w.through(contact.SurveyStep, question, pressed(5-h.lowest(5)), h.between(4, 15))
	}
	s.IVRSteps, s.IVRTime = w.steps, new(w.heard)
}

// orderedCall is a call that a client ordered with a SiteCall form: one leg to the agent, then one to the client.
func (h *hour) orderedCall() {
	at := h.moment(90)
	who, p := h.someone(150)
	by := h.centre.on(&h.random, p, at)
	form := h.centre.busiestSiteCall.draw(&h.random)
	order := h.id("S", h.index, 4) + "-" + string(appendPadded(nil, len(h.contacts), 3))
	toAgent := format.Contact{
		Type: contact.SiteCallAgentLeg, Status: contact.Answered, StartedAt: at,
		SourceAddress: new(p.number), DestinationAddress: new(by.extension),
	}
	toClient := format.Contact{
		Type: contact.SiteCallCustomerLeg, StartedAt: at.Add(time.Duration(h.between(3, 25)) * time.Second),
		SourceAddress: new(p.number), DestinationAddress: h.written(who.phone()),
	}
	for _, leg := range []*format.Contact{&toAgent, &toClient} {
		leg.Campaign, leg.Record = p.reference, h.reference(who)
		leg.SiteCall, leg.SiteCallOrderID = h.centre.siteCallRefs[form], &order
	}
	switch toClient.Status = callStatuses[dialled.draw(&h.random)]; toClient.Status {
	case contact.Answered:
		talk := talkSeconds.draw(&h.random)
		toClient.HangupParty = h.ended()
		h.talked(&toClient, by, talk)
		toAgent.Agent, toAgent.AgentTalkTime, toAgent.HangupParty = by.reference, &talk, toClient.HangupParty
	case contact.Busy:
		toAgent.HangupParty, toClient.HangupParty = new(contact.HangupSystem), new(contact.HangupCustomer)
	default:
		toAgent.HangupParty, toClient.HangupParty = new(contact.HangupSystem), new(contact.HangupSystem)
	}
	h.add(toAgent)
	h.add(toClient)
}
