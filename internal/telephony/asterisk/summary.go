package asterisk

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// summary is a call of which only CDR rows, rows of queue_log, or both are there.
type summary struct {
	base
	story    queueStory
	main     cdrRows // those of the channel that began the call
	outcome  telephony.Outcome
	finished []*step
}

func newSummary(b base, now time.Time) *summary {
	s := &summary{base: b, story: newQueueStory(b.call.Rows)}
	for _, row := range s.cdr {
		if id := row.callID(); s.key == "" || lessID(id, s.key) {
			s.key = id
		}
	}
	for i := range b.call.Rows {
		if row := &b.call.Rows[i]; s.key == "" && row.Kind == telephony.QueueLog {
			s.key = row.Channel
		}
	}
	for _, row := range s.cdr {
		if row.field("uniqueid") == s.key {
			s.main = append(s.main, row)
		}
	}
	s.outcome.Key = s.key
	s.outcome.Reason = s.read()
	s.source.JoinConversation(s.outcome.Contacts, s.key)
	s.finish(now)
	s.outcome.Unknown = s.unknown
	return s
}

// Lines are none: rows of this kind do not say what an agent did meanwhile.
func (s *summary) Lines() []telephony.Line { return nil }

// Outcome is what the call comes to.
func (s *summary) Outcome([]telephony.Line) telephony.Outcome { return s.outcome }

// finish counts a call whose queue has not ended as open, until nothing is heard of it for too long.
func (s *summary) finish(now time.Time) {
	if len(s.cdr) > 0 || len(s.outcome.Contacts) == 0 {
		return // a CDR row is written when its call is over
	}
	pass := s.story.passes[len(s.story.passes)-1]
	if pass.end != "" {
		return
	}
	if now.Sub(s.call.Last()) >= time.Duration(s.source.UnfinishedAfter) {
		s.outcome.Unfinished = true
		return
	}
	s.outcome.Open = true
	if c := &s.outcome.Contacts[0]; c.Agent == nil {
		c.Status = contact.Ringing
	}
}

func (s *summary) read() telephony.Reason {
	if len(s.cdr) == 0 {
		return s.readQueueLog()
	}
	if len(s.main) == 0 {
		return telephony.StartMissing
	}
	name := s.main[0].field("channel")
	device, endpoint := device(name)
	switch {
	case strings.HasPrefix(name, "Local/"):
		return s.readMachine()
	case isMachinery(name):
		return telephony.NotACall
	case s.names.Internal(endpoint, device):
		return s.readOutbound(endpoint)
	default:
		s.readInbound()
		return ""
	}
}

func (s *summary) began() int64 {
	began := s.cdr[0].second("start")
	for _, row := range s.cdr {
		began = min(began, row.second("start"))
	}
	return began
}

// readQueueLog reads a call of which queue_log is all there is.
func (s *summary) readQueueLog() telephony.Reason {
	if len(s.story.passes) == 0 {
		return telephony.StartMissing
	}
	began, ok := EpochOf(s.key)
	if !ok {
		began = s.story.passes[0].entered
	}
	c := s.newContact(s.key, contact.CampaignInboundCall, began)
	c.SourceAddress, c.DestinationAddress = text(s.story.passes[0].caller), text(s.story.did)
	c.Status = contact.Answered
	s.fillQueue(&c, never)
	s.outcome.Contacts = append(s.outcome.Contacts, c)
	return ""
}

func (s *summary) readInbound() {
	c := s.newContact(s.key, contact.InboundCall, s.began())
	did, queue, answer := s.did(), s.queue(), s.answer()
	c.SourceAddress, c.DestinationAddress = text(s.main[0].field("src")), text(did)
	var ended *telephony.Step
	for _, row := range s.main {
		if step := s.names.Step(row.field("dcontext")); step != nil {
			ended = step
		}
	}
	if queue != "" || s.names.CampaignOfNumber(did) != nil || ended != nil && isCampaignStep(ended.Kind) {
		c.Type = contact.CampaignInboundCall
		c.Campaign = s.campaignBy(did, queue)
	}
	switch {
	case answer != never:
		c.Status = contact.Answered
	default:
		c.Status = statusByDisposition(s.main)
	}
	if len(s.story.passes) > 0 {
		s.fillQueue(&c, answer)
	} else {
		s.fillTalk(&c)
		if queue != "" {
			c.Queue = s.names.Queue(queue)
		}
		if ended != nil && c.Agent == nil {
			s.addStep(&c, ended.Kind, ended.Name, answer, s.main[len(s.main)-1].second("end"), "")
		}
	}
	s.finishRow(&c)
}

