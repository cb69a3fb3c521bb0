package report_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/report"
)

// TestSnapshot_IsTheSameOnAnotherConnection lets contacts arrive between a snapshot and the one beside it.
func TestSnapshot_IsTheSameOnAnotherConnection(t *testing.T) {
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
	count := func(ctx context.Context, where string, snapshot *report.Snapshot) {
		if n, err := snapshot.Count(ctx, criteria); n != 3 || err != nil {
			t.Errorf("%s there are %d contacts, %v; want 3", where, n, err)
		}
	}
	err = reader.Snapshot(t.Context(), func(ctx context.Context, snapshot *report.Snapshot) error {
		run(t, database.Pool, fmt.Sprintf(insert, 4, 9))
		count(ctx, "in the snapshot", snapshot)
		return snapshot.Beside(ctx, func(ctx context.Context, beside *report.Snapshot) error {
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
