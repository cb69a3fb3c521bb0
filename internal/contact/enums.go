package contact

// Type is the channel and direction of a contact.
type Type string

// The 17 types of the report, and Other for what is none of them.
const (
	OutboundCall        Type = "OUTBOUND_CALL"
	InboundCall         Type = "INBOUND_CALL"
	CampaignInboundCall Type = "CAMPAIGN_INBOUND_CALL"
	OutboundEmail       Type = "OUTBOUND_EMAIL"
	InboundEmail        Type = "INBOUND_EMAIL"
	Consultation        Type = "CONSULTATION"
	PostCallSurvey      Type = "POST_CALL_SURVEY"
	ExternalTransfer    Type = "EXTERNAL_TRANSFER"
	OutboundSMS         Type = "OUTBOUND_SMS"
	InboundSMS          Type = "INBOUND_SMS"
	Chat                Type = "CHAT"
	MessengerChat       Type = "MESSENGER_CHAT"
	VoiceMailingSurvey  Type = "VOICE_MAILING_SURVEY"
	SiteCallCustomerLeg Type = "SITECALL_CUSTOMER_LEG"
	SiteCallAgentLeg    Type = "SITECALL_AGENT_LEG"
	MobileOutboundCall  Type = "MOBILE_OUTBOUND_CALL"
	MobileInboundCall   Type = "MOBILE_INBOUND_CALL"
	Other               Type = "OTHER"
)

// Types are all types, in the order of the report's specification, Other behind them.
var Types = []Type{
	OutboundCall, InboundCall, CampaignInboundCall, OutboundEmail, InboundEmail, Consultation, PostCallSurvey,
	ExternalTransfer, OutboundSMS, InboundSMS, Chat, MessengerChat, VoiceMailingSurvey, SiteCallCustomerLeg,
	SiteCallAgentLeg, MobileOutboundCall, MobileInboundCall, Other,
}

// Status is how a contact ended, or where it stands.
type Status string

// The 7 statuses.
const (
	Answered       Status = "ANSWERED"
	Ringing        Status = "RINGING"
	Failed         Status = "FAILED"
	ClassifierOnly Status = "CLASSIFIER"
	Busy           Status = "BUSY"
	Pending        Status = "PENDING"
	NoAnswer       Status = "NO_ANSWER"
)

// Statuses are all statuses, in the order of the report's specification.
var Statuses = []Status{Answered, Ringing, Failed, ClassifierOnly, Busy, Pending, NoAnswer}

// HangupParty is the side that ended a call.
type HangupParty string

// The sides.
const (
	HangupCustomer HangupParty = "CUSTOMER"
	HangupAgent    HangupParty = "AGENT"
	HangupSystem   HangupParty = "SYSTEM"
)

// HangupParties are all sides.
var HangupParties = []HangupParty{HangupCustomer, HangupAgent, HangupSystem}

// StepKind is what a tile of the IVR does.
type StepKind string

// The kinds of tiles.
const (
	AnnouncementStep StepKind = "ANNOUNCEMENT"
	MenuStep         StepKind = "MENU"
	InputStep        StepKind = "INPUT"
	QueueStep        StepKind = "QUEUE"
	AgentStep        StepKind = "AGENT"
	TransferStep     StepKind = "TRANSFER"
	VoicemailStep    StepKind = "VOICEMAIL"
	SurveyStep       StepKind = "SURVEY"
	OtherStep        StepKind = "OTHER"
)

// StepKinds are all kinds of tiles.
var StepKinds = []StepKind{
	AnnouncementStep, MenuStep, InputStep, QueueStep, AgentStep, TransferStep, VoicemailStep, SurveyStep, OtherStep,
}

// DetailsKind is what there is to see of a contact beyond its row.
type DetailsKind string

// The kinds of details.
const (
	RecordingDetails DetailsKind = "RECORDING"
	EmailDetails     DetailsKind = "EMAIL"
	ChatDetails      DetailsKind = "CHAT"
	SMSDetails       DetailsKind = "SMS"
)

// DetailsKinds are all kinds of details.
var DetailsKinds = []DetailsKind{RecordingDetails, EmailDetails, ChatDetails, SMSDetails}
