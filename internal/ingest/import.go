package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
)

// defaultChunkSize is the number of lines of a transaction. It takes about a tenth of a second, which is how long other
// writers wait; larger ones are hardly faster, nor is a commit that does not wait for the disk.
const defaultChunkSize = 5000

// Options of an import; the zero value is a plain one.
type Options struct {
	// Strict lands nothing if any line is faulty.
	Strict bool
	// ChunkSize is the most lines that land in one transaction, 0 for the usual 5,000. The first chunks have fewer.
	ChunkSize int
	// Progress is called after each chunk.
	Progress func(Progress)
	// Report is called for each faulty line, in the order of the lines.
	Report func(Fault)
	// Now is the clock that progress is measured by, nil for the system's.
	Now func() time.Time
}

// Progress is how far an import has come.
type Progress struct {
	// Lines is the number of lines read and dealt with, Skipped how many of them were faulty.
	Lines, Skipped int
	// Elapsed is the time since the import began.
	Elapsed time.Duration
}

// LinesPerSecond is the mean rate so far.
func (p Progress) LinesPerSecond() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Lines) / p.Elapsed.Seconds()
}

// Result is what became of the lines: Lines is the sum of all others.
type Result struct {
	// Lines is the number of lines that were not blank.
	Lines int
	// Recorded contacts were not known before.
	Recorded int
	// Replaced contacts came with the same or a higher revision and other content.
	Replaced int
	// Unchanged lines were imported before in the same words.
	Unchanged int
	// Stale lines had a lower revision than what is known, and were ignored.
	Stale int
	// Described is the number of lines that describe an agent, a campaign, a queue, a classifier or a SiteCall form.
	Described int
	// Skipped lines were faulty.
	Skipped int
}

func (r *Result) add(more Result) {
	r.Lines += more.Lines
	r.Recorded += more.Recorded
	r.Replaced += more.Replaced
	r.Unchanged += more.Unchanged
	r.Stale += more.Stale
	r.Described += more.Described
	r.Skipped += more.Skipped
}

// ErrRefused is the error of a strict import with a faulty line: nothing has landed. The result has only the numbers
// of lines and of faulty ones.
var ErrRefused = errors.New("lines are faulty, so nothing was imported")

// Source is an input of an import: newline-delimited JSON, plain or gzip.
type Source struct {
	// Name stands in front of faults, to tell sources apart; it may be empty.
	Name string
	// Open is called when it is the source's turn; what it gives is closed after the last line.
	Open func() (io.ReadCloser, error)
}

// Import imports one source; ImportAll says how.
func Import(ctx context.Context, pool *postgres.Pool, r io.Reader, options Options) (Result, error) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(r), nil }
	return ImportAll(ctx, pool, []Source{{Open: open}}, options)
}

// ImportAll imports sources one after the other as if they were one. The pool must be able to write.
//
// An error means that the import ended early: an input that cannot be read, a database that is away, a context that
// ended, or ErrRefused. The result then counts what has landed nevertheless, whole chunks, nothing of a strict import;
// running it again is safe. Faulty lines are not an error: see Result.Skipped. When the context ends, ImportAll returns
// at once; a read that still waits for input is left behind and ends with it.
func ImportAll(ctx context.Context, pool *postgres.Pool, sources []Source, options Options) (Result, error) {
	if options.ChunkSize <= 0 {
		options.ChunkSize = defaultChunkSize
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan chunk)
	in := &reader{sources: sources, lines: options.ChunkSize, out: chunks}
	go in.run(ctx)

	im := &importer{pool: pool, options: options, begun: options.Now(), writer: newWriter()}
	err := im.landAll(ctx, chunks)
	if err == nil {
		err = im.settle(ctx)
	}
	return im.result, err
}

type importer struct {
	pool    *postgres.Pool
	options Options
	begun   time.Time
	writer  *writer
	result  Result
	seen    Progress
	refused bool
}

func (im *importer) landAll(ctx context.Context, chunks <-chan chunk) error {
	var whole pgx.Tx // the one transaction of a strict import
	if im.options.Strict {
		tx, err := im.begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		whole = tx
	}
	landed := Result{}
	for {
		c, more, err := next(ctx, chunks)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if c.err != nil {
			return c.err
		}
		counts, err := im.landChunk(ctx, whole, c)
		if err != nil {
			return err
		}
		landed.add(counts)
		if !im.options.Strict {
			im.result = landed
		}
		im.progress(counts)
	}
	switch {
	case im.refused:
		im.result = Result{Lines: landed.Lines, Skipped: landed.Skipped}
		return ErrRefused
	case whole != nil:
		if err := whole.Commit(ctx); err != nil {
			return fmt.Errorf("committing the import: %w", err)
		}
		im.result = landed
	}
	return nil
}

func next(ctx context.Context, chunks <-chan chunk) (chunk, bool, error) {
	select {
	case c, more := <-chunks:
		if err := ctx.Err(); err != nil {
			return chunk{}, false, err
		}
		return c, more, nil
	case <-ctx.Done():
		return chunk{}, false, ctx.Err()
	}
}

// landChunk lands a chunk in the transaction given, or else in one of its own.
func (im *importer) landChunk(ctx context.Context, whole pgx.Tx, c chunk) (Result, error) {
	if im.refused {
		// Nothing will land: what is left to do is to report the faults that lines have in themselves.
		counts := Result{Lines: len(c.entries)}
		for i := range c.entries {
			if fault := c.entries[i].fault; fault != nil {
				counts.Skipped++
				im.report(fault)
			}
		}
		return counts, nil
	}
	tx := whole
	if tx == nil {
		var err error
		if tx, err = im.begin(ctx); err != nil {
			return Result{}, err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	}
	counts, faults, err := im.writer.land(ctx, tx, &c)
	if err != nil {
		return Result{}, err
	}
	switch {
	case whole == nil:
		if err := tx.Commit(ctx); err != nil {
			return Result{}, fmt.Errorf("committing a chunk: %w", err)
		}
	case counts.Skipped > 0:
		im.refused = true
		if err := tx.Rollback(ctx); err != nil {
			return Result{}, fmt.Errorf("taking the import back: %w", err)
		}
	}
	for _, fault := range faults {
		im.report(fault)
	}
	return counts, nil
}

// begin begins a transaction without a time limit: an import may wait for another one.
func (im *importer) begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := begin(ctx, im.pool)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		_ = tx.Rollback(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("beginning a chunk: %w", err)
	}
	return tx, nil
}

// begin asks for what the merge relies on, whatever the sessions' own defaults: each statement sees what was committed
// before it, so that what is read after the lock was had is up to date.
func begin(ctx context.Context, pool *postgres.Pool) (pgx.Tx, error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite})
	if err != nil {
		return nil, fmt.Errorf("beginning a chunk: %w", err)
	}
	return tx, nil
}

func (im *importer) report(fault *Fault) {
	if im.options.Report != nil {
		im.options.Report(*fault)
	}
}

func (im *importer) progress(counts Result) {
	im.seen.Lines += counts.Lines
	im.seen.Skipped += counts.Skipped
	if im.options.Progress != nil {
		im.seen.Elapsed = im.options.Now().Sub(im.begun)
		im.options.Progress(im.seen)
	}
}