// did is the number that the client called, as far as rows of this kind tell it.
func (s *summary) did() string {
	if did := s.cdr.first("did"); did != "" {
		return did
	}
	if s.story.did != "" {
		return s.story.did
	}
	if dst := s.main[0].field("dst"); s.names.CampaignOfNumber(dst) != nil || len(dst) > 6 && !strings.HasPrefix(dst, "s-") {
		return dst
	}
	return ""
}

func (s *summary) queue() string {
	if len(s.story.passes) > 0 {
		return s.story.passes[len(s.story.passes)-1].queue
	}
	for _, row := range s.main {
		if row.field("lastapp") == "Queue" {
			return firstArgument(row.field("lastdata"))
		}
	}
	return ""
}

// answer is when the exchange answered the client, never if it did not.
func (s *summary) answer() int64 {
	first := never
	for _, row := range s.main {
		if at := row.second("answer"); at != never && (first == never || at < first) {
			first = at
		}
	}
	return first
}

// fillTalk finds the agent by the rows whose far end is a telephone that answered. Rows are never added up, and of two
// agents nobody can say how long each talked.
func (s *summary) fillTalk(c *telephony.Contact) {
	var first cdrRow
	agents := map[string]bool{}
	for _, row := range s.cdr {
		device, endpoint := device(row.field("dstchannel"))
		if endpoint == "" || strings.HasPrefix(device, "Local/") || !row.answered() || !s.names.Internal(endpoint, device) || row.second("billsec") <= 0 {
			continue
		}
		agents[endpoint] = true
		if first == nil || row.second("answer") < first.second("answer") {
			first = row
		}
	}
	if first == nil {
		return
	}
	_, endpoint := device(first.field("dstchannel"))
	c.Agent = s.names.Agent(endpoint, "")
	ofMain := first.field("uniqueid") == s.key
	if len(agents) == 1 && (!ofMain || first.field("lastapp") == "Dial" && first.second("answer") > first.second("start")) {
		c.AgentTalkTime = number(int(first.second("billsec")))
	}
}

// fillQueue fills what queue_log knows: queue, agent, talk, who hung up, and the way.
func (s *summary) fillQueue(c *telephony.Contact, answer int64) {
	passes := s.story.passes
	if answer != never && passes[0].entered >= answer {
		s.addStep(c, contact.OtherStep, "IVR", answer, passes[0].entered, "")
	}
	last := passes[len(passes)-1]
	chosen, most, talked := last, -1, 0
	for _, pass := range passes {
		s.addStep(c, contact.QueueStep, s.names.Queue(pass.queue).Name, pass.entered, pass.left, pass.key)
		if pass.connected == never {
			continue
		}
		agent := s.memberAgent(pass)
		s.addStep(c, contact.AgentStep, agent.Name, pass.connected, pass.ended, "")
		if pass.talked >= most {
			chosen, most = pass, pass.talked
			c.Agent = agent
		}
		talked += pass.talked
		if s.story.interrupted(pass) {
			talked = -1 << 40
		}
	}
	if c.Agent != nil && talked >= 0 {
		c.AgentTalkTime = number(talked)
	}
	c.Queue = s.names.Queue(chosen.queue)
	if c.Campaign == nil {
		c.Campaign = s.campaignBy(s.did0(), chosen.queue)
	}
	switch last.end {
	case "COMPLETECALLER", "ABANDON":
		c.HangupParty = party(contact.HangupCustomer)
	case "COMPLETEAGENT", "TRANSFER":
		c.HangupParty = party(contact.HangupAgent)
	}
}

// did0 is the number called where there may be no CDR row.
func (s *summary) did0() string {
	if len(s.main) == 0 {
		return s.story.did
	}
	return s.did()
}

func (s *summary) addStep(c *telephony.Contact, kind contact.StepKind, name string, from, to int64, choice string) {
	if from == never {
		return
	}
	s.finished = append(s.finished, &step{kind: kind, name: cutText(name), entered: from, left: max(from, to), enteredAt: int64(len(s.finished)), choice: choice})
	c.IVRSteps, c.IVRTime = nil, nil
	s.setSteps(c, s.finished, s.call.Last().Unix(), len(s.cdr) > 0)
}

func (s *summary) finishRow(c *telephony.Contact) {
	if file := s.cdr.first("recordingfile"); file != "" && s.source.Recordings != "" && c.Agent != nil && c.Status == contact.Answered {
		c.Details = telephony.Recording(recordingPath(s.source.Recordings, file, c.StartedAt), nil)
	}
	for _, field := range []string{"classifier", "ticketId", "record"} {
		s.fill(c, field, "")
	}
	s.outcome.Contacts = append(s.outcome.Contacts, *c)
}
