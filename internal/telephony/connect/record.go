package connect

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Record is what is kept of a contact record: unknown fields are ignored.
type Record struct {
	ContactID        string      `json:"ContactId"`
	InitialContactID string      `json:"InitialContactId,omitempty"`
	NextContactID    string      `json:"NextContactId,omitempty"`
	Channel          string      `json:"Channel"`
	Subtype          string      `json:"Subtype,omitempty"`
	InitiationMethod string      `json:"InitiationMethod"`
	DisconnectReason string      `json:"DisconnectReason,omitempty"`
	Initiated        *time.Time  `json:"InitiationTimestamp"`
	Connected        *time.Time  `json:"ConnectedToSystemTimestamp,omitempty"`
	Disconnected     *time.Time  `json:"DisconnectTimestamp,omitempty"`
	Updated          *time.Time  `json:"LastUpdateTimestamp"`
	Customer         *Endpoint   `json:"CustomerEndpoint,omitempty"`
	System           *Endpoint   `json:"SystemEndpoint,omitempty"`
	Agent            *Agent      `json:"Agent,omitempty"`
	Queue            *Queue      `json:"Queue,omitempty"`
	Recording        *Recording  `json:"Recording,omitempty"`
	Recordings       []Recording `json:"Recordings,omitempty"`
	Attributes       Attributes  `json:"Attributes,omitempty"`
}

// Attributes are what flows and agents noted of a contact, by name.
type Attributes map[string]string

// UnmarshalJSON takes texts, and leaves out whatever else there may be.
func (a *Attributes) UnmarshalJSON(raw []byte) error {
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil // no object, so nothing was noted
	}
	*a = Attributes{}
	for name, value := range all {
		if text, isText := value.(string); isText {
			(*a)[name] = text
		}
	}
	return nil
}

// Endpoint is an address of one side.
type Endpoint struct {
	Address string `json:"Address"`
}

// Agent is who accepted a contact. Durations are seconds.
type Agent struct {
	ARN         string     `json:"ARN"`
	Username    string     `json:"Username"`
	Connected   *time.Time `json:"ConnectedToAgentTimestamp,omitempty"`
	Interaction *int       `json:"AgentInteractionDuration,omitempty"`
	Hold        *int       `json:"CustomerHoldDuration,omitempty"`
	AfterWork   *int       `json:"AfterContactWorkDuration,omitempty"`
}

// Queue is where a contact waited.
type Queue struct {
	ARN      string     `json:"ARN"`
	Name     string     `json:"Name"`
	Enqueued *time.Time `json:"EnqueueTimestamp,omitempty"`
	Dequeued *time.Time `json:"DequeueTimestamp,omitempty"`
}

// Recording is a recording, or a transcript of a chat.
type Recording struct {
	Location string     `json:"Location"`
	Status   string     `json:"Status,omitempty"`
	Started  *time.Time `json:"StartTimestamp,omitempty"`
	Stopped  *time.Time `json:"StopTimestamp,omitempty"`
}

// errBadRow is what an object that is no contact record ends in. It shows nothing of the object.
var errBadRow = errors.New("is not a contact record of Amazon Connect")

// Parse reads a contact record and checks what no contact can do without.
func Parse(content []byte) (*Record, error) {
	record := &Record{}
	if err := json.Unmarshal(content, record); err != nil {
		return nil, errBadRow
	}
	if record.ContactID == "" || len(record.ContactID) > 150 || record.Initiated == nil || record.Updated == nil || !isOurs(*record.Initiated) || !isOurs(*record.Updated) {
		return nil, errBadRow
	}
	return record, nil
}

// isOurs is whether an instant lies in the years 2000 to 2100: others are a clock gone wrong.
func isOurs(at time.Time) bool { return at.Year() >= 2000 && at.Year() < 2100 }

// Records makes rows of the contact records in a file: JSON objects one after another, with or without line ends.
type Records struct{}

// Split gives the objects of a file.
func (Records) Split(file io.Reader) (telephony.Records, error) { return telephony.NewObjects(file) }

// Read makes a row of a contact record.
func (Records) Read(text string, number int64) (telephony.Row, error) {
	record, err := Parse([]byte(telephony.Clean(text)))
	if err != nil {
		return telephony.Row{}, err
	}
	content, err := json.Marshal(record)
	if err != nil {
		return telephony.Row{}, errBadRow
	}
	id := telephony.Clean(record.ContactID)
	return telephony.Row{
		Kind: telephony.ContactRecord, Key: id + " " + record.Updated.UTC().Format(time.RFC3339Nano), At: record.Initiated.UTC().Truncate(time.Second),
		Ordinal: -number, Channel: id, Fields: []string{string(content)},
	}, nil
}

// latestOf is the newest copy among the rows of a contact, nil if there is none.
func latestOf(rows []telephony.Row) *Record {
	var latest *Record
	for i := range rows {
		if rows[i].Kind != telephony.ContactRecord || len(rows[i].Fields) != 1 {
			continue
		}
		record, err := Parse([]byte(rows[i].Fields[0]))
		if err == nil && (latest == nil || record.Updated.After(*latest.Updated)) {
			latest = record
		}
	}
	return latest
}

// address is an endpoint's, nil for none.
func address(e *Endpoint) *string {
	if e == nil || strings.TrimSpace(e.Address) == "" {
		return nil
	}
	return &e.Address
}

// queueName is the queue that a contact waited in, empty for none; an agent's own is none.
func (r *Record) queueName() string {
	if r.Queue == nil || strings.Contains(r.Queue.ARN, "/queue/agent/") {
		return ""
	}
	return r.Queue.Name
}
