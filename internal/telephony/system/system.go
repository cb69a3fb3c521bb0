// Package system says which code reads the rows of which telephone system.
package system

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
	"github.com/kontakty/kontakty/internal/telephony/connect"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch"
	legs "github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

// Formats are the formats of files that can be imported.
var Formats = []string{"asterisk-cel", "asterisk-cdr", "asterisk-queue-log", "freeswitch", "amazon-connect"}

// systemOf is which kinds of systems write each format.
var systemOf = map[string][]telephony.SystemKind{
	"asterisk-cel":       {telephony.FreePBX, telephony.Asterisk},
	"asterisk-cdr":       {telephony.FreePBX, telephony.Asterisk},
	"asterisk-queue-log": {telephony.FreePBX, telephony.Asterisk},
	"freeswitch":         {telephony.FreeSWITCH, telephony.FusionPBX},
	"amazon-connect":     {telephony.AmazonConnect},
}

// NewMapper makes the mapper of a source.
func NewMapper(source *telephony.Source) (telephony.Mapper, error) {
	switch source.SystemKind {
	case telephony.FreePBX, telephony.Asterisk:
		return asterisk.NewMapper(source), nil
	case telephony.FreeSWITCH, telephony.FusionPBX:
		return freeswitch.NewMapper(source), nil
	case telephony.AmazonConnect:
		return connect.NewMapper(source), nil
	default:
		return nil, fmt.Errorf("records of %s cannot be read yet", source.SystemKind)
	}
}

// ReaderMaker gives what makes the reader of a file of a format. Columns are those of asterisk-cel, none for the usual ones.
func ReaderMaker(source *telephony.Source, format string, columns []string) (func() (telephony.Reader, error), error) {
	zone := source.Location()
	if systems, known := systemOf[format]; known && !slices.Contains(systems, source.SystemKind) {
		return nil, fmt.Errorf("%s is no format of %s", format, source.SystemKind)
	}
	switch format {
	case "asterisk-cel":
		if _, err := reader.NewCEL(zone, columns); err != nil {
			return nil, err
		}
		return func() (telephony.Reader, error) { return reader.NewCEL(zone, columns) }, nil
	case "asterisk-cdr":
		return func() (telephony.Reader, error) { return reader.NewCDR(zone), nil }, nil
	case "asterisk-queue-log":
		return func() (telephony.Reader, error) { return reader.NewQueueLog(zone), nil }, nil
	case "amazon-connect":
		return func() (telephony.Reader, error) { return connect.Records{}, nil }, nil
	case "freeswitch":
		return func() (telephony.Reader, error) { return legs.Legs{}, nil }, nil
	default:
		return nil, fmt.Errorf("%q is none of the formats %s", format, strings.Join(Formats, ", "))
	}
}
