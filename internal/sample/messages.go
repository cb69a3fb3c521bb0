package sample

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// emailReceived is a client's e-mail to a campaign's mailbox, or to an agent's.
func (h *hour) emailReceived() {
	at := h.moment(0)
	c := format.Contact{Type: contact.InboundEmail, Status: contact.Answered, StartedAt: at}
	who, p := h.correspondent(&c, 550)
	c.SourceAddress, c.DestinationAddress = h.written(who.email()), new(p.mailbox)
	switch {
	case h.chance(80): // outside campaigns
		a := h.centre.anyone(&h.random, at)
		c.DestinationAddress, c.Agent = new(a.email), a.reference
	default:
		c.Campaign = p.reference
		if h.chance(700) {
			c.Agent, c.Classifier = h.centre.on(&h.random, p, at).reference, h.summedUp()
		}
	}
	if h.chance(110) {
		c.CCAddresses = h.addresses(2)
	}
	c.Details.Email = h.email(clientsLetters, 260)
	if h.beside.chance(25) {
		c = h.fax(c, who, p)
	}
	h.add(c)
}

// fax is what came by fax in the place of an e-mail: the platform has no type for it.
func (h *hour) fax(email format.Contact, who client, p *campaign) format.Contact {
	return format.Contact{
		Type: contact.Other, Channel: new("FAX"), Status: email.Status, StartedAt: email.StartedAt,
		Campaign: p.reference, Record: email.Record, TicketID: email.TicketID,
		SourceAddress: h.written(who.phone()), DestinationAddress: new(p.number),
	}
}

// senders are names that text messages come from in the place of a number.
var senders = []string{"Paczkomat", "BankMiejski", "Kurier24"}

// emailSent is an agent's e-mail, or one of a mass send.
func (h *hour) emailSent() {
	c := h.outboundEmail(h.moment(0))
	if h.chance(25) {
		c.Status = contact.Failed
	}
	h.add(c)
}

func (h *hour) outboundEmail(at time.Time) format.Contact {
	c := format.Contact{Type: contact.OutboundEmail, Status: contact.Answered, StartedAt: at}
	who, p := h.correspondent(&c, 400)
	c.SourceAddress, c.DestinationAddress, c.Campaign = new(p.mailbox), h.written(who.email()), p.reference
	if h.chance(650) {
		a := h.centre.on(&h.random, p, at)
		c.Agent = a.reference
		switch n := h.below(1000); {
		case n < 90:
			c.SourceAddress, c.Campaign = new(a.email), nil
		case n < 500:
			c.Classifier = h.summedUp()
		}
		if h.chance(190) {
			c.CCAddresses = h.addresses(3)
		}
		if h.chance(120) {
			c.BCCAddresses = h.addresses(2)
		}
	}
	c.Details.Email = h.email(centresLetters, 330)
	return c
}

// correspondent draws whom a contact is with, and gives it their record, and a ticket so many times in a thousand.
func (h *hour) correspondent(c *format.Contact, ticketPerMille int) (client, *campaign) {
	who, p := h.someone(700)
	if h.chance(ticketPerMille) {
		who, c.TicketID = h.withTicket()
		p = who.campaign
	}
	c.Record = h.reference(who)
	return who, p
}

// addresses draws one to so many other addresses.
func (h *hour) addresses(most int) []string {
	list := make([]string, h.between(1, most))
	for i := range list {
		if h.chance(300) {
			list[i] = oneOf(&h.random, h.centre.agents).email
		} else {
			list[i] = h.stranger(&h.random).email()
		}
	}
	return list
}

// email draws what an e-mail says; so many in a thousand have attachments.
func (h *hour) email(letters []letter, attachmentsPerMille int) *contact.Email {
	drawn := oneOf(&h.random, letters)
	e := &contact.Email{Subject: drawn.subject, Body: drawn.body, Attachments: noAttachments}
	if h.chance(attachmentsPerMille) {
		e.Attachments = make([]contact.Attachment, h.between(1, 3))
		for i := range e.Attachments {
			e.Attachments[i] = contact.Attachment{Name: oneOf(&h.random, attachmentNames), Size: int64(h.between(12_000, 4_000_000))}
		}
	}
	return e
}

