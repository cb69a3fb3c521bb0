package workbook

// Kind is how much of a contact a workbook shows.
type Kind string

// The kinds.
const (
	// Simple has one line for every contact.
	Simple Kind = "SIMPLE"
	// Detailed has one line for every IVR step of a campaign's inbound call, and one for every other contact.
	Detailed Kind = "DETAILED"
)

// Kinds are all kinds.
var Kinds = []Kind{Simple, Detailed}

// Extra is something that a workbook shows beyond the report's own columns.
type Extra string

// Facts is what came of each contact and how long its client waited, in four columns behind the report's own.
const Facts Extra = "FACTS"

// Extras are all extras.
var Extras = []Extra{Facts}

// Column names a column of the report.
type Column string

// The columns.
const (
	// ExternalIDColumn is the platform's own id.
	ExternalIDColumn Column = "EXTERNAL_ID"
	// CampaignColumn is the name of the campaign.
	CampaignColumn Column = "CAMPAIGN"
	// AgentColumn is the name of the agent.
	AgentColumn Column = "AGENT"
	// SourceAddressColumn is where the contact came from.
	SourceAddressColumn Column = "SOURCE_ADDRESS"
	// DestinationAddressColumn is where it went to: all recipients of what went to several.
	DestinationAddressColumn Column = "DESTINATION_ADDRESS"
	// CCAddressesColumn are the visible copies of an e-mail.
	CCAddressesColumn Column = "CC_ADDRESSES"
	// BCCAddressesColumn are the hidden ones.
	BCCAddressesColumn Column = "BCC_ADDRESSES"
	// StartedAtColumn is when the contact started.
	StartedAtColumn Column = "STARTED_AT"
	// UTCOffsetColumn is the offset of that wall clock from UTC.
	UTCOffsetColumn Column = "UTC_OFFSET"
	// TalkTimeColumn is the time in the IVR and with the agent.
	TalkTimeColumn Column = "TALK_TIME"
	// RingTimeColumn is how long the agent waited for the pick-up.
	RingTimeColumn Column = "RING_TIME"
	// AgentTalkTimeColumn is the time with the agent.
	AgentTalkTimeColumn Column = "AGENT_TALK_TIME"
	// TypeColumn is the channel and direction.
	TypeColumn Column = "TYPE"
	// StatusColumn is how the contact ended.
	StatusColumn Column = "STATUS"
	// RecordColumn is the platform's id of the client's record.
	RecordColumn Column = "RECORD"
	// SignificantFieldColumn is what the record's significant field holds.
	SignificantFieldColumn Column = "SIGNIFICANT_FIELD"
	// ClassifierColumn is the name of the disposition.
	ClassifierColumn Column = "CLASSIFIER"
	// QueueColumn is the name of the queue.
	QueueColumn Column = "QUEUE"
	// DetailsColumn says what there is to see of the contact.
	DetailsColumn Column = "DETAILS"
	// HangupPartyColumn is who hung up.
	HangupPartyColumn Column = "HANGUP_PARTY"
	// TicketIDColumn is the ticket within which the contact was made.
	TicketIDColumn Column = "TICKET_ID"
	// SiteCallColumn is the name of the SiteCall form.
	SiteCallColumn Column = "SITE_CALL"
	// SiteCallOrderColumn is what the two legs of a SiteCall order share.
	SiteCallOrderColumn Column = "SITE_CALL_ORDER"
	// IVRTimeColumn is the time in the IVR.
	IVRTimeColumn Column = "IVR_TIME"
	// ConversationIDColumn is what ties the contacts of one conversation.
	ConversationIDColumn Column = "CONVERSATION_ID"
	// OutcomeColumn is what came of the contact.
	OutcomeColumn Column = "OUTCOME"
	// QueueTimeColumn is the time in queues.
	QueueTimeColumn Column = "QUEUE_TIME"
	// TimeToAnswerColumn is the time until an agent answered.
	TimeToAnswerColumn Column = "TIME_TO_ANSWER"
	// LostAfterColumn is when the client was lost.
	LostAfterColumn Column = "LOST_AFTER"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	// XLSX is a workbook for people.
	XLSX Format = "XLSX"
	// CSV is text for programs after RFC 4180, in UTF-8 with a byte order mark.
	CSV Format = "CSV"
)

// Formats are all formats.
var Formats = []Format{XLSX, CSV}

// Ending is what the names of files of the format end in, such as ".xlsx".
func (f Format) Ending() string {
	if f == CSV {
		return ".csv"
	}
	return ".xlsx"
}
