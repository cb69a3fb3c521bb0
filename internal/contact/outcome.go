package contact

import "slices"

// Outcome is what came of a contact between a client and us: each of these contacts has one, any other contact none.
type Outcome string

// The outcomes.
const (
	// ReachedAgent: the client talked with an agent.
	ReachedAgent Outcome = "REACHED_AGENT"
	// HandedOver: the IVR transferred the client to another place.
	HandedOver Outcome = "HANDED_OVER"
	// SelfServed: the IVR gave the client what they called for.
	SelfServed Outcome = "SELF_SERVED"
	// LostInIVR: the client hung up before they asked for an agent.
	LostInIVR Outcome = "LOST_IN_IVR"
	// LostInQueue: the client hung up while waiting for an agent.
	LostInQueue Outcome = "LOST_IN_QUEUE"
	// LostWhileRinging: no agent picked up.
	LostWhileRinging Outcome = "LOST_WHILE_RINGING"
	// LostAtVoicemail: the client came to the voicemail, so that somebody must call back.
	LostAtVoicemail Outcome = "LOST_AT_VOICEMAIL"
	// LostByFailure: the call failed technically.
	LostByFailure Outcome = "LOST_BY_FAILURE"
	// NotReached: we did not reach the client.
	NotReached Outcome = "NOT_REACHED"
	// UnderWay: the contact has not ended.
	UnderWay Outcome = "UNDER_WAY"
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{
	ReachedAgent, HandedOver, SelfServed, LostInIVR, LostInQueue, LostWhileRinging, LostAtVoicemail, LostByFailure, NotReached, UnderWay,
}

// LostOutcomes are those of contacts whose clients were lost.
var LostOutcomes = []Outcome{LostInIVR, LostInQueue, LostWhileRinging, LostAtVoicemail, LostByFailure}

// LostAt is where a client who came to us was lost.
type LostAt string

// The places.
const (
	AtIVR       LostAt = "IVR"
	AtQueue     LostAt = "QUEUE"
	AtRinging   LostAt = "RINGING"
	AtVoicemail LostAt = "VOICEMAIL"
	AtFailure   LostAt = "FAILURE"
)

// LostPlaces are all places.
var LostPlaces = []LostAt{AtIVR, AtQueue, AtRinging, AtVoicemail, AtFailure}

var placeOfLost = map[Outcome]LostAt{
	LostInIVR: AtIVR, LostInQueue: AtQueue, LostWhileRinging: AtRinging, LostAtVoicemail: AtVoicemail, LostByFailure: AtFailure,
}

// LostAt is where the client was lost, nil if they were not.
func (o Outcome) LostAt() *LostAt {
	place, lost := placeOfLost[o]
	if !lost {
		return nil
	}
	return &place
}

// ReachedAgent says whether client and agent talked, nil for a contact that has no outcome yet or never has one.
func (c *Contact) ReachedAgent() *bool {
	if c.Outcome == nil || *c.Outcome == UnderWay {
		return nil
	}
	reached := *c.Outcome == ReachedAgent
	return &reached
}

// LostAt is where the client was lost, nil if they were not.
func (c *Contact) LostAt() *LostAt {
	if c.Outcome == nil {
		return nil
	}
	return c.Outcome.LostAt()
}

// CameTypes are the types of contacts with which a client came to us, WentTypes those with which we went to a client.
var (
	CameTypes = []Type{CampaignInboundCall, InboundCall, MobileInboundCall, Chat, MessengerChat}
	WentTypes = []Type{OutboundCall, MobileOutboundCall, SiteCallCustomerLeg}
)

// outcome works out what came of a contact, nil for one that is not between a client and us. The first rule decides.
func (c *Course) outcome(way wayThrough, rules FactRules) *Outcome {
	outbound := slices.Contains(WentTypes, c.Type)
	chat := c.Type == Chat || c.Type == MessengerChat
	var is Outcome
	switch {
	case !outbound && !slices.Contains(CameTypes, c.Type), c.Status == ClassifierOnly:
		return nil
	case c.Status == Ringing, c.Status == Pending:
		is = UnderWay
	case outbound && c.Status == Answered && c.HasAgent:
		is = ReachedAgent
	case outbound:
		is = NotReached
	case c.Status == Answered && c.HasAgent && (chat || c.AgentTalkTime != nil):
		is = ReachedAgent
	case c.Status == Failed:
		is = LostByFailure
	case way.voicemail:
		is = LostAtVoicemail
	case way.transferred:
		is = HandedOver
	case way.agents > 0:
		is = LostWhileRinging
	case way.queued, chat:
		is = LostInQueue
	case c.Type == InboundCall, c.Type == MobileInboundCall:
		is = LostWhileRinging
	case c.HangupParty != nil && *c.HangupParty == HangupSystem, slices.Contains(rules.SelfServiceTiles, way.lastName):
		is = SelfServed
	default:
		is = LostInIVR
	}
	return &is
}
