package telephony

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest"
)

// rebuild builds touched calls, and others whose agents were in a touched call meanwhile, and lands their contacts.
func (s *Store) rebuild(ctx context.Context, tx pgx.Tx, touched []*keptCall, landed *Landed) error {
	s.analyze(touched)
	neighbours, err := s.neighbours(ctx, tx, touched)
	if err != nil {
		return err
	}
	s.analyze(neighbours)
	all := slices.Concat(touched, neighbours)
	if err := s.keepLines(ctx, tx, all); err != nil {
		return err
	}
	if err := s.conclude(ctx, tx, all); err != nil {
		return err
	}
	if err := s.keepCalls(ctx, tx, all); err != nil {
		return err
	}
	return s.landContacts(ctx, tx, all, landed)
}

func (s *Store) analyze(calls []*keptCall) {
	now := s.now()
	for _, call := range calls {
		call.analysis = s.mapper.Analyze(Call{Rows: call.rows}, now)
		call.lines = call.analysis.Lines()
	}
}

// linesQuery finds the lines of the endpoints of other calls that overlap given ones. None lasts longer than a day.
const linesQuery = `SELECT DISTINCT q.place, l.endpoint, l.channel_id, l.call_id, l.began, l.ended, l.own, l.talks
	FROM unnest($2::int[], $3::text[], $4::bigint[], $5::bigint[]) q (place, endpoint, began, ended)
	JOIN telephony_lines l ON l.source_id = $1 AND l.endpoint = q.endpoint AND l.began BETWEEN q.began - 86400 AND q.ended AND l.ended >= q.began`

// lineColumns are lines by column, each with the place of its call.
type lineColumns struct {
	places       []int32
	endpoints    []string
	began, ended []int64
}

func (c *lineColumns) add(place int, line *Line) {
	c.places, c.endpoints = append(c.places, int32(place)), append(c.endpoints, line.Endpoint)
	c.began, c.ended = append(c.began, line.Began), append(c.ended, line.Ended)
}

// overlaps calls found for each line of another call that overlaps one of the lines.
func (s *Store) overlaps(ctx context.Context, tx pgx.Tx, c *lineColumns, found func(place int, call int64, line Line)) error {
	if len(c.places) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, linesQuery, s.id, c.places, c.endpoints, c.began, c.ended)
	if err != nil {
		return fmt.Errorf("reading lines: %w", err)
	}
	var place int32
	var call int64
	var line Line
	var talks []byte
	if _, err := pgx.ForEachRow(rows, []any{&place, &line.Endpoint, &line.Channel, &call, &line.Began, &line.Ended, &line.Own, &talks}, func() error {
		line.Talks = nil
		if err := json.Unmarshal(talks, &line.Talks); err != nil {
			return err
		}
		found(int(place), call, line)
		return nil
	}); err != nil {
		return fmt.Errorf("reading lines: %w", err)
	}
	return nil
}

