package asterisk

import (
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// trace is the events of one call, read: its channels, and who was connected with whom.
type trace struct {
	configured *telephony.Names
	events     []event
	*connections
	// last is the latest second, over whether all channels have hung up or nothing more is heard of them.
	last       int64
	over       bool
	unfinished bool
}

// newTrace reads events, which are sorted. A call without a row for so long is taken as over.
func newTrace(names *telephony.Names, events []event, now time.Time, unfinishedAfter time.Duration) *trace {
	t := &trace{configured: names, events: events, connections: newConnections(8), over: true}
	for i := range events {
		e := &events[i]
		t.last = max(t.last, e.second)
		place, found := t.places[e.uid()]
		if !found {
			if e.kind() == "LINKEDID_END" || e.uid() == "" {
				continue
			}
			place = t.add(newChannel(names, e, i))
		}
		t.channels[place].take(e, i)
		t.take(e, i, place)
	}
	for _, ch := range t.channels {
		t.over = t.over && !ch.open()
		t.identify(ch)
	}
	if !t.over && now.Unix()-t.last >= int64(unfinishedAfter/time.Second) {
		t.over, t.unfinished = true, true
		t.close()
	}
	return t
}

// identify says who works at a channel. A leg to an agent's outside number is the agent's telephone.
func (t *trace) identify(ch *channel) {
	if ch.side == external && !ch.own {
		if agent := t.configured.AgentOfNumber(ch.dialled); agent != nil {
			ch.side, ch.agent = internal, agent
			return
		}
	}
	if ch.side == internal {
		ch.agent = t.configured.Agent(ch.endpoint, ch.callerName)
	}
}

// close ends what is open at the last row.
func (t *trace) close() {
	at := int64(len(t.events))
	for place, ch := range t.channels {
		if ch.open() {
			ch.end(t.last, int(at))
		}
		t.bridges[place] = ""
	}
	t.remember(t.last, at)
}

// now is the second until which what still runs is counted.
func (t *trace) now() int64 { return t.last }

// leastID is the least id by which the call's channels are linked.
func (t *trace) leastID() string {
	key := ""
	for i := range t.events {
		if linked := t.events[i].field(celLinkedID); linked != "" && (key == "" || lessID(linked, key)) {
			key = linked
		}
	}
	return key
}

// complete is whether the beginnings of all that the call is linked by are there.
func (t *trace) complete() bool {
	for i := range t.events {
		place, found := t.places[t.events[i].field(celLinkedID)]
		if !found || !t.channels[place].started {
			return false
		}
	}
	return true
}

// lessID compares unique ids by the number before their dot, then behind it. A system's name in front is passed over.
func lessID(a, b string) bool {
	beforeA, behindA := splitID(a)
	beforeB, behindB := splitID(b)
	if order := compareNumbers(beforeA, beforeB); order != 0 {
		return order < 0
	}
	if order := compareNumbers(behindA, behindB); order != 0 {
		return order < 0
	}
	return a < b
}

func splitID(id string) (before, behind string) {
	if dash := strings.LastIndexByte(id, '-'); dash >= 0 {
		id = id[dash+1:]
	}
	before, behind, _ = strings.Cut(id, ".")
	return before, behind
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// EpochOf is the second with which a unique id begins, false if it begins otherwise.
func EpochOf(id string) (int64, bool) {
	before, _ := splitID(id)
	if len(before) < 9 || len(before) > 11 {
		return 0, false
	}
	second := int64(0)
	for _, digit := range before {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		second = second*10 + int64(digit-'0')
	}
	return second, true
}

// legsBetween are the telephones that the machine dialled from one place among the events to another.
func (t *trace) legsBetween(from, to int64) []*channel {
	var legs []*channel
	for _, ch := range t.channels {
		if ch.isLeg() && ch.started && ch.beganAt >= from && ch.beganAt < to {
			legs = append(legs, ch)
		}
	}
	return legs
}

// byUID is the channel of a unique id, nil if there is none.
func (t *trace) byUID(uid string) *channel {
	if place, found := t.places[uid]; found {
		return t.channels[place]
	}
	return nil
}

// otherEnd is the other end of a wire, nil if it was not seen.
func (t *trace) otherEnd(ch *channel) *channel {
	for _, other := range t.channels {
		if other != ch && other.side == wire && other.base == ch.base {
			return other
		}
	}
	return nil
}
