package asterisk

import (
	"cmp"
	"slices"

	"github.com/kontakty/kontakty/internal/telephony"
)

// direction is how a root began.
type direction int

const (
	inbound direction = iota
	outbound
	byMachine
)

// root is what began by itself: a client who called, an agent who dialled, or a machine that did. It is one contact, and
// those that come of it.
type root struct {
	*trace
	direction direction
	first     *channel // what began
	client    *channel // nil: there is none yet
	caller    *channel // runs the dialplan for the client's leg; outbound and byMachine
	agent     *channel // who called, or whom the machine called first; nil if there is none
	legs      []*channel
	talks     []talk
	transfers []*transfer
	consults  []*consultation
}

// talk is a time in which an agent and the client were connected.
type talk struct {
	span
	channel *channel
}

// roots finds what began by itself, in the order of the beginnings, and the channels that did. A consultation is no root: it
// belongs to the one during whose talk it began.
func (t *trace) roots() (roots []*root, own []*channel) {
	taken := map[*channel]bool{}
	for _, ch := range t.channels {
		if ch.own && ch.started {
			own = append(own, ch)
		}
	}
	alone := len(own) == 1
	for _, ch := range own {
		if taken[ch] || ch.side == machinery {
			continue
		}
		r := t.newRoot(ch, alone)
		if r == nil {
			continue
		}
		r.findTalks()
		r.findConsultations(own)
		r.findTransfers()
		for _, consult := range r.consults {
			taken[consult.channel] = true
		}
		roots = append(roots, r)
	}
	return roots, own
}

func (t *trace) newRoot(ch *channel, alone bool) *root {
	r := &root{trace: t, first: ch}
	for _, leg := range t.legsBetween(0, int64(len(t.events))+1) {
		if alone || leg.linked == ch.uid {
			r.legs = append(r.legs, leg)
		}
	}
	switch {
	case ch.side == wire && ch.half == '2':
		return nil
	case ch.side == wire, ch.byMachine:
		r.direction, r.caller = byMachine, ch
		r.findMachineParties()
	case ch.side == external:
		r.direction, r.client = inbound, ch
	default:
		r.direction, r.caller, r.agent = outbound, ch, ch
		r.client = clientAmong(r.legs, nil)
	}
	return r
}

// findMachineParties finds the agent whom a machine rang first and the client whom it rang.
func (r *root) findMachineParties() {
	parties := r.legs
	if r.first.side == internal || r.first.side == external {
		parties = append([]*channel{r.first}, parties...)
	}
	for _, ch := range parties {
		if ch.side == internal {
			r.agent = ch
			break
		}
	}
	if r.first.side == external {
		r.client = r.first
		return
	}
	r.client = clientAmong(parties, r.agent)
}

// clientAmong is the outside leg that answered, else the last outside leg, else an inside one, chosen alike.
func clientAmong(legs []*channel, agent *channel) *channel {
	for _, wanted := range []side{external, internal} {
		var last *channel
		for _, leg := range legs {
			if leg.side != wanted || leg == agent {
				continue
			}
			if leg.isAnswered() {
				return leg
			}
			last = leg
		}
		if last != nil {
			return last
		}
	}
	return nil
}

// findTalks finds when agents were connected with the client, raw: what they did on other lines is not taken out yet.
func (r *root) findTalks() {
	if r.client == nil {
		return
	}
	for _, ch := range r.channels {
		if ch.side != internal || ch == r.client {
			continue
		}
		for _, s := range r.connected(ch, r.client, nil) {
			r.talks = append(r.talks, talk{span: s, channel: ch})
		}
	}
	sortTalks(r.talks)
}

// sortTalks orders talks by their beginnings; those that began at once stay as they are.
func sortTalks(talks []talk) {
	slices.SortStableFunc(talks, func(a, b talk) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.fromAt, b.fromAt))
	})
}

// lines are the telephone lines of agents in the call, with their talks as they were before other lines are taken out.
func (t *trace) lines(roots []*root, campaign func(*root) *telephony.Reference) []telephony.Line {
	var lines []telephony.Line
	for _, ch := range t.channels {
		if ch.side != internal || !ch.started {
			continue
		}
		line := telephony.Line{Endpoint: ch.endpoint, Channel: ch.uid, Began: ch.began, Ended: ch.ended, Own: ch.own}
		for _, r := range roots {
			if r.client == nil || r.client.side == internal {
				continue
			}
			for _, talk := range r.talks {
				if talk.channel == ch {
					line.Talks = append(line.Talks, telephony.Talk{From: talk.from, To: talk.to, Campaign: campaign(r)})
				}
			}
		}
		if line.Own || len(line.Talks) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// apart takes out of talks what their agents spent on another line that they began later, here or in other calls.
func (r *root) apart(others []telephony.Line) []talk {
	var left []talk
	for _, talk := range r.talks {
		var away []span
		for _, ch := range r.channels {
			if ch.own && ch != talk.channel && ch.endpoint == talk.channel.endpoint && ch.side == internal && ch.beganAt > talk.channel.beganAt {
				away = append(away, span{from: ch.began, to: ch.ended})
			}
		}
		for _, line := range others {
			if line.Own && line.Endpoint == talk.channel.endpoint && line.Channel != talk.channel.uid && line.Began >= talk.channel.began {
				away = append(away, span{from: line.Began, to: line.Ended})
			}
		}
		for _, part := range talk.less(away) {
			left = append(left, talkOf(part, talk.channel))
		}
	}
	sortTalks(left)
	return left
}

func talkOf(s span, ch *channel) talk { return talk{span: s, channel: ch} }
