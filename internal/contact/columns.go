package contact

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

// ColumnNames are the columns in the order of their bits.
var ColumnNames = [...]string{
	"external_id", "type", "status", "hangup_party", "details_kind", "campaign_id", "agent_id", "queue_id",
	"classifier_id", "site_call_id", "record_id", "ivr_time", "ring_time", "agent_talk_time", "talk_time",
	"ticket_id", "site_call_order_id", "source_address", "destination_address", "cc_addresses", "bcc_addresses",
}

// Names are the columns of the set, the key first.
func (c Columns) Names() []string {
	names := []string{"id", "started_at"}
	for bit, name := range ColumnNames {
		if c&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	return names
}
