package format

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// Contact is one contact as a source hands it over: a line of the import format, and the input of the mutation that
// records contacts.
type Contact struct {
	ExternalID         string                 `json:"externalId"`
	Revision           int64                  `json:"revision"`
	Type               contact.Type           `json:"type"`
	Status             contact.Status         `json:"status"`
	StartedAt          time.Time              `json:"startedAt"`
	SourceAddress      *string                `json:"sourceAddress"`
	DestinationAddress *string                `json:"destinationAddress"`
	ToAddresses        []string               `json:"toAddresses,omitempty"`
	CCAddresses        []string               `json:"ccAddresses"`
	BCCAddresses       []string               `json:"bccAddresses"`
	Campaign           *Reference             `json:"campaign"`
	Agent              *Reference             `json:"agent"`
	Queue              *Reference             `json:"queue"`
	Classifier         *Reference             `json:"classifier"`
	Record             *RecordReference       `json:"record"`
	SiteCall           *Reference             `json:"siteCall"`
	SiteCallOrderID    *string                `json:"siteCallOrderId"`
	TicketID           *string                `json:"ticketId"`
	IVRTime            *int                   `json:"ivrTime"`
	RingTime           *int                   `json:"ringTime"`
	AgentTalkTime      *int                   `json:"agentTalkTime"`
	HangupParty        *contact.HangupParty   `json:"hangupParty"`
	IVRSteps           []Step                 `json:"ivrSteps"`
	Details            contact.DetailsContent `json:"details"`

	// Channel is the source's word for the channel of a contact of type OTHER.
	Channel *string `json:"channel,omitempty"`
	// ConversationID ties the contacts of one conversation.
	ConversationID *string `json:"conversationId,omitempty"`
	HoldTime       *int    `json:"holdTime,omitempty"`
	WrapUpTime     *int    `json:"wrapUpTime,omitempty"`
	// Recordings are several recordings; Check takes them into the details.
	Recordings []contact.Recording `json:"recordings,omitempty"`
}

// Reference names an agent, campaign, queue, classifier or SiteCall form. Name is what it is called when the contact starts;
// without one it is called as it is, or by its externalId until a name comes.
type Reference struct {
	ExternalID string  `json:"externalId"`
	Name       *string `json:"name"`
}

// RecordReference names a client's record, which is made or changed as it says.
type RecordReference struct {
	ExternalID       string            `json:"externalId"`
	SignificantField *SignificantField `json:"significantField"`
}

// SignificantField is which field of a record is significant, and what it holds.
type SignificantField struct {
	Name  string  `json:"name"`
	Value *string `json:"value"`
}

// Step is one tile of the IVR, in the order walked.
type Step struct {
	Name      string           `json:"name"`
	Kind      contact.StepKind `json:"kind"`
	Choice    *string          `json:"choice"`
	EnteredAt time.Time        `json:"enteredAt"`
	LeftAt    *time.Time       `json:"leftAt"`
}

// Agent is a line of kind agent: it sets the agent's name, groups and deletion.
type Agent struct {
	ExternalID string     `json:"externalId"`
	Name       string     `json:"name"`
	Groups     []string   `json:"groups"`
	DeletedAt  *time.Time `json:"deletedAt"`
	// ChangedAt is the instant from which the line is true, nil for the newest of all.
	ChangedAt *time.Time `json:"changedAt,omitempty"`
}

// Named is a line of kind campaign, queue, classifier or siteCall.
type Named struct {
	ExternalID string `json:"externalId"`
	Name       string `json:"name"`
	// ChangedAt is the instant from which the name is true, nil for the newest of all.
	ChangedAt *time.Time `json:"changedAt,omitempty"`
}

// Kind is what a line is about.
type Kind string

// The kinds of line.
const (
	ContactKind    Kind = "contact"
	AgentKind      Kind = "agent"
	CampaignKind   Kind = "campaign"
	QueueKind      Kind = "queue"
	ClassifierKind Kind = "classifier"
	SiteCallKind   Kind = "siteCall"
)

var kinds = []Kind{ContactKind, AgentKind, CampaignKind, QueueKind, ClassifierKind, SiteCallKind}
