// Package reader makes rows of what a FreeSWITCH writes: files of mod_json_cdr and mod_xml_cdr, and FusionPBX's tables.
package reader

import (
	"io"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
)

// Legs makes rows of the legs in a file, each of which is a JSON object or an XML element.
type Legs struct{}

// Split gives the objects of a file.
func (Legs) Split(file io.Reader) (telephony.Records, error) { return telephony.NewObjects(file) }

// Read makes a row of a leg.
func (Legs) Read(text string, number int64) (telephony.Row, error) {
	parse := func(text string) (*freeswitch.Leg, error) { return freeswitch.ParseJSON([]byte(text)) }
	if strings.HasPrefix(text, "<") {
		parse = freeswitch.ParseXML
	}
	leg, err := parse(text)
	if err != nil {
		return telephony.Row{}, err
	}
	row, err := leg.Row()
	row.Ordinal = -number
	return row, err
}
