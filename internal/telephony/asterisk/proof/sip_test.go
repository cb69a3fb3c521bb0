//go:build telephonyproof

package proof_test

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is how long a phone waits for what must come.
const patience = 40 * time.Second

// phone is a SIP phone, or the line to the outside, that notes when what happened.
type phone struct {
	t        *testing.T
	name     string
	address  *net.UDPAddr
	exchange *net.UDPAddr
	conn     *net.UDPConn
	arrived  chan *leg

	mu   sync.Mutex
	legs map[string]*leg
}

// leg is a phone's side of a call.
type leg struct {
	phone                          *phone
	id, tag, local, remote, target string
	invite                         *message
	outgoing                       bool
	sequence                       int
	began                          time.Time
	final                          chan answer
	ended                          chan time.Time
	closed                         bool
}

// answer is what a call was answered by.
type answer struct {
	code int
	at   time.Time
}

// message is a SIP message.
type message struct {
	start, method string
	code          int
	headers       []string
}

func parse(text string) *message {
	head, _, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := &message{start: lines[0], headers: lines[1:]}
	if rest, isAnswer := strings.CutPrefix(m.start, "SIP/2.0 "); isAnswer {
		m.code, _ = strconv.Atoi(rest[:3])
		_, m.method, _ = strings.Cut(m.get("CSeq"), " ")
	} else {
		m.method, _, _ = strings.Cut(m.start, " ")
	}
	return m
}

