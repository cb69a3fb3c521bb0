package export

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export/rights"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook"
)

// State is where a download stands.
type State string

// The states. A download goes from Queued to Running and ends in one of the others; a Ready one can expire.
const (
	Queued    State = "QUEUED"
	Running   State = "RUNNING"
	Ready     State = "READY"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
	Expired   State = "EXPIRED"
)

// final says that no worker will touch the download any more.
func (s State) final() bool { return s != Queued && s != Running }

// Download is a file that was ordered, and how far it is.
type Download struct {
	bun.BaseModel `bun:"table:downloads,alias:d"`

	// ID is our own number.
	ID int64 `bun:"id,pk"`
	// State is where it stands.
	State State `bun:"state"`
	// Kind is how much of a contact the file shows.
	Kind workbook.Kind `bun:"kind"`
	// Columns are its columns as they were chosen, nil for the report's own.
	Columns []workbook.Column `bun:"columns,array"`
	// Extras are what the file shows beyond them.
	Extras []workbook.Extra `bun:"extras,array"`
	// Locale is the language of the file.
	Locale fault.Locale `bun:"locale"`
	// Filter is the filter as it was resolved when the file was ordered: its period is a range.
	Filter contact.Filter `bun:"filter,type:jsonb"`
	// ResolvedPeriod is the period that the filter came to.
	ResolvedPeriod report.ResolvedPeriod `bun:"resolved_period,type:jsonb"`
	// FilterInWords is the filter for people, in the language of the file.
	FilterInWords string `bun:"filter_in_words"`
	// OrderedBy is who ordered the file.
	OrderedBy string `bun:"ordered_by"`
	// OrderedAt is when.
	OrderedAt time.Time `bun:"ordered_at"`
	// StartedAt is when work on it began, nil while it waits.
	StartedAt *time.Time `bun:"started_at"`
	// FinishedAt is when it became ready, failed or was cancelled.
	FinishedAt *time.Time `bun:"finished_at"`
	// ExpiresAt is when the file goes; nil while there is none, or if it stays.
	ExpiresAt *time.Time `bun:"expires_at"`
	// FileName is the name under which a browser saves the file, nil until it is ready.
	FileName *string `bun:"file_name"`
	// SizeBytes is the size of the file, nil until it is ready.
	SizeBytes *int64 `bun:"size_bytes"`
	// SHA256 is the file's digest in lower-case hexadecimal digits, nil until it is ready.
	SHA256 *string `bun:"sha256"`
	// Format is how the file is written.
	Format workbook.Format `bun:"format"`
	// CellsQuoted is how many fields of CSV programs might have taken for formulas, nil until the file is ready.
	CellsQuoted *int `bun:"cells_quoted"`
	// AsOf is the moment whose data the file shows, nil until it is ready.
	AsOf *time.Time `bun:"snapshot_at"`
	// CellsCut is how many cells were too long for Excel and cut, nil until the file is ready.
	CellsCut *int `bun:"cells_cut"`

	ContactsDone  int            `bun:"contacts_done"`
	ContactsTotal *int           `bun:"contacts_total"`
	LinesWritten  int            `bun:"lines_written"`
	SecondsLeft   *int           `bun:"seconds_left"`
	ErrorCode     *fault.Code    `bun:"error_code"`
	ErrorEN       *string        `bun:"error_en"`
	ErrorPL       *string        `bun:"error_pl"`
	BlobKey       *string        `bun:"blob_key"`
	OrderedUnder  rights.Rights  `bun:"ordered_under,type:jsonb"` // what the owner might see at the order
	MadeUnder     *rights.Rights `bun:"made_under,type:jsonb"`    // what the file holds, nil until there is one
	Attempt       int            `bun:"attempt"`

	address string
}

// downloadColumns are the columns that a Download is read from.
const downloadColumns = `id, state, kind, columns, extras, format, locale, filter, resolved_period, filter_in_words, ordered_by, ordered_at, started_at,
	finished_at, expires_at, file_name, size_bytes, sha256, cells_cut, cells_quoted, snapshot_at, contacts_done, contacts_total, lines_written, seconds_left,
	error_code, error_en, error_pl, blob_key, attempt, ordered_under, made_under`

// report is what the file shows.
func (d *Download) report() workbook.Report {
	return workbook.Report{
		Shape: workbook.Shape{Kind: d.Kind, Columns: d.Columns, Extras: d.Extras, Format: d.Format}, Locale: d.Locale, Filter: d.Filter, Period: d.ResolvedPeriod, OrderedBy: d.OrderedBy, OrderedAt: d.OrderedAt,
	}
}

// NodeID is the download's opaque id in the API.
func (d *Download) NodeID() string { return relay.EncodeID(relay.DownloadKind, d.ID) }

// URL is where the file is fetched, nil until it is ready. It is good for who read the download, for link.Life from then.
func (d *Download) URL() *string {
	if d.State != Ready {
		return nil
	}
	address := d.address
	return &address
}

// Progress says how much of a file is made.
type Progress struct {
	// ContactsDone is the number of contacts written.
	ContactsDone int
	// ContactsTotal is the number of contacts that will be in the file, nil until they are counted.
	ContactsTotal *int
	// LinesWritten is the number of lines written.
	LinesWritten int
	// SecondsLeft is an estimate of the time until the file is ready, nil while there is nothing to go by.
	SecondsLeft *int
}

// Progress says how much of the file is made.
func (d *Download) Progress() Progress {
	progress := Progress{ContactsDone: d.ContactsDone, ContactsTotal: d.ContactsTotal, LinesWritten: d.LinesWritten}
	if d.State == Running {
		progress.SecondsLeft = d.SecondsLeft
	}
	return progress
}

// Failure says why there is no file.
type Failure struct {
	// Code is the machine-readable kind.
	Code fault.Code
	// Message is the sentence in the language of the file.
	Message string

	sentences map[fault.Locale]string
}

// Sentence says why in a language.
func (f *Failure) Sentence(locale fault.Locale) string { return f.sentences[locale] }

// Failure is nil unless the download failed, or was called off because its owner lost the rights to it.
func (d *Download) Failure() *Failure {
	if d.State != Failed && d.State != Cancelled || d.ErrorCode == nil || d.ErrorEN == nil || d.ErrorPL == nil {
		return nil
	}
	sentences := map[fault.Locale]string{fault.English: *d.ErrorEN, fault.Polish: *d.ErrorPL}
	return &Failure{Code: *d.ErrorCode, Message: sentences[d.Locale], sentences: sentences}
}
