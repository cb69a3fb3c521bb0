package transport

import (
	"cmp"
	"time"
)

// Pace is how long streams wait.
type Pace struct {
	// Opening is how long the client of a WebSocket may take to send connection_init.
	Opening time.Duration
	// Ping is how often an open stream is tried. A WebSocket that does not answer for twice as long is closed.
	Ping time.Duration
	// Delivery is how long each part may take to be sent.
	Delivery time.Duration
}

// DefaultPace is lively enough for proxies that cut what is silent for half a minute.
var DefaultPace = Pace{Opening: 5 * time.Second, Ping: 20 * time.Second, Delivery: 10 * time.Second}

func (p Pace) orDefault() Pace {
	return Pace{
		Opening:  cmp.Or(p.Opening, DefaultPace.Opening),
		Ping:     cmp.Or(p.Ping, DefaultPace.Ping),
		Delivery: cmp.Or(p.Delivery, DefaultPace.Delivery),
	}
}
