package asterisk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
)

// The values of a row of queue_log.
const (
	logTime = iota
	logCallID
	logQueue
	logAgent
	logEvent
	logData
	logFields = logData + 5
)

// QueueLogValues is the number of values of a row of queue_log: time, callid, queue, agent, event and five more.
const QueueLogValues = logFields

// queuePass is a client's way through one queue, as queue_log tells it.
type queuePass struct {
	queue, caller    string
	entered, left    int64 // openEnd while the client waits
	connected, ended int64 // never without a talk; openEnd while it lasts
	member, channel  string
	talked           int
	key              string // that left the queue
	end              string // the event that ended it
}

// queueStory is what queue_log says of a call.
type queueStory struct {
	did    string
	passes []*queuePass
}

func newQueueStory(rows []telephony.Row) queueStory {
	var story queueStory
	var events [][]string
	for i := range rows {
		if row := &rows[i]; row.Kind == telephony.QueueLog && len(row.Fields) == logFields {
			events = append(events, row.Fields)
		}
	}
	for _, e := range events {
		story.take(e)
	}
	return story
}

func (s *queueStory) take(e []string) {
	second, err := strconv.ParseInt(e[logTime], 10, 64)
	if err != nil {
		return
	}
	switch e[logEvent] {
	case "DID":
		s.did = e[logData]
		return
	case "ENTERQUEUE":
		s.passes = append(s.passes, &queuePass{queue: e[logQueue], caller: e[logData+1], entered: second, left: openEnd, connected: never, ended: openEnd})
		return
	}
	pass := s.latest(e[logQueue])
	if pass == nil {
		return
	}
	switch e[logEvent] {
	case "CONNECT":
		pass.left, pass.connected, pass.member, pass.channel = second, second, e[logAgent], e[logData+1]
	case "COMPLETECALLER", "COMPLETEAGENT":
		pass.finish(second, e[logEvent], e[logData+1])
	case "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER":
		last := lastFilled(e[logData:])
		pass.finish(second, "TRANSFER", e[logData+max(0, last-1)])
	case "ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY":
		pass.left, pass.end = second, e[logEvent]
		if e[logEvent] == "EXITWITHKEY" {
			pass.key = e[logData]
		}
	}
}

// lastFilled is the place of the last value that is not empty.
func lastFilled(values []string) int {
	for i := len(values) - 1; i > 0; i-- {
		if values[i] != "" {
			return i
		}
	}
	return 0
}

func (p *queuePass) finish(second int64, event, talked string) {
	p.end = event
	p.ended = second
	if seconds, err := strconv.Atoi(talked); err == nil && seconds >= 0 && p.connected != never {
		p.talked, p.ended = seconds, p.connected+int64(seconds)
	}
}

// latest is the pass through a queue that has not ended, the latest one.
func (s *queueStory) latest(queue string) *queuePass {
	for _, pass := range slices.Backward(s.passes) {
		if pass.queue == queue && pass.end == "" {
			return pass
		}
	}
	return nil
}

// interrupted is whether the client entered another queue during the talk of a pass: its seconds would count twice.
func (s *queueStory) interrupted(pass *queuePass) bool {
	for _, other := range s.passes {
		if other != pass && pass.connected != never && other.entered > pass.connected && other.entered < pass.ended {
			return true
		}
	}
	return false
}

// memberEndpoint is the telephone of a queue's member: at the other end of the wire that rang it, else in the member's name.
func (b *base) memberEndpoint(pass *queuePass) (endpoint, name string) {
	next := nextID(pass.channel)
	for _, row := range b.cdr {
		if row.field("uniqueid") == next && strings.HasPrefix(row.field("channel"), "Local/") && row.field("dstchannel") != "" {
			if device, endpoint := device(row.field("dstchannel")); b.names.Internal(endpoint, device) {
				return endpoint, memberName(pass.member)
			}
		}
	}
	if slash := strings.IndexByte(pass.member, '/'); slash > 0 {
		endpoint, _, _ = strings.Cut(pass.member[slash+1:], "@")
		return endpoint, ""
	}
	return "", pass.member
}

func memberName(member string) string {
	if strings.Contains(member, "/") {
		return ""
	}
	return member
}

// nextID is the unique id after one: that of a wire's other end.
func nextID(id string) string {
	dot := strings.LastIndexByte(id, '.')
	if dot < 0 {
		return ""
	}
	value, err := strconv.ParseInt(id[dot+1:], 10, 64)
	if err != nil {
		return ""
	}
	return id[:dot+1] + strconv.FormatInt(value+1, 10)
}

// memberAgent is who talked in a pass.
func (b *base) memberAgent(pass *queuePass) *telephony.Reference {
	endpoint, name := b.memberEndpoint(pass)
	if endpoint == "" {
		for _, agent := range b.source.Agents {
			if agent.Name == name {
				return &telephony.Reference{ExternalID: agent.ExternalID, Name: agent.Name}
			}
		}
		return &telephony.Reference{ExternalID: cutText(name), Name: cutText(name)}
	}
	return b.names.Agent(endpoint, name)
}
