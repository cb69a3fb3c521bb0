package report

import (
	"context"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// MaxMonths is how many months one statement may read: PostgreSQL locks the tables and indexes of each.
const MaxMonths = 24

// keysOf are the keys of contacts by our own numbers. A number that is not known gets a key at which nothing lies, so that
// what does not exist is looked for like what the viewer may not see.
func (s *Reader) keysOf(ctx context.Context, ids []int64) ([]contact.Key, error) {
	var found []struct {
		ContactID int64     `bun:"contact_id"`
		StartedAt time.Time `bun:"started_at"`
	}
	if err := query(ctx, s.db, s.db.DB, &found, plan.Identities(ids)); err != nil {
		return nil, err
	}
	starts := make(map[int64]time.Time, len(found))
	for _, one := range found {
		starts[one.ContactID] = one.StartedAt
	}
	keys := make([]contact.Key, len(ids))
	for i, id := range ids {
		start, known := starts[id]
		if !known {
			start = s.config.Now()
		}
		keys[i] = contact.Key{StartedAt: start, ID: id}
	}
	return keys, nil
}

// byMonths cuts keys into parts of at most MaxMonths months each.
func byMonths(keys []contact.Key) [][]contact.Key {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, func(a, b contact.Key) int { return a.StartedAt.Compare(b.StartedAt) })
	var parts [][]contact.Key
	begin, months := 0, 0
	for i, key := range sorted {
		if i == 0 || plan.MonthOf(key.StartedAt) != plan.MonthOf(sorted[i-1].StartedAt) {
			months++
		}
		if months > MaxMonths {
			parts = append(parts, sorted[begin:i])
			begin, months = i, 1
		}
	}
	if begin < len(sorted) {
		parts = append(parts, sorted[begin:])
	}
	return parts
}
