package schema

import (
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/relay"
)

// Node is anything that has an id of its own.
type Node interface{ NodeID() string }

// The pages and rows of every list, by the names they have in the schema; gqlgen binds names, not instantiations.
type (
	AgentConnection      = relay.Connection[*contact.Agent]
	AgentEdge            = relay.Edge[*contact.Agent]
	AgentGroupConnection = relay.Connection[*contact.AgentGroup]
	AgentGroupEdge       = relay.Edge[*contact.AgentGroup]
	CampaignConnection   = relay.Connection[*contact.Campaign]
	CampaignEdge         = relay.Edge[*contact.Campaign]
	QueueConnection      = relay.Connection[*contact.Queue]
	QueueEdge            = relay.Edge[*contact.Queue]
	ClassifierConnection = relay.Connection[*contact.Classifier]
	ClassifierEdge       = relay.Edge[*contact.Classifier]
	SiteCallConnection   = relay.Connection[*contact.SiteCall]
	SiteCallEdge         = relay.Edge[*contact.SiteCall]
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
	ClientMutationID *string
}

// RecordContactsPayload says what became of contacts that were handed over.
type RecordContactsPayload struct {
	// ContactIDs are our own numbers of the contacts, in the order given.
	ContactIDs []int64
	// Result counts what became of them.
	ingest.Result
	ClientMutationID *string
}
