package contact

import (
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"time"
)

// FactsVersion is the version of the rules by which facts are worked out. It rises with every change of a rule, and what was
// stored by older rules is then worked out anew.
const FactsVersion = 1

// FactRules are what facts depend on beside the contact.
type FactRules struct {
	// SelfServiceTiles are the names of tiles of the IVR: who hung up in one of them was given what they called for.
	SelfServiceTiles []string
	// Newer says that a program of a later version has changed the rules, and works out anew what this one does.
	Newer bool
}

// Facts are what is worked out of a contact alone, once, and stored with it.
type Facts struct {
	// Outcome is what came of it, nil for a contact that is not between a client and us.
	Outcome *Outcome
	// QueueTime is how many seconds the client waited in queues, nil if they were in none or still are.
	QueueTime *int
	// TimeToAnswer is the number of seconds from the wish for an agent to the agent's answer, nil for anything but a campaign's
	// inbound call that reached an agent.
	TimeToAnswer *int
	// LostAfter is the number of seconds from the start to where a client was lost, nil if that is unknown or they were not lost.
	LostAfter *int
	// Client tells clients apart by their number, nil without one. It never leaves the database.
	Client *int64
}

// Equal says that facts are the same.
func (f Facts) Equal(other Facts) bool {
	return same(f.Outcome, other.Outcome) && same(f.QueueTime, other.QueueTime) && same(f.TimeToAnswer, other.TimeToAnswer) &&
		same(f.LostAfter, other.LostAfter) && same(f.Client, other.Client)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// Course is what of a contact its facts are worked out of.
type Course struct {
	Type          Type
	Status        Status
	HangupParty   *HangupParty
	StartedAt     time.Time
	HasAgent      bool
	AgentTalkTime *int
	// SourceKey and DestinationKey are the address keys.
	SourceKey, DestinationKey *string
	// Steps is the way through the IVR in the order walked.
	Steps iter.Seq[IVRStep]
}

// Facts works the facts out.
func (c *Course) Facts(rules FactRules) Facts {
	way := walk(c.Steps)
	facts := Facts{Outcome: c.outcome(way, rules), QueueTime: way.queueTime()}
	if facts.Outcome == nil {
		return facts
	}
	switch outcome := *facts.Outcome; {
	case outcome == ReachedAgent && c.Type == CampaignInboundCall:
		facts.TimeToAnswer = way.timeToAnswer(c.AgentTalkTime)
	case outcome.LostAt() != nil && way.left != nil:
		facts.LostAfter = new(wholeSeconds(way.left.Sub(c.StartedAt)))
	}
	facts.Client = c.client()
	return facts
}

// wholeSeconds are those of a span, 0 for a negative one.
func wholeSeconds(span time.Duration) int { return max(0, int(span/time.Second)) }

// wayThrough is what matters of a way through the IVR.
type wayThrough struct {
	// queued, transferred and voicemail say which kinds of steps there were, agents counts those of agents.
	queued, transferred, voicemail bool
	agents                         int
	// waited is the sum of the seconds in queues; inQueue says that one was not left.
	waited  int
	inQueue bool
	// wanted is when the first step of a queue or of an agent was entered; agent is the first of an agent.
	wanted *time.Time
	agent  IVRStep
	// left is when the last step was left, nil if none was.
	left *time.Time
	// lastName is the name of the last step, empty without one.
	lastName string
}

func walk(steps iter.Seq[IVRStep]) wayThrough {
	var way wayThrough
	for step := range steps {
		way.take(step)
	}
	return way
}

func (w *wayThrough) take(step IVRStep) {
	w.lastName = step.Name
	if step.LeftAt != nil && (w.left == nil || step.LeftAt.After(*w.left)) {
		w.left = step.LeftAt
	}
	switch step.Kind {
	case QueueStep:
		w.queued = true
		if step.LeftAt == nil {
			w.inQueue = true
		} else {
			w.waited += wholeSeconds(step.LeftAt.Sub(step.EnteredAt))
		}
	case AgentStep:
		if w.agents++; w.agents == 1 {
			w.agent = step
		}
	case TransferStep:
		w.transferred = true
	case VoicemailStep:
		w.voicemail = true
	}
	if w.wanted == nil && (w.queued || w.agents > 0) {
		w.wanted = &step.EnteredAt
	}
}

func (w *wayThrough) queueTime() *int {
	if !w.queued || w.inQueue {
		return nil
	}
	return new(w.waited)
}

// timeToAnswer takes from the only step of an agent what exceeds the talk: so long it rang.
func (w *wayThrough) timeToAnswer(talk *int) *int {
	if w.agents == 0 {
		return w.queueTime()
	}
	answered := w.agent.EnteredAt
	if w.agents == 1 && w.agent.LeftAt != nil && talk != nil {
		rang := max(0, wholeSeconds(w.agent.LeftAt.Sub(w.agent.EnteredAt))-*talk)
		answered = answered.Add(time.Duration(rang) * time.Second)
	}
	return new(wholeSeconds(answered.Sub(*w.wanted)))
}

// longestInternal is how many digits the number of one of our own phones has at most.
const longestInternal = 6

// client is the first 64 bits of the SHA-256 of the client's number. Words for withheld numbers and names are nobody's number.
func (c *Course) client() *int64 {
	key := c.SourceKey
	if slices.Contains(WentTypes, c.Type) {
		key = c.DestinationKey
	}
	if key == nil {
		return nil
	}
	digits, isNumber := strings.CutPrefix(*key, "+")
	if !isNumber || len(digits) <= longestInternal || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	sum := sha256.Sum256([]byte(*key))
	return new(int64(binary.BigEndian.Uint64(sum[:])))
}
