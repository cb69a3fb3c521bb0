package ingest_test

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestTies_AreOfAllThatContactsPointAtWhateverTheSizeOfAChunk(t *testing.T) {
	t.Parallel()
	const tied = `SELECT concat_ws('|', t.owner_kind, coalesce(p.external_id, a.external_id), t.thing_kind, coalesce(q.external_id, p2.external_id, a2.external_id))
		FROM contact_ties t
		LEFT JOIN campaigns p ON t.owner_kind = 'Campaign' AND p.id = t.owner_id LEFT JOIN agents a ON t.owner_kind = 'Agent' AND a.id = t.owner_id
		LEFT JOIN queues q ON t.thing_kind = 'Queue' AND q.id = t.thing_id LEFT JOIN campaigns p2 ON t.thing_kind = 'Campaign' AND p2.id = t.thing_id
		LEFT JOIN agents a2 ON t.thing_kind = 'Agent' AND a2.id = t.thing_id`
	lines := []string{
		call("c1", "2024-03-04T08:09:16Z", `,"campaign":{"externalId":"p","name":"P"},"agent":{"externalId":"a","name":"A"}`),
		call("c2", "2024-03-04T08:09:17Z", `,"campaign":{"externalId":"p"},"queue":{"externalId":"q","name":"Q"}`),
		call("c3", "2024-03-04T08:09:18Z", `,"queue":{"externalId":"r","name":"R"}`),
	}
	want := []string{"Agent|a|Campaign|p", "Campaign|p|Agent|a", "Campaign|p|Queue|q"}
	for _, size := range []int{0, 1} {
		db := pgtest.New(t)
		importLines(t, db.Pool, ingest.Config{ChunkSize: size}, lines...)
		got := column[string](t, db.Pool, tied)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("chunks of %d: %q, want %q", size, got, want)
		}
	}
}
