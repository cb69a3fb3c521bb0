package asterisk

import (
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Lines are the telephone lines of agents in the call.
func (a *analysis) Lines() []telephony.Line {
	if !a.complete() {
		return nil
	}
	return a.lines(a.roots, a.campaignOf)
}

// Outcome is what the call comes to.
func (a *analysis) Outcome(others []telephony.Line) telephony.Outcome {
	outcome := telephony.Outcome{Key: a.key, Open: !a.over, Unfinished: a.unfinished}
	if !a.complete() {
		outcome.Reason = telephony.StartMissing
		return outcome
	}
	a.done, a.unknown = nil, nil
	reason := telephony.NoParty
	for i, r := range a.roots {
		why := a.take(r, others)
		if i == 0 && why != "" {
			reason = why
		}
	}
	a.source.JoinConversation(a.done, a.key)
	outcome.Contacts = a.done
	if len(a.done) == 0 && a.over {
		outcome.Reason = reason
	}
	a.noteUnknown()
	outcome.Unknown = a.unknown
	return outcome
}

// take adds the contacts of a root, or says why it has none.
func (a *analysis) take(r *root, others []telephony.Line) telephony.Reason {
	switch r.direction {
	case inbound:
		a.takeRows(r, others)
	case outbound:
		return a.takeOutbound(r, others)
	default:
		return a.takeMachine(r, others)
	}
	return ""
}

func (a *analysis) takeOutbound(r *root, others []telephony.Line) telephony.Reason {
	if r.client != nil {
		a.takeRows(r, others)
		return ""
	}
	exten := r.first.exten
	switch {
	case !a.over:
		return ""
	case strings.HasPrefix(exten, "*"), len(exten) <= 6:
		return telephony.FeatureCode
	case a.joined(r):
		return telephony.NoParty
	}
	a.takeRows(r, others)
	return ""
}

// joined is whether the root's first channel spoke with the client of another root: it is part of that one.
func (a *analysis) joined(r *root) bool {
	for _, other := range a.roots {
		for _, talk := range other.talks {
			if other != r && talk.channel == r.first {
				return true
			}
		}
	}
	return false
}

func (a *analysis) takeMachine(r *root, others []telephony.Line) telephony.Reason {
	switch {
	case r.agent == nil && r.client == nil:
		if a.over {
			return telephony.NoAgent
		}
		return ""
	case r.agent == nil && a.isMachineSurvey(r):
		a.takeMachineSurvey(r)
		return ""
	case r.agent == nil:
		return telephony.NoAgent
	case !r.agent.isAnswered():
		return telephony.AgentNotReached
	case r.client == nil:
		return telephony.NoParty
	}
	a.takeRows(r, others)
	return ""
}

// noteUnknown notes whom the configuration does not name.
func (a *analysis) noteUnknown() {
	for _, ch := range a.channels {
		switch {
		case ch.side == external && !a.names.Trunk(ch.endpoint, ch.device):
			a.note(telephony.UnknownEndpoint, ch.endpoint)
		case ch.side == internal && ch.agent != nil && ch.agent.ExternalID == ch.endpoint && !a.names.KnowsAgent(ch.endpoint):
			a.note(telephony.UnknownAgent, ch.endpoint)
		}
	}
}
