package freeswitch

import (
	"cmp"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// takeOutbound adds the contact of a call that an agent began.
func (a *analysis) takeOutbound() telephony.Reason {
	place := a.main.first()
	caller := cmp.Or(a.main.Variables["user_name"], place.Caller)
	if caller == "" || place.Destination == "" {
		return telephony.NoParty
	}
	rung := len(a.called) > 0 || len(a.talks) > 0 || a.main.hasCalled()
	if strings.HasPrefix(place.Destination, "*") || !rung && len(place.Destination) <= 6 {
		return telephony.FeatureCode
	}
	c := a.source.NewContact(a.main.UUID, a.revision, contact.OutboundCall, a.main.start())
	c.Agent = a.agentAt(caller)
	c.DestinationAddress = text(strings.TrimPrefix(place.Destination, a.source.StripDialled))
	shown := cmp.Or(a.main.Variables["effective_caller_id_number"], place.Caller)
	if a.isInternal(place.Destination) {
		shown = caller
	}
	c.SourceAddress = text(shown)
	if a.source.OutboundCampaign == "byCallerId" {
		c.Campaign = a.names.CampaignOfNumber(shown)
	}
	a.finishOutbound(&c, a.called, a.talks)
	if c.RingTime == nil {
		c.RingTime = a.ringTimeOfPlaces()
	}
	c.HoldTime = held(a.main)
	switch a.main.Variables["sip_hangup_disposition"] {
	case "recv_bye", "recv_cancel":
		c.HangupParty = party(contact.HangupAgent)
	case "send_bye":
		c.HangupParty = a.clientHungUp(a.talks)
	}
	if c.Status == contact.Failed {
		c.HangupParty = party(contact.HangupSystem)
	}
	a.done = append(a.done, c)
	return ""
}

// hasCalled is whether any place of the leg called another.
func (l *Leg) hasCalled() bool {
	for i := range l.Profiles {
		if len(l.Profiles[i].Called) > 0 {
			return true
		}
	}
	return false
}

// finishOutbound fills what became of a call to a client: of legs that were called for them, and the talks with them.
func (a *analysis) finishOutbound(c *telephony.Contact, legs []*Leg, talks []talk) {
	c.AgentTalkTime = number(0)
	a.fill(c)
	var last *Leg
	for _, leg := range legs {
		if !leg.isSilent() && (last == nil || last.second("answer") == 0) {
			last = leg
		}
	}
	if last != nil {
		c.RingTime = number(int(max(0, cmp.Or(last.second("answer"), last.end())-last.start())))
	}
	if len(talks) == 0 {
		c.Status = a.statusOfLegs()
		return
	}
	c.Status = contact.Answered
	total := int64(0)
	for _, t := range talks {
		total += t.to - t.from
	}
	c.AgentTalkTime = number(int(total))
	a.setRecording(c)
}

// ringTimeOfPlaces is how long a client's telephone rang where only the agent's leg is recorded.
func (a *analysis) ringTimeOfPlaces() *int {
	for i := range a.main.Profiles {
		p := &a.main.Profiles[i]
		if until := cmp.Or(p.Bridged, p.HungUp); len(p.Called) > 0 && p.Created > 0 && until > 0 {
			return number(int(max(0, until/1_000_000-p.Created/1_000_000)))
		}
	}
	return nil
}

// clientHungUp is who ended a call whose agent was told that it is over.
func (a *analysis) clientHungUp(talks []talk) *contact.HangupParty {
	if len(talks) == 0 {
		return party(contact.HangupSystem)
	}
	switch leg := talks[len(talks)-1].leg; {
	case leg == nil:
		return nil
	case leg.Variables["sip_hangup_disposition"] == "recv_bye":
		return party(contact.HangupCustomer)
	default:
		return party(contact.HangupSystem)
	}
}

// takeMachine adds the contact of a call that the machine began: to an agent first, then to a client.
func (a *analysis) takeMachine() telephony.Reason {
	place := a.main.first()
	endpoint := cmp.Or(a.main.Variables["dialed_user"], place.Destination)
	isAgent := a.main.Variables["dialed_user"] != "" || a.isInternal(endpoint) || a.names.AgentOfNumber(endpoint) != nil
	switch {
	case !isAgent && !a.names.MachineSurvey(place.Context):
		return telephony.NoAgent
	case !isAgent:
		a.done = append(a.done, a.machineSurvey(place))
		return ""
	case a.main.second("answer") == 0:
		return telephony.AgentNotReached
	case len(a.called) == 0 && len(a.talks) == 0:
		return telephony.NoParty
	}
	c := a.source.NewContact(a.main.UUID, a.revision, contact.OutboundCall, a.main.start())
	c.Agent = a.agentAt(endpoint)
	number := place.Destination
	if len(a.talks) > 0 {
		number = a.talks[0].number
	} else if len(a.called) > 0 {
		number = a.called[len(a.called)-1].first().Destination
	}
	c.DestinationAddress = text(strings.TrimPrefix(number, a.source.StripDialled))
	c.SourceAddress = text(cmp.Or(a.main.Variables["effective_caller_id_number"], place.Caller))
	a.finishOutbound(&c, a.called, a.talks)
	switch a.main.Variables["sip_hangup_disposition"] {
	case "recv_bye":
		c.HangupParty = party(contact.HangupAgent)
	case "send_bye":
		c.HangupParty = a.clientHungUp(a.talks)
	}
	a.done = append(a.done, c)
	return ""
}

func (a *analysis) machineSurvey(place Profile) telephony.Contact {
	c := a.source.NewContact(a.main.UUID, a.revision, contact.VoiceMailingSurvey, a.main.start())
	c.SourceAddress, c.DestinationAddress = text(place.Caller), text(place.Destination)
	if c.Status = contact.Answered; a.main.second("answer") == 0 {
		c.Status = statusOfCause(a.main.Variables["hangup_cause"])
	}
	return c
}
