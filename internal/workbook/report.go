package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
)

// Report says which contacts a workbook shows, how, and who ordered it.
type Report struct {
	Shape
	// Locale is the language of the workbook.
	Locale fault.Locale
	// Filter says which contacts; its period is a range.
	Filter contact.Filter
	// Period is the period that the filter came to.
	Period report.ResolvedPeriod
	// OrderedBy is the reference of who ordered the workbook.
	OrderedBy string
	// OrderedAt is when.
	OrderedAt time.Time
}

// Config of the writing of a report. Store and Directory are required.
type Config struct {
	// Store reads the contacts.
	Store *report.Store
	// Directory knows the names of what the contacts point at.
	Directory *directory.Directory
	// Viewer is who sees what goes into the workbook.
	Viewer contact.Viewer
	// Accept refuses a number of contacts that a workbook may not hold; nil takes any.
	Accept func(contacts int) error
	// Progress is told after every batch how many contacts of how many are written, and on how many lines; nil is not told.
	Progress func(done, total, lines int)
	// Halfway is called once, when half of the contacts are written; nil is not called.
	Halfway func()
	// MaxLines bounds the lines of a sheet; 0 is what Excel takes.
	MaxLines int
}

func (c *Config) complete() error {
	if c.Store == nil || c.Directory == nil {
		return errors.New("a workbook needs a store and a directory")
	}
	if c.Accept == nil {
		c.Accept = func(int) error { return nil }
	}
	if c.Progress == nil {
		c.Progress = func(int, int, int) {}
	}
	if c.Halfway == nil {
		c.Halfway = func() {}
	}
	return nil
}

// Result says what a workbook came to.
type Result struct {
	// Contacts is the number of contacts in it.
	Contacts int
	// Lines is the number of its data lines.
	Lines int
	// CellsCut is the number of cells that were too long for Excel and cut.
	CellsCut int
	// CellsQuoted is the number of fields of CSV that programs might have taken for formulas, which got an apostrophe in front.
	CellsQuoted int
	// TakenAt is the moment whose data the file shows.
	TakenAt time.Time
}

// Title names the report, its days and its kind in its language, such as "Kontakty 2024-03-01 – 2024-03-31, raport prosty".
func (r Report) Title() string {
	days := r.Period.From + " – " + r.Period.To
	if r.Period.From == r.Period.To {
		days = r.Period.From
	}
	return fmt.Sprintf("%s %s, %s", reportLabel.in(r.Locale), days, kindLabels[r.Kind].in(r.Locale))
}

// Write reads the contacts of the report in one snapshot and writes the whole workbook to out. Errors: those of the filter
// under "filter", those of Accept.
func (r Report) Write(ctx context.Context, out io.Writer, config Config) (Result, error) {
	if err := config.complete(); err != nil {
		return Result{}, err
	}
	if err := r.Check(contact.Unlimited); err != nil {
		return Result{}, err
	}
	// What is gone for everybody is a mistake that the owner can mend; what is gone for the viewer finds nothing.
	if _, err := config.Store.For(contact.Unlimited).Resolve(ctx, r.Filter); err != nil {
		return Result{}, fault.At("filter", err)
	}
	reader := config.Store.For(config.Viewer)
	criteria, err := reader.ResolveKept(ctx, r.Filter)
	if err != nil {
		return Result{}, fault.At("filter", err)
	}
	conditions, err := conditionsOf(ctx, reader, config.Directory, criteria.ResolvedFilter(), r.Locale)
	if err != nil {
		return Result{}, fmt.Errorf("putting the filter into words: %w", err)
	}
	w := &writing{report: r, config: config, criteria: criteria, conditions: conditions, visibility: reader.Visibility(), columns: r.columns()}
	err = reader.Snapshot(ctx, func(ctx context.Context, snapshot *report.Snapshot) error { return w.write(ctx, out, snapshot) })
	if err != nil {
		return Result{}, err
	}
	return Result{Contacts: w.done, Lines: w.lines, CellsCut: w.cut, CellsQuoted: w.quoted, TakenAt: w.takenAt}, nil
}

// writing is a workbook while it is written.
type writing struct {
	report     Report
	config     Config
	criteria   report.Criteria
	conditions []condition
	visibility *directory.Visibility
	columns    []column
	takenAt    time.Time
	into       target
	total      int
	done       int
	lines      int
	cut        int
	quoted     int
	halfway    bool
}

// target is a file of some format while it is written.
type target interface {
	// write writes the lines of a batch.
	write(*batch) error
	// close completes the file.
	close(*writing) error
	// stop waits until nothing is being written any more.
	stop()
}

func (w *writing) write(ctx context.Context, out io.Writer, snapshot *report.Snapshot) (err error) {
	if w.total, err = snapshot.Count(ctx, w.criteria); err != nil {
		return err
	}
	if err := w.config.Accept(w.total); err != nil {
		return err
	}
	w.takenAt = snapshot.TakenAt()
	drawn, err := w.begin(out)
	if err != nil {
		return err
	}
	defer w.into.stop()
	w.config.Progress(0, w.total, 0)
	reading := &reading{
		snapshot: snapshot, criteria: w.criteria, total: w.total, columns: w.columns, drawn: drawn, steps: w.report.Kind == Detailed,
		line: line{locale: w.report.Locale, zone: w.criteria.Zone(), at: w.criteria.ResolvedAt(), names: newNames(w.config.Directory, w.visibility)},
	}
	if err := reading.read(ctx, w.add); err != nil {
		return err
	}
	if w.done != w.total {
		return fmt.Errorf("%d contacts were counted and %d read in one snapshot", w.total, w.done)
	}
	return w.into.close(w)
}

// begin begins the file, and says what is drawn of each contact for it.
func (w *writing) begin(out io.Writer) (drawing, error) {
	if w.report.Format == CSV {
		w.into = &lines{out}
		_, err := out.Write(headerOf(w.columns, w.report.Locale))
		return drawFields, err
	}
	book, err := w.newBook(out)
	w.into = &sheets{book}
	return drawCells, err
}

// add writes the lines of a batch of contacts.
func (w *writing) add(b *batch) error {
	if err := w.into.write(b); err != nil {
		return err
	}
	w.done += len(b.counts)
	for _, count := range b.counts {
		w.lines += count
	}
	w.quoted += b.fields.quoted
	w.config.Progress(w.done, w.total, w.lines)
	if !w.halfway && 2*w.done >= w.total {
		w.halfway = true
		w.config.Halfway()
	}
	return nil
}
