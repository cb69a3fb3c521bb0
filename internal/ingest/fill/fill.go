// Package fill completes contacts that older versions stored.
package fill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/postgres"
)

// batchSize is how many contacts are looked at in one transaction: a tenth of a second.
const batchSize = 5000

// Addresses gives the contacts that were stored by older versions, which knew fewer kinds of addresses, the keys of
// all their addresses. It works in batches in the order of the contacts, each in a transaction that also moves the mark
// behind it, so that it can be stopped and killed at any time: the next call goes on behind the mark. Readers and writers
// go on meanwhile; what is not filled yet is found by the keys that it had before. If another process is filling, it
// returns at once. Between batches it calls pause with the time that the last one took.
func Addresses(ctx context.Context, pool *postgres.Pool, pause func(took time.Duration) error) (contacts int64, err error) {
	for {
		begun := time.Now()
		done, more, err := next(ctx, pool)
		contacts += done
		if err != nil || !more {
			return contacts, err
		}
		if err := pause(time.Since(begun)); err != nil {
			return contacts, err
		}
	}
}

// stored is a contact's addresses and keys as they lie in the database.
type stored struct {
	ID             int64     `json:"id"`
	StartedAt      time.Time `json:"started_at"`
	Source         *string   `json:"source_address"`
	SourceKey      *string   `json:"source_key"`
	Destination    *string   `json:"destination_address"`
	DestinationKey *string   `json:"destination_key"`
	To             []string  `json:"to_addresses"`
	CC             []string  `json:"-"`
	BCC            []string  `json:"-"`

	further []address.Further
}

const storedColumns = "c.id, c.started_at, c.source_address, c.source_key, c.destination_address, c.destination_key, c.to_addresses, c.cc_addresses, c.bcc_addresses"

// ofKeys asks for contacts by their starts and ids.
const ofKeys = "(c.started_at, c.id) IN (SELECT * FROM unnest($1::timestamptz[], $2::bigint[])) AND "

// next fills the batch behind the mark, and says whether there may be more.
func next(ctx context.Context, pool *postgres.Pool) (done int64, more bool, err error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
		return 0, false, err
	}
	var at time.Time
	var id int64
	err = tx.QueryRow(ctx, "SELECT contact_started_at, contact_id FROM address_fill FOR UPDATE SKIP LOCKED").Scan(&at, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("reading how far addresses are filled: %w", err)
	}
	batch, err := behind(ctx, tx, at, id, readStored)
	if err != nil {
		return 0, false, err
	}
	if err := fill(ctx, tx, batch); err != nil {
		return 0, false, err
	}
	mark := "DELETE FROM address_fill"
	var arguments []any
	if len(batch) > 0 {
		last := batch[len(batch)-1]
		mark = "UPDATE address_fill SET contact_started_at = $1, contact_id = $2, contacts_done = contacts_done + $3"
		arguments = []any{last.StartedAt, last.ID, len(batch)}
	}
	if _, err := tx.Exec(ctx, mark, arguments...); err != nil {
		return 0, false, fmt.Errorf("marking how far addresses are filled: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return 0, false, fmt.Errorf("filling addresses: %w", err)
	}
	return int64(len(batch)), len(batch) > 0, nil
}

// behind is the batch behind a contact, of the first month that has one: each statement locks one month.
func behind[T any](ctx context.Context, tx pgx.Tx, at time.Time, id int64, read func(context.Context, pgx.Tx, string, ...any) ([]T, error)) ([]T, error) {
	for {
		batch, err := read(ctx, tx, months.BetweenSQL("c.started_at", at, at)+
			" AND (c.started_at, c.id) > ($1, $2::bigint) ORDER BY c.started_at, c.id LIMIT $3", at, id, batchSize)
		if err != nil || len(batch) > 0 {
			return batch, err
		}
		var next *time.Time
		if err := tx.QueryRow(ctx, `SELECT min(to_timestamp(right(c.relname, 6), 'YYYYMM')::timestamp AT TIME ZONE 'UTC')
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'contacts'::regclass AND c.relname > $1`,
			months.Table("contacts", months.Of(at))).Scan(&next); err != nil {
			return nil, fmt.Errorf("finding the next month: %w", err)
		}
		if next == nil {
			return nil, nil
		}
		at, id = *next, 0
	}
}

