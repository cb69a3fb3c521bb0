package contact

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/relay"
)

// Contact is one interaction: a row of the report. What it points at (agent, campaign, IVR steps, …) is not on it;
// Store and Directory give that for many contacts at once. A field that was not selected is zero.
type Contact struct {
	bun.BaseModel `bun:"table:contacts,alias:c"`

	// ID is our own number of the contact.
	ID int64 `bun:"id,pk"`
	// StartedAt is when the interaction started; with ID the primary key.
	StartedAt time.Time `bun:"started_at,pk"`
	// ExternalID is the platform's own id of the interaction.
	ExternalID string `bun:"external_id"`
	// Type is the channel and direction.
	Type Type `bun:"type"`
	// Status is how the contact ended, or where it stands.
	Status Status `bun:"status"`
	// HangupParty is the side that ended the call, nil if unknown.
	HangupParty *HangupParty `bun:"hangup_party"`
	// DetailsKind says what details there are, nil if none.
	DetailsKind *DetailsKind `bun:"details_kind"`
	// CampaignID is nil outside any campaign.
	CampaignID *int64 `bun:"campaign_id"`
	// AgentID is nil where no agent took part.
	AgentID *int64 `bun:"agent_id"`
	// QueueID is the queue that handled a campaign's inbound call.
	QueueID *int64 `bun:"queue_id"`
	// ClassifierID is the disposition that summed the interaction up.
	ClassifierID *int64 `bun:"classifier_id"`
	// SiteCallID is the SiteCall form that ordered the call.
	SiteCallID *int64 `bun:"site_call_id"`
	// RecordID is the client's record.
	RecordID *int64 `bun:"record_id"`
	// IVRTime is the number of seconds in the IVR, nil where there is no voice.
	IVRTime *int `bun:"ivr_time"`
	// RingTime is the number of seconds that the agent waited for the pick-up; outbound calls only.
	RingTime *int `bun:"ring_time"`
	// AgentTalkTime is the number of seconds of the agent-client conversation, nil without an agent.
	AgentTalkTime *int `bun:"agent_talk_time"`
	// TalkTime is IVRTime + AgentTalkTime, nil where there is no voice; PostgreSQL keeps it.
	TalkTime *int `bun:"talk_time,scanonly"`
	// TicketID is the ticket within which the contact was made.
	TicketID *string `bun:"ticket_id"`
	// SiteCallOrderID is shared by the two legs of one SiteCall order.
	SiteCallOrderID *string `bun:"site_call_order_id"`
	// SourceAddress is the number or e-mail address that the contact came from, as the platform wrote it.
	SourceAddress *string `bun:"source_address"`
	// DestinationAddress is the number or e-mail address that it went to, as the platform wrote it.
	DestinationAddress *string `bun:"destination_address"`
	// ToAddresses are all recipients of what went to several, as the platform wrote them; empty where there is one at most.
	ToAddresses []string `bun:"to_addresses,type:json"`
	// CCAddresses are the visible copies of an e-mail.
	CCAddresses []string `bun:"cc_addresses,type:json"`
	// BCCAddresses are the copies of an e-mail that its recipients do not see.
	BCCAddresses []string `bun:"bcc_addresses,type:json"`
	// Channel is the source's word for the channel of a contact of type Other.
	Channel *string `bun:"channel"`
	// ConversationID ties the contacts of one conversation, nil for a contact that belongs to none.
	ConversationID *string `bun:"conversation_id"`
	// HoldTime is the number of seconds that the client was on hold, nil if unknown.
	HoldTime *int `bun:"hold_time"`
	// WrapUpTime is the number of seconds of the agent's work after the contact, nil if unknown.
	WrapUpTime *int `bun:"wrap_up_time"`
	// Outcome is what came of the contact, nil for one that is not between a client and us.
	Outcome *Outcome `bun:"outcome"`
	// QueueTime is the number of seconds that the client waited in queues, nil if they were in none or still are.
	QueueTime *int `bun:"queue_time"`
	// TimeToAnswer is the number of seconds from the wish for an agent to the agent's answer; a campaign's inbound calls only.
	TimeToAnswer *int `bun:"time_to_answer"`
	// LostAfter is the number of seconds from the start to where the client was lost, nil if they were not.
	LostAfter *int `bun:"lost_after"`
}

