package export

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// workbook writes the file of one download from one snapshot.
type workbook struct {
	store     *report.Store
	directory *directory.Directory
	download  *Download
	// viewer is who sees what goes into the file.
	viewer contact.Viewer
	// progress is told how far the report is, as often as it likes to hear.
	progress func(done, total, lines int)
	// accept refuses a number of contacts that a file may not hold.
	accept func(contacts int) error
	// step is called at StepMiddle.
	step func(step string)
	// maxLines bounds the lines of a sheet; 0 is what Excel takes.
	maxLines int
}

// written says what a report came to.
type written struct {
	contacts, lines, cut int
	under                rights
}

// write reads the contacts and writes the whole workbook.
func (r *workbook) write(ctx context.Context, out io.Writer) (written, error) {
	// What is gone for everybody is a mistake that the owner can mend; what is gone for him finds nothing.
	if _, err := r.store.For(contact.Unlimited).Resolve(ctx, r.download.Filter); err != nil {
		return written{}, fault.At("filter", err)
	}
	reader := r.store.For(r.viewer)
	criteria, err := reader.ResolveKept(ctx, r.download.Filter)
	if err != nil {
		return written{}, fault.At("filter", err)
	}
	conditions, err := inWords(ctx, reader, r.directory, criteria.Frozen(), r.download.Locale)
	if err != nil {
		return written{}, fmt.Errorf("putting the filter into words: %w", err)
	}
	var result written
	err = reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) error {
		total, err := snapshot.Count(ctx, criteria)
		if err != nil {
			return err
		}
		if err := r.accept(total); err != nil {
			return err
		}
		table := &table{report: r, columns: columnsOf(r.download.Kind), total: total}
		if err := table.begin(out, snapshot.TakenAt()); err != nil {
			return err
		}
		defer table.book.Stop()
		r.progress(0, total, 0)
		reading := &reading{
			snapshot: snapshot, criteria: criteria, total: total, columns: table.columns, steps: r.download.Kind == Detailed,
			line: line{locale: r.download.Locale, zone: criteria.Zone(), names: newNames(r.directory)},
		}
		if err := reading.read(ctx, table.add); err != nil {
			return err
		}
		if table.done != total {
			return fmt.Errorf("%d contacts were counted and %d read in one snapshot", total, table.done)
		}
		taken := snapshot.TakenAt().In(criteria.Zone())
		if err := table.book.Notes(notesLabel.in(r.download.Locale), r.notes(table, conditions, taken)); err != nil {
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
func (r *workbook) notes(t *table, conditions []condition, taken time.Time) []xlsx.Note {
	d, locale := r.download, r.download.Locale
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
	notes = append(notes, r.notesOnSight()...)
	return append(notes,
		xlsx.Note{Label: noteSnapshot.in(locale), Value: xlsx.Instant(taken)},
		xlsx.Note{Label: noteOffset.in(locale), Value: xlsx.Text(taken.Format("-07:00"))},
		xlsx.Note{Label: noteContacts.in(locale), Value: xlsx.Integer(t.done)},
		xlsx.Note{Label: noteLines.in(locale), Value: xlsx.Integer(t.book.Lines())},
		xlsx.Note{Label: noteSheets.in(locale), Value: xlsx.Integer(t.book.Sheets())},
		xlsx.Note{Label: noteCut.in(locale), Value: xlsx.Integer(t.book.Cut())},
		xlsx.Note{Label: noteOrderer.in(locale), Value: xlsx.Text(d.OrderedBy)},
		xlsx.Note{Label: noteOrdered.in(locale), Value: xlsx.Instant(d.OrderedAt.In(taken.Location()))},
	)
}

// notesOnSight say what of the contacts the file does not show, and that there may be others.
func (r *workbook) notesOnSight() []xlsx.Note {
	var notes []xlsx.Note
	note := func(applies bool, name, value label) {
		if applies {
			notes = append(notes, xlsx.Note{Label: name.in(r.download.Locale), Value: xlsx.Text(value.in(r.download.Locale))})
		}
	}
	note(!r.viewer.Unrestricted, noteReach, reachWords)
	note(!r.viewer.Addresses, noteAddresses, addressesWords)
	note(!r.viewer.BCC, noteBCC, bccWords)
	return notes
}

// table is the part of the report that grows.
type table struct {
	report  *workbook
	columns []column
	book    *xlsx.Writer
	total   int
	done    int
	halved  bool
}

func (t *table) begin(out io.Writer, taken time.Time) error {
	locale := t.report.download.Locale
	settings := xlsx.Settings{
		Sheet: reportLabel.in(locale), CutMark: cutLabel.in(locale), Title: fileTitle(t.report.download),
		Author: t.report.download.OrderedBy, Created: taken.Truncate(time.Second), MaxLines: t.report.maxLines,
	}
	for _, column := range t.columns {
		settings.Columns = append(settings.Columns, xlsx.Column{Header: column.header.in(locale), Width: column.width})
	}
	var err error
	t.book, err = xlsx.NewWriter(out, settings)
	return err
}

// add writes the lines of a batch of contacts.
func (t *table) add(b *batch) error {
	for lines := range b.contacts() {
		giveWay(t.done)
		if err := t.book.Write(lines...); err != nil {
			return err
		}
		t.done++
	}
	t.report.progress(t.done, t.total, t.book.Lines())
	if !t.halved && 2*t.done >= t.total {
		t.halved = true
		t.report.step(StepMiddle)
	}
	return nil
}
