package asterisk

import (
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// readOutbound reads a call that an agent began, by its CDR rows.
func (s *summary) readOutbound(endpoint string) telephony.Reason {
	dialled := s.main[0].field("dst")
	leg := s.legAmong(s.main)
	if leg == nil {
		leg = s.legAmong(s.cdr)
	}
	if leg == nil && (strings.HasPrefix(dialled, "*") || len(dialled) <= 6) {
		return telephony.FeatureCode
	}
	c := s.newContact(s.key, contact.OutboundCall, s.began())
	c.Agent = s.names.Agent(endpoint, s.cdr.value(s.key, "cnam"))
	c.SourceAddress = text(s.main[0].field("src"))
	if shown := s.cdr.value(s.key, "outbound_cnum"); shown != "" {
		c.SourceAddress = text(shown)
	}
	if leg != nil {
		if device, other := device(leg.field("dstchannel")); s.names.Internal(other, device) {
			c.SourceAddress = text(endpoint)
		}
	}
	c.DestinationAddress = text(strings.TrimPrefix(dialled, s.source.StripDialled))
	s.fillOutcome(&c, leg)
	if s.source.OutboundCampaign == "byCallerId" && c.SourceAddress != nil {
		c.Campaign = s.names.CampaignOfNumber(*c.SourceAddress)
	}
	s.finishRow(&c)
	return ""
}

// readMachine reads a call that the machine began: to an agent first, then to a client.
func (s *summary) readMachine() telephony.Reason {
	var agent, client cdrRow
	for _, row := range s.cdr {
		device, endpoint := device(row.field("dstchannel"))
		switch {
		case endpoint == "" || strings.HasPrefix(device, "Local/"):
		case s.names.Internal(endpoint, device):
			if agent == nil || row.answered() && !agent.answered() {
				agent = row
			}
		default:
			client = row
		}
	}
	switch {
	case agent == nil:
		return telephony.NoAgent
	case !agent.answered():
		return telephony.AgentNotReached
	case client == nil:
		return telephony.NoParty
	}
	_, endpoint := device(agent.field("dstchannel"))
	c := s.newContact(s.key, contact.OutboundCall, s.began())
	c.Agent = s.names.Agent(endpoint, "")
	c.SourceAddress = text(client.field("src"))
	if shown := client.field("outbound_cnum"); shown != "" {
		c.SourceAddress = text(shown)
	}
	c.DestinationAddress = text(client.field("dst"))
	s.fillOutcome(&c, client)
	s.finishRow(&c)
	return ""
}

// legAmong is the row that names a telephone that answered, else the last one that names any.
func (s *summary) legAmong(rows cdrRows) cdrRow {
	var last cdrRow
	for _, row := range rows {
		far := row.field("dstchannel")
		if far == "" || strings.HasPrefix(far, "Local/") {
			continue
		}
		if row.answered() {
			return row
		}
		last = row
	}
	return last
}

// fillOutcome fills what became of a call to a telephone.
func (s *summary) fillOutcome(c *telephony.Contact, leg cdrRow) {
	c.AgentTalkTime = number(0)
	if leg != nil && leg.answered() {
		c.Status = contact.Answered
		c.AgentTalkTime = number(int(max(0, leg.second("billsec"))))
		c.RingTime = number(int(max(0, leg.second("answer")-leg.second("start"))))
		return
	}
	c.Status = statusByDisposition(s.main)
	if leg != nil {
		c.RingTime = number(int(max(0, leg.second("end")-leg.second("start"))))
	}
}

// statusByDisposition is what became of a call that nobody answered. Where FreePBX's dialplan went says more than the
// disposition does.
func statusByDisposition(rows cdrRows) contact.Status {
	for _, row := range rows {
		if word, named := strings.CutPrefix(row.field("dst"), "s-"); named {
			return statusOfWord(word)
		}
	}
	return statusOfWord(strings.ReplaceAll(rows[len(rows)-1].field("disposition"), " ", ""))
}

func statusOfWord(word string) contact.Status {
	switch word {
	case "BUSY":
		return contact.Busy
	case "NOANSWER", "CANCEL", "ANSWERED":
		return contact.NoAnswer
	default:
		return contact.Failed
	}
}
