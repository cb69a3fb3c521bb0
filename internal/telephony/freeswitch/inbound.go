package freeswitch

import (
	"cmp"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// stretch is a part of a call between two transfers, or all of it.
type stretch struct {
	from, to int64 // telephony.OpenEnd: to the end of the call
	talks    []talk
	before   *talk  // that handed the client over, nil for the first stretch
	target   string // to which the client was handed over at the end, empty for none
	dialled  string // to which the client was handed over at the beginning
	isFirst  bool
}

// stretches cuts a call where a client was handed over to somebody, or into a queue.
func (a *analysis) stretches() []stretch {
	current := stretch{from: a.main.start(), to: telephony.OpenEnd, isFirst: true}
	var all []stretch
	for i := range a.talks {
		t := a.talks[i]
		current.talks = append(current.talks, t)
		isLast := i == len(a.talks)-1
		if !t.handedOver || isLast && a.queueJoined() < t.to {
			continue
		}
		next := ""
		if !isLast {
			next = a.talks[i+1].number
		}
		current.to, current.target = t.to, a.dialledAt(t.to, next)
		all = append(all, current)
		current = stretch{from: t.to, to: telephony.OpenEnd, before: &a.talks[i], dialled: current.target}
	}
	return append(all, current)
}

func (a *analysis) queueJoined() int64 { return a.main.second("cc_queue_joined") }

// dialledAt is the place to which the client went at a second, else what the next leg was called by.
func (a *analysis) dialledAt(second int64, next string) string {
	for i := range a.main.Profiles {
		if p := &a.main.Profiles[i]; i > 0 && p.Created/1_000_000 >= second-1 && p.Created/1_000_000 <= second+1 {
			return p.Destination
		}
	}
	queue, _, _ := strings.Cut(a.main.Variables["cc_queue"], "@")
	return cmp.Or(next, queue)
}

// takeInbound adds the contacts of a client's call.
func (a *analysis) takeInbound() telephony.Reason {
	place := a.main.first()
	if place.Caller == "" && place.Destination == "" {
		return telephony.NoParty
	}
	all := a.stretches()
	c, campaign := a.mainContact(&all[0], place)
	a.done = append(a.done, c)
	for i := range all[1:] {
		a.done = append(a.done, a.transferContact(&all[i+1], place, campaign))
	}
	return ""
}

// mainContact is the contact of a call up to its first transfer.
func (a *analysis) mainContact(s *stretch, place Profile) (telephony.Contact, *telephony.Reference) {
	c := a.source.NewContact(a.main.UUID, a.revision, contact.InboundCall, a.main.start())
	c.SourceAddress, c.DestinationAddress = text(place.Caller), text(place.Destination)
	tiles := a.placeTiles(s)
	queue := a.setQueue(&c, s)
	isCampaign := queue != "" || a.names.CampaignOfNumber(place.Destination) != nil
	for _, tile := range tiles {
		isCampaign = isCampaign || tile.Kind == contact.MenuStep || tile.Kind == contact.InputStep || tile.Kind == contact.AnnouncementStep
	}
	c.Status = a.inboundStatus(s)
	if isCampaign {
		c.Type = contact.CampaignInboundCall
		campaign, unknown := a.names.CampaignOf(place.Destination, queue)
		if c.Campaign = campaign; unknown {
			a.note(telephony.UnknownDID, place.Destination)
		}
		if a.main.second("answer") > 0 {
			c.Status = contact.Answered
		}
	}
	a.finish(&c, s, tiles)
	a.fill(&c)
	if hasMessage := len(a.main.Voicemail) > 0; longest(a.talks) != nil || hasMessage {
		a.setRecording(&c)
	}
	return c, c.Campaign
}

// setQueue sets the queue that a stretch went through, and gives its name.
func (a *analysis) setQueue(c *telephony.Contact, s *stretch) string {
	queue := a.queueIn(s)
	if queue == "" {
		return ""
	}
	if !a.names.KnowsQueue(queue) {
		a.note(telephony.UnknownQueue, queue)
	}
	c.Queue = a.names.Queue(queue)
	return queue
}

func (a *analysis) inboundStatus(s *stretch) contact.Status {
	if longest(s.talks) != nil {
		return contact.Answered
	}
	return a.statusOfLegs()
}

// transferContact is the contact that a transfer made: with a colleague, in a queue, or outside.
func (a *analysis) transferContact(s *stretch, place Profile, campaign *telephony.Reference) telephony.Contact {
	c := a.source.NewContact(a.main.UUID+"/t"+s.before.by, a.revision, contact.InboundCall, s.from)
	c.SourceAddress, c.DestinationAddress = text(place.Caller), text(s.dialled)
	if len(s.talks) > 0 && !s.talks[0].inside && a.queueIn(s) == "" {
		return a.externalTransfer(c, s, campaign)
	}
	c.Status = a.inboundStatus(s)
	if queue := a.setQueue(&c, s); queue != "" {
		c.Type = contact.CampaignInboundCall
		if c.Campaign = a.names.CampaignOfQueue(queue); c.Campaign == nil {
			c.Campaign = campaign
		}
		if a.main.second("answer") > 0 {
			c.Status = contact.Answered
		}
	}
	a.finish(&c, s, a.placeTiles(s))
	return c
}

func (a *analysis) externalTransfer(c telephony.Contact, s *stretch, campaign *telephony.Reference) telephony.Contact {
	other := s.talks[0]
	c.Type, c.Status, c.Campaign = contact.ExternalTransfer, contact.Answered, campaign
	c.SourceAddress, c.Agent, c.AgentTalkTime = text(s.before.endpoint), a.agentAt(s.before.endpoint), number(0)
	a.source.SetWay(&c, []telephony.Tile{{Kind: contact.TransferStep, Name: cmp.Or(s.dialled, other.number), Entered: other.from, Left: other.to}}, a.main.end())
	return c
}

// finish fills agent, talk, who hung up and the way of a client's stretch.
func (a *analysis) finish(c *telephony.Contact, s *stretch, tiles []telephony.Tile) {
	if best := longest(s.talks); best != nil {
		c.Agent = a.agentAt(best.endpoint)
		c.AgentTalkTime = number(spoken(s.talks))
	}
	var agents []*Leg
	for i := range s.talks {
		t := &s.talks[i]
		tile := telephony.Tile{Kind: contact.TransferStep, Name: cmp.Or(t.number, t.endpoint), Entered: t.from, Left: t.to}
		if t.inside {
			tile.Kind, tile.Name = contact.AgentStep, a.agentAt(t.endpoint).Name
			agents = append(agents, t.leg)
		}
		tiles = append(tiles, tile)
	}
	c.HoldTime = held(agents...)
	if s.target != "" {
		tiles = append(tiles, telephony.Tile{Kind: contact.TransferStep, Name: s.target, Entered: s.to, Left: max(s.to, a.main.end())})
	}
	a.source.SetWay(c, tiles, a.main.end())
	if c.HangupParty = a.inboundHangup(s); s.target != "" {
		c.HangupParty = party(contact.HangupAgent)
	}
}

func (a *analysis) inboundHangup(s *stretch) *contact.HangupParty {
	switch a.main.Variables["sip_hangup_disposition"] {
	case "recv_bye", "recv_cancel":
		return party(contact.HangupCustomer)
	case "send_bye":
		if len(s.talks) == 0 {
			return party(contact.HangupSystem)
		}
		last := s.talks[len(s.talks)-1].leg
		switch {
		case last == nil:
			return nil // the leg that could say so is not recorded
		case last.Variables["sip_hangup_disposition"] == "recv_bye":
			return party(contact.HangupAgent)
		default:
			return party(contact.HangupSystem)
		}
	default:
		return nil
	}
}
