package schema

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/relay"
)

// Node is anything that has an id of its own.
type Node interface{ NodeID() string }

// The pages and rows of every list, by the names they have in the schema; gqlgen binds names, not instantiations.
type (
	AgentConnection      = relay.Connection[*directory.Agent]
	AgentEdge            = relay.Edge[*directory.Agent]
	AgentGroupConnection = relay.Connection[*directory.AgentGroup]
	AgentGroupEdge       = relay.Edge[*directory.AgentGroup]
	CampaignConnection   = relay.Connection[*directory.Campaign]
	CampaignEdge         = relay.Edge[*directory.Campaign]
	QueueConnection      = relay.Connection[*directory.Queue]
	QueueEdge            = relay.Edge[*directory.Queue]
	ClassifierConnection = relay.Connection[*directory.Classifier]
	ClassifierEdge       = relay.Edge[*directory.Classifier]
	SiteCallConnection   = relay.Connection[*directory.SiteCall]
	SiteCallEdge         = relay.Edge[*directory.SiteCall]
	DownloadConnection   = relay.Connection[*export.Download]
	DownloadEdge         = relay.Edge[*export.Download]
	ContactEdge          = relay.Edge[*contact.Contact]
)

// ExportContactsPayload answers the order of a file.
type ExportContactsPayload struct {
	Download         *export.Download
	ClientMutationID *string
}

// CancelDownloadInput names a file to be called off.
type CancelDownloadInput struct {
	ID               string
	ClientMutationID *string
}

// CancelDownloadPayload answers the calling off of a file.
type CancelDownloadPayload struct {
	Download         *export.Download
	ClientMutationID *string
}

// DeleteDownloadInput names a download to be removed.
type DeleteDownloadInput struct {
	ID               string
	ClientMutationID *string
}

// DeleteDownloadPayload answers the removal of a download.
type DeleteDownloadPayload struct {
	DeletedDownloadID string
	ClientMutationID  *string
}

// RecordContactsInput hands contacts over.
type RecordContactsInput struct {
	Contacts         []format.Contact
	Partial          bool
	ClientMutationID *string
}

// RecordContactsPayload says what became of contacts that were handed over.
type RecordContactsPayload struct {
	// ContactIDs are our own numbers of the contacts, in the order given.
	ContactIDs []int64
	// Result counts what became of them.
	ingest.Result
	// Rejected are those that were faulty, of a call that asked for the others to be recorded all the same.
	Rejected         []ContactError
	ClientMutationID *string
}

// ContactError is a contact that could not be recorded, and why.
type ContactError struct {
	// Index is its place in the list, from 0 on.
	Index int
	// Code is one of the schema's codes of errors.
	Code fault.Code
	// Field is the argument that is wrong, as errors name it.
	Field string
	// Message says what is wrong with it.
	Message string
}

// SetContactRevisionInput says which revision a contact is to be known by.
type SetContactRevisionInput struct {
	ExternalID       string
	Revision         int64
	ClientMutationID *string
}

// SetContactRevisionPayload answers the setting of a revision.
type SetContactRevisionPayload struct {
	ContactID string
	// PreviousRevision is that before.
	PreviousRevision int64
	ClientMutationID *string
}
