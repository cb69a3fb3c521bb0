package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// The bounds of a chunk beside its number of lines: bytes, so that memory stays flat whatever the lines hold, and
// months of starts, as each partition that a transaction writes to costs it locks.
const (
	mostChunkBytes  = 8 << 20
	mostChunkMonths = 24
)

// entry is a line with all that can be worked out of it without the database, or its fault.
type entry struct {
	line
	source string
	number int
	fault  *Fault

	hash           [16]byte
	sourceKey      *string
	destinationKey *string
	details        []byte // as JSON, nil if there are none
}

func newEntry(source string, number int, text string) entry {
	e := entry{source: source, number: number}
	decoded, fault := decode(text)
	if fault != nil {
		e.fault = e.faulty(fault)
		return e
	}
	e.line = decoded
	e.prepare()
	return e
}

func (e *entry) faulty(p *problem) *Fault {
	return &Fault{Source: e.source, Line: e.number, Field: p.field, Reason: p.reason}
}

// prepare works out what is written beside the contact's own words.
func (e *entry) prepare() {
	if e.contact == nil {
		return
	}
	e.hash = e.contact.Hash()
	e.sourceKey = addressKey(e.contact.SourceAddress)
	e.destinationKey = addressKey(e.contact.DestinationAddress)
	if e.contact.Details.Kind() != nil {
		details, err := json.Marshal(e.contact.Details)
		if err != nil {
			// Texts, numbers and times within their bounds always have a JSON form.
			panic(fmt.Sprintf("ingest: writing details: %v", err))
		}
		e.details = details
	}
}

// addressKey is the form by which filters find an address, nil where it has none.
func addressKey(raw *string) *string {
	if raw == nil {
		return nil
	}
	key, err := contact.NormalizeAddress(*raw)
	if err != nil {
		return nil
	}
	return &key
}

// chunk is the lines that land in one transaction.
type chunk struct {
	entries []entry
	// err is why nothing comes after this chunk, which is then not to land.
	err error
}

// reader cuts sources into chunks.
type reader struct {
	sources []Source
	lines   int // in a chunk
	out     chan<- chunk

	current chunk
	bytes   int
	months  map[time.Time]struct{}
}

// run reads all sources to their ends, or to the first that cannot be read, and closes the channel. When the context
// ends it ends too, as soon as the read that it waits for returns.
func (r *reader) run(ctx context.Context) {
	defer close(r.out)
	for _, source := range r.sources {
		if err := r.read(ctx, source); err != nil {
			r.current = chunk{err: err}
			r.flush(ctx)
			return
		}
	}
	if len(r.current.entries) > 0 {
		r.flush(ctx)
	}
}

func (r *reader) read(ctx context.Context, source Source) (err error) {
	what := source.Name
	if what == "" {
		what = "the input"
	}
	in, err := source.Open()
	if err != nil {
		return fmt.Errorf("opening %s: %w", what, err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	lines, err := newLineReader(in)
	if err != nil {
		return fmt.Errorf("reading %s: %w", what, err)
	}
	for {
		raw, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			e := entry{source: source.Name, number: lines.number}
			e.fault = e.faulty(wrong("is longer than 1 MiB"))
			r.add(e, 0)
		case err != nil:
			return fmt.Errorf("reading %s after line %d: %w", what, lines.number, err)
		case isBlank(raw):
			continue
		default:
			r.add(newEntry(source.Name, lines.number, string(raw)), len(raw))
		}
		if len(r.current.entries) >= r.lines || r.bytes >= mostChunkBytes || len(r.months) >= mostChunkMonths {
			if !r.flush(ctx) {
				return context.Cause(ctx)
			}
		}
	}
}

func isBlank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

func (r *reader) add(e entry, size int) {
	r.current.entries = append(r.current.entries, e)
	r.bytes += size + 256
	if e.contact != nil {
		if r.months == nil {
			r.months = make(map[time.Time]struct{})
		}
		r.months[monthOf(e.contact.StartedAt)] = struct{}{}
	}
}

// flush hands the chunk over; it is false if nobody wants it any more.
func (r *reader) flush(ctx context.Context) bool {
	full := r.current
	r.current, r.bytes = chunk{entries: make([]entry, 0, len(full.entries))}, 0
	clear(r.months)
	select {
	case r.out <- full:
		return true
	case <-ctx.Done():
		return false
	}
}

// monthOf is the beginning of the UTC month, which is a partition.
func monthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}
