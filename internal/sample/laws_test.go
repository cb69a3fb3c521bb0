package sample_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/sample"
	"github.com/kontakty/kontakty/internal/sample/speech"
)

// moments are ends of the data that are awkward: by day, by night, on the last second of a day, in an hour that comes
// twice, just after a month began.
var moments = []time.Time{
	demo.Until,
	time.Date(2026, time.August, 2, 1, 12, 3, 0, time.UTC),
	time.Date(2026, time.September, 30, 21, 59, 59, 0, time.UTC),
	time.Date(2026, time.October, 25, 1, 30, 0, 0, time.UTC),
	time.Date(2027, time.January, 1, 0, 0, 2, 0, time.UTC),
	time.Date(2026, time.June, 30, 23, 30, 0, 0, time.UTC),
}

func TestContacts_ObeyTheReport(t *testing.T) {
	t.Parallel()
	for _, until := range moments {
		t.Run(until.Format(time.RFC3339), func(t *testing.T) {
			t.Parallel()
			o := demo
			o.Until = until
			g := sample.New(o)
			deleted := map[string]time.Time{}
			for _, a := range g.Agents() {
				if a.DeletedAt != nil {
					deleted[a.ExternalID] = *a.DeletedAt
				}
			}
			faults := 0
			for c := range g.Contacts() {
				for law, holds := range laws(c, until, deleted) {
					if !holds {
						t.Errorf("%s breaks the law %q: %+v", c.ExternalID, law, *c)
						faults++
					}
				}
				if faults > 5 {
					t.FailNow()
				}
			}
		})
	}
}

// laws are what the report's specification says of any contact.
func laws(c *format.Contact, until time.Time, deleted map[string]time.Time) map[string]bool {
	outbound := c.Type == contact.OutboundCall || c.Type == contact.MobileOutboundCall
	email := c.Type == contact.OutboundEmail || c.Type == contact.InboundEmail
	survey := c.Type == contact.PostCallSurvey || c.Type == contact.VoiceMailingSurvey
	siteCall := c.Type == contact.SiteCallAgentLeg || c.Type == contact.SiteCallCustomerLeg
	written := email || slices.Contains([]contact.Type{contact.OutboundSMS, contact.InboundSMS, contact.Chat, contact.MessengerChat, contact.Other}, c.Type)
	classifier := c.Status == contact.ClassifierOnly
	ended := c.Status != contact.Ringing && !classifier
	noDurations := c.IVRTime == nil && c.RingTime == nil && c.AgentTalkTime == nil
	kind := c.Details.Kind()
	details := func(want contact.DetailsKind) bool { return kind != nil && *kind == want }
	zone, _ := time.LoadLocation("Europe/Warsaw")
	left, deletedOnce := time.Time{}, false
	if c.Agent != nil {
		left, deletedOnce = deleted[c.Agent.ExternalID]
	}
	return map[string]bool{
		"ring time on outbound calls only":               c.RingTime == nil || outbound,
		"ring time on every outbound call that ended":    !outbound || !ended || c.RingTime != nil,
		"agent talk time where an agent was on the line": (c.AgentTalkTime != nil) == (c.Agent != nil && !written && ended),
		"no voice, no durations":                         !written || noDurations,
		"no IVR time without an IVR":                     c.IVRTime == nil || c.Type == contact.CampaignInboundCall || survey,
		"IVR time is the time with the machine":          c.IVRTime == nil || *c.IVRTime == secondsHeard(c),
		"talk is the time with the agent":                secondsTalked(c) < 0 || c.AgentTalkTime != nil && *c.AgentTalkTime == secondsTalked(c),
		"queues on campaign inbound calls only":          c.Queue == nil || c.Type == contact.CampaignInboundCall,
		"campaign inbound calls have a campaign":         c.Type != contact.CampaignInboundCall || c.Campaign != nil,
		"campaign inbound calls are picked up or fail": c.Type != contact.CampaignInboundCall ||
			c.Status == contact.Answered || c.Status == contact.Failed || c.Status == contact.Ringing,
		"inbound calls are outside campaigns": c.Type != contact.InboundCall || c.Campaign == nil,
		"copies on e-mails only":              email || len(c.CCAddresses)+len(c.BCCAddresses) == 0,
		"hidden copies only on sent e-mails":  c.Type == contact.OutboundEmail || len(c.BCCAddresses) == 0,
		"lists are never null":                c.CCAddresses != nil && c.BCCAddresses != nil && c.IVRSteps != nil,
		"a classifier set alone is an outbound call without durations": !classifier ||
			c.Type == contact.OutboundCall && noDurations && c.Classifier != nil && c.Record != nil && c.HangupParty == nil,
		"what waits is a message not sent": c.Status != contact.Pending || c.Type == contact.OutboundSMS || c.Type == contact.OutboundEmail,
		"the future is for what waits, today": !c.StartedAt.After(until) || c.Status == contact.Pending &&
			c.StartedAt.In(zone).Format(time.DateOnly) == until.In(zone).Format(time.DateOnly),
		"what rings began just now":                  c.Status != contact.Ringing || until.Sub(c.StartedAt) < 2*time.Minute && noDurations,
		"site calls have form and order":             siteCall == (c.SiteCall != nil) && siteCall == (c.SiteCallOrderID != nil),
		"e-mails have their text":                    email == details(contact.EmailDetails),
		"messages have their text":                   (c.Type == contact.OutboundSMS || c.Type == contact.InboundSMS) == details(contact.SMSDetails),
		"chats have their text":                      (c.Type == contact.Chat || c.Type == contact.MessengerChat) == details(contact.ChatDetails),
		"recordings are of talks":                    !details(contact.RecordingDetails) || *c.AgentTalkTime > 0 && c.Status == contact.Answered,
		"several recordings are the parts of a talk": len(c.Details.Recordings) == 0 || partsOf(c),
		"hold is part of a talk":                     c.HoldTime == nil || *c.HoldTime > 0 && c.AgentTalkTime != nil && *c.HoldTime < *c.AgentTalkTime,
		"work follows an agent's talk":               c.WrapUpTime == nil || c.Agent != nil && *c.WrapUpTime > 0,
		"what is of no known type has a channel":     (c.Type == contact.Other) == (c.Channel != nil),
		"recordings have a path":                     !details(contact.RecordingDetails) || strings.Contains(c.Details.Recording.Path, c.ExternalID),
		"recordings are spoken, as long as they are": !details(contact.RecordingDetails) || isSpoken(c),
		"nobody works after leaving":                 !deletedOnce || c.StartedAt.Before(left),
		"steps are walked one after the other":       stepsFollow(c, until),
		"a conference with a machine has steps":      !(c.Type == contact.CampaignInboundCall && c.Status == contact.Answered) || len(c.IVRSteps) > 0,
		"starts are whole seconds of UTC":            c.StartedAt.Nanosecond() == 0 && c.StartedAt.Location() == time.UTC,
	}
}

