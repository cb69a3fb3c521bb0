// Package asterisk makes contacts of what an Asterisk writes: CEL, which tells of a call while it runs, CDR, which has a few
// columns that CEL lacks, and queue_log, for calls of which there is nothing better.
//
// The way of a call: rows -> events -> channels and who was connected with whom (connections.go) -> roots, which are what
// began by itself (roots.go) -> talks, transfers and consultations of a root -> contacts. Each file uses those before it.
package asterisk

import (
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Mapper makes contacts of the rows of an Asterisk.
type Mapper struct {
	source *telephony.Source
	names  *telephony.Names
}

// NewMapper makes the mapper of a source. It is safe for one goroutine.
func NewMapper(source *telephony.Source) *Mapper {
	return &Mapper{source: source, names: telephony.NewNames(source)}
}

// Analyze reads the rows of a call: by CEL, else by CDR and queue_log.
func (m *Mapper) Analyze(call telephony.Call, now time.Time) telephony.Analysis {
	telephony.SortRows(call.Rows, rank)
	base := base{source: m.source, names: m.names, call: call, revision: call.Revision(), cdr: cdrRowsOf(call.Rows)}
	events := newEvents(call.Rows)
	if len(events) == 0 {
		return newSummary(base, now)
	}
	a := &analysis{base: base, trace: newTrace(m.names, events, now, time.Duration(m.source.UnfinishedAfter))}
	a.key = a.leastID()
	a.roots, a.own = a.trace.roots()
	return a
}

// Missing says what rows of an Asterisk do not tell, a sentence each, with what brings it.
func Missing(rows []telephony.Row) []string {
	kinds, digits, gotos := map[telephony.Kind]bool{}, false, false
	for i := range rows {
		row := &rows[i]
		kinds[row.Kind] = true
		if row.Kind == telephony.CEL && len(row.Fields) == celFields {
			digits = digits || row.Fields[celType] == "DTMF"
			gotos = gotos || row.Fields[celType] == "APP_START" && row.Fields[celApp] == "Goto"
		}
	}
	var missing []string
	switch {
	case !kinds[telephony.CEL] && (kinds[telephony.CDR] || kinds[telephony.QueueLog]):
		missing = append(missing, "There is no CEL: no IVR steps, transfers or consultations, and no live calls. Switch CEL on.")
	case kinds[telephony.CEL] && !digits && !gotos:
		missing = append(missing, "IVR choices are not recorded: apps=background,waitexten,read,playback,goto,gotoif in cel_general_custom.conf brings them.")
	}
	return missing
}
