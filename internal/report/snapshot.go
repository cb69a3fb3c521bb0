package report

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ahead"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
	"github.com/kontakty/kontakty/internal/statement"
)

// streamBatch is how many rows a stream holds at once. Scanning them keeps a processor busy without a break, for which
// requests that are answered meanwhile wait.
const streamBatch = 500

// streamsAhead is how many batches of a stream there are in memory.
const streamsAhead = 3

// Snapshot is the data as it was at one moment. It belongs to one goroutine.
type Snapshot struct {
	reader *Reader
	// tx runs on the connection, on which streams are read past database/sql.
	connection *sql.Conn
	tx         *sql.Tx
	takenAt    time.Time
	// name is what other connections take the same view by.
	name    string
	streams int
}

// Snapshot calls read with a frozen view of the data: whatever arrives meanwhile, all its methods see one moment. The
// view is gone when read returns.
func (s *Reader) Snapshot(ctx context.Context, read func(context.Context, *Snapshot) error) error {
	return s.view(ctx, func(ctx context.Context, taken *Snapshot) error {
		// The view is taken by the first statement.
		if err := taken.tx.QueryRowContext(ctx, "SELECT now(), pg_export_snapshot()").Scan(&taken.takenAt, &taken.name); err != nil {
			return err
		}
		return taken.planWhole(ctx)
	}, read)
}

// Beside calls read with the same view on another connection, for another goroutine. There, PostgreSQL works alone: what
// others do meanwhile is what the caller waits for.
func (s *Snapshot) Beside(ctx context.Context, read func(context.Context, *Snapshot) error) error {
	return s.reader.view(ctx, func(ctx context.Context, other *Snapshot) error {
		other.takenAt, other.name = s.takenAt, s.name
		// The name is PostgreSQL's own: digits and dashes.
		if _, err := other.tx.ExecContext(ctx, "SET TRANSACTION SNAPSHOT '"+s.name+"'"); err != nil {
			return err
		}
		if _, err := other.tx.ExecContext(ctx, "SET LOCAL max_parallel_workers_per_gather = 0"); err != nil {
			return err
		}
		return other.planWhole(ctx)
	}, read)
}

// view calls read with a view of the data that take takes.
func (s *Reader) view(ctx context.Context, take, read func(context.Context, *Snapshot) error) (err error) {
	end, err := acquireSlot(ctx, s.pool)
	if err != nil {
		return fmt.Errorf("taking a snapshot: %w", err)
	}
	defer end()
	connection, err := s.db.DB.Conn(ctx)
	if err != nil {
		return fmt.Errorf("taking a snapshot: %w", err)
	}
	defer func() {
		if failure := connection.Close(); failure != nil && !errors.Is(failure, sql.ErrConnDone) && err == nil {
			err = fmt.Errorf("leaving a snapshot: %w", failure)
		}
	}()
	tx, err := connection.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("taking a snapshot: %w", err)
	}
	defer func() {
		if failure := tx.Rollback(); failure != nil && !errors.Is(failure, sql.ErrTxDone) && err == nil {
			err = fmt.Errorf("leaving a snapshot: %w", failure)
		}
	}()
	taken := &Snapshot{reader: s, connection: connection, tx: tx}
	if err := take(ctx, taken); err != nil {
		return fmt.Errorf("taking a snapshot: %w", err)
	}
	return read(ctx, taken)
}

// planWhole has statements planned for all rows, not for the first ones, as a stream is read to its end, and for the values
// at hand.
func (s *Snapshot) planWhole(ctx context.Context) error {
	_, err := s.tx.ExecContext(ctx, "SELECT set_config('cursor_tuple_fraction', '1', true), set_config('plan_cache_mode', 'auto', true)")
	return err
}

// TakenAt is the moment of the snapshot, by the database's clock.
func (s *Snapshot) TakenAt() time.Time { return s.takenAt }

