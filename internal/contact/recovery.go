package contact

import "time"

// RecoveryState is whether a client who was lost was talked with after all.
type RecoveryState string

// The states.
const (
	// CalledBack: we reached the client before they came again.
	CalledBack RecoveryState = "CALLED_BACK"
	// CalledAgain: the client came again and talked with an agent.
	CalledAgain RecoveryState = "CALLED_AGAIN"
	// Tried: nobody talked with the client, but we tried.
	Tried RecoveryState = "TRIED"
	// NotRecovered: nobody tried.
	NotRecovered RecoveryState = "NONE"
	// UnknownClient: the contact has neither a number nor a record by which the client is known again.
	UnknownClient RecoveryState = "UNKNOWN"
)

// RecoveryStates are all states.
var RecoveryStates = []RecoveryState{CalledBack, CalledAgain, Tried, NotRecovered, UnknownClient}

// Bounds of the hours within which a client is called back, and of the days within which a call is a repeat.
const (
	MaxRecoveryHours = 720
	MaxRepeatDays    = 30
)

// RecoveryFilter asks for lost contacts by whether their clients were talked with after all.
type RecoveryFilter struct {
	// States are those wanted.
	States []RecoveryState `json:"states"`
	// WithinHours is how long after the contact its client counts as called back.
	WithinHours int `json:"withinHours"`
}

// Recovery is what came after a lost contact.
type Recovery struct {
	State RecoveryState
	// Open says that nobody talked with the client yet and that there is still time.
	Open bool
	// After is the number of seconds until the client was talked with, nil if they were not.
	After *int
	// ContactID is our own number of the contact in which the client was talked with, nil if there is none.
	ContactID *int64
}

// NewRecovery is the recovery of a contact that started at an instant, as it stands at another.
func NewRecovery(state RecoveryState, lostAt time.Time, reached *Key, within time.Duration, now time.Time) *Recovery {
	r := &Recovery{State: state}
	if reached != nil {
		r.After, r.ContactID = new(wholeSeconds(reached.StartedAt.Sub(lostAt))), &reached.ID
	}
	r.Open = (state == Tried || state == NotRecovered) && !now.After(lostAt.Add(within))
	return r
}
