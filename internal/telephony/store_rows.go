package telephony

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/months"
)

// between stands between the values of a row where they are kept; values hold none (Clean).
const between = "\x1f"

// Clean makes a text of what a system wrote that PostgreSQL keeps: no bytes that are no UTF-8, no NUL, no U+001F.
func Clean(text string) string {
	plain := true
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || c == 0 || c == between[0] {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	return strings.NewReplacer("\x00", "", between, " ").Replace(strings.ToValidUTF8(text, "\ufffd"))
}

func (k Kind) number() int16 { return int16(slices.Index(Kinds, k)) }

// keepRows keeps the rows that are not known yet, and gives them back.
func (s *Store) keepRows(ctx context.Context, tx pgx.Tx, rows []Row, landed *Landed) ([]Row, error) {
	type rowKey struct {
		kind int16
		key  string
	}
	places := make(map[rowKey]int, len(rows))
	var c rowColumns
	for i := range rows {
		row := &rows[i]
		if row.Channel == "" {
			landed.Foreign++
			continue
		}
		if !s.starts.Takes(row.At) {
			landed.Bad++
			continue
		}
		key := rowKey{row.Kind.number(), row.Key}
		if _, again := places[key]; again {
			landed.Known++
			continue
		}
		places[key] = i
		c.add(row)
	}
	if len(c.keys) == 0 {
		return nil, nil
	}
	if _, err := tx.Exec(ctx, "SELECT ensure_telephony_partitions(m, m) FROM unnest($1::timestamptz[]) m", c.inMonths); err != nil {
		return nil, fmt.Errorf("making partitions: %w", err)
	}
	inserted, err := tx.Query(ctx, `INSERT INTO telephony_rows (source_id, kind, key, at, ordinal, channel_id, linked_id, endpoint, content)
		SELECT $1, k, key, at, o, ch, nullif(l, ''), e, c FROM unnest($2::smallint[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::text[],
		$8::text[], $9::text[]) r (k, key, at, o, ch, l, e, c) ON CONFLICT DO NOTHING RETURNING kind, key`,
		s.id, c.kinds, c.keys, c.ats, c.ordinals, c.channels, c.linked, c.endpoints, c.contents)
	if err != nil {
		return nil, fmt.Errorf("keeping raw rows: %w", err)
	}
	var found []int
	var key rowKey
	if _, err := pgx.ForEachRow(inserted, []any{&key.kind, &key.key}, func() error {
		found = append(found, places[key])
		return nil
	}); err != nil {
		return nil, fmt.Errorf("keeping raw rows: %w", err)
	}
	slices.Sort(found)
	fresh := make([]Row, len(found))
	for i, place := range found {
		fresh[i] = rows[place]
	}
	landed.New += len(fresh)
	landed.Known += len(c.keys) - len(fresh)
	return fresh, nil
}

// rowColumns are rows by column.
type rowColumns struct {
	kinds                                       []int16
	keys, channels, linked, endpoints, contents []string
	ats                                         []time.Time
	ordinals                                    []int64
	inMonths                                    []time.Time
}

func (c *rowColumns) add(row *Row) {
	if month := months.Of(row.At); !slices.Contains(c.inMonths, month) {
		c.inMonths = append(c.inMonths, month)
	}
	c.kinds, c.keys = append(c.kinds, row.Kind.number()), append(c.keys, row.Key)
	c.ats, c.ordinals = append(c.ats, row.At), append(c.ordinals, row.Ordinal)
	c.channels, c.linked = append(c.channels, row.Channel), append(c.linked, strings.Join(row.Links, between))
	c.endpoints, c.contents = append(c.endpoints, row.Endpoint), append(c.contents, strings.Join(row.Fields, between))
}

// loadRows loads all rows of some calls, by call.
func (s *Store) loadRows(ctx context.Context, tx pgx.Tx, calls []int64, first, last time.Time) (map[int64][]Row, error) {
	found, err := tx.Query(ctx, `SELECT h.call_id, r.kind, r.key, r.at, r.ordinal, r.channel_id, coalesce(r.linked_id, ''), r.endpoint, r.content
		FROM telephony_channels h JOIN telephony_rows r ON r.source_id = h.source_id AND r.channel_id = h.channel_id
		WHERE h.call_id = ANY ($1::bigint[]) AND h.source_id = $2 AND r.at BETWEEN $3 AND $4 AND `+months.BetweenSQL("r.at", first, last), calls, s.id, first, last)
	if err != nil {
		return nil, fmt.Errorf("reading raw rows: %w", err)
	}
	rows := map[int64][]Row{}
	var call int64
	var kind int16
	var row Row
	var linked, content string
	if _, err := pgx.ForEachRow(found, []any{&call, &kind, &row.Key, &row.At, &row.Ordinal, &row.Channel, &linked, &row.Endpoint, &content}, func() error {
		row.Kind, row.Fields, row.Links = Kinds[kind], strings.Split(content, between), nil
		if linked != "" {
			row.Links = strings.Split(linked, between)
		}
		row.At = row.At.UTC()
		rows[call] = append(rows[call], row)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("reading raw rows: %w", err)
	}
	return rows, nil
}
