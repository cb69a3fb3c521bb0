package contact

// Filter says which contacts a user wants, as given: nothing in it is checked yet. Criteria combine with AND, several
// values of one criterion with OR; nil or empty does not restrict. Store.Resolve checks it and makes Criteria of it.
type Filter struct {
	// Period is required: a preset or a range of calendar dates in the report's time zone.
	Period Period `json:"period"`
	// Hours is a window applied to each day of the period, on the local wall clock.
	Hours *Hours `json:"hours,omitempty"`
	// TimeZone is an IANA name; nil is the platform's own.
	TimeZone *string `json:"timeZone,omitempty"`
	// AgentIDs are ids of agents, deleted ones too.
	AgentIDs []string `json:"agentIds,omitempty"`
	// AgentGroupIDs are ids of groups; their members now, deleted ones included. With AgentIDs both must hold.
	AgentGroupIDs []string `json:"agentGroupIds,omitempty"`
	// CampaignIDs are ids of campaigns. With OutsideCampaign either may hold.
	CampaignIDs []string `json:"campaignIds,omitempty"`
	// OutsideCampaign asks for contacts outside any campaign; false does not restrict.
	OutsideCampaign *bool `json:"outsideCampaign,omitempty"`
	// Types are the types wanted.
	Types []Type `json:"types,omitempty"`
	// Statuses are the statuses wanted.
	Statuses []Status `json:"statuses,omitempty"`
	// Outcomes are the outcomes wanted.
	Outcomes []Outcome `json:"outcomes,omitempty"`
	// QueueTime bounds how long clients waited in queues, TimeToAnswer until the answer, LostAfter until they were lost, and
	// AgentTalkTime the talk. A contact without the duration lies within no bounds.
	QueueTime     *DurationRange `json:"queueTime,omitempty"`
	TimeToAnswer  *DurationRange `json:"timeToAnswer,omitempty"`
	LostAfter     *DurationRange `json:"lostAfter,omitempty"`
	AgentTalkTime *DurationRange `json:"agentTalkTime,omitempty"`
	// Recovery asks for lost contacts by whether their clients were talked with after all.
	Recovery *RecoveryFilter `json:"recovery,omitempty"`
	// RepeatWithinDays asks for contacts whose clients came before them within so many days.
	RepeatWithinDays *int `json:"repeatWithinDays,omitempty"`
	// Weekdays are the days of the week wanted, by the local date.
	Weekdays []Weekday `json:"weekdays,omitempty"`
	// SourceAddresses are numbers or e-mail addresses that contacts came from, in any usual spelling.
	SourceAddresses []string `json:"sourceAddresses,omitempty"`
	// DestinationAddresses are numbers or e-mail addresses that contacts went to, in any usual spelling.
	DestinationAddresses []string `json:"destinationAddresses,omitempty"`
	// Addresses are those of clients in either direction: of the source, the destination, further recipients and copies.
	Addresses []string `json:"addresses,omitempty"`
	// WithoutSourceAddress asks for contacts that have none; false does not restrict.
	WithoutSourceAddress *bool `json:"withoutSourceAddress,omitempty"`
	// WithoutDestinationAddress asks for contacts that have none; false does not restrict.
	WithoutDestinationAddress *bool `json:"withoutDestinationAddress,omitempty"`
	// ExternalIDs are the platform's own ids of contacts.
	ExternalIDs []string `json:"externalIds,omitempty"`
	// RecordExternalIDs are the platform's own ids of records.
	RecordExternalIDs []string `json:"recordExternalIds,omitempty"`
	// TicketIDs are the platform's own ids of tickets.
	TicketIDs []string `json:"ticketIds,omitempty"`
	// SiteCallIDs are ids of SiteCall forms.
	SiteCallIDs []string `json:"siteCallIds,omitempty"`
	// QueueIDs are ids of queues.
	QueueIDs []string `json:"queueIds,omitempty"`
	// ClassifierIDs are ids of classifiers.
	ClassifierIDs []string `json:"classifierIds,omitempty"`
	// RecordIDs are ids of records.
	RecordIDs []string `json:"recordIds,omitempty"`
	// ContactIDs are ids of contacts.
	ContactIDs []string `json:"contactIds,omitempty"`
	// Unfinished asks for contacts that have been ringing for longer than UnfinishedAfter; false does not restrict.
	Unfinished *bool `json:"unfinished,omitempty"`
}

// Period is a preset or a range, exactly one of them.
type Period struct {
	Preset *Preset `json:"preset,omitempty"`
	Range  *Range  `json:"range,omitempty"`
}

// Preset is a period relative to the day on which it is resolved.
type Preset string

// The presets. Weeks start on Monday; the last N days end today.
const (
	Today         Preset = "TODAY"
	Yesterday     Preset = "YESTERDAY"
	CurrentWeek   Preset = "CURRENT_WEEK"
	PreviousWeek  Preset = "PREVIOUS_WEEK"
	CurrentMonth  Preset = "CURRENT_MONTH"
	PreviousMonth Preset = "PREVIOUS_MONTH"
	Last7Days     Preset = "LAST_7_DAYS"
	Last30Days    Preset = "LAST_30_DAYS"
)

// Presets are all presets.
var Presets = []Preset{Today, Yesterday, CurrentWeek, PreviousWeek, CurrentMonth, PreviousMonth, Last7Days, Last30Days}

// Range is calendar dates, YYYY-MM-DD, both inclusive.
type Range struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// DurationRange is bounds of a duration in seconds, both inclusive, at least one of them.
type DurationRange struct {
	AtLeast *int `json:"atLeast,omitempty"`
	AtMost  *int `json:"atMost,omitempty"`
}

// Weekday is a day of the week.
type Weekday string

// The days.
const (
	Monday    Weekday = "MONDAY"
	Tuesday   Weekday = "TUESDAY"
	Wednesday Weekday = "WEDNESDAY"
	Thursday  Weekday = "THURSDAY"
	Friday    Weekday = "FRIDAY"
	Saturday  Weekday = "SATURDAY"
	Sunday    Weekday = "SUNDAY"
)

// Weekdays are all days of a week, from Monday.
var Weekdays = []Weekday{Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday}

// Hours is a half-open window of local times of day, HH:MM. Without From it begins, without To it ends at midnight;
// From later than To wraps past midnight.
type Hours struct {
	From *string `json:"from,omitempty"`
	To   *string `json:"to,omitempty"`
}
