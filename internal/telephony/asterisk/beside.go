package asterisk

import (
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// transferRow is the contact that a transfer made: with a colleague, in a queue, or outside.
func (a *analysis) transferRow(s *segment, client *string, campaign *telephony.Reference) telephony.Contact {
	t := s.transfer
	if t.outside(s.root) {
		return a.externalTransferRow(s, campaign)
	}
	c := a.newContact(s.first.uid+"/t"+t.by.uid, contact.InboundCall, t.second)
	c.SourceAddress, c.DestinationAddress = client, text(t.target)
	var steps []*step
	switch {
	case t.queue != "":
		c.Type, c.Campaign = contact.CampaignInboundCall, campaign
		if named := a.names.CampaignOfQueue(t.queue); named != nil {
			c.Campaign = named
		}
		from := s.fromAt
		if t.consult != nil {
			s.fromAt = t.consult.channel.beganAt // the queue was entered before the client was handed to it
		}
		steps = a.way(s, t.runs, false)
		s.fromAt = from
	case t.consult != nil:
		steps = a.way(s, nil, false)
	default:
		runs := t.runs
		if runs == nil {
			runs = s.client
		}
		steps = a.way(s, runs, false)
	}
	a.finishInbound(&c, s, steps, t.queue)
	return c
}

// externalTransferRow is a client handed over to an outside number. An attended one begins with the consultation.
func (a *analysis) externalTransferRow(s *segment, campaign *telephony.Reference) telephony.Contact {
	t := s.transfer
	key, began, spoken := s.first.uid+"/t"+t.by.uid, t.second, 0
	if t.consult != nil {
		key, began = t.consult.channel.uid, t.consult.channel.began
		if t.partner != nil {
			spoken = seconds(a.connected(t.consult.voice, t.partner, s.client), a.now())
		}
	}
	c := a.newContact(key, contact.ExternalTransfer, began)
	c.SourceAddress, c.DestinationAddress = text(t.by.endpoint), text(t.target)
	c.Campaign, c.Agent, c.AgentTalkTime = campaign, t.by.agent, number(spoken)
	c.Status = a.statusOf(t.partner)
	if t.partner == nil {
		return c
	}
	spans := a.connected(t.partner, s.client, nil)
	if len(spans) > 0 {
		a.setWay(&c, []*step{{
			kind: contact.TransferStep, name: a.nameOfLeg(t.partner, t.target), entered: spans[0].from, left: spans[len(spans)-1].to,
		}})
	}
	return c
}

// statusOf is what became, or becomes, of the telephone that was dialled.
func (a *analysis) statusOf(leg *channel) contact.Status {
	if !a.over && (leg == nil || !leg.isAnswered() && leg.open()) {
		return contact.Ringing
	}
	return statusByLeg(leg)
}

// takeConsultation adds what an agent asked a colleague, or an outside number that the client was not handed to.
func (a *analysis) takeConsultation(r *root, c *consultation, campaign *telephony.Reference) {
	outside := c.partner != nil && c.partner.side == external ||
		c.partner == nil && !a.names.Internal(c.target(), c.target()) && !strings.HasPrefix(c.target(), "*")
	if outside && c.handedOver {
		return
	}
	if c.partner == nil && (c.channel.side != wire && len(c.target()) <= 6 || strings.HasPrefix(c.target(), "*") || !a.over) {
		return // a code, or nobody was rung yet
	}
	kind := contact.Consultation
	if outside {
		kind = contact.OutboundCall
	}
	row := a.newContact(c.channel.uid, kind, c.channel.began)
	row.Agent, row.SourceAddress, row.DestinationAddress = c.asker.agent, text(c.asker.endpoint), text(c.target())
	row.Status = a.statusOf(c.partner)
	spoken := 0
	if c.partner != nil {
		spoken = seconds(a.connected(c.voice, c.partner, r.client), a.now())
	}
	row.AgentTalkTime = number(spoken)
	if kind == contact.Consultation {
		row.Campaign = campaign
		if c.partner != nil && c.partner.side == internal && !c.partner.agentElsewhere() {
			row.DestinationAddress = text(c.partner.endpoint)
		}
	} else {
		a.fillOutside(&row, r, c)
	}
	a.done = append(a.done, row)
}

// agentElsewhere is whether the telephone of an agent is an outside one.
func (c *channel) agentElsewhere() bool {
	return c.agent != nil && c.agent.ExternalID != c.endpoint && c.dialled != "" && len(c.dialled) > 6
}

// fillOutside fills what an agent's call to the outside has beyond a consultation.
func (a *analysis) fillOutside(row *telephony.Contact, r *root, c *consultation) {
	caller := c.channel
	if end := a.otherEnd(c.channel); caller.side == wire && end != nil {
		caller = end
	}
	call := &root{trace: r.trace, direction: outbound, first: c.channel, client: c.partner, caller: caller, agent: c.asker}
	if c.partner != nil {
		call.legs = []*channel{c.partner}
	}
	row.SourceAddress = text(a.shownNumber(call))
	row.DestinationAddress = text(strings.TrimPrefix(c.target(), a.source.StripDialled))
	row.RingTime = a.ringTime(call)
	row.HangupParty = (&segment{root: call}).outboundHangup(row.Status)
	if a.source.OutboundCampaign == "byCallerId" && row.SourceAddress != nil {
		row.Campaign = a.names.CampaignOfNumber(*row.SourceAddress)
	}
}

// surveyOf is where the client entered a survey after an agent had left, nil if they did not.
func (a *analysis) surveyOf(r *root) *cut {
	if len(a.source.Surveys) == 0 || len(r.talks) == 0 || r.client == nil {
		return nil
	}
	ways := map[string]*channel{r.client.uid: r.client}
	for _, t := range r.transfers {
		if t.runs != nil {
			ways[t.runs.uid] = t.runs
		}
	}
	left := int64(-1)
	for _, talk := range r.talks {
		if talk.to != openEnd && (left < 0 || talk.to < left) {
			left = talk.to
		}
	}
	for i := range a.events {
		e := &a.events[i]
		ch := ways[e.uid()]
		if ch != nil && left >= 0 && e.second >= left && int64(i) > r.talks[0].fromAt && e.kind() != "HANGUP" && a.names.Survey(e.field(celContext)) {
			return &cut{at: int64(i), second: e.second, channel: ch}
		}
	}
	return nil
}

// surveyRow is the survey after a call.
func (a *analysis) surveyRow(r *root, survey *cut, client, called *string, campaign *telephony.Reference) telephony.Contact {
	s := &segment{root: r, from: survey.second, fromAt: survey.at, toAt: int64(len(a.events)) + 1}
	c := a.newContact(r.first.uid+"/s", contact.PostCallSurvey, survey.second)
	c.SourceAddress, c.DestinationAddress, c.Campaign = called, client, campaign
	if c.Status = contact.Ringing; a.over {
		c.Status = contact.Answered
	}
	c.HangupParty = s.inboundHangup()
	a.setWay(&c, a.way(s, survey.channel, true))
	return c
}
