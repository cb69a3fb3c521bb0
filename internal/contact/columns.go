package contact

import "strings"

// Columns is a set of the columns of a contact. ID and StartedAt are always read; the others only when asked for.
type Columns uint32

// The columns.
const (
	ColumnExternalID Columns = 1 << iota
	ColumnType
	ColumnStatus
	ColumnHangupParty
	ColumnDetailsKind
	ColumnCampaign
	ColumnAgent
	ColumnQueue
	ColumnClassifier
	ColumnSiteCall
	ColumnRecord
	ColumnIVRTime
	ColumnRingTime
	ColumnAgentTalkTime
	ColumnTalkTime
	ColumnTicketID
	ColumnSiteCallOrderID
	ColumnSourceAddress
	ColumnDestinationAddress
	ColumnCCAddresses
	ColumnBCCAddresses

	// AllColumns is every column.
	AllColumns Columns = 1<<iota - 1
)

// columnNames are the columns in the order of their bits.
var columnNames = [...]string{
	"external_id", "type", "status", "hangup_party", "details_kind", "campaign_id", "agent_id", "queue_id",
	"classifier_id", "site_call_id", "record_id", "ivr_time", "ring_time", "agent_talk_time", "talk_time",
	"ticket_id", "site_call_order_id", "source_address", "destination_address", "cc_addresses", "bcc_addresses",
}

// names are the columns of the set, the key first.
func (c Columns) names() []string {
	names := []string{"id", "started_at"}
	for bit, name := range columnNames {
		if c&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// selected is the set as a select list, in the order that contactRows reads.
func (c Columns) selected() string { return "c." + strings.Join(c.names(), ", c.") }