// isSpoken tells whether package speech has each recording, as long as the contact says.
func isSpoken(c *format.Contact) bool {
	for _, one := range append(slices.Clone(c.Details.Recordings), *c.Details.Recording) {
		seconds := one.Seconds
		if seconds == nil {
			seconds = c.AgentTalkTime
		}
		spoken, err := speech.Open(one.Path)
		if err != nil || spoken.Size() != 44+int64(*seconds)*8000*2*2 {
			return false
		}
	}
	return true
}

// partsOf tells whether the recordings of a contact are different ones that last as long as its talk, the first of them in its place.
func partsOf(c *format.Contact) bool {
	seconds, paths := 0, map[string]bool{}
	for _, one := range c.Details.Recordings {
		seconds += *one.Seconds
		paths[one.Path] = true
	}
	first := c.Details.Recordings[0]
	return seconds == *c.AgentTalkTime && len(paths) == len(c.Details.Recordings) &&
		first.Path == c.Details.Recording.Path && *first.Seconds == *c.Details.Recording.Seconds
}

func secondsHeard(c *format.Contact) (seconds int) {
	for _, s := range c.IVRSteps {
		switch s.Kind {
		case contact.QueueStep, contact.AgentStep, contact.TransferStep:
		default:
			seconds += int(s.LeftAt.Sub(s.EnteredAt) / time.Second)
		}
	}
	return seconds
}

// secondsTalked is the time in the agent's tile, -1 if there is none.
func secondsTalked(c *format.Contact) int {
	for _, s := range c.IVRSteps {
		if s.Kind == contact.AgentStep {
			return int(s.LeftAt.Sub(s.EnteredAt) / time.Second)
		}
	}
	return -1
}

func stepsFollow(c *format.Contact, until time.Time) bool {
	at := c.StartedAt
	for i, s := range c.IVRSteps {
		if !s.EnteredAt.Equal(at) || s.Name == "" {
			return false
		}
		if s.LeftAt == nil {
			return c.Status == contact.Ringing && i == len(c.IVRSteps)-1 && !s.EnteredAt.After(until)
		}
		if s.LeftAt.Before(at) {
			return false
		}
		at = *s.LeftAt
	}
	return c.Status != contact.Ringing || len(c.IVRSteps) == 0
}

