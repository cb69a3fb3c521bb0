// Package sources tells how telephone systems stand whose records are taken: how far behind their followers are, and which
// calls came to no contact. It says nothing of what the rows hold.
package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Source is a telephone system as the database knows it.
type Source struct {
	Name string
	// Kind is what it is, such as freepbx.
	Kind string
	// Rows is how many rows were read, Bad how many lines were none, Errors how often reading failed.
	Rows, Bad, Errors int64
	// Calls is how many calls are kept, Open how many of them run, Unfinished how many were closed because nothing was heard.
	Calls, Open, Unfinished int64
	// Without are the calls that came to no contact, by their reasons.
	Without []Reason
	// LastRowAt is the latest instant among the rows, ReadAt when rows were read last, LastErrorAt when reading failed last.
	LastRowAt, ReadAt, LastErrorAt *time.Time
	// Lag is how far behind its follower is, nil if it never had one.
	Lag *time.Duration
}

// Reason is a reason for which calls came to no contact, and how many did.
type Reason struct {
	Reason string `json:"reason"`
	Calls  int64  `json:"calls"`
}

// LagSeconds is the lag in whole seconds, nil where there is none.
func (s *Source) LagSeconds() *int64 {
	if s.Lag == nil {
		return nil
	}
	lag := int64(s.Lag.Seconds())
	return &lag
}

// Unmapped is how many calls came to no contact.
func (s *Source) Unmapped() int64 {
	total := int64(0)
	for _, one := range s.Without {
		total += one.Calls
	}
	return total
}

// Querier is what reads the database.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

const sourcesSQL = `
SELECT s.name, s.kind, s.row_count, s.bad_rows, s.errors, c.calls, c.open, c.unfinished, c.without, s.last_row_at, s.read_at, s.last_error_at,
  CASE WHEN EXISTS (SELECT FROM telephony_positions p WHERE p.source_id = s.id)
    THEN extract(epoch FROM $1::timestamptz - greatest(s.caught_up_at, s.last_row_at))::float8 END
FROM telephony_sources s CROSS JOIN LATERAL (
  SELECT coalesce(sum(n), 0)::bigint, coalesce(sum(o), 0)::bigint, coalesce(sum(u), 0)::bigint,
    coalesce(jsonb_agg(jsonb_build_object('reason', r, 'calls', n) ORDER BY n DESC, r) FILTER (WHERE r IS NOT NULL), '[]')
  FROM (SELECT reason, count(*), count(*) FILTER (WHERE open), count(*) FILTER (WHERE unfinished)
    FROM telephony_calls WHERE source_id = s.id GROUP BY reason) g (r, n, o, u)) c (calls, open, unfinished, without)
ORDER BY s.name`

// Read reads how all sources stand at an instant, by name.
func Read(ctx context.Context, from Querier, now time.Time) ([]Source, error) {
	rows, err := from.Query(ctx, sourcesSQL, now)
	if err != nil {
		return nil, fmt.Errorf("reading sources: %w", err)
	}
	sources := []Source{}
	var s Source
	var without []byte
	var lag *float64
	if _, err := pgx.ForEachRow(rows, []any{
		&s.Name, &s.Kind, &s.Rows, &s.Bad, &s.Errors, &s.Calls, &s.Open, &s.Unfinished, &without, &s.LastRowAt, &s.ReadAt, &s.LastErrorAt, &lag,
	}, func() error {
		one := s
		if lag != nil {
			behind := max(0, time.Duration(*lag*float64(time.Second)))
			one.Lag = &behind
		}
		one.Without = nil
		sources = append(sources, one)
		return json.Unmarshal(without, &sources[len(sources)-1].Without)
	}); err != nil {
		return nil, fmt.Errorf("reading sources: %w", err)
	}
	return sources, nil
}
