package contact_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// TestAnotherConnectionSeesTheSameMoment lets contacts arrive between a snapshot and the one beside it.
func TestAnotherConnectionSeesTheSameMoment(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	insert := `INSERT INTO contacts (id, started_at, type, status, external_id)
		SELECT i, '2024-03-01 12:00Z', 'CHAT', 'ANSWERED', i FROM generate_series(%d, %d) i`
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-03-01', '2024-03-01')`)
	run(t, database.Pool, fmt.Sprintf(insert, 1, 3))
	store, _ := newStore(t, database.Pool)
	reader := store.For(contact.Unlimited)
	criteria, err := reader.Resolve(t.Context(), contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-01"}}})
	if err != nil {
		t.Fatal(err)
	}
	count := func(ctx context.Context, where string, snapshot *contact.Snapshot) {
		if n, err := snapshot.Count(ctx, criteria); n != 3 || err != nil {
			t.Errorf("%s there are %d contacts, %v; want 3", where, n, err)
		}
	}
	err = reader.Snapshot(t.Context(), func(ctx context.Context, snapshot *contact.Snapshot) error {
		run(t, database.Pool, fmt.Sprintf(insert, 4, 9))
		count(ctx, "in the snapshot", snapshot)
		return snapshot.Beside(ctx, func(ctx context.Context, beside *contact.Snapshot) error {
			if !beside.TakenAt().Equal(snapshot.TakenAt()) {
				t.Errorf("taken at %v, beside it at %v", snapshot.TakenAt(), beside.TakenAt())
			}
			count(ctx, "beside it", beside)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCriteriaAreCutAtMidnight cuts periods into their last days and the rest, which together are all.
func TestCriteriaAreCutAtMidnight(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t, pgtest.New(t).Pool)
	for _, c := range []struct{ from, to, recentFrom, restTo string }{
		{"2024-03-01", "2024-04-30", "2024-04-24", "2024-04-23"},
		{"2024-03-01", "2024-03-05", "2024-03-05", "2024-03-04"},
		{"2024-03-01", "2024-03-01", "2024-03-01", "2024-02-29"}, // no day is left
	} {
		criteria, err := store.For(contact.Unlimited).Resolve(t.Context(), contact.Filter{Period: contact.Period{Range: &contact.Range{From: c.from, To: c.to}}})
		if err != nil {
			t.Fatal(err)
		}
		recent, rest, border := criteria.Cut()
		if got := recent.Period(); got.From != c.recentFrom || got.To != c.to {
			t.Errorf("recent of %s to %s: %v", c.from, c.to, got)
		}
		if got := rest.Period(); got.From != c.from || got.To != c.restTo {
			t.Errorf("rest of %s to %s: %v", c.from, c.to, got)
		}
		if got := border.In(criteria.Zone()).Format("2006-01-02 15:04"); got != c.recentFrom+" 00:00" {
			t.Errorf("border of %s to %s: %s", c.from, c.to, got)
		}
	}
}
