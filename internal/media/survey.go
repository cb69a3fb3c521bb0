package media

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Survey is how many of the recordings that contacts name are where they should be.
type Survey struct {
	// Recordings is how many were looked for, Absent how many of them are not there.
	Recordings, Absent int
	// Unreachable is how many could not be looked for, since their archive did not answer.
	Unreachable int
	// NotConfigured is how many have no archive.
	NotConfigured int
}

// String is the survey as a line.
func (s Survey) String() string {
	return fmt.Sprintf("%d recordings looked for, %d absent, %d in an archive that does not answer, %d without an archive",
		s.Recordings, s.Absent, s.Unreachable, s.NotConfigured)
}

// surveyed is how many contacts are read at once.
const surveyed = 1000

// Look looks for the recordings of all contacts, the latest first, and reports how far it is after each thousand of contacts. It
// gives up on archives of which a whole thousand did not answer. Nothing is read of a recording but whether it is there.
func Look(ctx context.Context, pool *postgres.Pool, places Places, progress func(Survey)) (Survey, error) {
	var survey Survey
	t := make(turns, asksAtOnce)
	for from := (contact.Key{StartedAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}); ; {
		some, err := named(ctx, pool, from)
		if err != nil {
			return survey, fmt.Errorf("reading which recordings there are: %w", err)
		}
		if len(some) == 0 {
			return survey, nil
		}
		found := lookFor(ctx, t, places, some)
		survey.Recordings += found.Recordings
		survey.Absent += found.Absent
		survey.Unreachable += found.Unreachable
		survey.NotConfigured += found.NotConfigured
		if err := ctx.Err(); err != nil {
			return survey, err
		}
		if found.Unreachable > 0 && found.Unreachable >= found.Recordings-found.Absent-found.NotConfigured {
			return survey, fmt.Errorf("an archive does not answer: %d recordings could not be looked for", survey.Unreachable)
		}
		progress(survey)
		from = some[len(some)-1].key
	}
}

// holder is a contact with recordings.
type holder struct {
	key        contact.Key
	externalID string
	content    []byte
}

// named are the contacts with recordings that started before another, the latest first.
func named(ctx context.Context, pool *postgres.Pool, before contact.Key) ([]holder, error) {
	rows, err := pool.Query(ctx, `SELECT d.contact_started_at, d.contact_id, c.external_id, d.content
		FROM contact_details d JOIN contacts c ON (c.started_at, c.id) = (d.contact_started_at, d.contact_id)
		WHERE (d.contact_started_at, d.contact_id) < ($1, $2) AND d.content ? 'recording'
		ORDER BY d.contact_started_at DESC, d.contact_id DESC LIMIT $3`, before.StartedAt, before.ID, surveyed)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (one holder, err error) {
		return one, row.Scan(&one.key.StartedAt, &one.key.ID, &one.externalID, &one.content)
	})
}

// lookFor looks for the recordings of some contacts, as many at once as there are turns.
func lookFor(ctx context.Context, t turns, places Places, holders []holder) Survey {
	var mu sync.Mutex
	var survey Survey
	var looking sync.WaitGroup
	limit := make(chan struct{}, asksAtOnce)
	for _, one := range holders {
		var details contact.DetailsContent
		if json.Unmarshal(one.content, &details) != nil {
			continue
		}
		for _, recording := range recordingsOf(&details) {
			limit <- struct{}{}
			looking.Go(func() {
				defer func() { <-limit }()
				found, _ := find(ctx, t, askTime, places.of(one.externalID), recording.Path, Presence)
				mu.Lock()
				defer mu.Unlock()
				survey.Recordings++
				switch found.state {
				case Absent:
					survey.Absent++
				case Unreachable:
					survey.Unreachable++
				case NotConfigured:
					survey.NotConfigured++
				}
			})
		}
	}
	looking.Wait()
	return survey
}
