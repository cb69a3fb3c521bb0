package system

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
	legs "github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

// tables are those of a telephone system's database that are followed.
type tables interface {
	// Place names where the position belongs to, Resume goes on from a position.
	Place() string
	Resume(position json.RawMessage) error
	// Next reads what is new; more is whether there may be more at once. Landed notes that the batch was landed.
	Next(ctx context.Context) (batch telephony.Batch, more bool, err error)
	Landed(batch telephony.Batch) error
	// Recent reads the latest rows, for a check.
	Recent(ctx context.Context) ([]telephony.Row, error)
	Close() error
}

// cdrTable has rows that are written when a call has ended, maybe minutes late.
type cdrTable interface {
	CDRRows(ctx context.Context, channels []string, from, to time.Time) (telephony.Batch, error)
}

// noter has something to say of its tables.
type noter interface{ Notes() []string }

// openTables opens the tables of a source.
func openTables(source *telephony.Source, now func() time.Time) (tables, error) {
	switch source.SystemKind {
	case telephony.FreePBX, telephony.Asterisk:
		return reader.OpenTables(source)
	case telephony.FusionPBX:
		return legs.OpenTables(source, now)
	default:
		return nil, fmt.Errorf("%s: a source of kind %s has no tables to follow; import its files", source.Name, source.SystemKind)
	}
}
