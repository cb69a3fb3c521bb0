package workbook

import (
	"fmt"
	"slices"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// Column names a column of the report.
type Column string

// The columns.
const (
	// ExternalIDColumn is the platform's own id.
	ExternalIDColumn Column = "EXTERNAL_ID"
	// CampaignColumn is the name of the campaign.
	CampaignColumn Column = "CAMPAIGN"
	// AgentColumn is the name of the agent.
	AgentColumn Column = "AGENT"
	// SourceAddressColumn is where the contact came from.
	SourceAddressColumn Column = "SOURCE_ADDRESS"
	// DestinationAddressColumn is where it went to: all recipients of what went to several.
	DestinationAddressColumn Column = "DESTINATION_ADDRESS"
	// CCAddressesColumn are the visible copies of an e-mail.
	CCAddressesColumn Column = "CC_ADDRESSES"
	// BCCAddressesColumn are the hidden ones.
	BCCAddressesColumn Column = "BCC_ADDRESSES"
	// StartedAtColumn is when the contact started.
	StartedAtColumn Column = "STARTED_AT"
	// UTCOffsetColumn is the offset of that wall clock from UTC.
	UTCOffsetColumn Column = "UTC_OFFSET"
	// TalkTimeColumn is the time in the IVR and with the agent.
	TalkTimeColumn Column = "TALK_TIME"
	// RingTimeColumn is how long the agent waited for the pick-up.
	RingTimeColumn Column = "RING_TIME"
	// AgentTalkTimeColumn is the time with the agent.
	AgentTalkTimeColumn Column = "AGENT_TALK_TIME"
	// TypeColumn is the channel and direction.
	TypeColumn Column = "TYPE"
	// StatusColumn is how the contact ended.
	StatusColumn Column = "STATUS"
	// RecordColumn is the platform's id of the client's record.
	RecordColumn Column = "RECORD"
	// SignificantFieldColumn is what the record's significant field holds.
	SignificantFieldColumn Column = "SIGNIFICANT_FIELD"
	// ClassifierColumn is the name of the disposition.
	ClassifierColumn Column = "CLASSIFIER"
	// QueueColumn is the name of the queue.
	QueueColumn Column = "QUEUE"
	// DetailsColumn says what there is to see of the contact.
	DetailsColumn Column = "DETAILS"
	// HangupPartyColumn is who hung up.
	HangupPartyColumn Column = "HANGUP_PARTY"
	// TicketIDColumn is the ticket within which the contact was made.
	TicketIDColumn Column = "TICKET_ID"
	// SiteCallColumn is the name of the SiteCall form.
	SiteCallColumn Column = "SITE_CALL"
	// SiteCallOrderColumn is what the two legs of a SiteCall order share.
	SiteCallOrderColumn Column = "SITE_CALL_ORDER"
	// IVRTimeColumn is the time in the IVR.
	IVRTimeColumn Column = "IVR_TIME"
	// ConversationIDColumn is what ties the contacts of one conversation.
	ConversationIDColumn Column = "CONVERSATION_ID"
	// OutcomeColumn is what came of the contact.
	OutcomeColumn Column = "OUTCOME"
	// QueueTimeColumn is the time in queues.
	QueueTimeColumn Column = "QUEUE_TIME"
	// TimeToAnswerColumn is the time until an agent answered.
	TimeToAnswerColumn Column = "TIME_TO_ANSWER"
	// LostAfterColumn is when the client was lost.
	LostAfterColumn Column = "LOST_AFTER"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	// XLSX is a workbook for people.
	XLSX Format = "XLSX"
	// CSV is text for programs after RFC 4180, in UTF-8 with a byte order mark.
	CSV Format = "CSV"
)

// Formats are all formats.
var Formats = []Format{XLSX, CSV}

// Ending is what the names of files of the format end in, such as ".xlsx".
func (f Format) Ending() string {
	if f == CSV {
		return ".csv"
	}
	return ".xlsx"
}

// Shape is how a file shows its contacts.
type Shape struct {
	// Kind is how much of a contact it shows.
	Kind Kind
	// Columns are its columns, in this order; nil or empty for the report's own.
	Columns []Column
	// Extras are what it shows beyond them; nil for nothing.
	Extras []Extra
	// Format is how it is written; empty is XLSX.
	Format Format
}

// Check says whether a viewer may have files of the shape. Errors: INVALID_COLUMNS; FORBIDDEN under "columns" for a column that
// shows what the viewer may not see.
func (s Shape) Check(viewer contact.Viewer) error {
	for i, name := range s.Columns {
		at := fmt.Sprintf("columns[%d]", i)
		if _, known := columnsByName[name]; !known {
			return fault.New(fault.ColumnUnknown, at)
		}
		if slices.Contains(s.Columns[:i], name) {
			return fault.New(fault.ColumnTwice, at)
		}
		if name == BCCAddressesColumn {
			if err := viewer.SeesBCC(); err != nil {
				return fault.At(at, err)
			}
		}
	}
	return nil
}

// columns are the columns of a file: those that were chosen or the report's own, those of its extras that are not among them,
// and those of its steps.
func (s Shape) columns() []column {
	columns := slices.Clone(contactColumns)
	if len(s.Columns) > 0 {
		columns = columns[:0]
		for _, name := range s.Columns {
			columns = append(columns, columnsByName[name])
		}
	}
	if slices.Contains(s.Extras, Facts) {
		for _, fact := range factColumns {
			if !slices.Contains(s.Columns, fact.name) {
				columns = append(columns, fact)
			}
		}
	}
	if s.Kind == Detailed {
		columns = append(columns, stepColumns...)
	}
	return columns
}

// columnsByName are all columns that can be chosen.
var columnsByName = byName(contactColumns, furtherColumns, factColumns)

func byName(tables ...[]column) map[Column]column {
	all := make(map[Column]column)
	for _, column := range slices.Concat(tables...) {
		all[column.name] = column
	}
	return all
}

// needsOf is what must be read of a contact for columns, and its type, which decides how many lines the contact takes.
func needsOf(columns []column) contact.Columns {
	needs := contact.ColumnType
	for _, column := range columns {
		needs |= column.needs
	}
	return needs
}
