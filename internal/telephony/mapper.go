package telephony

import (
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// Mapper knows the rows of one kind of telephone system.
type Mapper interface {
	// Analyze reads the rows of a call as they are known at an instant. It keeps the rows.
	Analyze(call Call, now time.Time) Analysis
}

// Analysis is a call that was read. What it comes to may depend on what its agents did in other calls meanwhile.
type Analysis interface {
	// Lines are the telephone lines of agents that the call held.
	Lines() []Line
	// Outcome is what the call comes to, given the lines of other calls that overlap its own.
	Outcome(others []Line) Outcome
}

// Line is a channel of an agent's telephone that other calls of that agent must know of. Instants are seconds.
type Line struct {
	Endpoint string `json:"-"`
	Channel  string `json:"-"`
	Began    int64  `json:"-"`
	// Ended is openEnd while the line is open.
	Ended int64 `json:"-"`
	// Own is whether the agent began it.
	Own bool `json:"-"`
	// Talks are the spans in which the line was connected with a client.
	Talks []Talk `json:"talks"`
}

// OpenEnd is the end of what has not ended.
const OpenEnd = int64(1) << 40

// Talk is a span in which an agent and a client were connected, in seconds, and the campaign that it belonged to.
type Talk struct {
	From     int64      `json:"from"`
	To       int64      `json:"to"`
	Campaign *Reference `json:"campaign,omitempty"`
}

// Reference names an agent, a campaign, a queue or a classifier.
type Reference struct {
	ExternalID string `json:"externalId"`
	Name       string `json:"name"`
	// Assumed is whether the name is only a number, for want of a better one: it replaces no name.
	Assumed bool `json:"assumed,omitempty"`
}

// Outcome is what a call comes to: contacts, or the reason why there are none. An open call may have neither yet.
type Outcome struct {
	// Key is the call's own key.
	Key      string
	Contacts []Contact
	Reason   Reason
	// Open is whether the call still runs, Unfinished whether it was closed because nothing was heard of it.
	Open, Unfinished bool
	// Unknown are the numbers of which the configuration says nothing.
	Unknown []Unknown
}

// Contact is a contact of the import format, but for its names: these may be assumed.
type Contact struct {
	format.Contact
	Agent, Campaign, Queue, Classifier *Reference
}

// Reason is why a call is no contact.
type Reason string

// The reasons.
const (
	StartMissing    Reason = "START_MISSING"
	NoParty         Reason = "NO_PARTY"
	FeatureCode     Reason = "FEATURE_CODE"
	AgentNotReached Reason = "AGENT_NOT_REACHED"
	NoAgent         Reason = "NO_AGENT"
	NotACall        Reason = "NOT_A_CALL"
	BadRow          Reason = "BAD_ROW"
)

// Words is the reason as a run's last line says it.
func (r Reason) Words() string {
	switch r {
	case StartMissing:
		return "beginning missing"
	case NoParty:
		return "no party"
	case FeatureCode:
		return "feature code"
	case AgentNotReached:
		return "agent not reached"
	case NoAgent:
		return "no agent"
	case NotACall:
		return "not a call"
	default:
		return "bad row"
	}
}

// Reasons are all reasons.
var Reasons = []Reason{StartMissing, NoParty, FeatureCode, AgentNotReached, NoAgent, NotACall, BadRow}

// Unknown is a DID, queue, agent, endpoint or context that the configuration does not name.
type Unknown struct {
	Kind  UnknownKind
	Value string
}

// UnknownKind is what a value that the configuration does not name is of.
type UnknownKind string

// The kinds of unknown values.
const (
	UnknownDID      UnknownKind = "DID"
	UnknownQueue    UnknownKind = "queue"
	UnknownAgent    UnknownKind = "agent"
	UnknownEndpoint UnknownKind = "endpoint"
)

// Map makes the contacts of all rows, which are those of whole calls.
func Map(mapper Mapper, rows []Row, now time.Time) []Outcome {
	calls := CallsOf(rows)
	analyses := make([]Analysis, len(calls))
	lines := make([][]Line, len(calls))
	for i, call := range calls {
		analyses[i] = mapper.Analyze(call, now)
		lines[i] = analyses[i].Lines()
	}
	outcomes := make([]Outcome, len(calls))
	for i := range calls {
		var others []Line
		for j := range calls {
			if i != j {
				others = append(others, overlapping(lines[i], lines[j])...)
			}
		}
		outcomes[i] = analyses[i].Outcome(others)
	}
	return outcomes
}

// overlapping are the lines of others that one of the lines must know of.
func overlapping(lines, others []Line) []Line {
	var found []Line
	for _, other := range others {
		for _, line := range lines {
			if line.Endpoint == other.Endpoint && line.Began <= other.Ended && other.Began <= line.Ended {
				found = append(found, other)
				break
			}
		}
	}
	return found
}

// Recording is the content of a call's details that names its recording.
func Recording(path string, seconds *int) contact.DetailsContent {
	return contact.DetailsContent{Recording: &contact.Recording{Path: path, Seconds: seconds}}
}
