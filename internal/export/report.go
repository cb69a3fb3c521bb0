package export

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// report writes the file of one download from one snapshot.
type report struct {
	store     *contact.Store
	directory *contact.Directory
	download  *Download
	// progress is told how far the report is, as often as it likes to hear.
	progress func(done, total, lines int)
	// maxLines bounds the lines of a sheet; 0 is what Excel takes.
	maxLines int
}

// written says what a report came to.
type written struct {
	contacts, lines, cut int
}

// write reads the contacts and writes the whole workbook.
func (r *report) write(ctx context.Context, out io.Writer) (written, error) {
	criteria, err := r.store.Resolve(ctx, r.download.Filter)
	if err != nil {
		return written{}, fault.At("filter", err)
	}
	conditions, err := inWords(ctx, r.store, r.directory, criteria.Frozen(), r.download.Locale)
	if err != nil {
		return written{}, fmt.Errorf("putting the filter into words: %w", err)
	}
	var result written
	err = r.store.Snapshot(ctx, func(ctx context.Context, snapshot *contact.Snapshot) error {
		total, err := snapshot.Count(ctx, criteria)
		if err != nil {
			return err
		}
		table := &table{
			report: r, snapshot: snapshot, columns: columnsOf(r.download.Kind), total: total,
			line: line{locale: r.download.Locale, zone: criteria.Zone(), names: newNames(r.directory)},
		}
		if err := table.begin(out); err != nil {
			return err
		}
		r.progress(0, total, 0)
		if err := snapshot.Stream(ctx, criteria, contact.NewestFirst, needsOf(table.columns), func(batch []*contact.Contact) error {
			return table.add(ctx, batch)
		}); err != nil {
			return err
		}
		if table.done != total {
			return fmt.Errorf("%d contacts were counted and %d read in one snapshot", total, table.done)
		}
		if err := table.book.Notes(notesLabel.in(r.download.Locale), r.notes(table, conditions)); err != nil {
			return err
		}
		if err := table.book.Close(); err != nil {
			return err
		}
		result = written{contacts: table.done, lines: table.book.Lines(), cut: table.book.Cut()}
		return nil
	})
	return result, err
}

// notes say what the file is.
func (r *report) notes(t *table, conditions []condition) []xlsx.Note {
	d, locale := r.download, r.download.Locale
	taken := t.snapshot.TakenAt().In(t.line.zone)
	period := fmt.Sprintf(periodWords.in(locale), d.ResolvedPeriod.From, d.ResolvedPeriod.To)
	notes := []xlsx.Note{
		{Label: noteReport.in(locale), Value: xlsx.Text(reportLabel.in(locale) + " – " + kindLabels[d.Kind].in(locale))},
		{Label: notePeriod.in(locale), Value: xlsx.Text(period)},
		{Label: noteZone.in(locale), Value: xlsx.Text(d.ResolvedPeriod.TimeZone)},
	}
	if len(conditions) == 0 {
		notes = append(notes, xlsx.Note{Label: noteFilter.in(locale), Value: xlsx.Text(noteNoFilter.in(locale))})
	}
	for _, one := range conditions {
		notes = append(notes, xlsx.Note{Label: noteFilter.in(locale) + ": " + one.name, Value: xlsx.Text(one.value)})
	}
	return append(notes,
		xlsx.Note{Label: noteSnapshot.in(locale), Value: xlsx.Instant(taken)},
		xlsx.Note{Label: noteOffset.in(locale), Value: xlsx.Text(taken.Format("-07:00"))},
		xlsx.Note{Label: noteContacts.in(locale), Value: xlsx.Integer(t.done)},
		xlsx.Note{Label: noteLines.in(locale), Value: xlsx.Integer(t.book.Lines())},
		xlsx.Note{Label: noteSheets.in(locale), Value: xlsx.Integer(t.book.Sheets())},
		xlsx.Note{Label: noteCut.in(locale), Value: xlsx.Integer(t.book.Cut())},
		xlsx.Note{Label: noteOrderer.in(locale), Value: xlsx.Text(d.OrderedBy)},
		xlsx.Note{Label: noteOrdered.in(locale), Value: xlsx.Instant(d.OrderedAt.In(t.line.zone))},
	)
}

// table is the part of the report that grows.
type table struct {
	report   *report
	snapshot *contact.Snapshot
	columns  []column
	book     *xlsx.Writer
	line     line
	total    int
	done     int
	cells    [][]xlsx.Cell // the lines of one contact, used again for the next
}

func (t *table) begin(out io.Writer) error {
	locale := t.report.download.Locale
	settings := xlsx.Settings{
		Sheet: reportLabel.in(locale), CutMark: cutLabel.in(locale), Title: fileTitle(t.report.download),
		Author: t.report.download.OrderedBy, Created: t.snapshot.TakenAt().Truncate(time.Second), MaxLines: t.report.maxLines,
	}
	for _, column := range t.columns {
		settings.Columns = append(settings.Columns, xlsx.Column{Header: column.header.in(locale), Width: column.width})
	}
	var err error
	t.book, err = xlsx.NewWriter(out, settings)
	return err
}

// add writes the lines of a batch of contacts.
func (t *table) add(ctx context.Context, batch []*contact.Contact) error {
	if err := t.line.names.learn(ctx, batch); err != nil {
		return err
	}
	records, err := t.records(ctx, batch)
	if err != nil {
		return err
	}
	steps, err := t.steps(ctx, batch)
	if err != nil {
		return err
	}
	for _, c := range batch {
		t.line.contact, t.line.record = c, nil
		if c.RecordID != nil {
			t.line.record = records[*c.RecordID]
		}
		if err := t.write(steps[c.ID]); err != nil {
			return err
		}
		t.done++
	}
	t.report.progress(t.done, t.total, t.book.Lines())
	return ctx.Err()
}

// write writes the lines of one contact: one for every step, one without any.
func (t *table) write(steps []*contact.IVRStep) error {
	count := max(1, len(steps))
	for len(t.cells) < count {
		t.cells = append(t.cells, make([]xlsx.Cell, len(t.columns)))
	}
	for i, cells := range t.cells[:count] {
		t.line.step = nil
		if len(steps) > 0 {
			t.line.step = steps[i]
		}
		for at, column := range t.columns {
			cells[at] = column.cell(&t.line)
		}
	}
	return t.book.Write(t.cells[:count]...)
}

func (t *table) records(ctx context.Context, batch []*contact.Contact) (map[int64]*contact.Record, error) {
	var ids []int64
	seen := map[int64]bool{}
	for _, c := range batch {
		if c.RecordID != nil && !seen[*c.RecordID] {
			seen[*c.RecordID] = true
			ids = append(ids, *c.RecordID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return t.snapshot.Records(ctx, ids)
}

// steps are the ways through the IVR that take lines of their own: those of a campaign's inbound calls.
func (t *table) steps(ctx context.Context, batch []*contact.Contact) (map[int64][]*contact.IVRStep, error) {
	if t.report.download.Kind != Detailed {
		return nil, nil
	}
	var keys []contact.Key
	for _, c := range batch {
		if c.Type == contact.CampaignInboundCall {
			keys = append(keys, c.Key())
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return t.snapshot.IVRSteps(ctx, keys)
}
