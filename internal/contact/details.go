package contact

import "time"

// Details is what there is to see of a contact beyond its row: *Recording, *Email, *ChatLog or *SMS.
type Details interface{ isDetails() }

// Recording is a call's recording.
type Recording struct {
	// Path is where the platform keeps the recording.
	Path string `json:"path"`
	// Seconds is its length, nil if unknown.
	Seconds *int `json:"seconds"`
}

// Email is the content of an e-mail.
type Email struct {
	Subject     string       `json:"subject"`
	Body        string       `json:"body"`
	Attachments []Attachment `json:"attachments"`
}

// Attachment is a file that came with an e-mail.
type Attachment struct {
	Name string `json:"name"`
	// Size is the number of bytes.
	Size int64 `json:"size"`
	// Path is where the platform keeps the file, nil if it did not tell.
	Path *string `json:"path,omitempty"`
}

// ChatLog is what was said in a chat.
type ChatLog struct {
	Messages []ChatMessage `json:"messages"`
}

// ChatMessage is one message of a chat.
type ChatMessage struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// SMS is the content of a text message.
type SMS struct {
	Text string `json:"text"`
}

func (*Recording) isDetails() {}
func (*Email) isDetails()     {}
func (*ChatLog) isDetails()   {}
func (*SMS) isDetails()       {}

// DetailsContent is the details as the import format writes them and contact_details keeps them: at most one kind is set.
type DetailsContent struct {
	Recording *Recording `json:"recording,omitempty"`
	Email     *Email     `json:"email,omitempty"`
	Chat      *ChatLog   `json:"chat,omitempty"`
	SMS       *SMS       `json:"sms,omitempty"`
	// Recordings are all recordings where there are several; Recording is the first of them.
	Recordings []Recording `json:"recordings,omitempty"`
}

// Kind is the kind of the details that are set, nil for none.
func (d DetailsContent) Kind() *DetailsKind {
	var kind DetailsKind
	switch {
	case d.Recording != nil:
		kind = RecordingDetails
	case d.Email != nil:
		kind = EmailDetails
	case d.Chat != nil:
		kind = ChatDetails
	case d.SMS != nil:
		kind = SMSDetails
	default:
		return nil
	}
	return &kind
}

// Details are the details that are set, nil for none.
func (d DetailsContent) Details() Details {
	switch {
	case d.Recording != nil:
		return d.Recording
	case d.Email != nil:
		return d.Email
	case d.Chat != nil:
		return d.Chat
	case d.SMS != nil:
		return d.SMS
	default:
		return nil
	}
}
