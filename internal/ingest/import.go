package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ahead"
	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Import imports one source; ImportAll says how.
func Import(ctx context.Context, pool *postgres.Pool, r io.Reader, config Config) (Result, error) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(r), nil }
	return ImportAll(ctx, pool, []Source{{Open: open}}, config)
}

// ImportAll imports sources one after the other as if they were one. The pool must be able to write.
//
// An error means that the import ended early: an input that cannot be read, a database that is away, a disk that is full
// (STORAGE_FULL), a context that ended, or ErrRefused. The result then counts what has landed nevertheless, whole chunks, nothing of a strict import;
// running it again is safe. Faulty lines are not an error: see Result.Skipped. When the context ends, ImportAll returns
// at once; a read that still waits for input is left behind and ends with it.
func ImportAll(ctx context.Context, pool *postgres.Pool, sources []Source, config Config) (Result, error) {
	if config.ChunkSize <= 0 {
		config.ChunkSize = defaultChunkSize
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	im := &importer{pool: pool, config: config, begun: config.Now(), writer: newWriter(config.Starts)}
	im.writer.alone, im.writer.strict = config.Strict, config.Strict
	switch {
	case config.NoFeed:
		im.writer.logging = unlogged
	case !config.Strict: // a transaction as long as that would keep all others from numbering
		im.writer.logging = numbers
	}
	im.writer.copied = im.patience.GoesOn
	err := im.landAll(ctx, func(ctx context.Context, send func(chunk) error) error {
		in := &reader{sources: sources, lines: config.ChunkSize, strict: config.Strict, send: send}
		return in.run(ctx)
	})
	if err == nil && !config.NoFeed {
		err = im.config.Retry.Do(ctx, func() error { return im.number(ctx) })
	}
	if err == nil {
		err = im.config.Retry.Do(ctx, func() error { return im.settle(ctx) })
	}
	if full := postgres.Translate(err); fault.CodeOf(full) == fault.StorageFull {
		err = full
	}
	return im.result, err
}

type importer struct {
	pool     *postgres.Pool
	config   Config
	begun    time.Time
	writer   *writer
	result   Result
	seen     Progress
	refused  bool
	patience postgres.Patience
	// yielding is for how many chunks to come those lines are few that land together.
	yielding int
}

// landAll lands what read sends. A chunk is read while the one before lands.
func (im *importer) landAll(ctx context.Context, read func(ctx context.Context, send func(chunk) error) error) error {
	var whole pgx.Tx // the one transaction of a strict import
	if im.config.Strict {
		tx, err := im.begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		whole = tx
	} else if err := im.look(ctx, im.pool); err != nil {
		return err
	}
	landed := Result{}
	err := ahead.Each(ctx, 0, read, func(c chunk) error {
		for from := 0; from < len(c.entries); {
			if err := im.pool.Room(); err != nil {
				return err
			}
			part := c.part(from, im.partSize())
			from += len(part.entries)
			counts, err := im.landSurely(ctx, whole, part)
			if err != nil {
				return err
			}
			landed.add(counts)
			if !im.config.Strict {
				im.result = landed
			}
			im.progress(counts)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
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

// landSurely lands a chunk, again and again while the database is away: a chunk that landed already, unnoticed, is unchanged
// then. One in the transaction given is lost with it.
func (im *importer) landSurely(ctx context.Context, whole pgx.Tx, c chunk) (counts Result, err error) {
	land := func() error {
		return im.patience.During(ctx, im.pool, func(ctx context.Context) (err error) {
			counts, err = im.landChunk(ctx, whole, c)
			return err
		})
	}
	if whole != nil {
		err = land()
		return counts, err
	}
	begun := *im.writer
	begun.written, begun.ties, begun.part = maps.Clone(begun.written), directory.Ties{}, nil
	err = im.config.Retry.Do(ctx, func() error {
		err := land()
		if err != nil { // what the writer noted may have been taken back
			anew := begun
			anew.written = maps.Clone(begun.written)
			im.writer = &anew
		}
		return err
	})
	return counts, err
}

// number numbers what the import has left: nobody else may, where nobody serves.
func (im *importer) number(ctx context.Context) error {
	_, err := changes.Number(ctx, im.pool)
	return err
}

// landChunk lands a chunk in the transaction given, or else in one of its own.
func (im *importer) landChunk(ctx context.Context, whole pgx.Tx, c chunk) (Result, error) {
	if im.refused {
		// Nothing will land: what is left to do is to tell the faults that lines have in themselves.
		counts := Result{Lines: len(c.entries)}
		for i := range c.entries {
			if fault := c.entries[i].fault; fault != nil {
				counts.Skipped++
				im.faulty(fault)
			}
		}
		return counts, nil
	}
	counts, faults, tx, err := im.landIn(ctx, whole, &c)
	if tx != nil && whole == nil {
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	}
	if errors.Is(err, errAlone) {
		if err = tx.Rollback(ctx); err != nil {
			return Result{}, fmt.Errorf("beginning a chunk anew: %w", err)
		}
		im.writer.alone = true
		counts, faults, tx, err = im.landIn(ctx, nil, &c)
		im.writer.alone = false
		if tx != nil {
			defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		}
	}
	if err != nil {
		return Result{}, err
	}
	switch {
	case whole == nil:
		if err := im.look(ctx, tx); err != nil {
			return Result{}, err
		}
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
		im.faulty(fault)
	}
	im.repaired(c.entries)
	return counts, nil
}

// landIn takes a chunk into the transaction given, or else into one of its own, which it gives even if it failed.
func (im *importer) landIn(ctx context.Context, whole pgx.Tx, c *chunk) (Result, []*format.Fault, pgx.Tx, error) {
	tx := whole
	if tx == nil {
		var err error
		if tx, err = im.begin(ctx); err != nil {
			return Result{}, nil, nil, err
		}
	}
	counts, faults, err := im.writer.land(ctx, tx, c)
	return counts, faults, tx, err
}

// partSize is how many lines of a chunk land together.
func (im *importer) partSize() int {
	if im.yielding > 0 {
		return yieldingChunkSize
	}
	return im.config.ChunkSize
}

// look looks whether others write contacts, too. If so, the next chunks are small.
func (im *importer) look(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
},
) error {
	var found bool
	if err := db.QueryRow(ctx, othersWrite).Scan(&found); err != nil {
		return fmt.Errorf("looking for other writers: %w", err)
	}
	if found {
		im.yielding = yieldingChunks
	} else {
		im.yielding = max(0, im.yielding-1)
	}
	return nil
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
	return im.patience.Watch(tx), nil
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

func (im *importer) faulty(fault *format.Fault) {
	if im.config.Faulty != nil {
		im.config.Faulty(*fault)
	}
}

// repaired tells what was mended of the contacts that have no fault.
func (im *importer) repaired(entries []entry) {
	if im.config.Repaired == nil {
		return
	}
	for i := range entries {
		if entries[i].fault != nil {
			continue
		}
		for _, one := range slices.Concat(entries[i].Repairs, entries[i].noted) {
			im.config.Repaired(one)
		}
	}
}

func (im *importer) progress(counts Result) {
	im.seen.Lines += counts.Lines
	im.seen.Skipped += counts.Skipped
	if im.config.Progress != nil {
		im.seen.Elapsed = im.config.Now().Sub(im.begun)
		im.config.Progress(im.seen)
	}
}
