package asterisk

import (
	"strings"
)

// moment is who was connected with whom from one place among the events until the next moment.
type moment struct {
	at     int64
	second int64
	// components are, for each channel by its place, the number of those that it was connected with; 0: with nobody.
	components []uint16
}

// span is a time in which something held, in seconds; to is openEnd if it still holds.
type span struct {
	from, to     int64
	fromAt, toAt int64
}

// connections keeps who is connected with whom while the events of a call are read.
type connections struct {
	channels []*channel
	places   map[string]int
	byName   map[string]int
	bridges  []string // of each channel by its place, "" for none
	moments  []moment
}

func newConnections(count int) *connections {
	return &connections{places: make(map[string]int, count), byName: make(map[string]int, count)}
}

func (c *connections) add(ch *channel) int {
	place := len(c.channels)
	c.channels = append(c.channels, ch)
	c.places[ch.uid] = place
	if _, found := c.byName[ch.name]; !found {
		c.byName[ch.name] = place
	}
	c.bridges = append(c.bridges, "")
	return place
}

// take reads an event that may connect or part channels. The channel's own part of it was read before.
func (c *connections) take(e *event, at, place int) {
	ch := c.channels[place]
	switch e.kind() {
	case "BRIDGE_ENTER":
		c.bridges[place] = c.bridgeOf(e, place)
	case "BRIDGE_EXIT":
		c.bridges[place] = ""
	case "HANGUP", "CHAN_END":
		if c.bridges[place] == "" && ch.side != wire {
			return
		}
		c.bridges[place] = ""
	case "CHAN_START":
		if ch.side != wire {
			return
		}
	default:
		return
	}
	c.remember(e.second, int64(at))
}

// bridgeOf is the bridge that a channel enters. Without an id the partner whom the row names tells it.
func (c *connections) bridgeOf(e *event, place int) string {
	x := e.extra()
	if x.BridgeTechnology == "holding_bridge" {
		return ""
	}
	if x.BridgeID != "" {
		return x.BridgeID
	}
	for _, name := range strings.Split(e.field(celPeer), ",") {
		if partner, found := c.byName[name]; found && name != "" && c.bridges[partner] != "" {
			return c.bridges[partner]
		}
	}
	return "with " + c.channels[place].uid
}

// remember works out who is connected now. Wires join what their two ends are in while both live.
func (c *connections) remember(second, at int64) {
	components := make([]uint16, len(c.channels))
	parents := make([]int, len(c.channels))
	for i := range parents {
		parents[i] = i
	}
	find := func(i int) int {
		for parents[i] != i {
			i = parents[i]
		}
		return i
	}
	bridged := map[string]int{}
	wires := map[string]int{}
	for i, ch := range c.channels {
		if id := c.bridges[i]; id != "" {
			if other, found := bridged[id]; found {
				parents[find(i)] = find(other)
			} else {
				bridged[id] = i
			}
		}
		if ch.side == wire && ch.half != 0 && ch.open() {
			if other, found := wires[ch.base]; found {
				parents[find(i)] = find(other)
			} else {
				wires[ch.base] = i
			}
		}
	}
	sizes := make([]uint16, len(c.channels))
	for i := range c.channels {
		sizes[find(i)]++
	}
	for i := range c.channels {
		if root := find(i); sizes[root] > 1 {
			components[i] = uint16(root) + 1
		}
	}
	c.moments = append(c.moments, moment{at: at, second: second, components: components})
}

// connected are the spans in which two channels were connected, and a third one, unless it is nil, was not with them.
// Spans that meet are one.
func (c *connections) connected(a, b, without *channel) []span {
	placeA, placeB, placeOf := c.places[a.uid], c.places[b.uid], -1
	if without != nil {
		placeOf = c.places[without.uid]
	}
	var spans []span
	holds := false
	for i := range c.moments {
		m := &c.moments[i]
		component := m.of(placeA)
		now := component != 0 && component == m.of(placeB) && (placeOf < 0 || m.of(placeOf) != component)
		switch {
		case now && !holds:
			if last := len(spans) - 1; last >= 0 && spans[last].to == m.second {
				spans[last].to, spans[last].toAt = openEnd, 0
			} else {
				spans = append(spans, span{from: m.second, to: openEnd, fromAt: m.at})
			}
		case !now && holds:
			last := &spans[len(spans)-1]
			last.to, last.toAt = max(m.second, last.from), m.at
		}
		holds = now
	}
	return spans
}

// of is the component of a channel, 0 if it was not there yet.
func (m *moment) of(place int) uint16 {
	if place >= len(m.components) {
		return 0
	}
	return m.components[place]
}

// seconds is how long spans are together, counted once where they overlap; what is open lasts until now.
func seconds(spans []span, now int64) int {
	total, until := int64(0), int64(-1<<62)
	for _, s := range sortedSpans(spans) {
		to := min(s.to, now)
		from := max(s.from, until)
		if to > from {
			total += to - from
		}
		until = max(until, to)
	}
	return int(total)
}

func sortedSpans(spans []span) []span {
	sorted := append([]span(nil), spans...)
	for i := 1; i < len(sorted); i++ {
		for j := i; j > 0 && sorted[j].from < sorted[j-1].from; j-- {
			sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
		}
	}
	return sorted
}

// less takes other spans out of one.
func (s span) less(others []span) []span {
	left := []span{s}
	for _, other := range others {
		var next []span
		for _, part := range left {
			if other.to <= part.from || other.from >= part.to && part.to != part.from {
				next = append(next, part)
				continue
			}
			if part.from < other.from {
				next = append(next, span{from: part.from, to: other.from, fromAt: part.fromAt, toAt: part.toAt})
			}
			if other.to < part.to {
				next = append(next, span{from: other.to, to: part.to, fromAt: part.fromAt, toAt: part.toAt})
			}
		}
		left = next
	}
	return left
}
