package oracle

import (
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// workOutFacts works out what came of a contact, by the words of the specification and not by those of the product.
func (r *row) workOutFacts() {
	toUs := slices.Contains([]contact.Type{"CAMPAIGN_INBOUND_CALL", "INBOUND_CALL", "MOBILE_INBOUND_CALL", "CHAT", "MESSENGER_CHAT"}, r.Type)
	toThem := slices.Contains([]contact.Type{"OUTBOUND_CALL", "MOBILE_OUTBOUND_CALL", "SITECALL_CUSTOMER_LEG"}, r.Type)
	chat := strings.HasSuffix(string(r.Type), "CHAT")
	r.QueueTime = r.waitedInQueues()
	if !toUs && !toThem || r.Status == "CLASSIFIER" {
		return
	}
	talked := r.Status == "ANSWERED" && r.AgentID != nil
	lost, after := r.wayLost(chat)
	outcome := lost
	switch {
	case r.Status == "RINGING" || r.Status == "PENDING":
		outcome = "UNDER_WAY"
	case toThem && talked, toUs && talked && (chat || r.AgentTalkTime != nil):
		outcome = "REACHED_AGENT"
	case toThem:
		outcome = "NOT_REACHED"
	case r.Status == "FAILED":
		outcome = "LOST_BY_FAILURE"
	}
	r.Outcome = &outcome
	if strings.HasPrefix(string(outcome), "LOST_") {
		r.LostAfter = after
	}
	if outcome == "REACHED_AGENT" && r.Type == "CAMPAIGN_INBOUND_CALL" {
		r.TimeToAnswer = r.waitedForAnswer()
	}
}

// kindsMet are the kinds of the steps in their order.
func (r *row) kindsMet() (kinds []contact.StepKind) {
	for _, s := range r.steps {
		kinds = append(kinds, s.kind)
	}
	return kinds
}

// wayLost is what a contact came to that reached nobody, and the seconds to the last end of a step.
func (r *row) wayLost(chat bool) (contact.Outcome, *int) {
	var after *int
	for _, s := range r.steps {
		if s.left != nil {
			if passed := max(0, int(s.left.Sub(r.StartedAt).Seconds())); after == nil || passed > *after {
				after = &passed
			}
		}
	}
	kinds := r.kindsMet()
	for _, rule := range []struct {
		kind contact.StepKind
		is   contact.Outcome
	}{{"VOICEMAIL", "LOST_AT_VOICEMAIL"}, {"TRANSFER", "HANDED_OVER"}, {"AGENT", "LOST_WHILE_RINGING"}, {"QUEUE", "LOST_IN_QUEUE"}} {
		if slices.Contains(kinds, rule.kind) {
			return rule.is, after
		}
	}
	switch {
	case chat:
		return "LOST_IN_QUEUE", after
	case r.Type != "CAMPAIGN_INBOUND_CALL":
		return "LOST_WHILE_RINGING", after
	case r.HangupParty != nil && *r.HangupParty == "SYSTEM":
		return "SELF_SERVED", after
	}
	return "LOST_IN_IVR", after
}

func (r *row) waitedInQueues() *int {
	sum := 0
	for _, s := range r.steps {
		switch {
		case s.kind != "QUEUE":
		case s.left == nil:
			return nil
		default:
			sum += max(0, int(s.left.Sub(s.entered).Seconds()))
		}
	}
	if !slices.Contains(r.kindsMet(), "QUEUE") {
		return nil
	}
	return &sum
}

func (r *row) waitedForAnswer() *int {
	kinds := r.kindsMet()
	agent, queue := slices.Index(kinds, "AGENT"), slices.Index(kinds, "QUEUE")
	if agent < 0 {
		return r.waitedInQueues()
	}
	wanted, answered := r.steps[agent].entered, r.steps[agent].entered
	if queue >= 0 && queue < agent {
		wanted = r.steps[queue].entered
	}
	if left := r.steps[agent].left; left != nil && !slices.Contains(kinds[agent+1:], "AGENT") {
		if rang := int(left.Sub(answered).Seconds()) - *r.AgentTalkTime; rang > 0 {
			answered = answered.Add(time.Duration(rang) * time.Second)
		}
	}
	return pointer(max(0, int(answered.Sub(wanted).Seconds())))
}
