package export

import (
	"context"
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// batchesAhead is how many batches may wait to be written. One is read and one written meanwhile, so that is all there
// is in memory.
const batchesAhead = 2

// batch is the lines of some contacts, ready to be written.
type batch struct {
	cells  []xlsx.Cell   // of all lines, one after another
	lines  [][]xlsx.Cell // each a part of cells
	counts []int         // how many lines each contact takes
}

// contacts gives the lines of each contact.
func (b *batch) contacts() iter.Seq[[][]xlsx.Cell] {
	return func(yield func([][]xlsx.Cell) bool) {
		at := 0
		for _, count := range b.counts {
			if !yield(b.lines[at : at+count]) {
				return
			}
			at += count
		}
	}
}

// reading reads the contacts of a file from one snapshot and makes lines of them.
type reading struct {
	snapshot *report.Snapshot
	criteria report.Criteria
	total    int // how many contacts there are
	columns  []column
	steps    bool // whether the way through the IVR takes lines
	records  records
	line     line
	// summaries are what the file shows of the contacts' records, the zero value where there is none.
	summaries []contact.Summary
}

// records are those of the contacts that there was room for.
type records struct {
	all   *report.PackedRecords
	found chan struct{} // closed when they are there
}

// joinedFrom is from how many contacts on a file's records are found at once: ten batches have asked for theirs by then.
const joinedFrom = 5_000

// read reads the contacts, ahead of write, which gets batch after batch. What fails first ends both.
func (r *reading) read(ctx context.Context, write func(*batch) error) error {
	if r.total < joinedFrom {
		return r.ahead(ctx, write)
	}
	r.records.found = make(chan struct{})
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		err := r.snapshot.Beside(ctx, func(ctx context.Context, beside *report.Snapshot) (err error) {
			if r.records.all, err = beside.RecordsOf(ctx, r.criteria); err == nil {
				close(r.records.found)
			}
			return err
		})
		if ctx.Err() != nil {
			return nil // all contacts are read, or what failed is told by them
		}
		return err
	})
	group.Go(func() error {
		defer enough()
		return r.ahead(ctx, write)
	})
	return group.Wait()
}

// find finds a record; false if it must be asked for: there was no room for it, or they are not there yet, and waiting for
// all would take longer.
func (r *records) find(id int64) (contact.Summary, bool) {
	select {
	case <-r.found:
		return r.all.Find(id)
	default:
		return contact.Summary{}, false
	}
}

// ahead makes lines while write writes what was made before, so that neither waits for the other longer than it must.
func (r *reading) ahead(ctx context.Context, write func(*batch) error) error {
	ready, used := make(chan *batch, batchesAhead), make(chan *batch, batchesAhead+2)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(ready)
		return r.snapshot.Stream(ctx, r.criteria, contact.NewestFirst, needsOf(r.columns), func(contacts []*contact.Contact) error {
			var b *batch
			select {
			case b = <-used:
			default:
				b = &batch{}
			}
			if err := r.fill(ctx, b, contacts); err != nil {
				return err
			}
			select {
			case ready <- b:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	group.Go(func() error {
		for b := range ready {
			if err := write(b); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			used <- b // there is room for every batch that there can be
		}
		return nil
	})
	return group.Wait()
}

// fill makes the lines of some contacts.
func (r *reading) fill(ctx context.Context, b *batch, contacts []*contact.Contact) error {
	if err := r.line.names.learn(ctx, contacts); err != nil {
		return err
	}
	if err := r.summarize(ctx, contacts); err != nil {
		return err
	}
	steps, err := r.ivrSteps(ctx, contacts)
	if err != nil {
		return err
	}
	b.cells, b.lines, b.counts = b.cells[:0], b.lines[:0], b.counts[:0]
	for i, c := range contacts {
		giveWay(i)
		r.line.contact, r.line.record, r.line.step = c, r.summaries[i], nil
		way := steps[c.ID]
		if len(way) == 0 {
			b.add(r.columns, &r.line)
		}
		for _, step := range way {
			r.line.step = step
			b.add(r.columns, &r.line)
		}
		b.counts = append(b.counts, max(1, len(way)))
	}
	// Only now do the cells stay where they are.
	for at := 0; at < len(b.cells); at += len(r.columns) {
		b.lines = append(b.lines, b.cells[at:at+len(r.columns)])
	}
	return nil
}

// giveWay lets requests have the processor for a moment now and then. Go takes it from a goroutine that keeps it only
// after 10 ms, several times what a page needs.
func giveWay(contact int) {
	if contact%16 == 0 {
		runtime.Gosched()
	}
}

func (b *batch) add(columns []column, l *line) {
	at := len(b.cells)
	b.cells = slices.Grow(b.cells, len(columns))[:at+len(columns)]
	for i, cells := 0, b.cells[at:]; i < len(cells); i++ {
		cells[i] = columns[i].cell(l)
	}
}

// summarize finds the records of the contacts, and asks for those for which there was no room.
func (r *reading) summarize(ctx context.Context, contacts []*contact.Contact) error {
	var others []int64
	r.summaries = r.summaries[:0]
	for _, c := range contacts {
		var summary contact.Summary
		if c.RecordID != nil {
			var found bool
			if summary, found = r.records.find(*c.RecordID); !found {
				others = append(others, *c.RecordID)
			}
		}
		r.summaries = append(r.summaries, summary)
	}
	if others == nil {
		return nil
	}
	slices.Sort(others)
	found, err := r.snapshot.Records(ctx, slices.Compact(others))
	if err != nil {
		return err
	}
	for i, c := range contacts {
		if c.RecordID != nil && found[*c.RecordID] != nil {
			r.summaries[i] = found[*c.RecordID].Summary()
		}
	}
	return nil
}

// ivrSteps are the ways through the IVR that take lines of their own: those of a campaign's inbound calls.
func (r *reading) ivrSteps(ctx context.Context, contacts []*contact.Contact) (map[int64][]*contact.IVRStep, error) {
	if !r.steps {
		return nil, nil
	}
	var keys []contact.Key
	for _, c := range contacts {
		if c.Type == contact.CampaignInboundCall {
			keys = append(keys, c.Key())
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return r.snapshot.IVRSteps(ctx, keys)
}
