package asterisk

// consultation is a call of an agent during a talk with a client.
type consultation struct {
	// channel is the agent's other line, or the wire's near end where the exchange keeps the client waiting.
	channel *channel
	asker   *channel // the agent's channel that talked with the client
	// voice is the channel over which the agent speaks in it.
	voice      *channel
	partner    *channel // nil: nobody was rung
	handedOver bool
}

func (c *consultation) target() string { return c.channel.exten }

// transfer is a client handed over by an agent.
type transfer struct {
	at, second int64
	by         *channel
	target     string
	// runs is the channel that runs the dialplan for the client from then on, nil if it is the client's own.
	runs    *channel
	consult *consultation // nil: a blind one
	// partner is the first telephone rung at the target, nil if none was.
	partner *channel
	queue   string // the queue that the client was handed to, "" for none
}

// findConsultations finds what agents began between their first talk with the client and their hangup.
func (r *root) findConsultations(own []*channel) {
	seen := map[*channel]bool{}
	for _, talk := range r.talks {
		asker := talk.channel
		for _, ch := range own {
			if !seen[ch] && ch != asker && ch != r.first && ch.side == internal && ch.endpoint == asker.endpoint && ch.beganAt > talk.fromAt &&
				ch.began <= asker.ended && (asker.open() || ch.beganAt < asker.endedAt) && ch.beganAt > asker.beganAt && !r.isPickup(ch) {
				seen[ch] = true
				r.consults = append(r.consults, r.newConsultation(ch, asker, ch))
			}
		}
		for _, ch := range r.channels {
			if !seen[ch] && ch.side == wire && ch.half == '1' && ch.beganAt > talk.fromAt && (asker.open() || ch.beganAt < asker.endedAt) && r.meets(ch, asker) {
				seen[ch] = true
				r.consults = append(r.consults, r.newConsultation(ch, asker, asker))
			}
		}
	}
}

// isPickup is whether a channel without a leg of its own speaks with the client: its agent picked the call up.
func (r *root) isPickup(ch *channel) bool {
	for _, leg := range r.channels {
		if leg.isLeg() && leg.linked == ch.uid {
			return false
		}
	}
	return len(r.connected(ch, r.client, nil)) > 0
}

// meets is whether two channels were ever in one bridge.
func (r *root) meets(a, b *channel) bool {
	bridges := map[string]string{}
	for i := range r.events {
		e := &r.events[i]
		switch e.kind() {
		case "BRIDGE_ENTER":
			if id := e.extra().BridgeID; id != "" {
				bridges[e.uid()] = id
			} else if e.field(celPeer) == a.name && e.uid() == b.uid || e.field(celPeer) == b.name && e.uid() == a.uid {
				return true
			}
		case "BRIDGE_EXIT", "HANGUP":
			delete(bridges, e.uid())
		}
		if id := bridges[a.uid]; id != "" && id == bridges[b.uid] {
			return true
		}
	}
	return false
}

func (r *root) newConsultation(ch, asker, voice *channel) *consultation {
	c := &consultation{channel: ch, asker: asker, voice: voice}
	for _, leg := range r.channels {
		if leg.isLeg() && leg.started && leg.beganAt > ch.beganAt && (ch.side == wire || leg.linked == ch.uid) {
			c.partner = leg
			break
		}
	}
	return c
}

// findTransfers finds what agents who had talked with the client did with it, in order.
func (r *root) findTransfers() {
	for i := range r.events {
		e := &r.events[i]
		if e.kind() != "BLINDTRANSFER" && e.kind() != "ATTENDEDTRANSFER" {
			continue
		}
		by := r.byUID(e.uid())
		if by == nil || by.side != internal || by == r.client || !r.hasTalked(by, e.second) {
			continue
		}
		t := &transfer{at: int64(i), second: e.second, by: by}
		if e.kind() == "BLINDTRANSFER" {
			x := e.extra()
			t.target, t.runs = x.Extension, r.byUID(x.TransfereeID)
		} else if t.consult = r.consultBefore(by, int64(i)); t.consult != nil {
			t.target = t.consult.target()
			t.consult.handedOver = true
		}
		r.transfers = append(r.transfers, t)
	}
	for i, t := range r.transfers {
		r.follow(t, r.cutAfter(i))
	}
}

func (r *root) hasTalked(ch *channel, second int64) bool {
	for _, talk := range r.talks {
		if talk.channel == ch && talk.from <= second {
			return true
		}
	}
	return false
}

// consultBefore is the latest consultation of an agent before a place among the events.
func (r *root) consultBefore(by *channel, at int64) *consultation {
	var latest *consultation
	for _, c := range r.consults {
		if c.asker.endpoint == by.endpoint && c.channel.beganAt < at && !c.handedOver && (latest == nil || c.channel.beganAt > latest.channel.beganAt) {
			latest = c
		}
	}
	return latest
}

// cutAfter is the place among the events at which the next transfer follows the one of that number.
func (r *root) cutAfter(i int) int64 {
	if i+1 < len(r.transfers) {
		return r.transfers[i+1].at
	}
	return int64(len(r.events)) + 1
}

// follow finds where a transfer led, until the next one.
func (r *root) follow(t *transfer, until int64) {
	runs := t.runs
	if t.consult != nil {
		t.partner = t.consult.partner
		runs = t.consult.channel
		if runs.side == wire {
			runs = r.otherEnd(runs)
		}
	} else if legs := r.legsBetween(t.at, until); len(legs) > 0 {
		t.partner = legs[0]
	}
	if runs == nil {
		runs = r.client
	}
	for i := range r.events {
		e := &r.events[i]
		if int64(i) >= until || e.kind() != "APP_START" || e.field(celApp) != "Queue" || runs == nil || e.uid() != runs.uid {
			continue
		}
		if t.consult == nil && int64(i) < t.at {
			continue
		}
		t.queue = firstArgument(e.field(celAppData))
	}
	if t.consult != nil && t.partner != nil && t.partner.isAnswered() && t.partner.answered < t.second {
		t.queue = "" // who answered in the queue was asked before the client came
	}
	if t.queue != "" {
		t.runs = runs
	}
}

// outside is whether a transfer led out of the exchange.
func (t *transfer) outside(r *root) bool {
	if t.queue != "" {
		return false
	}
	if t.partner != nil {
		return t.partner.side == external
	}
	return t.target != "" && !r.configured.Internal(t.target, t.target)
}
