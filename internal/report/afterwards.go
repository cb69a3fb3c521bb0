package report

import (
	"context"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// CheckRecoveryHours checks how long after a contact its client counts as called back. Errors: INVALID_DURATION.
func CheckRecoveryHours(hours int) error {
	return checkRange("withinHours", hours, contact.MaxRecoveryHours)
}

// CheckRepeatDays checks within how many days a call is a repeat. Errors: INVALID_DURATION.
func CheckRepeatDays(days int) error { return checkRange("withinDays", days, contact.MaxRepeatDays) }

func checkRange(field string, asked, most int) error {
	if asked < 1 || asked > most {
		return fault.New(fault.DurationOutOfRange, field, 1, most)
	}
	return nil
}

// Recoveries finds what came after lost contacts within so many hours, among the contacts that the viewer sees, by the
// contact's number. Contacts that were not lost are missing. Errors: INVALID_DURATION.
func (s *Reader) Recoveries(ctx context.Context, keys []contact.Key, hours int) (map[int64]*contact.Recovery, error) {
	if err := CheckRecoveryHours(hours); err != nil {
		return nil, err
	}
	visibility := s.Visibility()
	if visibility.Nothing() {
		return nil, nil
	}
	lostAt := make(map[int64]time.Time, len(keys))
	for _, key := range keys {
		lostAt[key.ID] = key.StartedAt
	}
	all := make(map[int64]*contact.Recovery, len(keys))
	for _, some := range byMonths(keys) {
		var found []struct {
			ID        int64                 `bun:"id"`
			State     contact.RecoveryState `bun:"state"`
			ReachedAt *time.Time            `bun:"reached_at"`
			ReachedID *int64                `bun:"reached_id"`
		}
		rule := plan.RecoveryRule{Hours: hours, Seen: visible(visibility)}
		if err := s.query(ctx, s.pool, &found, plan.Recoveries(some, rule)); err != nil {
			return nil, fmt.Errorf("finding what came after contacts: %w", err)
		}
		for _, one := range found {
			var reached *contact.Key
			if one.ReachedID != nil {
				reached = &contact.Key{StartedAt: *one.ReachedAt, ID: *one.ReachedID}
			}
			all[one.ID] = contact.NewRecovery(one.State, lostAt[one.ID], reached, time.Duration(hours)*time.Hour, s.config.Now())
		}
	}
	return all, nil
}

// Repeats says whether the clients of contacts came before them within so many days, among the contacts that the viewer sees,
// by the contact's number. Contacts with which no client came, or whose client has no number, are missing. Errors:
// INVALID_DURATION.
func (s *Reader) Repeats(ctx context.Context, keys []contact.Key, days int) (map[int64]*bool, error) {
	if err := CheckRepeatDays(days); err != nil {
		return nil, err
	}
	visibility := s.Visibility()
	if visibility.Nothing() {
		return nil, nil
	}
	all := make(map[int64]*bool, len(keys))
	for _, some := range byMonths(keys) {
		var found []struct {
			ID      int64 `bun:"id"`
			Repeats bool  `bun:"repeats"`
		}
		rule := plan.RepeatRule{Days: days, Seen: visible(visibility)}
		if err := s.query(ctx, s.pool, &found, plan.Repeats(some, rule)); err != nil {
			return nil, fmt.Errorf("finding repeats: %w", err)
		}
		for _, one := range found {
			all[one.ID] = &one.Repeats
		}
	}
	return all, nil
}
