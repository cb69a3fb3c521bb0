package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/months"
)

// The bounds of a chunk beside its number of lines: bytes, so that memory stays flat whatever the lines hold, and
// months of starts, as each partition that a transaction writes to costs it locks.
const (
	maxChunkBytes  = 8 << 20
	maxChunkMonths = 24
)

// entry is a line with all that can be worked out of it without the database, or its fault.
type entry struct {
	format.Line
	source string
	number int
	fault  *format.Fault
	// prepared is that of a contact without a fault.
	prepared Prepared
	// noted is what was mended of it, or looks unlikely, beside what is known already; claims says whether it says names.
	noted  []format.Repair
	claims bool
	// at are the places of what it names among the mentions of its chunk.
	at mentioned
}

func newEntry(source string, number int, text string, strict bool) entry {
	e := entry{source: source, number: number}
	e.Line, e.fault = format.Decode(text)
	for i := range e.Repairs {
		e.Repairs[i].Source, e.Repairs[i].Line = source, number
		if one := &e.Repairs[i]; strict && e.fault == nil && !one.Kept {
			e.fault = &one.Fault
		}
	}
	if e.fault != nil {
		e.fault.Source, e.fault.Line = source, number
		return e
	}
	if e.Contact != nil {
		e.prepared = Prepare(e.Contact)
	}
	return e
}

// faulty is a fault of the line that it does not have in itself.
func (e *entry) faulty(field, reason string) *format.Fault {
	return &format.Fault{Source: e.source, Line: e.number, Field: field, Reason: reason}
}

// chunk is the lines that land in one transaction.
type chunk struct {
	entries  []entry
	mentions mentions
}

// part is the lines from one on, at most so many.
func (c *chunk) part(from, most int) chunk {
	entries := c.entries[from:min(from+most, len(c.entries))]
	if len(entries) == len(c.entries) {
		return *c
	}
	part := chunk{entries: make([]entry, 0, len(entries))}
	for _, e := range entries {
		part.add(e)
	}
	return part
}

func (c *chunk) add(e entry) {
	c.entries = append(c.entries, e)
	c.mentions.add(&c.entries[len(c.entries)-1])
}

// reader cuts sources into chunks, and works out of their lines all that can be while the chunk before lands.
type reader struct {
	sources []Source
	lines   int // in a chunk, at most
	strict  bool
	send    func(chunk) error

	current chunk
	handed  int // chunks
	bytes   int
	months  map[time.Time]struct{}
}

// full is the number of lines that the current chunk is to have. The first ones are small, so that PostgreSQL has
// something to do at once; each lands in the time that it takes to read the next.
func (r *reader) full() int {
	const first, times = 500, 3
	lines := first
	for range r.handed {
		if lines *= times; lines >= r.lines {
			break
		}
	}
	return min(lines, r.lines)
}

// run reads all sources to their ends, or to the first that cannot be read, of which the lines that no chunk was full of yet
// are not sent. It ends when the context does.
func (r *reader) run(ctx context.Context) error {
	for _, source := range r.sources {
		if err := r.read(ctx, source); err != nil {
			return err
		}
	}
	if len(r.current.entries) > 0 {
		return r.flush()
	}
	return nil
}

func (r *reader) read(ctx context.Context, source Source) (err error) {
	what := source.Name
	if what == "" {
		what = "the input"
	}
	opened, err := source.Open()
	if err != nil {
		return fmt.Errorf("opening %s: %w", what, err)
	}
	in := &interruptible{ctx: ctx, in: opened}
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
			e.fault = e.faulty("", fmt.Sprintf("is longer than %d MiB", format.MaxLineBytes>>20))
			r.add(e, 0)
		case err != nil:
			return fmt.Errorf("reading %s after line %d: %w", what, lines.number, err)
		case isBlank(raw):
			continue
		default:
			r.add(newEntry(source.Name, lines.number, string(raw), r.strict), len(raw))
		}
		if len(r.current.entries) >= r.full() || r.bytes >= maxChunkBytes || len(r.months) >= maxChunkMonths {
			if err := r.flush(); err != nil {
				return err
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
	r.current.add(e)
	r.bytes += size + 256
	if e.Contact != nil {
		if r.months == nil {
			r.months = make(map[time.Time]struct{})
		}
		r.months[months.Of(e.Contact.StartedAt)] = struct{}{}
	}
}

// flush hands the chunk over.
func (r *reader) flush() error {
	full := r.current
	r.handed++
	r.current, r.bytes = chunk{entries: make([]entry, 0, r.full())}, 0
	clear(r.months)
	return r.send(full)
}

// mentions are the external ids of all that the lines of a chunk name: what the database is asked for. They are gathered
// while the chunk before lands, so that merging a chunk need not look anything up but what the database answers.
type mentions struct {
	contacts, records places
	things            [dimensions]places
	// described are agents that have a line of their own, groups those that the lines put them into.
	described, groups []string
}

// places are external ids, each once, in the order of their first mention.
type places struct {
	externalIDs []string
	of          map[string]int
}

// place is where an external id stands.
func (p *places) place(externalID string) int {
	at, found := p.of[externalID]
	if !found {
		if p.of == nil {
			p.of = make(map[string]int)
		}
		at = len(p.externalIDs)
		p.externalIDs, p.of[externalID] = append(p.externalIDs, externalID), at
	}
	return at
}

// mentioned are the places of what a line names; those of what it does not name mean nothing.
type mentioned struct {
	contact, record int
	things          [dimensions]int
}

// add gathers the external ids of a line, and tells the line their places.
func (m *mentions) add(e *entry) {
	switch at := &e.at; {
	case e.fault != nil:
	case e.Contact != nil:
		at.contact = m.contacts.place(e.Contact.ExternalID)
		if e.Contact.Record != nil {
			at.record = m.records.place(e.Contact.Record.ExternalID)
		}
		for d, reference := range references(e.Contact) {
			if reference != nil {
				at.things[d] = m.things[d].place(reference.ExternalID)
			}
		}
	case e.Agent != nil:
		at.things[agents] = m.things[agents].place(e.Agent.ExternalID)
		m.described = append(m.described, e.Agent.ExternalID)
		m.groups = append(m.groups, e.Agent.Groups...)
	default:
		d := dimensionOf[e.Kind]
		at.things[d] = m.things[d].place(e.Named.ExternalID)
	}
}

// dimension is a kind of small thing that contacts point at by reference.
type dimension int

const (
	campaigns dimension = iota
	agents
	queues
	classifiers
	siteCalls
	dimensions int = iota
)

// dimensionTables are the tables of the small things, which all have id, external_id and name.
var dimensionTables = [dimensions]string{"campaigns", "agents", "queues", "classifiers", "site_calls"}

// dimensionOf is the dimension that a line of a kind describes.
var dimensionOf = map[format.Kind]dimension{
	format.CampaignKind: campaigns, format.AgentKind: agents, format.QueueKind: queues, format.ClassifierKind: classifiers, format.SiteCallKind: siteCalls,
}

// references are what a contact points at, by dimension.
func references(c *format.Contact) [dimensions]*format.Reference {
	return [dimensions]*format.Reference{campaigns: c.Campaign, agents: c.Agent, queues: c.Queue, classifiers: c.Classifier, siteCalls: c.SiteCall}
}

// referenceFields name them in messages.
var referenceFields = [dimensions]string{"campaign", "agent", "queue", "classifier", "siteCall"}
