package fill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/postgres"
)

// ErrFactsMissing is the error of CheckFacts.
var ErrFactsMissing = errors.New("the facts of contacts are not all worked out")

// CheckFacts says whether all contacts that there were have their facts by the rules of this program: until then they would
// be taken for contacts that have none. Those that a program of an earlier version writes meanwhile do not count.
func CheckFacts(ctx context.Context, pool *postgres.Pool) error {
	var whole bool
	if err := pool.QueryRow(ctx, "SELECT version >= $1 AND contact_id IS NULL FROM fact_rules", contact.FactsVersion).Scan(&whole); err != nil {
		return fmt.Errorf("reading how far facts are worked out: %w", err)
	}
	if !whole {
		return ErrFactsMissing
	}
	return nil
}

// Derive begins to work the facts of all contacts out anew, with the tiles that give callers what they called for. They hold for
// all writers from now on; Facts does the work.
func Derive(ctx context.Context, pool *postgres.Pool, selfServiceTiles []string) error {
	return beginFacts(ctx, pool, `UPDATE fact_rules SET version = $1, self_service_tiles = $2,
		contact_started_at = '1900-01-01Z', contact_id = 0 WHERE version <= $1`, contact.FactsVersion, append([]string{}, selfServiceTiles...))
}

// beginFacts changes the rules while nobody writes, so that whoever wrote by the old ones is seen by what follows.
func beginFacts(ctx context.Context, pool *postgres.Pool, change string, arguments ...any) error {
	err := pgx.BeginFunc(ctx, pool.Pool, func(tx pgx.Tx) error {
		for _, statement := range []string{"SET LOCAL statement_timeout = 0", ingest.LockAlone} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, change, arguments...)
		return err
	})
	if err != nil {
		return fmt.Errorf("changing the rules of facts: %w", err)
	}
	return nil
}

// Facts works out the facts of the contacts that lack them: those of versions that knew none or went by older rules, and those
// that Derive is about. Like Addresses it works in batches, can be stopped and killed at any time, and goes on beside readers and
// writers. If another process is at it, it returns at once.
func Facts(ctx context.Context, pool *postgres.Pool, pause func(took time.Duration) error) (contacts int64, err error) {
	var older bool
	if err := pool.QueryRow(ctx, "SELECT version < $1 FROM fact_rules", contact.FactsVersion).Scan(&older); err != nil {
		return 0, fmt.Errorf("reading how far facts are worked out: %w", err)
	}
	if older {
		if err := beginFacts(ctx, pool, `UPDATE fact_rules SET version = $1, contact_started_at = '1900-01-01Z', contact_id = 0
			WHERE version < $1`, contact.FactsVersion); err != nil {
			return 0, err
		}
	}
	for _, step := range []func(context.Context, *postgres.Pool) (int64, bool, error){nextFacts, MissingFacts} {
		for more := true; more; {
			begun := time.Now()
			var done int64
			done, more, err = step(ctx, pool)
			contacts += done
			if err != nil || !more {
				break
			}
			if err := pause(time.Since(begun)); err != nil {
				return contacts, err
			}
		}
		if err != nil {
			return contacts, err
		}
	}
	return contacts, nil
}

// nextFacts works out those of the batch behind the mark, and says whether there may be more.
func nextFacts(ctx context.Context, pool *postgres.Pool) (done int64, more bool, err error) {
	err = inBatch(ctx, pool, func(tx pgx.Tx) error {
		var at time.Time
		var id int64
		switch err := tx.QueryRow(ctx, `SELECT contact_started_at, contact_id FROM fact_rules WHERE contact_id IS NOT NULL
			FOR UPDATE SKIP LOCKED`).Scan(&at, &id); {
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		rules, err := ingest.ReadFactRules(ctx, tx)
		if err != nil || rules.Newer {
			return err
		}
		batch, err := behind(ctx, tx, at, id, readKnown)
		if err != nil {
			return err
		}
		if err := complete(ctx, tx, batch, rules); err != nil {
			return err
		}
		if len(batch) == 0 {
			_, err = tx.Exec(ctx, "UPDATE fact_rules SET contact_started_at = NULL, contact_id = NULL")
			return err
		}
		last := &batch[len(batch)-1]
		done, more = int64(len(batch)), true
		_, err = tx.Exec(ctx, "UPDATE fact_rules SET contact_started_at = $1, contact_id = $2", last.StartedAt, last.ID)
		return err
	})
	return done, more && err == nil, err
}

// MissingFacts works out the facts of some contacts that a program of an earlier version has written, which knew no facts or went
// by other rules, and says whether there may be more. Where a later version has changed the rules, that is left to it.
func MissingFacts(ctx context.Context, pool *postgres.Pool) (done int64, more bool, err error) {
	err = inBatch(ctx, pool, func(tx pgx.Tx) error {
		rules, err := ingest.ReadFactRules(ctx, tx)
		if err != nil || rules.Newer {
			return err
		}
		rows, err := tx.Query(ctx, "SELECT "+knownColumns+" FROM contacts c WHERE c.facts_missing LIMIT $1 FOR UPDATE SKIP LOCKED", batchSize)
		if err != nil {
			return err
		}
		batch, err := collectKnown(rows)
		if err != nil {
			return err
		}
		done = int64(len(batch))
		return complete(ctx, tx, batch, rules)
	})
	return done, done == batchSize && err == nil, err
}

// inBatch does the work of one batch in a transaction.
func inBatch(ctx context.Context, pool *postgres.Pool, work func(pgx.Tx) error) error {
	err := pgx.BeginTxFunc(ctx, pool.Pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		return work(tx)
	})
	if err != nil {
		return fmt.Errorf("working out facts: %w", err)
	}
	return nil
}