// neighbours are the calls that depend on what agents did in touched calls: by their lines now, or as they were kept.
func (s *Store) neighbours(ctx context.Context, tx pgx.Tx, touched []*keptCall) ([]*keptCall, error) {
	var c lineColumns
	isTouched := map[int64]bool{}
	var kept []int64
	for place, call := range touched {
		isTouched[call.id] = true
		if !call.isNew {
			kept = append(kept, call.id)
		}
		for i := range call.lines {
			c.add(place, &call.lines[i])
		}
	}
	if err := s.addKeptLines(ctx, tx, kept, &c); err != nil {
		return nil, err
	}
	var calls []*keptCall
	seen := map[int64]bool{}
	if err := s.overlaps(ctx, tx, &c, func(_ int, call int64, _ Line) {
		if !isTouched[call] && !seen[call] {
			seen[call] = true
			calls = append(calls, &keptCall{id: call})
		}
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(calls, func(a, b *keptCall) int { return int(a.id - b.id) })
	if err := s.complete(ctx, tx, calls); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(calls, func(call *keptCall) bool { return len(call.rows) == 0 }), nil
}

func (s *Store) addKeptLines(ctx context.Context, tx pgx.Tx, calls []int64, c *lineColumns) error {
	if calls == nil {
		return nil
	}
	rows, err := tx.Query(ctx, "SELECT endpoint, began, ended FROM telephony_lines WHERE call_id = ANY ($1::bigint[])", calls)
	if err != nil {
		return fmt.Errorf("reading lines: %w", err)
	}
	var line Line
	if _, err := pgx.ForEachRow(rows, []any{&line.Endpoint, &line.Began, &line.Ended}, func() error {
		c.add(0, &line)
		return nil
	}); err != nil {
		return fmt.Errorf("reading lines: %w", err)
	}
	return nil
}

// keepLines keeps the lines of calls as they are now.
func (s *Store) keepLines(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	var ids, began, ended, of []int64
	var endpoints, channels, talks []string
	var own []bool
	for _, call := range calls {
		if !call.isNew {
			ids = append(ids, call.id)
		}
		for _, line := range call.lines {
			content, err := json.Marshal(append([]Talk{}, line.Talks...))
			if err != nil {
				return err
			}
			endpoints, channels, of = append(endpoints, line.Endpoint), append(channels, line.Channel), append(of, call.id)
			began, ended, own, talks = append(began, line.Began), append(ended, line.Ended), append(own, line.Own), append(talks, string(content))
		}
	}
	batch := &pgx.Batch{}
	if ids != nil {
		batch.Queue("DELETE FROM telephony_lines WHERE call_id = ANY ($1::bigint[])", ids)
	}
	if channels != nil {
		batch.Queue(`INSERT INTO telephony_lines (source_id, endpoint, channel_id, call_id, began, ended, own, talks)
			SELECT $1, e, c, i, b, n, o, t::jsonb FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bool[], $8::text[])
			l (e, c, i, b, n, o, t)`, s.id, endpoints, channels, of, began, ended, own, talks)
	}
	if batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keeping lines: %w", err)
	}
	return nil
}

// conclude finds what calls come to, once all their lines are kept.
func (s *Store) conclude(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	var c lineColumns
	for place, call := range calls {
		for i := range call.lines {
			c.add(place, &call.lines[i])
		}
	}
	others := make([][]Line, len(calls))
	if err := s.overlaps(ctx, tx, &c, func(place int, call int64, line Line) {
		if call != calls[place].id {
			others[place] = append(others[place], line)
		}
	}); err != nil {
		return err
	}
	for i, call := range calls {
		call.outcome = call.analysis.Outcome(others[i])
	}
	return nil
}

// keepCalls keeps what calls came to.
func (s *Store) keepCalls(ctx context.Context, tx pgx.Tx, calls []*keptCall) error {
	batch := &pgx.Batch{}
	for _, call := range calls {
		whole := Call{Rows: call.rows}
		contacts := make([]string, len(call.outcome.Contacts))
		for i := range call.outcome.Contacts {
			contacts[i] = call.outcome.Contacts[i].ExternalID
		}
		var reason *string
		if call.outcome.Reason != "" {
			text := string(call.outcome.Reason)
			reason = &text
		}
		batch.Queue(`INSERT INTO telephony_calls (id, source_id, key, first_at, last_at, row_count, open, reason, unfinished, unknown, contacts, run)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET key = excluded.key, first_at = excluded.first_at,
			last_at = excluded.last_at, row_count = excluded.row_count, open = excluded.open, reason = excluded.reason,
			unfinished = excluded.unfinished, unknown = excluded.unknown, contacts = excluded.contacts, run = excluded.run`,
			call.id, s.id, call.outcome.Key, whole.First(), whole.Last(), len(call.rows), call.outcome.Open, reason, call.outcome.Unfinished,
			call.outcome.unknownTexts(), contacts, s.run)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keeping calls: %w", err)
	}
	return nil
}

// unknownTexts are the values that the configuration does not name, each with its kind.
func (o *Outcome) unknownTexts() []string {
	texts := []string{}
	for _, unknown := range o.Unknown {
		texts = append(texts, string(unknown.Kind)+" "+unknown.Value)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// landContacts takes back what calls no longer mean, and lands what they mean now.
func (s *Store) landContacts(ctx context.Context, tx pgx.Tx, calls []*keptCall, landed *Landed) error {
	now := map[string]bool{}
	var contacts []Contact
	for _, call := range calls {
		for _, c := range call.outcome.Contacts {
			now[c.ExternalID] = true
			contacts = append(contacts, c)
		}
	}
	var gone []string
	for _, call := range calls {
		for _, id := range call.contacts {
			if !now[id] {
				gone = append(gone, id)
			}
		}
	}
	named, err := s.named(ctx, tx, contacts)
	if err != nil {
		return err
	}
	result, retracted, _, err := ingest.Land(ctx, tx, named, gone, s.starts)
	landed.Contacts, landed.Retracted = result, retracted
	for _, call := range calls {
		if !call.outcome.Open {
			whole := Call{Rows: call.rows}
			landed.Ended = append(landed.Ended, Ended{Channels: idsOf(whole), First: whole.First(), Last: whole.Last()})
		}
	}
	return err
}
