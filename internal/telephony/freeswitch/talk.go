package freeswitch

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
)

// talk is a time in which the client of a call was connected with another leg.
type talk struct {
	leg      *Leg // nil where the legs of those who were called are not recorded
	endpoint string
	number   string // that was dialled
	inside   bool   // an agent's telephone
	from, to int64
	// handedOver is whether it ended because the client was handed over, by the leg of that key.
	handedOver bool
	by         string
}

// isSilent is whether a leg says nothing of the call: another one was faster.
func (l *Leg) isSilent() bool {
	cause := l.Variables["hangup_cause"]
	return cause == "LOSE_RACE" || cause == "PICKED_OFF"
}

// findTalks finds who was connected with the client, in turn.
func (a *analysis) findTalks() {
	queue, agentLeg := a.queueTalk()
	if queue != nil {
		a.talks = append(a.talks, *queue)
	}
	for _, leg := range a.called {
		if leg == agentLeg || leg.second("answer") == 0 || leg.isSilent() {
			continue
		}
		from := cmp.Or(leg.second("bridge"), leg.second("answer"))
		t := talk{leg: leg, from: from, to: max(from, leg.end()), number: leg.first().Destination}
		t.endpoint = cmp.Or(leg.Variables["dialed_user"], t.number)
		t.inside = leg.Variables["dialed_user"] != "" || a.isInternal(t.endpoint) || a.names.AgentOfNumber(t.endpoint) != nil
		t.finish()
		a.talks = append(a.talks, t)
	}
	if len(a.called) == 0 {
		a.findTalksOfProfiles(queue)
	}
	slices.SortStableFunc(a.talks, func(x, y talk) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to), cmp.Compare(x.by, y.by))
	})
	for i := 1; i < len(a.talks); i++ {
		// A leg that was asked before the client was handed to it talked with the client from then on.
		if before := &a.talks[i-1]; before.handedOver {
			a.talks[i].from = max(a.talks[i].from, min(before.to, a.talks[i].to))
		}
	}
}

func (t *talk) finish() {
	cause := t.leg.Variables["hangup_cause"]
	t.handedOver, t.by = cause == "BLIND_TRANSFER" || cause == "ATTENDED_TRANSFER", t.leg.UUID
}

var uuids = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// queueTalk is the talk with a queue's member, and their leg if it is recorded.
func (a *analysis) queueTalk() (*talk, *Leg) {
	v := a.main.Variables
	from := a.main.second("cc_queue_answered")
	if v["cc_agent_bridged"] != "true" || from == 0 {
		return nil, nil
	}
	t := &talk{from: from, inside: true}
	t.to = max(from, cmp.Or(a.main.second("cc_queue_terminated"), a.main.end()))
	t.endpoint, _, _ = strings.Cut(v["cc_agent"], "@")
	var found *Leg
	for _, leg := range a.called {
		if leg.UUID == v["cc_agent_uuid"] || leg.Variables["cc_member_session_uuid"] == a.main.UUID && leg.second("answer") > 0 && !leg.isSilent() && found == nil {
			found = leg
		}
	}
	if found != nil {
		t.leg, t.number = found, found.first().Destination
		t.finish()
	}
	if uuids.MatchString(t.endpoint) && !a.names.KnowsAgent(t.endpoint) {
		// FusionPBX calls the members of its queues by keys that mean nothing outside of it.
		t.endpoint = cmp.Or(a.rungEndpoint(found), t.endpoint)
	}
	return t, found
}

// rungEndpoint is the telephone that a queue rang, by its leg, else by whom the main leg called.
func (a *analysis) rungEndpoint(leg *Leg) string {
	if leg != nil {
		return cmp.Or(leg.Variables["dialed_user"], leg.first().Destination)
	}
	if called := a.main.calledBy(a.main.Variables["cc_agent_uuid"]); called != nil {
		return called.Destination
	}
	return ""
}