func (m *message) get(name string) string {
	for _, line := range m.headers {
		if key, value, _ := strings.Cut(line, ":"); strings.EqualFold(key, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func newPhone(t *testing.T, name, host string, port int) *phone {
	t.Helper()
	p := &phone{
		t: t, name: name, address: &net.UDPAddr{IP: net.ParseIP(host), Port: port}, exchange: &net.UDPAddr{IP: net.ParseIP(host), Port: 5060},
		arrived: make(chan *leg, 16), legs: map[string]*leg{},
	}
	conn, err := net.ListenUDP("udp4", p.address)
	if err != nil {
		t.Fatal(err)
	}
	p.conn = conn
	var reading sync.WaitGroup
	reading.Go(p.read)
	t.Cleanup(func() {
		_ = conn.Close()
		reading.Wait()
	})
	return p
}

func (p *phone) read() {
	buffer := make([]byte, 65536)
	for {
		n, err := p.conn.Read(buffer)
		if err != nil {
			return
		}
		p.take(parse(string(buffer[:n])), time.Now())
	}
}

func (p *phone) take(m *message, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.legs[m.get("Call-ID")]
	switch {
	case m.code > 0:
		if known != nil && m.method == "INVITE" && m.code >= 200 {
			known.takeFinal(m, now)
		}
	case m.method == "INVITE" && known == nil:
		p.takeInvite(m, now)
	case m.method == "INVITE":
		p.reply(m, 200, "OK", known.tag, true)
	case m.method == "CANCEL":
		p.reply(m, 200, "OK", "", false)
		if known != nil {
			p.reply(known.invite, 487, "Request Terminated", known.tag, false)
			known.end(now)
		}
	case m.method == "BYE":
		p.reply(m, 200, "OK", "", false)
		if known != nil {
			known.end(now)
		}
	case m.method != "ACK":
		p.reply(m, 200, "OK", "", false)
	}
}

var (
	inBrackets = regexp.MustCompile(`<([^>]*)>`)
	viaLine    = regexp.MustCompile(`Via: [^\r]*`)
)

func (p *phone) takeInvite(m *message, now time.Time) {
	tag := unique("t")
	l := &leg{
		phone: p, id: m.get("Call-ID"), tag: tag, local: m.get("To") + ";tag=" + tag, remote: m.get("From"), invite: m,
		target: inBrackets.FindStringSubmatch(m.get("Contact"))[1], began: now, final: make(chan answer, 1), ended: make(chan time.Time, 1),
	}
	p.legs[l.id] = l
	p.reply(m, 180, "Ringing", tag, false)
	p.arrived <- l
}

func (l *leg) takeFinal(m *message, now time.Time) {
	if contact := inBrackets.FindStringSubmatch(m.get("Contact")); contact != nil {
		l.target = contact[1]
	}
	l.remote = m.get("To")
	acknowledgement := l.request("ACK", 1, "", "")
	if m.code >= 300 { // part of the transaction of the INVITE
		acknowledgement = viaLine.ReplaceAllLiteralString(acknowledgement, "Via: "+l.invite.get("Via"))
	}
	l.phone.send(acknowledgement)
	select {
	case l.final <- answer{m.code, now}:
	default:
	}
	if m.code >= 300 {
		l.end(now)
	}
}

func (l *leg) end(now time.Time) {
	if !l.closed {
		l.closed = true
		l.ended <- now
	}
}

var uniques atomic.Int64

func unique(prefix string) string {
	return fmt.Sprintf("%s%d-%d", prefix, time.Now().UnixNano(), uniques.Add(1))
}

func (p *phone) send(text string) {
	if _, err := p.conn.WriteToUDP([]byte(text), p.exchange); err != nil {
		p.t.Error(err)
	}
}

// description offers one sound that nobody sends.
func (p *phone) description() string {
	body := fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %[1]s\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n", p.address.IP, p.address.Port+20000)
	return fmt.Sprintf("Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func (p *phone) reply(m *message, code int, reason, tag string, described bool) {
	out := &strings.Builder{}
	fmt.Fprintf(out, "SIP/2.0 %d %s\r\n", code, reason)
	for _, line := range m.headers {
		if key, _, _ := strings.Cut(line, ":"); strings.EqualFold(key, "Via") || strings.EqualFold(key, "Record-Route") {
			out.WriteString(line + "\r\n")
		}
	}
	to := m.get("To")
	if tag != "" && !strings.Contains(to, ";tag=") {
		to += ";tag=" + tag
	}
	fmt.Fprintf(out, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s@%s>\r\n", m.get("From"), to, m.get("Call-ID"), m.get("CSeq"), p.name, p.address)
	if described {
		out.WriteString(p.description())
	} else {
		out.WriteString("Content-Length: 0\r\n\r\n")
	}
	p.send(out.String())
}

func (l *leg) request(method string, sequence int, more, body string) string {
	p := l.phone
	if body == "" {
		body = "Content-Length: 0\r\n\r\n"
	}
	return fmt.Sprintf("%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s;rport\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:%s@%s>\r\n"+
		"Max-Forwards: 70\r\nX-Player: %s\r\nAllow: INVITE, ACK, BYE, CANCEL, INFO, NOTIFY, REFER\r\n%s%s",
		method, l.target, p.address, unique("z9hG4bK"), l.local, l.remote, l.id, sequence, method, p.name, p.address, p.name, more, body)
}

// dial begins a call.
func (p *phone) dial(from, to string) *leg {
	tag := unique("f")
	l := &leg{
		phone: p, id: unique("c"), tag: tag, outgoing: true, local: fmt.Sprintf("<sip:%s@%s>;tag=%s", from, p.address.IP, tag),
		remote: fmt.Sprintf("<sip:%s@%s>", to, p.address.IP), target: fmt.Sprintf("sip:%s@%s", to, p.exchange), sequence: 1, began: time.Now(),
		final: make(chan answer, 1), ended: make(chan time.Time, 1),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.legs[l.id] = l
	text := l.request("INVITE", 1, "", p.description())
	l.invite = parse(text)
	p.send(text)
	return l
}

// rung waits until the phone rings.
func (p *phone) rung() *leg {
	p.t.Helper()
	select {
	case l := <-p.arrived:
		return l
	case <-time.After(patience):
		p.t.Fatalf("%s is not rung", p.name)
		return nil
	}
}

// pickUp answers, and gives the instant.
func (l *leg) pickUp() time.Time {
	l.phone.mu.Lock()
	defer l.phone.mu.Unlock()
	l.phone.reply(l.invite, 200, "OK", l.tag, true)
	return time.Now()
}

// refuse ends a call that rings.
func (l *leg) refuse(code int) time.Time {
	l.phone.mu.Lock()
	defer l.phone.mu.Unlock()
	l.phone.reply(l.invite, code, "No", l.tag, false)
	return time.Now()
}

// answered waits for what the other side answers a call by.
func (l *leg) answered() answer {
	l.phone.t.Helper()
	select {
	case got := <-l.final:
		return got
	case <-time.After(patience):
		l.phone.t.Fatalf("the call of %s is not answered", l.phone.name)
		return answer{}
	}
}

// left waits until the other side has ended the call.
func (l *leg) left() time.Time {
	l.phone.t.Helper()
	select {
	case at := <-l.ended:
		return at
	case <-time.After(patience):
		l.phone.t.Fatalf("the call of %s is not ended", l.phone.name)
		return time.Time{}
	}
}

func (l *leg) within(method, more, body string) time.Time {
	l.phone.mu.Lock()
	defer l.phone.mu.Unlock()
	l.sequence++
	l.phone.send(l.request(method, l.sequence+1, more, body))
	return time.Now()
}

// hangUp ends an answered call.
func (l *leg) hangUp() time.Time { return l.within("BYE", "", "") }

// giveUp ends a call that was not answered yet.
func (l *leg) giveUp() time.Time {
	l.phone.mu.Lock()
	defer l.phone.mu.Unlock()
	out := fmt.Sprintf("CANCEL %s SIP/2.0\r\n", l.target)
	for _, name := range []string{"Via", "From", "To", "Call-ID", "Max-Forwards", "X-Player"} {
		out += name + ": " + l.invite.get(name) + "\r\n"
	}
	l.phone.send(out + "CSeq: 1 CANCEL\r\nContent-Length: 0\r\n\r\n")
	return time.Now()
}

// press presses keys, and gives the instant of the first.
func (l *leg) press(keys string) time.Time {
	var first time.Time
	for i, key := range keys {
		body := fmt.Sprintf("Signal=%c\r\nDuration=100\r\n", key)
		at := l.within("INFO", "", fmt.Sprintf("Content-Type: application/dtmf-relay\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if i == 0 {
			first = at
		}
		time.Sleep(150 * time.Millisecond)
	}
	return first
}

// refer hands the other side over to a number, or to whom another call of this phone is with.
func (l *leg) refer(to string, other *leg) time.Time {
	where := fmt.Sprintf("sip:%s@%s", to, l.phone.exchange.IP)
	if other != nil {
		_, remoteTag, _ := strings.Cut(other.remote, ";tag=")
		where += "?Replaces=" + other.id + "%3Bto-tag%3D" + remoteTag + "%3Bfrom-tag%3D" + other.tag
	}
	return l.within("REFER", "Refer-To: <"+where+">\r\nReferred-By: <sip:"+l.phone.name+"@"+l.phone.address.IP.String()+">\r\n", "")
}