// UnfinishedAfter is how long a contact may ring. One that still does was never told its end.
const UnfinishedAfter = 12 * time.Hour

// Unfinished says that the contact still rings, at an instant at which it must have ended long ago.
func (c *Contact) Unfinished(at time.Time) bool {
	return c.Status == Ringing && c.StartedAt.Before(at.Add(-UnfinishedAfter))
}

// NodeID is the contact's opaque id in the API.
func (c *Contact) NodeID() string { return relay.EncodeID(relay.ContactKind, c.ID) }

// Key is where the contact and all that hangs on it lies.
func (c *Contact) Key() Key { return Key{StartedAt: c.StartedAt, ID: c.ID} }

// Key finds a contact, its IVR steps and its details without a search.
type Key struct {
	StartedAt time.Time
	ID        int64
}

// IVRStep is one tile of the IVR that a contact went through.
type IVRStep struct {
	bun.BaseModel `bun:"table:ivr_steps,alias:s"`

	// ContactStartedAt and ContactID are the key of the contact.
	ContactStartedAt time.Time `bun:"contact_started_at,pk"`
	ContactID        int64     `bun:"contact_id,pk"`
	// Position counts the steps of a contact from 1 in the order walked.
	Position int `bun:"position,pk"`
	// Name is the tile's name.
	Name string `bun:"name"`
	// Kind is what the tile does.
	Kind StepKind `bun:"kind"`
	// Choice is the choice made or key pressed, nil if there was none.
	Choice *string `bun:"choice"`
	// EnteredAt is when the tile was entered.
	EnteredAt time.Time `bun:"entered_at"`
	// LeftAt is when it was left, nil while the contact is still there.
	LeftAt *time.Time `bun:"left_at"`
}

// Duration is the number of whole seconds spent in the tile, nil while the contact is still there.
func (s *IVRStep) Duration() *int {
	if s.LeftAt == nil {
		return nil
	}
	seconds := int(s.LeftAt.Sub(s.EnteredAt) / time.Second)
	return &seconds
}

// Record is the client's record on the platform.
type Record struct {
	bun.BaseModel `bun:"table:records,alias:r"`

	// ID is our own number of the record.
	ID int64 `bun:"id,pk"`
	// ExternalID is the platform's own id.
	ExternalID string `bun:"external_id"`
	// SignificantName is which field of the record is significant, nil if none is.
	SignificantName *string `bun:"significant_name"`
	// SignificantValue is what that field holds.
	SignificantValue *string `bun:"significant_value"`
}

// NodeID is the record's opaque id in the API.
func (r *Record) NodeID() string { return relay.EncodeID(relay.RecordKind, r.ID) }

// Summary is what a list shows of a record.
type Summary struct {
	// ExternalID is the platform's own id.
	ExternalID string
	// SignificantValue is what the record's significant field holds, empty if it has none.
	SignificantValue string
}

// Summary is what a list shows of the record, the zero value for nil.
func (r *Record) Summary() Summary {
	var summary Summary
	if r != nil {
		summary.ExternalID = r.ExternalID
		if r.SignificantValue != nil {
			summary.SignificantValue = *r.SignificantValue
		}
	}
	return summary
}

// SignificantField is the field of a record that says who or what it is about.
type SignificantField struct {
	// Name is the field's name.
	Name string
	// Value is what it holds, nil if empty.
	Value *string
}

// SignificantField is nil where the campaign has none.
func (r *Record) SignificantField() *SignificantField {
	if r.SignificantName == nil {
		return nil
	}
	return &SignificantField{Name: *r.SignificantName, Value: r.SignificantValue}
}