// known is what is stored of a contact that its facts are worked out of, its steps apart, and its facts.
type known struct {
	ID          int64
	StartedAt   time.Time
	course      contact.Course
	source      *string
	destination *string
	facts       contact.Facts
	missing     bool
}

const knownColumns = `c.id, c.started_at, c.type::text, c.status::text, c.hangup_party::text, c.agent_id IS NOT NULL, c.agent_talk_time,
	c.source_address, c.destination_address, c.outcome::text, c.queue_time, c.time_to_answer, c.lost_after, c.client, coalesce(c.facts_missing, false)`

func readKnown(ctx context.Context, tx pgx.Tx, where string, arguments ...any) ([]known, error) {
	rows, err := tx.Query(ctx, "SELECT "+knownColumns+" FROM contacts c WHERE "+where, arguments...)
	if err != nil {
		return nil, err
	}
	return collectKnown(rows)
}

func collectKnown(rows pgx.Rows) ([]known, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (k known, err error) {
		c := &k.course
		var party, outcome *string
		err = row.Scan(&k.ID, &k.StartedAt, (*string)(&c.Type), (*string)(&c.Status), &party, &c.HasAgent, &c.AgentTalkTime,
			&k.source, &k.destination, &outcome, &k.facts.QueueTime, &k.facts.TimeToAnswer, &k.facts.LostAfter, &k.facts.Client, &k.missing)
		c.StartedAt, c.HangupParty, k.facts.Outcome = k.StartedAt, (*contact.HangupParty)(party), (*contact.Outcome)(outcome)
		// The keys of addresses may be older than the program, too.
		c.SourceKey, c.DestinationKey = address.OptionalKey(k.source), address.OptionalKey(k.destination)
		return k, err
	})
}

// complete writes the facts that contacts of a batch lack. The rows that lack some are read once more under a lock, and their
// steps after it: a writer may have replaced them.
func complete(ctx context.Context, tx pgx.Tx, batch []known, rules contact.FactRules) error {
	lacking, err := lackingFacts(ctx, tx, batch, rules)
	if err != nil || lacking == nil {
		return err
	}
	starts, ids := keysOf(lacking)
	locked, err := readKnown(ctx, tx, ofKeys+months.InSQL("c.started_at", starts)+" ORDER BY c.started_at, c.id FOR UPDATE OF c", starts, ids)
	if err != nil {
		return err
	}
	if lacking, err = lackingFacts(ctx, tx, locked, rules); err != nil || lacking == nil {
		return err
	}
	starts, ids = keysOf(lacking)
	var outcomes []*string
	var queueTimes, timesToAnswer, lostAfter []*int
	var clients []*int64
	for i := range lacking {
		f := &lacking[i].facts
		outcomes, clients = append(outcomes, (*string)(f.Outcome)), append(clients, f.Client)
		queueTimes, timesToAnswer, lostAfter = append(queueTimes, f.QueueTime), append(timesToAnswer, f.TimeToAnswer), append(lostAfter, f.LostAfter)
	}
	if _, err := tx.Exec(ctx, changes.Tell); err != nil { // though nothing is told: what a source sent is as it was
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE contacts c SET outcome = n.outcome::contact_outcome, queue_time = n.queue_time, time_to_answer = n.time_to_answer,
			lost_after = n.lost_after, client = n.client, facts_missing = NULL
		FROM unnest($1::timestamptz[], $2::bigint[], $3::text[], $4::int[], $5::int[], $6::int[], $7::bigint[])
			n (started_at, id, outcome, queue_time, time_to_answer, lost_after, client)
		WHERE c.started_at = n.started_at AND c.id = n.id AND `+months.InSQL("c.started_at", starts),
		starts, ids, outcomes, queueTimes, timesToAnswer, lostAfter, clients)
	return err
}

func keysOf(all []known) (starts []time.Time, ids []int64) {
	for i := range all {
		starts, ids = append(starts, all[i].StartedAt), append(ids, all[i].ID)
	}
	return starts, ids
}

// lackingFacts are the contacts whose facts are not those that the rules make of them, with those that they are to have.
func lackingFacts(ctx context.Context, tx pgx.Tx, all []known, rules contact.FactRules) ([]known, error) {
	if len(all) == 0 {
		return nil, nil
	}
	starts, ids := keysOf(all)
	rows, err := tx.Query(ctx, `SELECT s.contact_id, s.name, s.kind::text, s.entered_at, s.left_at
		FROM unnest($1::timestamptz[], $2::bigint[]) k (started_at, id)
		JOIN ivr_steps s ON (s.contact_started_at, s.contact_id) = (k.started_at, k.id)
		WHERE `+months.InSQL("s.contact_started_at", starts)+" ORDER BY s.contact_id, s.position", starts, ids)
	if err != nil {
		return nil, err
	}
	steps := make(map[int64][]contact.IVRStep, len(all))
	var of int64
	var step contact.IVRStep
	if _, err := pgx.ForEachRow(rows, []any{&of, &step.Name, (*string)(&step.Kind), &step.EnteredAt, &step.LeftAt}, func() error {
		steps[of] = append(steps[of], step)
		return nil
	}); err != nil {
		return nil, err
	}
	var lacking []known
	for _, k := range all {
		k.course.Steps = slices.Values(steps[k.ID])
		if facts := k.course.Facts(rules); k.missing || !facts.Equal(k.facts) {
			k.facts = facts
			lacking = append(lacking, k)
		}
	}
	return lacking, nil
}
