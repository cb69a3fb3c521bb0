package report_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
)

// A record whose contacts lie out of reach is looked for in as many months as one that does not exist.
func TestReader_LooksForARecordOutOfReachLikeForNone(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents, `SELECT ensure_contact_partitions('2024-01-15', '2024-12-15')`,
		`INSERT INTO records (id, external_id) OVERRIDING SYSTEM VALUE SELECT n, n::text FROM unnest(ARRAY[5, 7]) n`,
		`INSERT INTO contacts (id, started_at, type, status, agent_id, record_id, external_id)
			SELECT n, '2024-01-15 09:00Z'::timestamptz + n * interval '62 days', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', 2, 7, n::text FROM generate_series(1, 4) n`)
	database.Tie(t)
	pool, recorder := database.Recorded(t)
	store, _ := newStore(t, pool)
	viewer := contact.Unlimited
	viewer.Reach = contact.Reach{Agent: new(int64(1))}
	read := map[int64][][]string{}
	for _, id := range []int64{7, 8, 1_000_000, 5} {
		recorder.Reset()
		found, err := store.For(viewer).Existing(t.Context(), relay.RecordKind, []int64{id})
		if err != nil || len(found) != 0 {
			t.Fatalf("of %d exist %v, %v", id, found, err)
		}
		for _, one := range recorder.Statements() {
			read[id] = append(read[id], database.LockedMonths(t, one))
		}
		for _, tables := range read[id] {
			slices.Sort(tables)
		}
	}
	if len(slices.Concat(read[7]...)) != 4 {
		t.Errorf("the months of 7 are looked through by %v", read[7])
	}
	for _, none := range []int64{8, 1_000_000} {
		if fmt.Sprint(read[none]) != fmt.Sprint(read[7]) {
			t.Errorf("for %d, which does not exist, %v are looked through, for what is out of reach %v", none, read[none], read[7])
		}
	}
	if len(read[5]) != len(read[7]) {
		t.Errorf("for a record without a contact there are %d statements, otherwise %d", len(read[5]), len(read[7]))
	}
}
