package contact

import (
	"fmt"
	"reflect"
	"strings"
)

// Columns is a set of the columns of a contact. ID and StartedAt are always read; the others only when asked for.
type Columns uint32

// The columns, by the names that the tags of Contact give them. A name that no tag gives stops the program at its start.
var (
	ColumnExternalID         = columnNamed("external_id")
	ColumnType               = columnNamed("type")
	ColumnStatus             = columnNamed("status")
	ColumnHangupParty        = columnNamed("hangup_party")
	ColumnDetailsKind        = columnNamed("details_kind")
	ColumnCampaign           = columnNamed("campaign_id")
	ColumnAgent              = columnNamed("agent_id")
	ColumnQueue              = columnNamed("queue_id")
	ColumnClassifier         = columnNamed("classifier_id")
	ColumnSiteCall           = columnNamed("site_call_id")
	ColumnRecord             = columnNamed("record_id")
	ColumnIVRTime            = columnNamed("ivr_time")
	ColumnRingTime           = columnNamed("ring_time")
	ColumnAgentTalkTime      = columnNamed("agent_talk_time")
	ColumnTalkTime           = columnNamed("talk_time")
	ColumnTicketID           = columnNamed("ticket_id")
	ColumnSiteCallOrderID    = columnNamed("site_call_order_id")
	ColumnSourceAddress      = columnNamed("source_address")
	ColumnDestinationAddress = columnNamed("destination_address")
	ColumnToAddresses        = columnNamed("to_addresses")
	ColumnCCAddresses        = columnNamed("cc_addresses")
	ColumnBCCAddresses       = columnNamed("bcc_addresses")
	ColumnChannel            = columnNamed("channel")
	ColumnConversation       = columnNamed("conversation_id")
	ColumnHoldTime           = columnNamed("hold_time")
	ColumnWrapUpTime         = columnNamed("wrap_up_time")
	ColumnOutcome            = columnNamed("outcome")
	ColumnQueueTime          = columnNamed("queue_time")
	ColumnTimeToAnswer       = columnNamed("time_to_answer")
	ColumnLostAfter          = columnNamed("lost_after")

	// AllColumns is every column.
	AllColumns = Columns(1)<<(len(contactTable.Columns)-contactTable.Keys) - 1
)

// contactTable is the table of contacts, of whose columns the key comes first.
var contactTable = TableOf(reflect.TypeFor[Contact]())

// columnNamed is the column of a name: a bit of the set for each field of Contact behind the key.
func columnNamed(name string) Columns {
	for i, column := range contactTable.Columns[contactTable.Keys:] {
		if column.Name == name {
			return 1 << i
		}
	}
	panic(fmt.Sprintf("contact: no field of Contact is the column %s", name))
}

// Of are those columns of the table of contacts that are in the set, the key first, by their place in the table.
func (c Columns) Of() []int {
	places := make([]int, 0, len(contactTable.Columns))
	for place := range contactTable.Columns {
		if place < contactTable.Keys || c&(1<<(place-contactTable.Keys)) != 0 {
			places = append(places, place)
		}
	}
	return places
}

// Names are the names of the columns of the set, the key first.
func (c Columns) Names() []string {
	places := c.Of()
	names := make([]string, len(places))
	for i, place := range places {
		names[i] = contactTable.Columns[place].Name
	}
	return names
}

// Table is a table of the database as the tags of a Bun model describe it.
type Table struct {
	// Name is the name of the table, Alias what statements call it.
	Name, Alias string
	// Columns are the columns in the order of the fields, the primary key first.
	Columns []TableColumn
	// Keys is how many columns the primary key has.
	Keys int
}

// TableColumn is a column and the field that holds it.
type TableColumn struct {
	Name  string
	Field reflect.StructField
}

// TableOf reads the tags of a model. A field without a name or a key behind other columns is a mistake in the program.
func TableOf(model reflect.Type) Table {
	var table Table
	for i := range model.NumField() {
		field := model.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("bun"), ",")
		if field.Anonymous {
			table.Name, table.Alias = strings.TrimPrefix(name, "table:"), strings.TrimPrefix(options, "alias:")
			continue
		}
		isKey := options == "pk"
		if name == "" || isKey && table.Keys < len(table.Columns) {
			panic(fmt.Sprintf("contact: the tag of %s.%s names no column of a table whose key comes first", model, field.Name))
		}
		if isKey {
			table.Keys++
		}
		table.Columns = append(table.Columns, TableColumn{Name: name, Field: field})
	}
	return table
}
