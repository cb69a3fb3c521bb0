package telephony

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Store lands the rows of one source.
type Store struct {
	pool   *postgres.Pool
	source *Source
	mapper Mapper
	starts ingest.Starts
	now    func() time.Time
	id     int
	run    int64

	patience postgres.Patience
}

// OpenStore makes the source known to the database, and begins a run. No contact starts before the oldest instant or more
// than a year ahead, and rows of then are bad.
func OpenStore(ctx context.Context, pool *postgres.Pool, source *Source, mapper Mapper, oldest time.Time, now func() time.Time) (*Store, error) {
	s := &Store{pool: pool, source: source, mapper: mapper, starts: ingest.Starts{Oldest: oldest, Now: now}, now: now}
	keep := time.Duration(source.KeepRows)
	err := pool.QueryRow(ctx, `INSERT INTO telephony_sources (name, kind, file, keep_rows) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, file = excluded.file, keep_rows = excluded.keep_rows RETURNING id`,
		source.Name, string(source.SystemKind), source.file, keep).Scan(&s.id)
	if err != nil {
		return nil, fmt.Errorf("opening the source: %w", err)
	}
	if err := pool.QueryRow(ctx, "SELECT nextval('telephony_runs')").Scan(&s.run); err != nil {
		return nil, fmt.Errorf("beginning a run: %w", err)
	}
	return s, nil
}

// Batch is what is landed in one transaction.
type Batch struct {
	Rows []Row
	// Origin is where rows of their kind come from: Table or Files.
	Origin Origin
	// Bad is the number of lines that are no rows.
	Bad int
	// Place names where the rows were read, Position is how far; nothing is remembered for an empty place.
	Place    string
	Position json.RawMessage
}

// Origin is where rows of a kind come from.
type Origin string

// The origins.
const (
	Table Origin = "table"
	Files Origin = "files"
)

// Ended is a call of a batch that is over: its channels, and when it was.
type Ended struct {
	Channels    []string
	First, Last time.Time
}

// Landed is what became of batches.
type Landed struct {
	// Ended are the touched calls that are over; it is not added up.
	Ended                 []Ended
	Rows, New, Known, Bad int
	// Foreign rows say nothing of a call.
	Foreign int
	// Contacts is what became of the contacts of the calls that the rows touch, Retracted how many are none any more.
	Contacts  ingest.Result
	Retracted int
}

// Add adds what became of more batches.
func (l *Landed) Add(more Landed) {
	l.Rows += more.Rows
	l.New += more.New
	l.Known += more.Known
	l.Bad += more.Bad
	l.Foreign += more.Foreign
	l.Retracted += more.Retracted
	l.Contacts.Recorded += more.Contacts.Recorded
	l.Contacts.Replaced += more.Contacts.Replaced
	l.Contacts.Unchanged += more.Contacts.Unchanged
	l.Contacts.Stale += more.Contacts.Stale
	l.Contacts.Skipped += more.Contacts.Skipped
}

// Land lands a batch: its new rows, the position, and the contacts of every call that they touch. One transaction.
func (s *Store) Land(ctx context.Context, batch Batch) (Landed, error) {
	var landed Landed
	if err := s.pool.Room(); err != nil {
		return landed, err
	}
	err := s.inTransaction(ctx, func(tx pgx.Tx) error {
		landed = Landed{Rows: len(batch.Rows) + batch.Bad, Bad: batch.Bad}
		if err := s.checkOrigin(ctx, tx, &batch); err != nil {
			return err
		}
		fresh, err := s.keepRows(ctx, tx, batch.Rows, &landed)
		if err != nil {
			return err
		}
		if err := s.moveOn(ctx, tx, &batch, fresh, &landed); err != nil {
			return err
		}
		if len(fresh) == 0 {
			return nil
		}
		touched, err := s.touch(ctx, tx, fresh)
		if err != nil {
			return err
		}
		return s.rebuild(ctx, tx, touched, &landed)
	})
	return landed, err
}

// inTransaction runs work in a transaction that has the source to itself.
func (s *Store) inTransaction(ctx context.Context, work func(pgx.Tx) error) error {
	return s.patience.During(ctx, s.pool, func(ctx context.Context) error { return s.transact(ctx, work) })
}

