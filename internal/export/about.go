package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
)

// about is what is said of a file in one beside it, where the file itself has no room for it: what a workbook says on its last
// sheet.
type about struct {
	FileName      string                `json:"fileName"`
	Kind          workbook.Kind         `json:"kind"`
	Format        workbook.Format       `json:"format"`
	Columns       []workbook.Column     `json:"columns"` // null for the report's own
	Extras        []workbook.Extra      `json:"extras"`
	Locale        fault.Locale          `json:"locale"`
	Period        report.ResolvedPeriod `json:"period"`
	Filter        contact.Filter        `json:"filter"`
	FilterInWords string                `json:"filterInWords"`
	Unrestricted  bool                  `json:"unrestricted"` // false: only the contacts that whoever ordered the file may see
	Addresses     bool                  `json:"addresses"`    // false: numbers and addresses are masked
	BCC           bool                  `json:"bcc"`          // false: hidden recipients are left out
	AsOf          time.Time             `json:"asOf"`
	Contacts      int                   `json:"contacts"`
	Lines         int                   `json:"lines"`
	CellsQuoted   int                   `json:"cellsQuoted"`
	OrderedBy     string                `json:"orderedBy"`
	OrderedAt     time.Time             `json:"orderedAt"`
	SizeBytes     int64                 `json:"sizeBytes"`
	SHA256        string                `json:"sha256"`
}

// writeAbout writes what is said of a file into one beside it.
func (d *Downloads) writeAbout(ctx context.Context, of *Download, made *madeFile) error {
	said := about{
		FileName: made.name, Kind: of.Kind, Format: of.Format, Columns: of.Columns, Extras: of.Extras, Locale: of.Locale, Period: of.ResolvedPeriod,
		Filter: of.Filter, FilterInWords: of.FilterInWords, Unrestricted: made.under.Grants.Unrestricted, Addresses: made.under.Addresses,
		BCC: made.under.BCC, AsOf: made.result.TakenAt, Contacts: made.result.Contacts, Lines: made.result.Lines, CellsQuoted: made.result.CellsQuoted,
		OrderedBy: of.OrderedBy, OrderedAt: of.OrderedAt, SizeBytes: made.file.Size, SHA256: made.file.SHA256,
	}
	_, err := d.config.Bucket.Write(ctx, storage.AboutKey(made.file.Key), func(out io.Writer) error {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(said)
	})
	return err
}
