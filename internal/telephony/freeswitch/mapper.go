// Package freeswitch makes contacts of the legs that a FreeSWITCH writes down when they have ended: by mod_json_cdr, by
// mod_xml_cdr, or into FusionPBX's tables.
//
// The way of a call: raw rows -> legs (leg.go) -> who talked with the client, in turn (talk.go) -> stretches, which transfers
// cut -> contacts. Each file uses those before it.
package freeswitch

import (
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Mapper makes contacts of the legs of a FreeSWITCH.
type Mapper struct {
	source *telephony.Source
	names  *telephony.Names
}

// NewMapper makes the mapper of a source. It is safe for one goroutine.
func NewMapper(source *telephony.Source) *Mapper {
	return &Mapper{source: source, names: telephony.NewNames(source)}
}

// Analyze reads the legs of a call.
func (m *Mapper) Analyze(call telephony.Call, now time.Time) telephony.Analysis {
	return newAnalysis(m, call, now)
}

// Missing says what legs of a FreeSWITCH do not tell, with what brings it.
func Missing(rows []telephony.Row) []string {
	legs, called := 0, false
	for i := range rows {
		if leg := legOf(&rows[i]); leg != nil {
			legs++
			called = called || leg.isCalled()
		}
	}
	if legs == 0 || called {
		return nil
	}
	return []string{"The legs of those who were called are not recorded: no transfers as contacts of their own, nor who of a group was rung, nor which side hung up. log-b-leg=true in json_cdr.conf.xml or xml_cdr.conf.xml brings them."}
}