func (s *Store) transact(ctx context.Context, work func(pgx.Tx) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite})
	if err != nil {
		return fmt.Errorf("beginning a batch: %w", err)
	}
	tx = s.patience.Watch(tx)
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return fmt.Errorf("beginning a batch: %w", err)
	}
	if _, err := tx.Exec(ctx, "SELECT FROM telephony_sources WHERE id = $1 FOR UPDATE", s.id); err != nil {
		return fmt.Errorf("waiting for the source: %w", err)
	}
	if err := work(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("committing a batch: %w", err)
	}
	return nil
}

// checkOrigin refuses rows of a kind from a second origin: a table and a file spell the same row differently.
func (s *Store) checkOrigin(ctx context.Context, tx pgx.Tx, batch *Batch) error {
	if len(batch.Rows) == 0 {
		return nil
	}
	kind := batch.Rows[0].Kind
	var before *string
	err := tx.QueryRow(ctx, `UPDATE telephony_sources SET origins = jsonb_build_object($2::text, $3::text) || origins WHERE id = $1
		RETURNING origins->>$2`, s.id, string(kind), string(batch.Origin)).Scan(&before)
	if err != nil {
		return fmt.Errorf("reading the source: %w", err)
	}
	if before != nil && *before != string(batch.Origin) {
		return &OriginError{Source: s.source.Name, Kind: kind, Before: Origin(*before)}
	}
	return nil
}

// OriginError says that rows of a kind were read from another origin before.
type OriginError struct {
	Source string
	Kind   Kind
	Before Origin
}

// Error says it in a sentence.
func (e *OriginError) Error() string {
	other := Table
	if e.Before == Table {
		other = Files
	}
	return fmt.Sprintf("rows of %s of the source %s come from %s so far, so none are taken from %s: the two spell the same row differently",
		e.Kind, e.Source, e.Before, other)
}

// moveOn remembers how far the source was read.
func (s *Store) moveOn(ctx context.Context, tx pgx.Tx, batch *Batch, fresh []Row, landed *Landed) error {
	var latest *time.Time
	for i := range fresh {
		if at := fresh[i].At; latest == nil || at.After(*latest) {
			latest = &at
		}
	}
	work := &pgx.Batch{}
	work.Queue(`UPDATE telephony_sources SET row_count = row_count + $2, bad_rows = bad_rows + $3, read_at = $4,
		last_row_at = greatest(last_row_at, $5::timestamptz) WHERE id = $1`, s.id, landed.New, landed.Bad, s.now(), latest)
	if batch.Place != "" {
		work.Queue(`INSERT INTO telephony_positions (source_id, place, position) VALUES ($1, $2, $3)
			ON CONFLICT (source_id, place) DO UPDATE SET position = excluded.position`, s.id, batch.Place, batch.Position)
	}
	if err := tx.SendBatch(ctx, work).Close(); err != nil {
		return fmt.Errorf("remembering the position: %w", err)
	}
	return nil
}

// Position is how far a place was read, nil if it never was.
func (s *Store) Position(ctx context.Context, place string) (json.RawMessage, error) {
	rows, err := s.pool.Query(ctx, "SELECT position FROM telephony_positions WHERE source_id = $1 AND place = $2", s.id, place)
	if err != nil {
		return nil, fmt.Errorf("reading the position: %w", err)
	}
	positions, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	if err != nil || len(positions) == 0 {
		return nil, err
	}
	return positions[0], nil
}

// NoteError counts an error of the source.
func (s *Store) NoteError(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "UPDATE telephony_sources SET errors = errors + 1, last_error_at = $2 WHERE id = $1", s.id, s.now())
	return err
}

// CaughtUp notes that all that was there was read.
func (s *Store) CaughtUp(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, "UPDATE telephony_sources SET caught_up_at = $2 WHERE id = $1", s.id, s.now()); err != nil {
		return fmt.Errorf("noting that the source was read: %w", err)
	}
	return nil
}

// Tidy drops raw rows that are no longer kept.
func (s *Store) Tidy(ctx context.Context) error {
	if _, err := s.pool.Exec(ctx, "SELECT drop_telephony_rows($1)", s.now()); err != nil {
		return fmt.Errorf("dropping raw rows: %w", err)
	}
	return nil
}
