package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
)

// WorkerConfig of a Worker. All may be left out.
type WorkerConfig struct {
	// Concurrency is how many files are made at once; 0 is one.
	Concurrency int
	// Store reads the contacts; nil is the one of Downloads. A file takes longer to read than a page, so its pool
	// wants a longer statement timeout.
	Store *report.Store
	// LinesPerSheet bounds the lines of a sheet; 0 is what Excel takes.
	LinesPerSheet int
	// Begin is told of each try to make a file, with what Config.Ordering named, and gives the context for it and what is to be
	// called in the end. Nil if nobody traces.
	Begin func(ctx context.Context, orderedBy string) (context.Context, func())
	// Made is told of each file that is READY: its lines, and how long it took. Nil if nobody watches.
	Made func(ctx context.Context, lines int, took time.Duration)
	// Failed is told of each try that failed, with the code that the owner is told in the end. Nil if nobody watches.
	Failed func(context.Context, fault.Code)
}

// Worker makes the files that were ordered. Any number of them may run in any number of processes.
type Worker struct {
	downloads  *Downloads
	config     WorkerConfig
	jobs       *river.Client[pgx.Tx]
	caretaker  *caretaker
	caretaking sync.WaitGroup
	stop       context.CancelFunc
}

// NewWorker makes a worker; Start sets it to work.
func NewWorker(downloads *Downloads, config WorkerConfig) (*Worker, error) {
	if config.Concurrency <= 0 {
		config.Concurrency = 1
	}
	if config.Store == nil {
		config.Store = downloads.store
	}
	if config.Made == nil {
		config.Made = func(context.Context, int, time.Duration) {}
	}
	if config.Begin == nil {
		config.Begin = func(ctx context.Context, _ string) (context.Context, func()) { return ctx, func() {} }
	}
	if config.Failed == nil {
		config.Failed = func(context.Context, fault.Code) {}
	}
	w := &Worker{downloads: downloads, config: config}
	workers := river.NewWorkers()
	river.AddWorker(workers, &fileJob{begin: config.Begin, make: w.make})
	jobs, err := river.NewClient(riverpgxv5.New(downloads.pool.Pool), &river.Config{
		Logger:  downloads.config.Log,
		Queues:  map[string]river.QueueConfig{fileQueue: {MaxWorkers: config.Concurrency}},
		Workers: workers,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing to make files: %w", err)
	}
	w.jobs = jobs
	w.caretaker = &caretaker{
		pool: downloads.pool, bucket: downloads.config.Bucket, jobs: jobs, now: downloads.config.Now, log: downloads.config.Log,
	}
	return w, nil
}

// Start sets the worker to work and returns. When the context ends, it stops as by Stop.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.jobs.Start(ctx); err != nil {
		return fmt.Errorf("starting to make files: %w", err)
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.caretaking.Go(func() { w.caretaker.run(ctx) })
	return nil
}

// Stop hands the files in work over to the next worker and waits until all is quiet, or the context ends.
func (w *Worker) Stop(ctx context.Context) error {
	if w.stop != nil {
		w.stop()
		w.caretaking.Wait() // its statements end with its context
	}
	if err := w.jobs.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("stopping to make files: %w", err)
	}
	return nil
}

// cleanupTimeout bounds what is written and removed after a context ended.
const cleanupTimeout = 5 * time.Second

