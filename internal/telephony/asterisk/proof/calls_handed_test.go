//go:build telephonyproof

package proof_test

import (
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// withAnna is a call of the client that Anna has answered.
type withAnna struct {
	in, anna *leg
	began    time.Time // of the queue
	talking  time.Time
}

func (s *stage) talkWithAnna() withAnna {
	in := s.callIn("48221000104")
	began := in.answered().at
	toAnna := s.anna.rung()
	time.Sleep(2 * time.Second)
	talking := toAnna.pickUp()
	time.Sleep(4 * time.Second)
	return withAnna{in, toAnna, began, talking}
}

// handed is the row of a call that Anna talked in until an instant, and that was handed over to a number from another until the
// client's end.
func (w withAnna) handed(to string, until, handed, ended time.Time) played.Contact {
	c := stockMarketCall(w.in)
	c.Agent, c.Talk, c.HangupParty = "201", span(w.talking, until), "AGENT"
	c.Steps = []played.Step{
		step("QUEUE", stockMarket, w.began, w.talking), step("AGENT", anna, w.talking, until), step("TRANSFER", to, handed, ended),
	}
	return c
}

// toJan is the row of the client's talk with Jan after a transfer.
func toJan(handed, talking, ended time.Time) played.Contact {
	return played.Contact{
		Handed: true, Type: "INBOUND_CALL", Status: "ANSWERED", StartedAt: handed, From: client, To: "202", Agent: "202", Talk: span(talking, ended),
		HangupParty: "AGENT", Steps: []played.Step{step("AGENT", jan, talking, ended)},
	}
}

func consultation(began time.Time, status string, talk *int) played.Contact {
	return played.Contact{Type: "CONSULTATION", Status: status, StartedAt: began, From: "201", To: "202", Campaign: "GI", Agent: "201", Talk: talk}
}

// janFinishes has Jan answer, talk and hang up.
func (s *stage) janFinishes() (talking, ended time.Time) {
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking = there.pickUp()
	time.Sleep(4 * time.Second)
	return talking, there.hangUp()
}

func blindByPhone(s *stage) []played.Contact {
	w := s.talkWithAnna()
	handed := w.anna.refer("202", nil)
	talking, ended := s.janFinishes()
	return []played.Contact{w.handed("202", handed, handed, w.in.left()), toJan(handed, talking, ended)}
}

func blindByKeys(s *stage) []played.Contact {
	w := s.talkWithAnna()
	w.anna.press("#1")
	time.Sleep(400 * time.Millisecond)
	w.anna.press("202")
	handed := time.Now()
	talking, ended := s.janFinishes()
	return []played.Contact{w.handed("202", handed, handed, w.in.left()), toJan(handed, talking, ended)}
}

func blindOfOwnNumber(s *stage) []played.Contact {
	in := s.callIn("48221000103")
	toAnna := s.anna.rung()
	time.Sleep(2 * time.Second)
	first := toAnna.pickUp()
	in.answered()
	time.Sleep(4 * time.Second)
	handed := toAnna.refer("202", nil)
	talking, ended := s.janFinishes()
	left := in.left()
	return []played.Contact{{
		Type: "INBOUND_CALL", Status: "ANSWERED", StartedAt: in.began, From: client, To: "48221000103", Agent: "201",
		Talk: span(first, handed), HangupParty: "AGENT", Steps: []played.Step{step("AGENT", anna, first, handed), step("TRANSFER", "202", handed, left)},
	}, toJan(handed, talking, ended)}
}

func blindNotAnswered(s *stage) []played.Contact {
	w := s.talkWithAnna()
	handed := w.anna.refer("202", nil)
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	there.refuse(486)
	c := toJan(handed, handed, handed)
	c.Status, c.Agent, c.Talk, c.HangupParty, c.Steps = "BUSY", "", nil, "SYSTEM", nil
	return []played.Contact{w.handed("202", handed, handed, w.in.left()), c}
}

func attendedByKeys(s *stage) []played.Contact {
	w := s.talkWithAnna()
	asked := w.dialColleague()
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	time.Sleep(4 * time.Second)
	handed := w.anna.hangUp()
	time.Sleep(4 * time.Second)
	ended := there.hangUp()
	return []played.Contact{
		w.handed("202", asked, handed, w.in.left()), toJan(handed, handed, ended), consultation(asked, "ANSWERED", span(talking, handed)),
	}
}

// dialColleague has Anna ask Jan by the exchange's keys, and gives the instant from which the client waits.
func (w withAnna) dialColleague() time.Time {
	w.anna.press("*2")
	time.Sleep(400 * time.Millisecond)
	w.anna.press("202")
	return time.Now()
}

func attendedByPhone(s *stage) []played.Contact {
	w := s.talkWithAnna()
	second := s.anna.dial("201", "202")
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	second.answered()
	time.Sleep(4 * time.Second)
	handed := w.anna.refer("202", second)
	time.Sleep(4 * time.Second)
	ended := there.hangUp()
	return []played.Contact{
		w.handed("202", second.began, handed, w.in.left()), toJan(handed, handed, ended), consultation(second.began, "ANSWERED", span(talking, handed)),
	}
}

// back is the row of a call in which Anna came back to the client, who ended it.
func (w withAnna) back(asked, returned, ended time.Time) played.Contact {
	c := stockMarketCall(w.in)
	talk := *span(w.talking, asked) + *span(returned, ended)
	c.Agent, c.Talk, c.HangupParty = "201", &talk, "CUSTOMER"
	c.Steps = []played.Step{
		step("QUEUE", stockMarket, w.began, w.talking), step("AGENT", anna, w.talking, asked), step("AGENT", anna, returned, ended),
	}
	return c
}

func attendedTakenBack(s *stage) []played.Contact {
	w := s.talkWithAnna()
	asked := w.dialColleague()
	s.jan.rung()
	time.Sleep(3 * time.Second)
	returned := w.anna.press("*1")
	time.Sleep(4 * time.Second)
	ended := w.in.hangUp()
	w.anna.left()
	none := 0
	return []played.Contact{w.back(asked, returned, ended), consultation(asked, "NO_ANSWER", &none)}
}

func consultedByPhone(s *stage) []played.Contact {
	w := s.talkWithAnna()
	second := s.anna.dial("201", "202")
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	second.answered()
	time.Sleep(3 * time.Second)
	returned := second.hangUp()
	there.left()
	time.Sleep(3 * time.Second)
	ended := w.in.hangUp()
	w.anna.left()
	return []played.Contact{w.back(second.began, returned, ended), consultation(second.began, "ANSWERED", span(talking, returned))}
}

// away is the row of a client handed over to the outside by Anna.
func away(began time.Time, status string, talk int) played.Contact {
	return played.Contact{Handed: true, Type: "EXTERNAL_TRANSFER", Status: status, StartedAt: began, From: "201", To: "0501999888", Campaign: "GI", Agent: "201", Talk: &talk}
}

func handedOutside(s *stage) []played.Contact {
	w := s.talkWithAnna()
	handed := w.anna.refer("0501999888", nil)
	there := s.trunk.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	time.Sleep(4 * time.Second)
	ended := there.hangUp()
	c := away(handed, "ANSWERED", 0)
	c.Steps = []played.Step{step("TRANSFER", "0501999888", talking, ended)}
	return []played.Contact{w.handed("0501999888", handed, handed, w.in.left()), c}
}

func handedOutsideBusy(s *stage) []played.Contact {
	w := s.talkWithAnna()
	handed := w.anna.refer("0501999888", nil)
	there := s.trunk.rung()
	time.Sleep(2 * time.Second)
	there.refuse(486)
	return []played.Contact{w.handed("0501999888", handed, handed, w.in.left()), away(handed, "BUSY", 0)}
}

func attendedOutside(s *stage) []played.Contact {
	w := s.talkWithAnna()
	second := s.anna.dial("201", "0501999888")
	there := s.trunk.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	second.answered()
	time.Sleep(3 * time.Second)
	handed := w.anna.refer("0501999888", second)
	time.Sleep(4 * time.Second)
	ended := there.hangUp()
	c := away(second.began, "ANSWERED", *span(talking, handed))
	c.Handed, c.Steps = false, []played.Step{step("TRANSFER", "0501999888", handed, ended)}
	return []played.Contact{w.handed("0501999888", second.began, handed, w.in.left()), c}
}

func handedToQueue(s *stage) []played.Contact {
	w := s.talkWithAnna()
	handed := w.anna.refer("600", nil)
	talking, ended := s.janFinishes()
	return []played.Contact{w.handed("600", handed, handed, w.in.left()), {
		Handed: true, Type: "CAMPAIGN_INBOUND_CALL", Status: "ANSWERED", StartedAt: handed, From: client, To: "600", Campaign: "PS", Queue: "q600", Agent: "202",
		Talk: span(talking, ended), HangupParty: "AGENT", Steps: []played.Step{step("QUEUE", infoline, handed, talking), step("AGENT", jan, talking, ended)},
	}}
}
