package workbook

import (
	"context"
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/ahead"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// batchesAhead bounds the batches that wait to be written. One is read and one written meanwhile, and that is all there is in
// memory.
const batchesAhead = 2

// batch is the lines of some contacts, ready to be written.
type batch struct {
	cells  []xlsx.Cell   // of all lines, one after another
	lines  [][]xlsx.Cell // each a part of cells
	counts []int         // how many lines each contact takes
	fields fields        // the lines of a file of text
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

// add makes a line.
func (b *batch) add(columns []column, l *line) {
	at := len(b.cells)
	b.cells = slices.Grow(b.cells, len(columns))[:at+len(columns)]
	for i, cells := 0, b.cells[at:]; i < len(cells); i++ {
		cells[i] = columns[i].cell(l)
	}
}

// reading reads the contacts of a workbook from one snapshot and makes lines of them.
type reading struct {
	snapshot *report.Snapshot
	criteria report.Criteria
	total    int // how many contacts there are
	columns  []column
	drawn    drawing
	steps    bool // whether the steps through the IVR take lines
	records  records
	line     line
	// summaries are what the workbook shows of the records of a batch's contacts, the zero value where there is none.
	summaries []contact.Summary
}

// read reads the contacts, ahead of write, which gets batch after batch. What fails first ends both.
func (r *reading) read(ctx context.Context, write func(*batch) error) error {
	if r.total < joinFrom || needsOf(r.columns)&contact.ColumnRecord == 0 {
		return r.readAhead(ctx, write)
	}
	r.records.found = make(chan struct{})
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.records.join(ctx, r.snapshot, r.criteria) })
	group.Go(func() error {
		defer enough()
		return r.readAhead(ctx, write)
	})
	return group.Wait()
}

// readAhead makes lines while write writes what was made before, so that neither waits for the other longer than it must.
func (r *reading) readAhead(ctx context.Context, write func(*batch) error) error {
	used := make(chan *batch, batchesAhead+2)
	return ahead.Each(ctx, batchesAhead, func(ctx context.Context, send func(*batch) error) error {
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
			return send(b)
		})
	}, func(b *batch) error {
		if err := write(b); err != nil {
			return err
		}
		used <- b // there is room for every batch that there can be
		return nil
	})
}

// fill makes the lines of some contacts.
func (r *reading) fill(ctx context.Context, b *batch, contacts []*contact.Contact) (err error) {
	if err = r.line.names.read(ctx, contacts); err != nil {
		return err
	}
	if r.summaries, err = r.records.summaries(ctx, r.snapshot, contacts, r.summaries[:0]); err != nil {
		return err
	}
	steps, err := r.ivrSteps(ctx, contacts)
	if err != nil {
		return err
	}
	b.cells, b.lines, b.counts, b.fields = b.cells[:0], b.lines[:0], b.counts[:0], fields{bytes: b.fields.bytes[:0]}
	for i, c := range contacts {
		yieldCPU(i)
		r.line.contact, r.line.record = c, r.summaries[i]
		own := steps[c.ID]
		r.drawn(b, r.columns, &r.line, own)
		b.counts = append(b.counts, max(1, len(own)))
	}
	// Only now do the cells stay where they are.
	for at := 0; at < len(b.cells); at += len(r.columns) {
		b.lines = append(b.lines, b.cells[at:at+len(r.columns)])
	}
	return nil
}

// ivrSteps are the steps that take lines of their own: those of a campaign's inbound calls.
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

// yieldCPU lets requests have the processor at every 16th contact: Go takes it from a goroutine that keeps it only after
// 10 ms, several times what a page needs.
func yieldCPU(contact int) {
	if contact%16 == 0 {
		runtime.Gosched()
	}
}
