package asterisk

import (
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
)

// side is what a channel's other end is.
type side int

const (
	// wire is one end of a Local channel.
	wire side = iota
	internal
	external
	// machinery plays, records or announces, and is nobody's telephone.
	machinery
)

// channel is what the rows of a call say of one channel.
type channel struct {
	uid, name, endpoint, device string
	side                        side
	// pair is the other end of a wire, "" before it is seen.
	base string
	half byte // '1' or '2' of a wire

	began, beganAt int64 // second, and place among the events
	started        bool  // a CHAN_START was seen
	own            bool  // it began by itself
	byMachine      bool
	linked         string // at its start

	callerName, callerNumber, exten, context, dnid string // at its start

	lastNumber string // the latest caller number
	dialled    string // its extension once that says a number, else its caller number, after the start
	answered   int64  // second of ANSWER, never if there was none
	ended      int64  // second of HANGUP, openEnd if there was none
	endedAt    int64
	cause      int // -1: not known
	source     string

	agent *telephony.Reference // who works at it
}

// never is the second of what did not happen.
const never = int64(-1)

const openEnd = telephony.OpenEnd

func (c *channel) open() bool       { return c.ended == openEnd }
func (c *channel) isAnswered() bool { return c.answered != never }

// device splits the name of a channel, such as PJSIP/201-0000000c, into PJSIP/201 and 201.
func device(name string) (device, endpoint string) {
	device = name
	if dash := strings.LastIndexByte(name, '-'); dash > 0 {
		device = name[:dash]
	}
	if slash := strings.IndexByte(device, '/'); slash >= 0 {
		return device, device[slash+1:]
	}
	return device, device
}

// Endpoint is the device at the end of a channel of that name: 201 of PJSIP/201-0000000c.
func Endpoint(channel string) string {
	_, endpoint := device(channel)
	return endpoint
}

// technologies whose channels are nobody's telephone.
var machines = []string{
	"Announcer/", "AsyncGoto/", "Bridge/", "CBAnn/", "CBRec/", "Console/", "Message/", "MulticastRTP/", "OutgoingSpoolFailed/", "Parked/", "Recorder/",
	"Snoop/", "Surrogate/", "UnicastRTP/", "Zombie/",
}

func isMachinery(name string) bool {
	for _, technology := range machines {
		if strings.HasPrefix(name, technology) {
			return true
		}
	}
	return false
}

// newChannel is a channel as its first row tells it.
func newChannel(names *telephony.Names, e *event, at int) *channel {
	c := &channel{
		uid: e.uid(), name: e.field(celChannel), linked: e.field(celLinkedID), began: e.second, beganAt: int64(at), answered: never, ended: openEnd, cause: -1,
	}
	c.device, c.endpoint = device(c.name)
	switch {
	case strings.HasPrefix(c.name, "Local/"):
		c.side = wire
		c.base, c.half = c.name, 0
		if cut := len(c.name) - 2; cut > 0 && c.name[cut] == ';' {
			c.base, c.half = c.name[:cut], c.name[cut+1]
		}
	case isMachinery(c.name):
		c.side = machinery
	case names.Internal(c.endpoint, c.device):
		c.side = internal
	default:
		c.side = external
	}
	return c
}

// take reads one more row of the channel.
func (c *channel) take(e *event, at int) {
	if e.field(celApp) == "AppDial2" {
		c.byMachine = true
	}
	if number := e.field(celNumber); number != "" {
		c.lastNumber = number
	}
	switch e.kind() {
	case "CHAN_START":
		c.started, c.own = true, e.field(celLinkedID) == c.uid
		c.callerName, c.callerNumber = e.field(celName), e.field(celNumber)
		c.exten, c.context, c.dnid = e.field(celExten), e.field(celContext), e.field(celDNID)
		return
	case "ANSWER":
		if !c.isAnswered() {
			c.answered = e.second
		}
	case "HANGUP":
		if c.open() || c.cause < 0 {
			c.end(e.second, at)
			x := e.extra()
			c.source = x.HangupSource
			if cause, err := strconv.Atoi(x.HangupCause.String()); err == nil {
				c.cause = cause
			}
		}
	case "CHAN_END":
		if c.open() {
			c.end(e.second, at)
		}
	}
	c.takeDialled(e)
}

func (c *channel) end(second int64, at int) {
	c.ended, c.endedAt = second, int64(at)
}

// takeDialled learns which number a leg was dialled by: its extension after the start, else its caller number.
func (c *channel) takeDialled(e *event) {
	if c.dialled != "" {
		return
	}
	if exten := e.field(celExten); exten != "" && exten != "s" && !strings.HasPrefix(exten, "s-") {
		c.dialled = exten
	} else if number := e.field(celNumber); number != "" {
		c.dialled = number
	}
}

// isLeg is whether the machine dialled the channel.
func (c *channel) isLeg() bool { return !c.own && (c.side == internal || c.side == external) }

// cause of a leg that was not answered.
type causeKind int

const (
	rangOut causeKind = iota
	wasBusy
	hasFailed
)

// causeKind is what became of a leg, by the cause of its hangup.
func (c *channel) causeKind() causeKind {
	switch c.cause {
	case 17, 21:
		return wasBusy
	case 0, 16, 18, 19, 26, 127:
		return rangOut
	default:
		return hasFailed
	}
}
