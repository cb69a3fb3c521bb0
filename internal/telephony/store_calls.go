package telephony

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// keptCall is a call as it is kept, and as it is rebuilt.
type keptCall struct {
	id          int64
	first, last time.Time
	isNew       bool
	rows        []Row
	contacts    []string // as they were
	merged      []int64  // calls that turned out to be part of this one
	channels    []string // that it gains
	analysis    Analysis
	lines       []Line
	outcome     Outcome
}

// touch finds the calls that new rows belong to. A call that is not kept yet has the new rows alone.
func (s *Store) touch(ctx context.Context, tx pgx.Tx, fresh []Row) ([]*keptCall, error) {
	parts := CallsOf(fresh)
	var ids []string
	for i := range fresh {
		ids = append(ids, fresh[i].Channel)
		ids = append(ids, fresh[i].Links...)
	}
	slices.Sort(ids)
	callOf, err := s.callsOf(ctx, tx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	parts = s.joinByCalls(parts, callOf)
	calls := make([]*keptCall, len(parts))
	for i, part := range parts {
		calls[i] = newKeptCall(part, callOf)
	}
	return calls, s.complete(ctx, tx, calls)
}

// callsOf are the calls that channels belong to.
func (s *Store) callsOf(ctx context.Context, tx pgx.Tx, channels []string) (map[string]int64, error) {
	found, err := tx.Query(ctx, "SELECT channel_id, call_id FROM telephony_channels WHERE source_id = $1 AND channel_id = ANY ($2::text[])", s.id, channels)
	if err != nil {
		return nil, fmt.Errorf("finding calls: %w", err)
	}
	callOf := map[string]int64{}
	var channel string
	var call int64
	if _, err := pgx.ForEachRow(found, []any{&channel, &call}, func() error {
		callOf[channel] = call
		return nil
	}); err != nil {
		return nil, fmt.Errorf("finding calls: %w", err)
	}
	return callOf, nil
}

// joinByCalls joins parts of the same kept call.
func (s *Store) joinByCalls(parts []Call, callOf map[string]int64) []Call {
	of := map[int64]int{} // the first part of a kept call
	parents := make([]int, len(parts))
	var find func(int) int
	find = func(i int) int {
		if parents[i] != i {
			parents[i] = find(parents[i])
		}
		return parents[i]
	}
	for i, part := range parts {
		parents[i] = i
		for _, id := range idsOf(part) {
			call, found := callOf[id]
			if !found {
				continue
			}
			if other, taken := of[call]; taken {
				parents[find(i)] = find(other)
			} else {
				of[call] = i
			}
		}
	}
	joined := map[int]*Call{}
	var order []int
	for i, part := range parts {
		root := find(i)
		if joined[root] == nil {
			joined[root] = &Call{}
			order = append(order, root)
		}
		joined[root].Rows = append(joined[root].Rows, part.Rows...)
	}
	result := make([]Call, len(order))
	for i, root := range order {
		result[i] = *joined[root]
	}
	return result
}

// idsOf are the channels and links of a call.
func idsOf(call Call) []string {
	seen := map[string]bool{}
	var ids []string
	for i := range call.Rows {
		row := &call.Rows[i]
		for _, id := range append([]string{row.Channel}, row.Links...) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func newKeptCall(part Call, callOf map[string]int64) *keptCall {
	call := &keptCall{rows: part.Rows, first: part.First(), last: part.Last()}
	for _, id := range idsOf(part) {
		kept, found := callOf[id]
		if !found {
			call.channels = append(call.channels, id)
		} else if !slices.Contains(call.merged, kept) {
			call.merged = append(call.merged, kept)
		}
	}
	if call.isNew = len(call.merged) == 0; !call.isNew {
		slices.Sort(call.merged)
		call.id, call.merged = call.merged[0], call.merged[1:]
	}
	return call
}

// complete gives new calls their numbers, joins kept ones, and loads what is kept of them.
func (s *Store) complete(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	if err := s.number(ctx, tx, calls); err != nil {
		return err
	}
	if err := s.readCalls(ctx, tx, calls); err != nil {
		return err
	}
	if err := s.joinChannels(ctx, tx, calls); err != nil {
		return err
	}
	var kept []int64
	var first, last time.Time
	for _, call := range calls {
		if call.isNew {
			continue
		}
		if len(kept) == 0 || call.first.Before(first) {
			first = call.first
		}
		if len(kept) == 0 || call.last.After(last) {
			last = call.last
		}
		kept = append(kept, call.id)
	}
	if kept == nil {
		return nil
	}
	rows, err := s.loadRows(ctx, tx, kept, first, last)
	if err != nil {
		return err
	}
	for _, call := range calls {
		if !call.isNew {
			call.rows = rows[call.id]
		}
	}
	return nil
}

func (s *Store) number(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	var unnumbered []*keptCall
	for _, call := range calls {
		if call.isNew {
			unnumbered = append(unnumbered, call)
		}
	}
	if unnumbered == nil {
		return nil
	}
	var numbers []int64
	err := tx.QueryRow(ctx, "SELECT array_agg(nextval('telephony_call_ids')) FROM generate_series(1, $1::int)", len(unnumbered)).Scan(&numbers)
	if err != nil {
		return fmt.Errorf("numbering calls: %w", err)
	}
	for i, call := range unnumbered {
		call.id = numbers[i]
	}
	return nil
}

// readCalls reads what is kept of calls: when they were, and which contacts they made.
func (s *Store) readCalls(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	of := map[int64]*keptCall{}
	var ids []int64
	for _, call := range calls {
		if call.isNew {
			continue
		}
		for _, id := range append([]int64{call.id}, call.merged...) {
			of[id] = call
			ids = append(ids, id)
		}
	}
	if ids == nil {
		return nil
	}
	found, err := tx.Query(ctx, "SELECT id, first_at, last_at, contacts FROM telephony_calls WHERE id = ANY ($1::bigint[])", ids)
	if err != nil {
		return fmt.Errorf("reading calls: %w", err)
	}
	var id int64
	var first, last time.Time
	var contacts []string
	if _, err := pgx.ForEachRow(found, []any{&id, &first, &last, &contacts}, func() error {
		call := of[id]
		if call.first.IsZero() || first.Before(call.first) {
			call.first = first
		}
		if last.After(call.last) {
			call.last = last
		}
		call.contacts = append(call.contacts, contacts...)
		return nil
	}); err != nil {
		return fmt.Errorf("reading calls: %w", err)
	}
	return nil
}

// joinChannels gives calls the channels that they gain, also those of the calls that turned out to be part of them.
func (s *Store) joinChannels(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	var channels []string
	var gaining, gone, into []int64
	for _, call := range calls {
		for _, channel := range call.channels {
			channels, gaining = append(channels, channel), append(gaining, call.id)
		}
		for _, merged := range call.merged {
			gone, into = append(gone, merged), append(into, call.id)
		}
	}
	batch := &pgx.Batch{}
	if channels != nil {
		batch.Queue(`INSERT INTO telephony_channels (source_id, channel_id, call_id)
			SELECT $1, c, i FROM unnest($2::text[], $3::bigint[]) n (c, i)`, s.id, channels, gaining)
	}
	if gone != nil {
		batch.Queue(`UPDATE telephony_channels h SET call_id = n.i FROM unnest($1::bigint[], $2::bigint[]) n (g, i) WHERE h.call_id = n.g`, gone, into)
		batch.Queue("DELETE FROM telephony_lines WHERE call_id = ANY ($1::bigint[])", gone)
		batch.Queue("DELETE FROM telephony_calls WHERE id = ANY ($1::bigint[])", gone)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("joining calls: %w", err)
	}
	return nil
}

// EndedSince are the calls that ended since an instant.
func (s *Store) EndedSince(ctx context.Context, since time.Time) ([]Ended, error) {
	rows, err := s.pool.Query(ctx, `SELECT ARRAY(SELECT h.channel_id FROM telephony_channels h WHERE h.call_id = c.id), c.first_at, c.last_at
		FROM telephony_calls c WHERE c.source_id = $1 AND c.first_at >= $2 AND c.last_at >= $3 AND NOT c.open`, s.id, since.Add(-24*time.Hour), since)
	if err != nil {
		return nil, fmt.Errorf("reading calls that ended: %w", err)
	}
	ended, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Ended])
	if err != nil {
		return nil, fmt.Errorf("reading calls that ended: %w", err)
	}
	return ended, nil
}
