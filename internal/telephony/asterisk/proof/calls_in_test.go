//go:build telephonyproof

package proof_test

import (
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// client is the number of the client who calls.
const client = "+48501723894"

// The names of agents and queues, as the exchange and the source file have them.
const (
	anna, jan, ewa        = "Anna Nowak", "Jan Kowalski", "Ewa Lis"
	menu                  = "Menu główne"
	infoline, stockMarket = "Infolinia", "Giełda"
)

func span(from, to time.Time) *int {
	seconds := int(to.Unix() - from.Unix())
	return &seconds
}

func step(kind, name string, from, to time.Time) played.Step {
	return played.Step{Kind: kind, Name: name, From: from, To: to}
}

func chosen(name, choice string, from, to time.Time) played.Step {
	return played.Step{Kind: "MENU", Name: name, Choice: choice, From: from, To: to}
}

// callIn has the client call a number of ours.
func (s *stage) callIn(number string) *leg { return s.trunk.dial(client, number) }

// infolineCall is a call to the info line, which everybody answers for.
func infolineCall(l *leg) played.Contact {
	return played.Contact{
		Type: "CAMPAIGN_INBOUND_CALL", Status: "ANSWERED", StartedAt: l.began, From: client, To: "48221000101", Campaign: "PS",
	}
}

// stockMarketCall is a call to the other queue, which Anna answers for.
func stockMarketCall(l *leg) played.Contact {
	return played.Contact{
		Type: "CAMPAIGN_INBOUND_CALL", Status: "ANSWERED", StartedAt: l.began, From: client, To: "48221000104", Campaign: "GI", Queue: "q601",
	}
}

func (s *stage) ringAll(number string) []played.Contact {
	in := s.callIn(number)
	answered := in.answered().at
	time.Sleep(2500 * time.Millisecond)
	pressed := in.press("1")
	toJan := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking := toJan.pickUp()
	time.Sleep(4 * time.Second)
	ended := in.hangUp()
	toJan.left()
	c := infolineCall(in)
	c.Queue, c.Agent, c.Talk, c.HangupParty = "q600", "202", span(talking, ended), "CUSTOMER"
	c.Steps = []played.Step{chosen(menu, "1", answered, pressed), step("QUEUE", infoline, pressed, talking), step("AGENT", jan, talking, ended)}
	return []played.Contact{c}
}

func ringAllAnswered(s *stage) []played.Contact { return s.ringAll("48221000101") }

func abandonedInMenu(s *stage) []played.Contact {
	in := s.callIn("48221000101")
	answered := in.answered().at
	time.Sleep(3 * time.Second)
	ended := in.hangUp()
	c := infolineCall(in)
	c.HangupParty, c.Steps = "CUSTOMER", []played.Step{chosen(menu, "", answered, ended)}
	return []played.Contact{c}
}

func abandonedInQueue(s *stage) []played.Contact {
	in := s.callIn("48221000101")
	answered := in.answered().at
	time.Sleep(2 * time.Second)
	pressed := in.press("1")
	s.ewa.rung()
	time.Sleep(4 * time.Second)
	ended := in.hangUp()
	c := infolineCall(in)
	c.Queue, c.HangupParty = "q600", "CUSTOMER"
	c.Steps = []played.Step{chosen(menu, "1", answered, pressed), step("QUEUE", infoline, pressed, ended)}
	return []played.Contact{c}
}

func twoMenus(s *stage) []played.Contact {
	in := s.callIn("48221000101")
	answered := in.answered().at
	time.Sleep(2500 * time.Millisecond)
	first := in.press("2")
	time.Sleep(2500 * time.Millisecond)
	second := in.press("1")
	toAnna := s.anna.rung()
	time.Sleep(2 * time.Second)
	talking := toAnna.pickUp()
	time.Sleep(4 * time.Second)
	ended := toAnna.hangUp()
	in.left()
	c := infolineCall(in)
	c.Queue, c.Agent, c.Talk, c.HangupParty = "q601", "201", span(talking, ended), "AGENT"
	c.Steps = []played.Step{
		chosen(menu, "2", answered, first), chosen("ivr-2", "1", first, second),
		step("QUEUE", stockMarket, second, talking), step("AGENT", anna, talking, ended),
	}
	return []played.Contact{c}
}

func wrongKeys(s *stage) []played.Contact {
	in := s.callIn("48221000101")
	answered := in.answered().at
	time.Sleep(2500 * time.Millisecond)
	wrong := in.press("7")
	time.Sleep(3500 * time.Millisecond)
	first := in.press("2")
	time.Sleep(2500 * time.Millisecond)
	second := in.press("9")
	in.left()
	c := infolineCall(in)
	c.HangupParty = "SYSTEM"
	c.Steps = []played.Step{chosen(menu, s.wrongKey("7"), answered, wrong), chosen(menu, "2", wrong, first), chosen("ivr-2", "9", first, second)}
	return []played.Contact{c}
}

func nobodyPicksUp(s *stage) []played.Contact {
	in := s.callIn("48221000104")
	answered := in.answered().at
	s.anna.rung().refuse(486)
	ended := in.left()
	c := stockMarketCall(in)
	c.HangupParty = "SYSTEM"
	c.Steps = []played.Step{step("QUEUE", stockMarket, answered, ended.Add(-beepLasts))}
	return []played.Contact{c}
}

// beepLasts is how long a call that ends in app-blackhole hears of it.
const beepLasts = 300 * time.Millisecond

func announcementThenQueue(s *stage) []played.Contact {
	in := s.callIn("48221000102")
	answered := in.answered().at
	toEwa := s.ewa.rung()
	queued := toEwa.began
	time.Sleep(2 * time.Second)
	talking := toEwa.pickUp()
	time.Sleep(3 * time.Second)
	ended := in.hangUp()
	toEwa.left()
	c := infolineCall(in)
	c.To, c.Queue, c.Agent, c.Talk, c.HangupParty = "48221000102", "q600", "203", span(talking, ended), "CUSTOMER"
	c.Steps = []played.Step{
		step("ANNOUNCEMENT", "app-announcement-1", answered, queued), step("QUEUE", infoline, queued, talking), step("AGENT", ewa, talking, ended),
	}
	return []played.Contact{c}
}

func ownNumberAnswered(s *stage) []played.Contact {
	in := s.callIn("48221000103")
	toAnna := s.anna.rung()
	time.Sleep(3 * time.Second)
	talking := toAnna.pickUp()
	time.Sleep(4 * time.Second)
	ended := in.hangUp()
	toAnna.left()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "ANSWERED", StartedAt: in.began, From: client, To: "48221000103", Agent: "201",
		Talk: span(talking, ended), HangupParty: "CUSTOMER", Steps: []played.Step{step("AGENT", anna, talking, ended)},
	}}
}