var noAttachments = []contact.Attachment{}

// smsSent is a text message of a mass send, or of an agent.
func (h *hour) smsSent() {
	c := h.outboundSMS(h.moment(0))
	if h.chance(35) {
		c.Status = contact.Failed
	}
	h.add(c)
}

func (h *hour) outboundSMS(at time.Time) format.Contact {
	c := format.Contact{Type: contact.OutboundSMS, Status: contact.Answered, StartedAt: at}
	who, p := h.correspondent(&c, 100)
	c.Campaign = p.reference
	c.SourceAddress, c.DestinationAddress = new(p.number), h.written(who.phone())
	if h.chance(300) {
		c.Agent = h.centre.on(&h.random, p, at).reference
	}
	c.Details.SMS = &contact.SMS{Text: oneOf(&h.random, outboundTexts)}
	return c
}

// smsReceived is a client's text message.
func (h *hour) smsReceived() {
	c := format.Contact{Type: contact.InboundSMS, Status: contact.Answered, StartedAt: h.moment(0)}
	who, p := h.correspondent(&c, 100)
	c.Campaign = p.reference
	c.SourceAddress, c.DestinationAddress = h.written(who.phone()), new(p.number)
	c.Details.SMS = &contact.SMS{Text: oneOf(&h.random, inboundTexts)}
	switch n := h.beside.below(1000); {
	case n < 150: // what the platform has no type for
		c.Type, c.Channel, c.Details = contact.Other, new("WHATSAPP"), contact.DetailsContent{}
	case n < 220: // no client: a sender that calls itself by a name
		c.Record, c.TicketID, c.SourceAddress = nil, nil, new(oneOf(&h.beside, senders))
	}
	h.add(c)
}

// chat is a talk on the platform's own channel; the client may have left an e-mail address.
func (h *hour) chat() {
	c := format.Contact{Type: contact.Chat, StartedAt: h.moment(0)}
	who, p := h.correspondent(&c, 200)
	c.Campaign = p.reference
	if h.chance(600) {
		c.SourceAddress = h.written(who.email())
	}
	h.converse(&c, who, p)
	h.add(c)
}

// messengerChat is a talk on Messenger, which tells no address.
func (h *hour) messengerChat() {
	who, p := h.someone(120)
	c := format.Contact{Type: contact.MessengerChat, StartedAt: h.moment(0), Campaign: p.reference, Record: h.reference(who)}
	h.converse(&c, who, p)
	h.add(c)
}

// converse lets the client write, and an agent answer, or nobody.
func (h *hour) converse(c *format.Contact, who client, p *campaign) {
	at := c.StartedAt
	name := who.name()
	if h.chance(110) {
		c.Status, c.HangupParty = contact.NoAnswer, new(contact.HangupCustomer)
		c.Details.Chat = &contact.ChatLog{Messages: []contact.ChatMessage{{At: at, Author: name, Text: oneOf(&h.random, abandonedChats)}}}
		return
	}
	by := h.centre.on(&h.random, p, at)
	c.Status, c.Agent, c.Classifier, c.HangupParty = contact.Answered, by.reference, h.summedUp(), h.ended()
	lines := oneOf(&h.random, chats)
	messages := make([]contact.ChatMessage, len(lines))
	for i, line := range lines {
		author := name
		if i%2 == 1 {
			author = by.Name
		}
		messages[i] = contact.ChatMessage{At: at, Author: author, Text: line}
		at = at.Add(time.Duration(h.between(6, 75)) * time.Second)
	}
	c.Details.Chat = &contact.ChatLog{Messages: messages}
}
