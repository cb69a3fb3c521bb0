package telephony

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
)

// Summary is what the calls that a run touched came to.
type Summary struct {
	Calls, Open, Unfinished int
	// Without counts the calls without a contact by their reason.
	Without map[Reason]int
	// Unknown counts the calls that met what the configuration does not name, such as "DID 48221000109".
	Unknown []Count
}

// Count is how many calls met a value.
type Count struct {
	Value string
	Calls int
}

// Summary reads what the calls of this run came to.
func (s *Store) Summary(ctx context.Context) (Summary, error) {
	summary := Summary{Without: map[Reason]int{}}
	rows, err := s.pool.Query(ctx, `SELECT coalesce(reason, ''), count(*), count(*) FILTER (WHERE open), count(*) FILTER (WHERE unfinished)
		FROM telephony_calls WHERE source_id = $1 AND run = $2 GROUP BY 1`, s.id, s.run)
	if err != nil {
		return summary, fmt.Errorf("reading what the calls came to: %w", err)
	}
	var reason Reason
	var calls, open, unfinished int
	if _, err := pgx.ForEachRow(rows, []any{&reason, &calls, &open, &unfinished}, func() error {
		summary.Calls += calls
		summary.Open += open
		summary.Unfinished += unfinished
		if reason != "" {
			summary.Without[reason] = calls
		}
		return nil
	}); err != nil {
		return summary, fmt.Errorf("reading what the calls came to: %w", err)
	}
	unknown, err := s.pool.Query(ctx, `SELECT u, count(*) FROM telephony_calls, unnest(unknown) u WHERE source_id = $1 AND run = $2
		GROUP BY u ORDER BY count(*) DESC, u LIMIT 200`, s.id, s.run)
	if err != nil {
		return summary, fmt.Errorf("reading what is not configured: %w", err)
	}
	if summary.Unknown, err = pgx.CollectRows(unknown, pgx.RowToStructByPos[Count]); err != nil {
		return summary, fmt.Errorf("reading what is not configured: %w", err)
	}
	return summary, nil
}

// Line is a run's last line: its figures add up.
func (s Summary) Line(l Landed) string {
	out := &strings.Builder{}
	fmt.Fprintf(out, "%d rows: %d new, %d known", l.Rows, l.New, l.Known)
	for _, more := range []struct {
		count int
		words string
	}{{l.Foreign, "of no call"}, {l.Bad, "bad"}} {
		if more.count > 0 {
			fmt.Fprintf(out, ", %d %s", more.count, more.words)
		}
	}
	without := 0
	var reasons []string
	for _, reason := range Reasons {
		if calls := s.Without[reason]; calls > 0 {
			without += calls
			reasons = append(reasons, fmt.Sprintf("%d %s", calls, reason.Words()))
		}
	}
	fmt.Fprintf(out, "; %d calls: %d contacts recorded, %d replaced", s.Calls, l.Contacts.Recorded, l.Contacts.Replaced)
	for _, more := range []struct {
		count int
		words string
	}{{l.Contacts.Unchanged, "unchanged"}, {l.Contacts.Stale, "stale"}, {l.Retracted, "taken back"}, {s.Open, "calls still open"}, {s.Unfinished, "calls unfinished"}} {
		if more.count > 0 {
			fmt.Fprintf(out, ", %d %s", more.count, more.words)
		}
	}
	fmt.Fprintf(out, ", %d without a contact", without)
	if len(reasons) > 0 {
		fmt.Fprintf(out, " (%s)", strings.Join(reasons, ", "))
	}
	return out.String()
}

// Unmapped is a call without a contact.
type Unmapped struct {
	Key    string
	At     time.Time
	Reason Reason
	// Rows are the first rows of the call: kind and key, nothing of what they say.
	Rows []string
}

// ListUnmapped calls found for each call of a source that is no contact, the latest first.
func ListUnmapped(ctx context.Context, pool *postgres.Pool, source string, limit int, found func(Unmapped) error) error {
	rows, err := pool.Query(ctx, `SELECT c.key, c.first_at, c.reason, ARRAY(SELECT k FROM (SELECT r.kind || ' ' || r.key, r.at, r.ordinal FROM telephony_channels h
		JOIN telephony_rows r ON r.source_id = h.source_id AND r.channel_id = h.channel_id
		WHERE h.call_id = c.id AND r.at BETWEEN c.first_at AND c.last_at ORDER BY r.at, r.ordinal LIMIT 20) t (k, at, ordinal))
		FROM telephony_calls c JOIN telephony_sources s ON s.id = c.source_id WHERE s.name = $1 AND c.reason IS NOT NULL ORDER BY c.first_at DESC LIMIT $2`,
		source, limit)
	if err != nil {
		return fmt.Errorf("reading calls without a contact: %w", err)
	}
	var call Unmapped
	if _, err := pgx.ForEachRow(rows, []any{&call.Key, &call.At, &call.Reason, &call.Rows}, func() error {
		for i, row := range call.Rows {
			var kind int
			if _, err := fmt.Sscanf(row, "%d", &kind); err == nil && kind < len(Kinds) {
				_, key, _ := strings.Cut(row, " ")
				call.Rows[i] = string(Kinds[kind]) + " " + key
			}
		}
		return found(call)
	}); err != nil {
		return fmt.Errorf("reading calls without a contact: %w", err)
	}
	return nil
}

// FileOf is the source file by which a source was opened last, empty if there is no such source.
func FileOf(ctx context.Context, pool *postgres.Pool, name string) (string, error) {
	rows, err := pool.Query(ctx, "SELECT file FROM telephony_sources WHERE name = $1", name)
	if err != nil {
		return "", fmt.Errorf("reading the source: %w", err)
	}
	files, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(files) == 0 {
		return "", err
	}
	return files[0], nil
}
