package asterisk

import (
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// segment is the part of a root that makes one contact: up to the first transfer, from one to the next, a survey at last.
type segment struct {
	*root
	number int // 0 for the first
	// transfer began it, next ended it; nil: the call itself did.
	transfer, next *transfer
	from           int64 // second
	fromAt, toAt   int64
	talks          []talk
	survey         *cut // ended it, or begins it if surveys is set
}

// cut is a place among the events, and its second.
type cut struct {
	at, second int64
	channel    *channel
}

// segments cut a root at its transfers. Talks are those that other lines leave.
func (r *root) segments(talks []talk, survey *cut) []*segment {
	all := []*segment{{root: r, from: r.first.began}}
	for i, t := range r.transfers {
		all[i].next, all[i].toAt = t, t.at
		all = append(all, &segment{root: r, number: i + 1, transfer: t, from: t.second, fromAt: t.at})
	}
	last := all[len(all)-1]
	last.toAt, last.survey = int64(len(r.events))+1, survey
	if survey != nil {
		last.toAt = survey.at
	}
	for _, talk := range talks {
		if place := r.placeOf(talk); place >= 0 {
			all[place].talks = append(all[place].talks, talk)
		}
	}
	return all
}

// placeOf is the segment that a talk belongs to: it follows each transfer that it began after. What the telephone of who
// transfers is connected with in that very second is the transfer itself, unless it is the talk that ends by it.
func (r *root) placeOf(t talk) int {
	place := 0
	for i, transfer := range r.transfers {
		if t.from < transfer.second {
			continue
		}
		if t.from == transfer.second && t.channel.endpoint == transfer.by.endpoint {
			if t.channel != transfer.by && t.to == t.from {
				return -1
			}
			continue
		}
		place = i + 1
	}
	return place
}

// until is the second at which the segment ends, openEnd while it runs.
func (s *segment) until() int64 {
	switch {
	case s.next != nil:
		return s.next.second
	case s.survey != nil:
		return s.survey.second
	case s.client == nil:
		return s.first.ended
	default:
		return s.client.ended
	}
}

// agentOf is who talked longest, the later of equals; nil if nobody did.
func (s *segment) agentOf() *telephony.Reference {
	var who *telephony.Reference
	most := -1
	totals := map[string]int{}
	for _, t := range s.talks {
		id := t.channel.agent.ExternalID
		totals[id] = seconds([]span{t.span}, s.now())
		if totals[id] >= most {
			who, most = t.channel.agent, totals[id]
		}
	}
	return who
}

// talkTime is how long the agents of the segment talked with the client, together.
func (s *segment) talkTime() int {
	spans := make([]span, len(s.talks))
	for i, t := range s.talks {
		spans[i] = t.span
	}
	return seconds(spans, s.now())
}

// liveStatus is that of a call that runs.
func (s *segment) liveStatus() contact.Status {
	if len(s.talks) > 0 {
		return contact.Answered
	}
	return contact.Ringing
}

// statusByLegs is what became of a client whom an agent should have answered.
func (s *segment) statusByLegs() contact.Status {
	if len(s.talks) > 0 {
		return contact.Answered
	}
	legs := s.segmentLegs()
	kinds := map[causeKind]bool{}
	for _, leg := range legs {
		if leg.side == external && leg.isAnswered() {
			return contact.Answered
		}
		kinds[leg.causeKind()] = true
	}
	switch {
	case kinds[rangOut]:
		return contact.NoAnswer
	case kinds[wasBusy]:
		return contact.Busy
	default:
		return contact.Failed
	}
}

// segmentLegs are the telephones that were rung for the client in the segment.
func (s *segment) segmentLegs() []*channel {
	legs := []*channel{}
	for _, leg := range s.legsBetween(s.fromAt, s.toAt) {
		if leg != s.client && !s.isConsulted(leg) {
			legs = append(legs, leg)
		}
	}
	if s.transfer != nil && s.transfer.partner != nil && s.transfer.consult != nil {
		legs = append(legs, s.transfer.partner)
	}
	return legs
}

// isConsulted is whether a telephone was rung for a consultation.
func (r *root) isConsulted(leg *channel) bool {
	for _, c := range r.consults {
		if c.partner == leg || leg.linked == c.channel.uid {
			return true
		}
	}
	return false
}

// statusByLeg is what became of the telephone that was dialled.
func statusByLeg(leg *channel) contact.Status {
	if leg == nil {
		return contact.Failed
	}
	if leg.isAnswered() {
		return contact.Answered
	}
	switch leg.causeKind() {
	case wasBusy:
		return contact.Busy
	case rangOut:
		return contact.NoAnswer
	default:
		return contact.Failed
	}
}

// inboundHangup is who ended a segment whose client had called.
func (s *segment) inboundHangup() *contact.HangupParty {
	if s.next != nil {
		return party(contact.HangupAgent)
	}
	if !s.over || s.unfinished {
		return nil
	}
	source := s.client.source
	if s.survey == nil {
		if source == s.client.name {
			return party(contact.HangupCustomer)
		}
		if place, found := s.byName[source]; found && s.channels[place].side == internal {
			return party(contact.HangupAgent)
		}
	}
	if last := s.lastTalker(); last != nil && last.source == last.name {
		return party(contact.HangupAgent)
	}
	if s.survey == nil && strings.HasPrefix(source, "dialplan/") {
		return party(contact.HangupSystem)
	}
	return nil
}

// lastTalker is the telephone of the agent whose talk ended last.
func (s *segment) lastTalker() *channel {
	var last *channel
	latest := int64(-1)
	for _, t := range s.talks {
		if t.to >= latest {
			last, latest = t.channel, t.to
		}
	}
	return last
}

// outboundHangup is who ended a call that an agent or the machine had begun.
func (s *segment) outboundHangup(status contact.Status) *contact.HangupParty {
	switch {
	case s.next != nil:
		return party(contact.HangupAgent)
	case !s.over || s.unfinished:
		return nil
	case status == contact.Failed:
		return party(contact.HangupSystem)
	case s.client == nil:
		return nil
	}
	sources := []string{s.client.source, s.caller.source}
	if s.agent != nil && s.agent != s.caller {
		sources = append(sources, s.agent.source)
	}
	for _, source := range sources {
		switch {
		case source == s.client.name:
			return party(contact.HangupCustomer)
		case source == s.caller.name, s.agent != nil && source == s.agent.name:
			return party(contact.HangupAgent)
		}
	}
	for _, source := range sources {
		if strings.HasPrefix(source, "dialplan/") {
			return party(contact.HangupSystem)
		}
	}
	return nil
}

func party(side contact.HangupParty) *contact.HangupParty { return &side }
