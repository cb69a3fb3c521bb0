package postgres_test

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMigrator_IndexesTheConversationsOfEveryMonthThatThereIs(t *testing.T) {
	t.Parallel()
	pool := pgtest.NewEmpty(t).Pool
	migrator := postgres.NewMigrator(pool)
	up(t, migrator)
	for {
		name, err := migrator.Down(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if name == "0013_conversations" {
			break
		}
	}
	execute(t, pool, "SELECT ensure_contact_partitions('2024-01-01Z', '2024-03-01Z')")
	// One month has its index already, as if a step had been cut off.
	execute(t, pool, "CREATE INDEX contacts_conversation ON ONLY contacts (conversation_id, started_at, id) WHERE conversation_id IS NOT NULL")
	execute(t, pool, "CREATE INDEX ON contacts_202402 (conversation_id, started_at, id) WHERE conversation_id IS NOT NULL")
	execute(t, pool, "ALTER INDEX contacts_conversation ATTACH PARTITION contacts_202402_conversation_id_started_at_id_idx")
	if taken := up(t, migrator); !slices.Contains(taken, "0013_conversations") {
		t.Fatalf("up took %v", taken)
	}
	var valid bool
	var months int
	if err := pool.QueryRow(t.Context(), `SELECT i.indisvalid, (SELECT count(*) FROM pg_inherits p WHERE p.inhparent = i.indexrelid)
		FROM pg_index i WHERE i.indexrelid = 'contacts_conversation'::regclass`).Scan(&valid, &months); err != nil {
		t.Fatal(err)
	}
	if !valid || months != 3 {
		t.Errorf("the index is valid: %v, and has %d months", valid, months)
	}
}
