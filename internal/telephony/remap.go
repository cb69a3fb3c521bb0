package telephony

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// remapBatch is the number of calls that are rebuilt in one transaction.
const remapBatch = 500

// Remap rebuilds the calls that began in a span of time from the raw rows that are kept, by the configuration as it is now.
func (s *Store) Remap(ctx context.Context, from, to time.Time) (Landed, error) {
	return s.rebuildAll(ctx, "first_at >= $2 AND first_at < $3", from, to)
}

// CloseUnfinished rebuilds the open calls of which nothing was heard for too long: they are over.
func (s *Store) CloseUnfinished(ctx context.Context) (Landed, error) {
	until := s.now().Add(-time.Duration(s.source.UnfinishedAfter))
	return s.rebuildAll(ctx, "open AND last_at >= $2 AND last_at <= $3", time.Unix(0, 0), until)
}

// rebuildAll rebuilds the calls that meet a condition, by batches in the order of their numbers.
func (s *Store) rebuildAll(ctx context.Context, condition string, from, to time.Time) (Landed, error) {
	var total Landed
	after := int64(0)
	for {
		var landed Landed
		done := false
		err := s.inTransaction(ctx, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, "SELECT id FROM telephony_calls WHERE source_id = $1 AND "+condition+" AND id > $4 ORDER BY id LIMIT $5",
				s.id, from, to, after, remapBatch)
			if err != nil {
				return fmt.Errorf("reading calls: %w", err)
			}
			ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if err != nil {
				return fmt.Errorf("reading calls: %w", err)
			}
			if done = len(ids) == 0; done {
				return nil
			}
			after = ids[len(ids)-1]
			return s.rebuildCalls(ctx, tx, ids, &landed)
		})
		if err != nil || done {
			return total, err
		}
		total.Add(landed)
	}
}

func (s *Store) rebuildCalls(ctx context.Context, tx pgx.Tx, ids []int64, landed *Landed) error {
	calls := make([]*keptCall, len(ids))
	for i, id := range ids {
		calls[i] = &keptCall{id: id}
	}
	if err := s.complete(ctx, tx, calls); err != nil {
		return err
	}
	kept := calls[:0]
	for _, call := range calls {
		if len(call.rows) > 0 {
			kept = append(kept, call)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return s.rebuild(ctx, tx, kept, landed)
}