// ownNumberBusy ends as the client hears that Anna is busy, and hangs up.
func ownNumberBusy(s *stage) []played.Contact {
	in := s.callIn("48221000103")
	toAnna := s.anna.rung()
	time.Sleep(time.Second)
	toAnna.refuse(486)
	in.answered()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "BUSY", StartedAt: in.began, From: client, To: "48221000103", HangupParty: "CUSTOMER",
	}}
}

func ownNumberGivenUp(s *stage) []played.Contact {
	in := s.callIn("48221000103")
	s.anna.rung()
	time.Sleep(3 * time.Second)
	in.giveUp()
	in.answered()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "NO_ANSWER", StartedAt: in.began, From: client, To: "48221000103", HangupParty: "CUSTOMER",
	}}
}

func ownNumberVoicemail(s *stage) []played.Contact {
	in := s.callIn("48221000105")
	s.box.rung()
	answered := in.answered().at
	time.Sleep(5 * time.Second)
	ended := in.hangUp()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "NO_ANSWER", StartedAt: in.began, From: client, To: "48221000105", HangupParty: "CUSTOMER",
		Steps: []played.Step{step("VOICEMAIL", "Poczta głosowa 204", answered, ended)},
	}}
}

func pickedUpByAnother(s *stage) []played.Contact {
	in := s.callIn("48221000103")
	s.anna.rung()
	time.Sleep(2 * time.Second)
	byJan := s.jan.dial("202", "*8201")
	talking := byJan.answered().at
	time.Sleep(4 * time.Second)
	ended := in.hangUp()
	byJan.left()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "ANSWERED", StartedAt: in.began, From: client, To: "48221000103", Agent: "202",
		Talk: span(talking, ended), HangupParty: "CUSTOMER", Steps: []played.Step{step("AGENT", jan, talking, ended)},
	}}
}
