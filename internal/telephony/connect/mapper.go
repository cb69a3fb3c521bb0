// Package connect makes contacts of the contact records of Amazon Connect, which come when a contact has ended, and again
// when they change. One record is one contact.
package connect

import (
	"cmp"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// Mapper makes contacts of contact records.
type Mapper struct {
	source *telephony.Source
	names  *telephony.Names
}

// NewMapper makes the mapper of a source. It is safe for one goroutine.
func NewMapper(source *telephony.Source) *Mapper {
	return &Mapper{source: source, names: telephony.NewNames(source)}
}

// Analyze reads the copies of a contact record: the newest one is true.
func (m *Mapper) Analyze(call telephony.Call, _ time.Time) telephony.Analysis {
	return &analysis{Mapper: m, record: latestOf(call.Rows)}
}

type analysis struct {
	*Mapper
	record  *Record
	unknown []telephony.Unknown
}

// Lines are none: what an agent did meanwhile is in records of their own.
func (a *analysis) Lines() []telephony.Line { return nil }

// Outcome is the contact of the record, or why there is none.
func (a *analysis) Outcome([]telephony.Line) telephony.Outcome {
	if a.record == nil {
		return telephony.Outcome{Reason: telephony.BadRow}
	}
	outcome := telephony.Outcome{Key: a.record.ContactID}
	kind, reason := a.typeOf()
	if outcome.Reason = reason; reason != "" {
		return outcome
	}
	a.unknown = nil
	outcome.Contacts = []telephony.Contact{a.contact(kind)}
	outcome.Unknown = a.unknown
	return outcome
}

// typeOf is what a record is, by its channel and how it began, or why it is no contact.
func (a *analysis) typeOf() (contact.Type, telephony.Reason) {
	r := a.record
	switch r.Channel {
	case "VOICE":
		return a.voiceType()
	case "CHAT":
		switch isOut := r.InitiationMethod == "OUTBOUND" || r.InitiationMethod == "CAMPAIGN_PREVIEW" || r.InitiationMethod == "AGENT_REPLY"; {
		case r.Subtype != "connect:SMS":
			return contact.Chat, ""
		case isOut:
			return contact.OutboundSMS, ""
		default:
			return contact.InboundSMS, ""
		}
	case "EMAIL":
		if r.InitiationMethod == "INBOUND" {
			return contact.InboundEmail, ""
		}
		return contact.OutboundEmail, ""
	case "TASK":
		return "", telephony.NotACall
	default:
		return "", telephony.BadRow
	}
}

func (a *analysis) voiceType() (contact.Type, telephony.Reason) {
	switch r := a.record; r.InitiationMethod {
	case "INBOUND", "WEBRTC_API", "QUEUE_TRANSFER":
		return contact.CampaignInboundCall, ""
	case "TRANSFER":
		if r.queueName() != "" {
			return contact.CampaignInboundCall, ""
		}
		return contact.InboundCall, ""
	case "OUTBOUND", "CALLBACK", "CAMPAIGN_PREVIEW":
		return contact.OutboundCall, ""
	case "API":
		switch {
		case r.Agent != nil:
			return contact.OutboundCall, ""
		case r.System != nil && a.names.MachineSurvey(r.System.Address), r.queueName() != "" && a.names.MachineSurvey(r.queueName()):
			return contact.VoiceMailingSurvey, ""
		}
		return "", telephony.NoAgent
	case "EXTERNAL_OUTBOUND":
		return contact.ExternalTransfer, ""
	case "DISCONNECT":
		return contact.PostCallSurvey, ""
	case "MONITOR":
		return "", telephony.NotACall
	default:
		return "", telephony.BadRow
	}
}

// isOutbound is whether contacts of a type go to the client.
func isOutbound(kind contact.Type) bool {
	switch kind {
	case contact.OutboundCall, contact.ExternalTransfer, contact.VoiceMailingSurvey, contact.PostCallSurvey, contact.OutboundSMS, contact.OutboundEmail:
		return true
	default:
		return false
	}
}

func (a *analysis) contact(kind contact.Type) telephony.Contact {
	r := a.record
	c := a.source.NewContact(r.ContactID, r.Updated.UnixMilli()*1000, kind, r.Initiated.Unix())
	c.SourceAddress, c.DestinationAddress = address(r.Customer), address(r.System)
	if isOutbound(kind) {
		c.SourceAddress, c.DestinationAddress = c.DestinationAddress, c.SourceAddress
	}
	if first := cmp.Or(r.InitialContactID, r.ContactID); first != r.ContactID || r.NextContactID != "" {
		id := a.source.Name + ":" + first
		c.ConversationID = &id
	}
	a.setParties(&c)
	c.Status = a.status(kind)
	c.HangupParty = hangupParty(r.DisconnectReason, isOutbound(kind))
	a.setTimes(&c)
	if c.Status != contact.Answered && kind == contact.OutboundCall {
		none := 0
		c.AgentTalkTime = &none
	}
	a.setWay(&c)
	if r.Channel == "VOICE" {
		a.setRecording(&c)
	}
	for _, field := range []string{"classifier", "ticketId", "record"} {
		if name := a.source.Fields[field]; name != "" {
			c.Set(field, r.Attributes[strings.TrimPrefix(name, "attributes.")])
		}
	}
	return c
}

// setParties sets agent, queue and campaign.
func (a *analysis) setParties(c *telephony.Contact) {
	r := a.record
	if r.Agent != nil && c.Type != contact.PostCallSurvey {
		key := r.Agent.ARN[strings.LastIndexByte(r.Agent.ARN, '/')+1:]
		if a.names.KnowsAgent(r.Agent.Username) || key == "" {
			key = r.Agent.Username
		}
		if key != "" {
			c.Agent = a.names.Agent(key, r.Agent.Username)
		}
	}
	queue := r.queueName()
	if c.Type != contact.CampaignInboundCall {
		if c.Type == contact.OutboundCall && a.source.OutboundCampaign == "byCallerId" && r.System != nil {
			c.Campaign = a.names.CampaignOfNumber(r.System.Address)
		}
		return
	}
	if queue != "" {
		if !a.names.KnowsQueue(queue) {
			a.unknown = append(a.unknown, telephony.Unknown{Kind: telephony.UnknownQueue, Value: queue})
		}
		c.Queue = a.names.Queue(queue)
	}
	if r.InitiationMethod != "INBOUND" && r.InitiationMethod != "WEBRTC_API" {
		if c.Campaign = a.names.CampaignOfQueue(queue); c.Campaign != nil {
			return
		}
	}
	number := ""
	if r.System != nil {
		number = r.System.Address
	}
	campaign, unknown := a.names.CampaignOf(number, queue)
	if c.Campaign = campaign; unknown {
		a.unknown = append(a.unknown, telephony.Unknown{Kind: telephony.UnknownDID, Value: number})
	}
}

// status is what became of the contact. An agent's telephone is connected before the client's where the agent calls.
func (a *analysis) status(kind contact.Type) contact.Status {
	r := a.record
	if r.Connected != nil || !isOutbound(kind) && r.Agent != nil && r.Agent.Connected != nil {
		return contact.Answered
	}
	switch r.DisconnectReason {
	case "TELECOM_BUSY":
		return contact.Busy
	case "TELECOM_UNANSWERED", "TELECOM_TIMEOUT", "TELECOM_ORIGINATOR_CANCEL", "CUSTOMER_NEVER_ARRIVED":
		return contact.NoAnswer
	default:
		return contact.Failed
	}
}

func hangupParty(reason string, outbound bool) *contact.HangupParty {
	party := contact.HangupParty("")
	switch {
	case reason == "CUSTOMER_DISCONNECT", reason == "TELECOM_ORIGINATOR_CANCEL" && !outbound:
		party = contact.HangupCustomer
	case reason == "AGENT_DISCONNECT":
		party = contact.HangupAgent
	case reason == "CONTACT_FLOW_DISCONNECT", reason == "BARGED", reason == "EXPIRED", strings.HasPrefix(reason, "TELECOM_"):
		party = contact.HangupSystem
	default:
		return nil
	}
	return &party
}

// setTimes sets how long the contact took its agent and the client's telephone.
func (a *analysis) setTimes(c *telephony.Contact) {
	r := a.record
	if r.Agent != nil && c.Agent != nil {
		c.AgentTalkTime, c.HoldTime, c.WrapUpTime = positive(r.Agent.Interaction), positive(r.Agent.Hold), positive(r.Agent.AfterWork)
	}
	if until := cmp.Or(r.Connected, r.Disconnected); c.Type == contact.OutboundCall && until != nil {
		ring := int(max(0, until.Unix()-r.Initiated.Unix()))
		c.RingTime = &ring
	}
}

func positive(seconds *int) *int {
	if seconds == nil || *seconds < 0 {
		return nil
	}
	return seconds
}

// setWay sets the way of a client who came to us: the flow, the queue, the agent.
func (a *analysis) setWay(c *telephony.Contact) {
	r := a.record
	if isOutbound(c.Type) && c.Type != contact.PostCallSurvey && c.Type != contact.VoiceMailingSurvey {
		return
	}
	var talk, enqueued, dequeued *time.Time
	if c.Agent != nil {
		talk = r.Agent.Connected
	}
	if r.queueName() != "" {
		enqueued, dequeued = r.Queue.Enqueued, r.Queue.Dequeued
	}
	last := *cmp.Or(r.Disconnected, dequeued, talk, enqueued, r.Connected, r.Initiated)
	var tiles []telephony.Tile
	add := func(kind contact.StepKind, name, choice string, from, to *time.Time) {
		if from != nil && !to.Before(*from) {
			tiles = append(tiles, telephony.Tile{Kind: kind, Name: name, Choice: choice, Entered: from.Unix(), Left: to.Unix()})
		}
	}
	add(contact.OtherStep, "Flow", r.Attributes[strings.TrimPrefix(a.source.Fields["choices"], "attributes.")], r.Connected, cmp.Or(enqueued, talk, &last))
	if enqueued != nil {
		add(contact.QueueStep, a.names.Queue(r.queueName()).Name, "", enqueued, cmp.Or(dequeued, talk, &last))
	}
	if talk != nil {
		add(contact.AgentStep, c.Agent.Name, "", talk, &last)
	}
	a.source.SetWay(c, tiles, last.Unix())
}

// setRecording names the first recording that is still there.
func (a *analysis) setRecording(c *telephony.Contact) {
	all := a.record.Recordings
	if a.record.Recording != nil {
		all = append(all[:len(all):len(all)], *a.record.Recording)
	}
	for _, one := range all {
		if one.Location == "" || one.Status == "DELETED" {
			continue
		}
		var seconds *int
		if one.Started != nil && one.Stopped != nil && !one.Stopped.Before(*one.Started) {
			length := int(one.Stopped.Unix() - one.Started.Unix())
			seconds = &length
		}
		c.Details = telephony.Recording(a.source.RecordingPath(one.Location, c.StartedAt), seconds)
		return
	}
}
