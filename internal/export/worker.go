package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
)

// WorkerSettings of a Worker. All may be left out.
type WorkerSettings struct {
	// Concurrency is how many files are made at once; 0 is one.
	Concurrency int
	// Store reads the contacts; nil is the one of Downloads. A file takes longer to read than a page, so its pool
	// wants a longer statement timeout.
	Store *report.Store
	// LinesPerSheet bounds the lines of a sheet; 0 is what Excel takes.
	LinesPerSheet int
}

// Worker makes the files that were ordered. Any number of them may run in any number of processes.
type Worker struct {
	downloads *Downloads
	settings  WorkerSettings
	jobs      *river.Client[pgx.Tx]
	looking   sync.WaitGroup
	stop      context.CancelFunc
}

// NewWorker makes a worker; Start sets it to work.
func NewWorker(downloads *Downloads, settings WorkerSettings) (*Worker, error) {
	if settings.Concurrency <= 0 {
		settings.Concurrency = 1
	}
	if settings.Store == nil {
		settings.Store = downloads.store
	}
	w := &Worker{downloads: downloads, settings: settings}
	workers := river.NewWorkers()
	river.AddWorker(workers, &fileJob{worker: w})
	jobs, err := river.NewClient(riverpgxv5.New(downloads.pool.Pool), &river.Config{
		Logger:  downloads.settings.Log,
		Queues:  map[string]river.QueueConfig{fileQueue: {MaxWorkers: settings.Concurrency}},
		Workers: workers,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing to make files: %w", err)
	}
	w.jobs = jobs
	return w, nil
}

// Start sets the worker to work and returns. When the context ends, it stops as by Stop.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.jobs.Start(ctx); err != nil {
		return fmt.Errorf("starting to make files: %w", err)
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.looking.Go(func() { w.lookAfter(ctx) })
	return nil
}

// Stop hands the files in work over to the next worker and waits until all is quiet, or the context ends.
func (w *Worker) Stop(ctx context.Context) error {
	if w.stop != nil {
		w.stop()
		w.looking.Wait() // its statements end with its context
	}
	if err := w.jobs.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("stopping to make files: %w", err)
	}
	return nil
}

// farewell bounds what is written about a download after its context ended.
const farewell = 5 * time.Second

// make claims a download and makes its file. The error says only what River needs to know: nil is done, or no longer
// ours; a snooze asks for another worker at once; any other asks for another try.
func (w *Worker) make(ctx context.Context, id int64) error {
	d := w.downloads
	lease, err := d.claim(ctx, id)
	if err != nil || lease == nil {
		return w.told(id, err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var keeping sync.WaitGroup
	keeping.Go(func() { lease.keep(ctx, func() { cancel(errLeaseLost) }) })
	download, made, result, err := w.attempt(ctx, lease)
	stopped := ctx.Err() != nil
	cause := context.Cause(ctx)
	cancel(nil)
	keeping.Wait()

	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer done()
	switch {
	case err == nil:
		d.settings.Step(StepPublish)
		if err = d.checkStillHeld(ctx, download, result.under); err != nil {
			w.remove(ctx, id, made)
			return w.failed(ctx, lease, err)
		}
		if err = lease.publish(ctx, download, made, result); err == nil {
			d.settings.Step(StepCommit)
		}
	case errors.Is(cause, errLeaseLost):
		err = errLeaseLost
	case stopped:
		if err = lease.handOver(ctx); err == nil {
			return river.JobSnooze(0)
		}
	default:
		return w.failed(ctx, lease, err)
	}
	if err == nil {
		return nil
	}
	// Published by nobody: what was written is in nobody's way, but nobody would ever remove it.
	w.remove(ctx, id, made)
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return w.told(id, err)
}

// remove removes a file that was written and is not published. What cannot be removed now, the next tidying will.
func (w *Worker) remove(ctx context.Context, id int64, made file) {
	if made.key == "" {
		return
	}
	if err := w.downloads.settings.Bucket.Delete(ctx, made.key); err != nil {
		w.downloads.settings.Log.Warn("a file that is not published stays behind", "download", id, "error", describe(err))
	}
}

// attempt writes the file of a claimed download into a blob of its own.
func (w *Worker) attempt(ctx context.Context, lease *lease) (*Download, file, written, error) {
	d := w.downloads
	download, err := d.one(ctx, lease.id)
	if err != nil {
		return nil, file{}, written{}, err
	}
	if err := d.files.clear(ctx, lease.id, ""); err != nil {
		return nil, file{}, written{}, err
	}
	under, err := d.rightsNow(ctx, download)
	if err != nil {
		return nil, file{}, written{}, err
	}
	viewer, err := under.viewer(ctx, d.settings.Numbers)
	if err != nil {
		return nil, file{}, written{}, err
	}
	report := &workbook{
		store: w.settings.Store, directory: d.directory, download: download, viewer: viewer,
		progress: lease.report, accept: d.refuseTooLong, step: d.settings.Step, maxLines: w.settings.LinesPerSheet,
	}
	var result written
	made, err := d.files.write(ctx, keyOf(lease.id, lease.attempt), func(out io.Writer) (err error) {
		d.settings.Step(StepCreate)
		result, err = report.write(ctx, out)
		d.settings.Step(StepClose)
		return err
	})
	result.under = under
	return download, made, result, err
}

// failed decides whether a download is tried again. What a user can mend, such as a filter that names a thing which
// is gone, will not be better the next time; what else fails might. Who may no longer see what he ordered did not fail:
// his download is called off.
func (w *Worker) failed(ctx context.Context, lease *lease, cause error) error {
	if fault.CodeOf(cause) == fault.Forbidden {
		var reason *fault.Error
		errors.As(cause, &reason)
		if err := lease.callOff(ctx, reason); err != nil && !errors.Is(err, errLeaseLost) {
			return w.told(lease.id, err)
		}
		return nil
	}
	w.downloads.settings.Log.Error("a file could not be made", "download", lease.id, "try", lease.tries, "error", describe(cause))
	var reason *fault.Error
	if isFull(cause) {
		reason = fault.New(fault.NoRoom, "").Because(cause)
	} else if !errors.As(postgres.Translate(cause), &reason) {
		reason = fault.New(fault.FileFailed, "").Because(cause)
	}
	passing := reason.Code == fault.Internal || reason.Code == fault.Unavailable || reason.Code == fault.Timeout
	if passing && lease.tries < mostTries {
		if err := lease.giveBack(ctx); err != nil {
			return w.told(lease.id, err)
		}
		return fmt.Errorf("try %d of download %d failed: %s", lease.tries, lease.id, reason.Code)
	}
	if err := lease.fail(ctx, reason); err != nil && !errors.Is(err, errLeaseLost) {
		return w.told(lease.id, err)
	}
	return nil
}

// told logs an error in full and gives River one that says nothing of the data.
func (w *Worker) told(id int64, err error) error {
	if err == nil {
		return nil
	}
	w.downloads.settings.Log.Error("the state of a download could not be written", "download", id, "error", describe(err))
	return errors.New("the state of the download could not be written")
}

// describe is an error for the log. The text of a database error can quote the data, so only its code is told.
func describe(err error) string {
	var database *pgconn.PgError
	if errors.As(err, &database) {
		return "SQLSTATE " + database.Code
	}
	return err.Error()
}