// make claims a download and makes its file. The error says only what River needs to know: nil is done, or no longer
// ours; a snooze asks for another worker at once; any other asks for another try.
func (w *Worker) make(ctx context.Context, id int64) error {
	d := w.downloads
	begun := time.Now()
	lease, err := claim(ctx, d.pool, d.config.Now, id)
	if err != nil && ctx.Err() != nil {
		return river.JobSnooze(0) // told to stop, and nothing failed
	}
	if err != nil || lease == nil {
		return w.logAndHide(id, err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var keeping sync.WaitGroup
	keeping.Go(func() { lease.keep(ctx, func() { cancel(errLeaseLost) }) })
	download, made, err := w.write(ctx, lease)
	stopped := ctx.Err() != nil
	cause := context.Cause(ctx)
	cancel(nil)
	keeping.Wait()

	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer done()
	switch {
	case err == nil:
		d.config.Stage(StagePublish)
		if err = d.permissions.checkOwner(ctx, download, made.under); err != nil {
			w.remove(ctx, id, made)
			return w.failed(ctx, lease, err)
		}
		if err = w.publish(ctx, lease, made); err == nil {
			w.config.Made(ctx, made.result.Lines, time.Since(begun))
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
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return w.logAndHide(id, err)
}

// write writes the file of a claimed download under a key of its own. There is no file if it fails.
func (w *Worker) write(ctx context.Context, lease *lease) (*Download, *madeFile, error) {
	d := w.downloads
	download, err := d.rows.one(ctx, nil, lease.id)
	if err != nil {
		return nil, nil, err
	}
	if err := d.config.Bucket.Clear(ctx, lease.id, 0); err != nil {
		return nil, nil, err
	}
	report, made := download.report(), &madeFile{}
	made.name = report.Title() + report.Format.Ending()
	if made.under, err = d.permissions.now(ctx, download); err != nil {
		return nil, nil, err
	}
	viewer, err := made.under.Viewer(ctx, d.config.Numbers)
	if err != nil {
		return nil, nil, err
	}
	config := workbook.Config{
		Store: w.config.Store, Directory: d.directory, Viewer: viewer, Accept: d.config.Limits.accept, Progress: lease.note,
		Halfway: func() { d.config.Stage(StageMiddle) }, MaxLines: w.config.LinesPerSheet,
	}
	made.file, err = d.config.Bucket.Write(ctx, storage.Key(lease.id, lease.attempt, report.Format.Ending()), func(out io.Writer) (err error) {
		d.config.Stage(StageCreate)
		made.result, err = report.Write(ctx, out, config)
		d.config.Stage(StageClose)
		return err
	})
	if err == nil && report.Format != workbook.XLSX {
		if err = d.writeAbout(ctx, download, made); err != nil {
			w.remove(context.WithoutCancel(ctx), lease.id, made)
		}
	}
	return download, made, err
}

// publish offers a file that was made, or removes it: what is not published is in nobody's way, but nobody would ever remove
// it. Errors: errLeaseLost.
func (w *Worker) publish(ctx context.Context, lease *lease, made *madeFile) error {
	if err := lease.publish(ctx, made, w.downloads.config.Expiry); err != nil {
		w.remove(ctx, lease.id, made)
		return err
	}
	w.downloads.config.Stage(StageCommit)
	return nil
}

// remove removes a file that is not published. What cannot be removed now, the next tidying will.
func (w *Worker) remove(ctx context.Context, id int64, made *madeFile) {
	for _, key := range []string{made.file.Key, storage.AboutKey(made.file.Key)} {
		if err := w.downloads.config.Bucket.Remove(ctx, key); err != nil {
			w.downloads.config.Log.Warn("a file that is not published stays behind", "download", id, "error", logText(err))
		}
	}
}

// failed decides whether a download is tried again. What a user can mend, such as a filter that names a thing which
// is gone, will not be better the next time; what else fails might. A download whose owner may no longer see what was
// ordered did not fail: it is called off. Nor did one whose lease is lost: it was cancelled, deleted or taken over meanwhile.
func (w *Worker) failed(ctx context.Context, lease *lease, cause error) error {
	reason := reasonOf(cause)
	passing := reason.Code == fault.Internal || reason.Code == fault.Unavailable || reason.Code == fault.Timeout
	again := passing && lease.tries < maxTries
	calledOff := reason.Code == fault.Forbidden
	var err error
	switch {
	case calledOff:
		err = lease.callOff(ctx, reason)
	case again:
		err = lease.giveBack(ctx)
	default:
		err = lease.fail(ctx, reason)
	}
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	if !calledOff {
		w.config.Failed(ctx, reason.Code)
		w.downloads.config.Log.Error("a file could not be made", "download", lease.id, "try", lease.tries, "error", logText(cause))
	}
	if err == nil && again {
		return fmt.Errorf("try %d of download %d failed: %s", lease.tries, lease.id, reason.Code)
	}
	return w.logAndHide(lease.id, err)
}

// reasonOf is what the owner of a download is told.
func reasonOf(cause error) *fault.Error {
	var reason *fault.Error
	switch {
	case storage.IsFull(cause):
		return fault.New(fault.NoRoom, "").Because(cause)
	case errors.As(postgres.Translate(cause), &reason):
		return reason
	}
	return fault.New(fault.FileFailed, "").Because(cause)
}

// logAndHide logs an error in full and gives River one that says nothing of the data.
func (w *Worker) logAndHide(id int64, err error) error {
	if err == nil {
		return nil
	}
	w.downloads.config.Log.Error("the state of a download could not be written", "download", id, "error", logText(err))
	return errors.New("the state of the download could not be written")
}
