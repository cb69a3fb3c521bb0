package ingest

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestImport_LandsFewLinesTogetherWhileOthersWrite(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{MaxConns: 2})
	im := &importer{pool: pool, config: Config{ChunkSize: defaultChunkSize}}
	ours, err := im.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ours.Rollback(t.Context()) }()
	if _, err := ours.Exec(t.Context(), lockBesideOthers); err != nil {
		t.Fatal(err)
	}
	look := func(want int) {
		t.Helper()
		if err := im.look(t.Context(), ours); err != nil {
			t.Fatal(err)
		}
		if got := im.partSize(); got != want {
			t.Fatalf("%d lines are to land together, want %d", got, want)
		}
	}
	look(defaultChunkSize)
	theirs, err := im.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.Exec(t.Context(), lockBesideOthers); err != nil {
		t.Fatal(err)
	}
	look(yieldingChunkSize)
	if err := theirs.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range yieldingChunks - 1 {
		look(yieldingChunkSize)
	}
	look(defaultChunkSize)
}

func TestLocks_OfFewAreTheirOwn(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{MaxConns: 2})
	externalIDs := func(first, number int) []string {
		ids := make([]string, number)
		for i := range ids {
			ids[i] = fmt.Sprint("id ", first+i)
		}
		return ids
	}
	for name, c := range map[string]struct {
		contacts, records []string
		waits             bool
	}{
		"others":               {externalIDs(1000, 200), externalIDs(1000, 200), false},
		"a contact of ours":    {externalIDs(999, 2), nil, true},
		"a record of ours":     {nil, externalIDs(999, 2), true},
		"so many that all are": {externalIDs(1000, maxSingleLocks+1), nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			lock := func(tx pgx.Tx, contacts, records []string) error {
				batch := &pgx.Batch{}
				batch.Queue("SET LOCAL lock_timeout = '100ms'")
				queueLocks(batch, contacts, records)
				return tx.SendBatch(t.Context(), batch).Close()
			}
			ours, err := begin(t.Context(), pool)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = ours.Rollback(t.Context()) }()
			if err := lock(ours, externalIDs(800, 200), externalIDs(800, 200)); err != nil {
				t.Fatal(err)
			}
			theirs, err := begin(t.Context(), pool)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = theirs.Rollback(t.Context()) }()
			if err := lock(theirs, c.contacts, c.records); (err != nil) != c.waits {
				t.Errorf("waits: %v", err)
			}
		})
	}
}

func TestChunk_IsCutIntoPartsOfWhatTheyMention(t *testing.T) {
	t.Parallel()
	whole := chunk{}
	for n := range 10 {
		whole.add(newEntry("", n+1, fmt.Sprintf(`{"externalId":"c%d","type":"INBOUND_CALL","status":"ANSWERED","startedAt":"2024-03-04T08:09:16Z","agent":{"externalId":"a%d"}}`, n, n), false))
	}
	if all := whole.part(0, 10); len(all.entries) != 10 || len(all.mentions.contacts.externalIDs) != 10 {
		t.Errorf("the whole has %d lines", len(all.entries))
	}
	seen := 0
	for seen < 10 {
		part := whole.part(seen, 4)
		if want := min(4, 10-seen); len(part.entries) != want || len(part.mentions.contacts.externalIDs) != want || part.entries[0].number != seen+1 {
			t.Fatalf("the part from %d has %d lines that mention %v", seen, len(part.entries), part.mentions.contacts.externalIDs)
		}
		seen += len(part.entries)
	}
}