// calledBy is whom the leg called by a key.
func (l *Leg) calledBy(uuid string) *Called {
	for i := range l.Profiles {
		for j := range l.Profiles[i].Called {
			if called := &l.Profiles[i].Called[j]; called.UUID == uuid && uuid != "" {
				return called
			}
		}
	}
	return nil
}

// findTalksOfProfiles finds talks where only the main leg is recorded: from the bridge of a place until the client left it.
func (a *analysis) findTalksOfProfiles(queue *talk) {
	for i := range a.main.Profiles {
		p := &a.main.Profiles[i]
		from := p.Bridged / 1_000_000
		if from == 0 || queue != nil && from >= queue.from-1 && from <= queue.to+1 {
			continue
		}
		to := cmp.Or(p.Transferred, p.HungUp, a.main.end()*1_000_000) / 1_000_000
		t := talk{from: from, to: max(from, to), number: p.Destination}
		if called := a.main.bridgedOf(p); called != nil {
			t.number = called.Destination
			t.inside = a.isInternal(called.Destination) || a.names.AgentOfNumber(called.Destination) != nil
		}
		t.endpoint = t.number
		a.talks = append(a.talks, t)
	}
}

// bridgedOf is whom a place was bridged with: the leg that the main one names, else the only one that was called.
func (l *Leg) bridgedOf(p *Profile) *Called {
	for i := range p.Called {
		if uuid := p.Called[i].UUID; uuid == l.Variables["bridge_uuid"] || uuid == l.Variables["last_bridge_to"] {
			return &p.Called[i]
		}
	}
	if len(p.Called) == 1 {
		return &p.Called[0]
	}
	return nil
}

// spoken is the length of the talks with agents in seconds; several agents at once count once.
func spoken(talks []talk) int {
	total, until := int64(0), int64(0)
	for _, t := range talks {
		if !t.inside {
			continue
		}
		if from := max(t.from, until); t.to > from {
			total += t.to - from
			until = t.to
		}
	}
	return int(total)
}

// longest is the longest talk with an agent, the later of two; nil if there is none.
func longest(talks []talk) *talk {
	var best *talk
	for i := range talks {
		if t := &talks[i]; t.inside && (best == nil || t.to-t.from >= best.to-best.from) {
			best = t
		}
	}
	return best
}

// statusOfCause is what became of a leg that was not answered.
func statusOfCause(cause string) contact.Status {
	switch cause {
	case "USER_BUSY", "CALL_REJECTED", "DECLINE":
		return contact.Busy
	case "NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL", "PROGRESS_TIMEOUT", "ALLOTTED_TIMEOUT", "NORMAL_CLEARING":
		return contact.NoAnswer
	default:
		return contact.Failed
	}
}

// statusOfLegs is what became of a call to telephones of which none was answered: one that rang out outweighs one that was busy.
func (a *analysis) statusOfLegs() contact.Status {
	status := contact.Status("")
	for _, leg := range a.called {
		if leg.isSilent() || leg.second("answer") > 0 {
			continue
		}
		switch one := statusOfCause(leg.Variables["hangup_cause"]); {
		case status == "", one == contact.NoAnswer, one == contact.Busy && status == contact.Failed:
			status = one
		}
	}
	if status == "" {
		status = statusOfCause(a.main.Variables["hangup_cause"])
	}
	return status
}

// wholeSeconds is a number of seconds, nil for none.
func wholeSeconds(text string) *int {
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 {
		return nil
	}
	return &value
}

// held is how long clients were put on hold by the legs, nil if none says so.
func held(legs ...*Leg) *int {
	var total *int
	for _, leg := range legs {
		if leg == nil {
			continue
		}
		if seconds := wholeSeconds(leg.Variables["hold_accum_seconds"]); seconds != nil {
			if total == nil {
				total = number(0)
			}
			*total += *seconds
		}
	}
	return total
}