func TestContacts_BelongTogether(t *testing.T) {
	t.Parallel()
	orders, tickets := map[string][]*format.Contact{}, map[string][]*format.Contact{}
	records := map[string]string{}
	for c := range sample.New(demo).Contacts() {
		if c.SiteCallOrderID != nil {
			orders[*c.SiteCallOrderID] = append(orders[*c.SiteCallOrderID], c)
		}
		if c.TicketID != nil {
			tickets[*c.TicketID] = append(tickets[*c.TicketID], c)
		}
		if c.Record != nil {
			field := "none"
			if f := c.Record.SignificantField; f != nil {
				field = f.Name
				if f.Value != nil {
					field += ": " + *f.Value
				}
			}
			if known, again := records[c.Record.ExternalID]; again && known != field {
				t.Errorf("record %s holds %q and %q", c.Record.ExternalID, known, field)
			}
			records[c.Record.ExternalID] = field
		}
	}
	if n := len(records); n < 7_000 || n > 9_000 {
		t.Errorf("%d records", n)
	}
	for order, legs := range orders {
		if len(legs) != 2 || legs[0].Type != contact.SiteCallAgentLeg || legs[1].Type != contact.SiteCallCustomerLeg ||
			legs[0].SiteCall != legs[1].SiteCall {
			t.Errorf("order %s has not its two legs: %+v", order, legs)
		}
	}
	long := 0
	for ticket, contacts := range tickets {
		for _, c := range contacts {
			if c.Record == nil || c.Record.ExternalID != contacts[0].Record.ExternalID {
				t.Errorf("ticket %s has contacts of several clients", ticket)
			}
		}
		if last := contacts[len(contacts)-1]; last.StartedAt.Sub(contacts[0].StartedAt) > 24*time.Hour {
			long++
		}
	}
	if len(tickets) < 500 || 2*long < len(tickets) {
		t.Errorf("%d of %d tickets take longer than a day", long, len(tickets))
	}
}

func TestConversations_AreACallAndWhatCameOfIt(t *testing.T) {
	t.Parallel()
	conversations := map[string][]*format.Contact{}
	for c := range sample.New(demo).Contacts() {
		if c.ConversationID != nil {
			conversations[*c.ConversationID] = append(conversations[*c.ConversationID], c)
		}
	}
	three := 0
	for id, contacts := range conversations {
		first := contacts[0]
		if len(contacts) < 2 || first.AgentTalkTime == nil || first.Type != contact.CampaignInboundCall && first.Type != contact.OutboundCall {
			t.Errorf("conversation %s begins with no call that something came of: %+v", id, first)
			continue
		}
		if len(contacts) > 2 {
			three++
		}
		for _, c := range contacts[1:] {
			follows := c.Type == contact.Consultation || c.Type == contact.ExternalTransfer || c.Type == contact.PostCallSurvey
			if !follows || c.Campaign.ExternalID != first.Campaign.ExternalID || c.StartedAt.Before(first.StartedAt) {
				t.Errorf("%s does not belong to conversation %s", c.ExternalID, id)
			}
		}
	}
	if len(conversations) < 500 || three < 20 {
		t.Errorf("%d conversations, %d of three contacts", len(conversations), three)
	}
}

func TestAddresses_AreNobodys(t *testing.T) {
	t.Parallel()
	numbers, invalid, spelled := 0, 0, 0
	check := func(c *format.Contact, address string) {
		key, err := contact.NormalizeAddress(address)
		switch {
		case err != nil:
			t.Errorf("%s: %q is no address (%v)", c.ExternalID, address, err)
			return
		case strings.Contains(key, "@"):
			_, domain, _ := strings.Cut(key, "@")
			if !slices.ContainsFunc([]string{"example.com", "example.org", "example.net"}, func(reserved string) bool {
				return domain == reserved || strings.HasSuffix(domain, "."+reserved)
			}) {
				t.Errorf("%s: the domain of %q may be someone's", c.ExternalID, key)
			}
		case key[0] == '+':
			numbers++
			if number, err := phonenumbers.Parse(key, ""); err != nil || !phonenumbers.IsValidNumber(number) {
				invalid++
			}
		}
		if key != address {
			spelled++
		}
	}
	for c := range sample.New(demo).Contacts() {
		for _, address := range []*string{c.SourceAddress, c.DestinationAddress} {
			if address != nil {
				check(c, *address)
			}
		}
		for _, address := range slices.Concat(c.CCAddresses, c.BCCAddresses) {
			check(c, address)
		}
	}
	if numbers < 30_000 || 50*invalid > numbers {
		t.Errorf("%d of %d numbers are not valid", invalid, numbers)
	}
	if spelled < 300 || 10*spelled > numbers {
		t.Errorf("%d addresses are written otherwise than normalised", spelled)
	}
}