func readStored(ctx context.Context, tx pgx.Tx, where string, arguments ...any) ([]stored, error) {
	rows, err := tx.Query(ctx, "SELECT "+storedColumns+" FROM contacts c WHERE "+where, arguments...)
	if err != nil {
		return nil, fmt.Errorf("reading stored addresses: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s stored, err error) {
		err = row.Scan(&s.ID, &s.StartedAt, &s.Source, &s.SourceKey, &s.Destination, &s.DestinationKey, &s.To, &s.CC, &s.BCC)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("reading stored addresses: %w", err)
	}
	return found, nil
}

// fill writes what a batch lacks. The rows that lack something are read once more under a lock: a writer may have
// replaced them.
func fill(ctx context.Context, tx pgx.Tx, batch []stored) error {
	var ids []int64
	var starts []time.Time
	for i := range batch {
		if batch[i].lacks() {
			ids, starts = append(ids, batch[i].ID), append(starts, batch[i].StartedAt)
		}
	}
	if ids == nil {
		return nil
	}
	locked, err := readStored(ctx, tx, ofKeys+months.InSQL("c.started_at", starts)+" ORDER BY c.started_at, c.id FOR UPDATE OF c", starts, ids)
	if err != nil {
		return err
	}
	var changed []stored
	var further struct {
		starts     []time.Time
		ids        []int64
		roles, key []string
	}
	for i := range locked {
		s := &locked[i]
		if !s.lacks() {
			continue
		}
		changed = append(changed, *s)
		for _, one := range s.further {
			further.starts, further.ids = append(further.starts, s.StartedAt), append(further.ids, s.ID)
			further.roles, further.key = append(further.roles, one.Role), append(further.key, one.Key)
		}
	}
	encoded, err := json.Marshal(changed)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, changes.Tell); err != nil { // though nothing is told: what a source sent is as it was
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE contacts c SET source_address = n.source_address, source_key = n.source_key,
		destination_address = n.destination_address, destination_key = n.destination_key, to_addresses = coalesce(n.to_addresses, '{}')
		FROM jsonb_to_recordset($1::jsonb) n (id bigint, started_at timestamptz, source_address text, source_key text,
			destination_address text, destination_key text, to_addresses text[])
		WHERE c.started_at = n.started_at AND c.id = n.id AND `+months.InSQL("c.started_at", starts)+`
			AND (c.source_address, c.source_key, c.destination_address, c.destination_key, c.to_addresses) IS DISTINCT FROM
				(n.source_address, n.source_key, n.destination_address, n.destination_key, coalesce(n.to_addresses, '{}'))`,
		string(encoded)); err != nil {
		return fmt.Errorf("filling keys of addresses: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO contact_addresses (contact_started_at, contact_id, role, key)
		SELECT at, id, role::address_role, key FROM unnest($1::timestamptz[], $2::bigint[], $3::text[], $4::text[]) n (at, id, role, key)
		ON CONFLICT DO NOTHING`, further.starts, further.ids, further.roles, further.key); err != nil {
		return fmt.Errorf("filling further addresses: %w", err)
	}
	return nil
}

// lacks works out what the contact is to have, and says whether it may lack any of that.
func (s *stored) lacks() bool {
	before := *s
	s.Source, s.Destination = keptOrNil(s.Source), keptOrNil(s.Destination)
	s.SourceKey, s.DestinationKey = address.OptionalKey(s.Source), address.OptionalKey(s.Destination)
	if len(s.To) == 0 && s.Destination != nil {
		s.To = address.Recipients(*s.Destination)
	}
	s.further = (&address.All{Source: s.Source, Destination: s.Destination, To: s.To, CC: s.CC, BCC: s.BCC}).Further()
	return s.further != nil || len(s.To) != len(before.To) || !equal(s.Source, before.Source) || !equal(s.Destination, before.Destination) ||
		!equal(s.SourceKey, before.SourceKey) || !equal(s.DestinationKey, before.DestinationKey)
}

func keptOrNil(raw *string) *string {
	if raw == nil {
		return nil
	}
	if kept, ok := address.Kept(*raw); ok {
		return &kept
	}
	return nil
}

func equal(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
