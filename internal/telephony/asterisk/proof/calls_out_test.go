//go:build telephonyproof

package proof_test

import (
	"time"

	"github.com/kontakty/kontakty/internal/telephony/asterisk/played"
)

// outside is the number that agents call.
const outside = "0501723894"

// shown is the number that those who are called see.
const shown = "48221000101"

func (s *stage) callOut() *leg { return s.anna.dial("201", outside) }

func outboundCall(l *leg, status, hangupParty string, ring, talk *int) []played.Contact {
	return []played.Contact{{
		Type: "OUTBOUND_CALL", Status: status, StartedAt: l.began, From: shown, To: outside, Agent: "201", HangupParty: hangupParty, Ring: ring, Talk: talk,
	}}
}

func outboundAgentEnds(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	time.Sleep(3 * time.Second)
	talking := there.pickUp()
	out.answered()
	time.Sleep(4 * time.Second)
	ended := out.hangUp()
	there.left()
	return outboundCall(out, "ANSWERED", "AGENT", span(there.began, talking), span(talking, ended))
}

func outboundClientEnds(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	out.answered()
	time.Sleep(5 * time.Second)
	ended := there.hangUp()
	out.left()
	return outboundCall(out, "ANSWERED", "CUSTOMER", span(there.began, talking), span(talking, ended))
}

func outboundBusy(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	time.Sleep(2 * time.Second)
	refused := there.refuse(486)
	out.answered()
	return outboundCall(out, "BUSY", "CUSTOMER", span(there.began, refused), span(refused, refused))
}

func outboundWrongNumber(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	time.Sleep(time.Second)
	refused := there.refuse(404)
	out.answered()
	return outboundCall(out, "FAILED", "SYSTEM", span(there.began, refused), span(refused, refused))
}

func outboundNotPickedUp(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	ended := there.left()
	out.answered()
	return outboundCall(out, "NO_ANSWER", "SYSTEM", span(there.began, ended), span(ended, ended))
}

func outboundGivenUp(s *stage) []played.Contact {
	out := s.callOut()
	there := s.trunk.rung()
	time.Sleep(4 * time.Second)
	ended := out.giveUp()
	there.left()
	out.answered()
	return outboundCall(out, "NO_ANSWER", "AGENT", span(there.began, ended), span(ended, ended))
}

func internalCall(s *stage) []played.Contact {
	out := s.anna.dial("201", "202")
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	talking := there.pickUp()
	out.answered()
	time.Sleep(4 * time.Second)
	ended := out.hangUp()
	there.left()
	all := outboundCall(out, "ANSWERED", "AGENT", span(there.began, talking), span(talking, ended))
	all[0].From, all[0].To = "201", "202"
	return all
}

func internalBusy(s *stage) []played.Contact {
	out := s.anna.dial("201", "202")
	there := s.jan.rung()
	time.Sleep(2 * time.Second)
	refused := there.refuse(486)
	out.answered()
	all := outboundCall(out, "BUSY", "CUSTOMER", span(there.began, refused), span(refused, refused))
	all[0].From, all[0].To = "201", "202"
	return all
}

func featureCode(s *stage) []played.Contact {
	out := s.anna.dial("201", "*97")
	out.answered()
	time.Sleep(3 * time.Second)
	out.hangUp()
	return nil
}

func (s *stage) placeByMachine() {
	s.x.console("channel originate Local/201@from-internal extension " + outside + "@from-internal")
}

func callbackAnswered(s *stage) []played.Contact {
	began := time.Now()
	s.placeByMachine()
	toAnna := s.anna.rung()
	time.Sleep(2 * time.Second)
	toAnna.pickUp()
	there := s.trunk.rung()
	time.Sleep(3 * time.Second)
	talking := there.pickUp()
	time.Sleep(4 * time.Second)
	ended := there.hangUp()
	toAnna.left()
	all := outboundCall(toAnna, "ANSWERED", "CUSTOMER", span(there.began, talking), span(talking, ended))
	all[0].StartedAt = began
	return all
}

func callbackAgentNotReached(s *stage) []played.Contact {
	s.placeByMachine()
	toAnna := s.anna.rung()
	time.Sleep(2 * time.Second)
	toAnna.refuse(486)
	return nil
}
