package asterisk

import (
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// takeRows adds the contacts of a root: its own, those of its transfers and of its consultations, and a survey.
func (a *analysis) takeRows(r *root, others []telephony.Line) {
	survey := a.surveyOf(r)
	segments := r.segments(r.apart(others), survey)
	main := a.mainRow(segments[0], others)
	a.done = append(a.done, main)
	source, destination := main.SourceAddress, main.DestinationAddress
	client, called := source, destination
	if r.direction != inbound {
		client, called = destination, source
	}
	for _, s := range segments[1:] {
		a.done = append(a.done, a.transferRow(s, client, main.Campaign))
	}
	for _, c := range r.consults {
		a.takeConsultation(r, c, main.Campaign)
	}
	if survey != nil {
		a.done = append(a.done, a.surveyRow(r, survey, client, called, main.Campaign))
	}
}

func (a *analysis) mainRow(s *segment, others []telephony.Line) telephony.Contact {
	if s.direction == inbound {
		return a.inboundRow(s)
	}
	return a.outboundRow(s, others)
}

// inboundRow is the contact of a client who called.
func (a *analysis) inboundRow(s *segment) telephony.Contact {
	c := a.newContact(s.first.uid, contact.InboundCall, s.first.began)
	did := a.didOf(s.root)
	c.SourceAddress, c.DestinationAddress = text(s.client.callerNumber), text(did)
	steps := a.way(s, s.client, false)
	queue, met := queueAmong(steps, s)
	if met {
		c.Type = contact.CampaignInboundCall
		c.Campaign = a.campaignBy(did, queue)
	} else if campaign := a.names.CampaignOfNumber(did); campaign != nil {
		c.Type, c.Campaign = contact.CampaignInboundCall, campaign
	}
	a.finishInbound(&c, s, steps, queue)
	a.setDetails(&c, s, steps)
	return c
}

// finishInbound fills in what all contacts of a client who called share: status, agent, queue, end and steps.
func (a *analysis) finishInbound(c *telephony.Contact, s *segment, steps []*step, queue string) {
	switch {
	case !s.over:
		c.Status = s.liveStatus()
	case c.Type == contact.CampaignInboundCall && s.client.isAnswered():
		c.Status = contact.Answered
	default:
		c.Status = s.statusByLegs()
	}
	if len(s.talks) > 0 {
		c.Agent, c.AgentTalkTime = s.agentOf(), number(s.talkTime())
	}
	if c.Type == contact.CampaignInboundCall && queue != "" {
		c.Queue = a.names.Queue(queue)
		if !a.names.KnowsQueue(queue) {
			a.note(telephony.UnknownQueue, queue)
		}
	}
	c.HangupParty = s.inboundHangup()
	if s.next != nil {
		steps = append(steps, &step{
			kind: contact.TransferStep, name: transferName(s.next), enteredAt: s.next.at, entered: s.next.second, left: s.client.ended,
		})
	}
	a.setWay(c, steps)
}

func transferName(t *transfer) string {
	if t.target == "" {
		return "transfer"
	}
	return cutText(t.target)
}

// queueAmong is the queue in which the talk began, else the last one; met is whether the client met a queue, a menu, an
// input or an announcement.
func queueAmong(steps []*step, s *segment) (queue string, met bool) {
	for _, st := range steps {
		switch st.kind {
		case contact.QueueStep:
			if met = true; queue == "" || len(s.talks) == 0 || s.talks[0].from >= st.entered {
				queue = st.queue
			}
		case contact.MenuStep, contact.InputStep, contact.AnnouncementStep:
			met = true
		}
	}
	return queue, met
}

// outboundRow is the contact that an agent called, or that a dialler called for the agent.
func (a *analysis) outboundRow(s *segment, others []telephony.Line) telephony.Contact {
	c := a.newContact(s.first.uid, contact.OutboundCall, s.first.began)
	c.SourceAddress = text(a.shownNumber(s.root))
	c.DestinationAddress = text(a.dialledNumber(s.root))
	c.Agent = s.agent.agent
	switch {
	case !s.over:
		c.Status = s.liveStatus()
	default:
		c.Status = statusByLeg(s.client)
	}
	c.AgentTalkTime = number(0)
	if c.Status == contact.Answered {
		c.AgentTalkTime = number(s.talkTime())
	}
	if talk := a.interrupted(s.root, others); talk != nil {
		c.Type, c.Campaign = contact.Consultation, talk.Campaign
		if s.client != nil {
			c.DestinationAddress = text(s.client.endpoint)
		}
		return c
	}
	c.RingTime = a.ringTime(s.root)
	c.HangupParty = s.outboundHangup(c.Status)
	if a.source.OutboundCampaign == "byCallerId" && c.SourceAddress != nil {
		c.Campaign = a.names.CampaignOfNumber(*c.SourceAddress)
	}
	if s.next != nil {
		a.setWay(&c, []*step{{
			kind: contact.TransferStep, name: transferName(s.next), enteredAt: s.next.at, entered: s.next.second, left: s.client.ended,
		}})
	}
	a.setDetails(&c, s, nil)
	return c
}

// interrupted is the talk with a client, in another call, during which an agent called a colleague; nil if there was none.
func (a *analysis) interrupted(r *root, others []telephony.Line) *telephony.Talk {
	if r.direction != outbound || r.client == nil || r.client.side != internal {
		return nil
	}
	for _, line := range others {
		if line.Endpoint != r.first.endpoint || line.Channel == r.first.uid {
			continue
		}
		for i, talk := range line.Talks {
			if talk.From <= r.first.began && r.first.began < talk.To {
				return &line.Talks[i]
			}
		}
	}
	return nil
}

// shownNumber is the number that the other side was shown; of an internal call the agent's endpoint.
func (a *analysis) shownNumber(r *root) string {
	if r.client != nil && r.client.side == internal {
		return r.agent.endpoint
	}
	if shown := a.cdr.value(r.caller.uid, "outbound_cnum"); shown != "" {
		return shown
	}
	if r.direction == byMachine && r.caller == r.client {
		return r.client.dnid
	}
	return r.caller.lastNumber
}

// dialledNumber is the number that was called.
func (a *analysis) dialledNumber(r *root) string {
	if r.direction == byMachine {
		if r.client == r.first && r.client.callerNumber != "" {
			return r.client.callerNumber
		}
		return r.client.dialled
	}
	exten := r.caller.exten
	if exten == "s" {
		exten = r.caller.dnid
	}
	return strings.TrimPrefix(exten, a.source.StripDialled)
}

// ringTime is how long the agent waited for the pick-up, nil if nobody was rung.
func (a *analysis) ringTime(r *root) *int {
	if r.client == nil {
		return nil
	}
	began, ended := never, never
	for _, leg := range append([]*channel{r.client}, r.legs...) {
		if leg == r.agent || leg.side != r.client.side {
			continue
		}
		if began == never || leg.began < began {
			began = leg.began
		}
		ended = max(ended, min(leg.ended, a.now()))
	}
	if r.client.isAnswered() {
		ended = r.client.answered
	}
	return number(int(max(0, ended-began)))
}

// isMachineSurvey is whether a machine led the client into one of its surveys.
func (a *analysis) isMachineSurvey(r *root) bool {
	for i := range a.events {
		if a.names.MachineSurvey(a.events[i].field(celContext)) {
			return r.client != nil && r.client.side == external
		}
	}
	return false
}

// takeMachineSurvey adds the survey that a machine made of a client.
func (a *analysis) takeMachineSurvey(r *root) {
	s := r.segments(nil, nil)[0]
	c := a.newContact(r.first.uid, contact.VoiceMailingSurvey, r.first.began)
	c.SourceAddress, c.DestinationAddress = text(a.shownNumber(r)), text(a.dialledNumber(r))
	if c.Status = contact.Ringing; a.over {
		c.Status = statusByLeg(r.client)
	}
	c.HangupParty = s.outboundHangup(c.Status)
	var steps []*step
	for _, ch := range []*channel{r.first, r.client, a.otherEnd(r.first)} {
		if steps = a.machineSurveySteps(ch); len(steps) > 0 {
			break
		}
	}
	a.setWay(&c, steps)
	a.done = append(a.done, c)
}

func (a *analysis) machineSurveySteps(ch *channel) []*step {
	var steps []*step
	for i := range a.events {
		e := &a.events[i]
		if ch == nil || e.uid() != ch.uid {
			continue
		}
		name := e.field(celContext)
		inside := len(steps) > 0 && steps[len(steps)-1].left == openEnd
		switch {
		case inside && (name != steps[len(steps)-1].queue || e.kind() == "HANGUP"):
			steps[len(steps)-1].left = e.second
		case !inside && e.kind() != "HANGUP" && a.names.MachineSurvey(name):
			steps = append(steps, &step{kind: contact.SurveyStep, name: cutText(name), queue: name, enteredAt: int64(i), entered: e.second, left: openEnd})
		}
	}
	return steps
}