// Count is the number of contacts that meet the criteria.
func (s *Snapshot) Count(ctx context.Context, c Criteria) (int, error) {
	return s.reader.count(ctx, s.tx, c)
}

// CountLines is the number of lines of the detailed file: one for every IVR step of a campaign's inbound call, at
// least one for every contact.
func (s *Snapshot) CountLines(ctx context.Context, c Criteria) (int, error) {
	if c.nothing() {
		return 0, nil
	}
	var n int
	if err := s.reader.query(statement.With(ctx, statement.Count), s.tx, &n, c.query().CountLines()); err != nil {
		return 0, fmt.Errorf("counting lines: %w", err)
	}
	return n, nil
}

// Stream reads all contacts that meet the criteria, in order, in batches whose memory is used again after each call. While
// each works on one, PostgreSQL finds the next ones; there are never more than streamsAhead of them. An error of each ends the
// stream and is returned as it is.
func (s *Snapshot) Stream(ctx context.Context, c Criteria, order contact.Order, columns contact.Columns, each func([]*contact.Contact) error) error {
	if c.nothing() {
		return nil
	}
	s.streams++
	name := fmt.Sprintf("contacts_%d", s.streams)
	columns |= order.SortColumn()
	rows := c.query().Rows(order, columns)
	declare := fmt.Sprintf("DECLARE %s NO SCROLL CURSOR FOR\n", name) + rows.SQL
	// One text of DECLARE and FETCH stands for other columns in every stream, so the driver must not remember what they are.
	if _, err := s.tx.ExecContext(ctx, declare, append([]any{pgx.QueryExecModeDescribeExec}, rows.Arguments...)...); err != nil {
		return fmt.Errorf("opening a stream of contacts: %w", err)
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", streamBatch, name)
	if err := s.eachAhead(ctx, columns, fetch, each); err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(ctx, "CLOSE "+name); err != nil {
		return fmt.Errorf("closing a stream of contacts: %w", err)
	}
	return nil
}

// streamedBatch is a batch of a stream, in the memory of rows.
type streamedBatch struct {
	rows  *contactRows
	batch []*contact.Contact
}

// eachAhead fetches batches until one is not full, and calls each with one after another.
func (s *Snapshot) eachAhead(ctx context.Context, columns contact.Columns, fetch string, each func([]*contact.Contact) error) error {
	// There are as many as can be waited for, be worked on and be read.
	free := make(chan *contactRows, streamsAhead)
	for range streamsAhead {
		free <- newContactRows(columns, streamBatch)
	}
	return ahead.Each(ctx, streamsAhead, func(wanted context.Context, send func(streamedBatch) error) error {
		for {
			select {
			case <-wanted.Done():
				return wanted.Err()
			case rows := <-free:
				// A FETCH that has begun goes to its end when no more is wanted: to cancel it would close the connection.
				batch, err := rows.read(ctx, pgx.QueryExecModeDescribeExec, s.connection, plan.Statement{SQL: fetch})
				if err != nil {
					return fmt.Errorf("reading a stream of contacts: %w", err)
				}
				if err := send(streamedBatch{rows, batch}); err != nil || len(batch) < streamBatch {
					return err
				}
			}
		}
	}, func(one streamedBatch) error {
		s.reader.viewer.Show(one.batch)
		if len(one.batch) > 0 {
			if err := each(one.batch); err != nil {
				return err
			}
		}
		free <- one.rows
		return nil
	})
}

// Records is Reader.Records within the snapshot. It may be called from within Stream.
func (s *Snapshot) Records(ctx context.Context, ids []int64) (map[int64]*contact.Record, error) {
	return findRecords(ctx, s.reader.mode(), s.connection, ids)
}

// IVRSteps is Reader.IVRSteps within the snapshot. It may be called from within Stream.
func (s *Snapshot) IVRSteps(ctx context.Context, keys []contact.Key) (map[int64][]*contact.IVRStep, error) {
	return findIVRSteps(ctx, s.reader.mode(), s.connection, keys)
}
