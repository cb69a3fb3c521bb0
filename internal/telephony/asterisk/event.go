package asterisk

import (
	"encoding/json"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
)

// The places of CELColumns, which are in the order of the legacy mapping of cel_custom.
const (
	celType = iota
	celTime
	celName
	celNumber
	celANI
	celRDNIS
	celDNID
	celExten
	celContext
	celChannel
	celApp
	celAppData
	celAccount
	celUniqueID
	celLinkedID
	celPeer
	celUserType
	celExtra
	celFields
)

// CELColumns are the columns of CEL, in the order in which rows keep their values.
var CELColumns = []string{
	"eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context", "channame", "appname", "appdata",
	"accountcode", "uniqueid", "linkedid", "peer", "userdeftype", "extra",
}

// event is a row of CEL.
type event struct {
	fields []string
	second int64
}

func (e *event) field(i int) string { return e.fields[i] }
func (e *event) kind() string       { return e.fields[celType] }
func (e *event) uid() string        { return e.fields[celUniqueID] }

// newEvents are the events of the CEL rows among rows, which are sorted.
func newEvents(rows []telephony.Row) []event {
	events := make([]event, 0, len(rows))
	for i := range rows {
		if row := &rows[i]; row.Kind == telephony.CEL && len(row.Fields) == celFields {
			events = append(events, event{fields: row.Fields, second: row.At.Unix()})
		}
	}
	return events
}

// extra is what is read of a row's column of that name.
type extra struct {
	BridgeID         string      `json:"bridge_id"`
	BridgeTechnology string      `json:"bridge_technology"`
	HangupCause      json.Number `json:"hangupcause"`
	HangupSource     string      `json:"hangupsource"`
	Digit            string      `json:"digit"`
	Extension        string      `json:"extension"`
	TransfereeID     string      `json:"transferee_channel_uniqueid"`
	TransfereeName   string      `json:"transferee_channel_name"`
	Extra            string      `json:"extra"`
}

// extra is empty where the column is, or where it was cut.
func (e *event) extra() extra {
	var x extra
	if text := e.fields[celExtra]; strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			return extra{}
		}
	}
	return x
}

// ranks are the order of events of one microsecond. An application ends before the next one begins: Asterisk 16 gives both one instant.
var ranks = map[string]int{
	"CHAN_START": 0, "ANSWER": 1, "DTMF": 2, "APP_END": 3, "APP_START": 4, "STREAM_BEGIN": 5, "BRIDGE_EXIT": 6, "BRIDGE_ENTER": 7, "BLINDTRANSFER": 8,
	"ATTENDEDTRANSFER": 8, "PICKUP": 8, "STREAM_END": 9, "HANGUP": 10, "CHAN_END": 11, "LINKEDID_END": 12,
}

// rank is the place of a row among those of one microsecond.
func rank(row *telephony.Row) int {
	if row.Kind != telephony.CEL || len(row.Fields) != celFields {
		return 0
	}
	place, found := ranks[row.Fields[celType]]
	if !found {
		return ranks["STREAM_BEGIN"]
	}
	return place
}
