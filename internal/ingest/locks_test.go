package ingest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// writers is how many write at once.
const writers = 16

const tiesByKey = `SELECT concat_ws('|', 'tie', t.owner_kind, coalesce(p.external_id, a.external_id), t.thing_kind, coalesce(q.external_id, p2.external_id, a2.external_id))
	FROM contact_ties t
	LEFT JOIN campaigns p ON t.owner_kind = 'Campaign' AND p.id = t.owner_id LEFT JOIN agents a ON t.owner_kind = 'Agent' AND a.id = t.owner_id
	LEFT JOIN queues q ON t.thing_kind = 'Queue' AND q.id = t.thing_id LEFT JOIN campaigns p2 ON t.thing_kind = 'Campaign' AND p2.id = t.thing_id
	LEFT JOIN agents a2 ON t.thing_kind = 'Agent' AND a2.id = t.thing_id ORDER BY 1`

// written is a revision of a contact. What it names depends on its external id alone, as a line that comes too
// late makes nothing.
func written(externalID string, n, revision int) string {
	start := time.Date(2024, time.January, 28+n%5, 12, revision, 0, 0, time.UTC)
	fields := fmt.Sprintf(`,"revision":%[1]d,"ticketId":"%[2]s-%[1]d","agent":{"externalId":"a%[3]d","name":"Agent"},"campaign":{"externalId":"p%[4]d","name":"Campaign"},
		"queue":{"externalId":"q%[5]d","name":"Queue"},"record":{"externalId":"r%[6]d","significantField":{"name":"Field","value":"%[6]d"}},
		"ivrSteps":[{"name":"Step %[1]d","kind":"OTHER","enteredAt":"2024-01-28T12:00:00Z"}],"toAddresses":["%[2]s-%[1]d@example.com"]`,
		revision, externalID, n%7, n%3, n%5, n%11)
	return call(externalID, start.Format(time.RFC3339), strings.NewReplacer("\n", "", "\t", "").Replace(fields))
}

func TestWriters_EndAsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	concurrent, sequential := pgtest.New(t), pgtest.New(t)
	const rounds, shared = 12, 24
	// Each writer has contacts of its own, and all write the shared ones, in another order and other revisions.
	calls := make([][][]string, writers)
	var all []string
	for w := range calls {
		random := rand.New(rand.NewPCG(1, uint64(w)))
		for round := range rounds {
			lines := []string{written(fmt.Sprintf("own-%d-%d", w, round/2), w+round, round%2)}
			for range random.IntN(12) {
				n := random.IntN(shared)
				lines = append(lines, written(fmt.Sprintf("shared-%d", n), n, random.IntN(20)))
			}
			random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			calls[w] = append(calls[w], lines)
			all = append(all, lines...)
		}
	}
	pool := concurrent.Open(t, postgres.Config{PreparedStatements: true, MaxConns: writers + 1})
	var recorded, audited atomic.Int64
	var working sync.WaitGroup
	for w := range writers {
		working.Go(func() {
			for round, lines := range calls[w] {
				result, err := writeAs(t, pool, w+round, lines, func(_ func(string, ...any), recorded, _ []int64) { audited.Add(int64(len(recorded))) })
				if err != nil {
					t.Error(err)
					return
				}
				recorded.Add(int64(result.Recorded))
			}
		})
	}
	working.Wait()
	importLines(t, sequential.Pool, ingest.Config{}, all...)
	wantDump(t, dump(t, concurrent.Pool), dump(t, sequential.Pool))
	wantDump(t, column[string](t, concurrent.Pool, tiesByKey), column[string](t, sequential.Pool, tiesByKey))
	if n := column[int64](t, concurrent.Pool, "SELECT count(*) FROM contact_identities")[0]; recorded.Load() != n || audited.Load() == 0 || audited.Load() > n {
		t.Errorf("%d contacts are there, %d were counted as new, %d of them audited", n, recorded.Load(), audited.Load())
	}
	wantNoDeadlock(t, pool, concurrent)
}

// writeAs writes by one of the ways that there are.
func writeAs(t *testing.T, pool *postgres.Pool, way int, lines []string, audit ingest.Audit) (result ingest.Result, err error) {
	switch way % 8 {
	case 0:
		return ingest.Import(t.Context(), pool, strings.NewReader(strings.Join(lines, "\n")), ingest.Config{ChunkSize: 3})
	case 1:
		return ingest.Import(t.Context(), pool, strings.NewReader(strings.Join(lines, "\n")), ingest.Config{ChunkSize: 3, Strict: true})
	case 2:
		err = pgx.BeginFunc(t.Context(), pool.Pool, func(tx pgx.Tx) error {
			result, _, _, err = ingest.Land(t.Context(), tx, ingest.DecodeContacts(t, lines), []string{"never", "there"}, ingest.Starts{})
			return err
		})
		return result, err
	default:
		result, _, faults := ingest.Record(t.Context(), pool, ingest.DecodeContacts(t, lines), ingest.Bounds{}, audit)
		if faults != nil {
			err = faults[0]
		}
		return result, err
	}
}

// wantNoDeadlock closes the pool of the writers, whose sessions then tell what they met.
func wantNoDeadlock(t *testing.T, pool *postgres.Pool, db *pgtest.Database) {
	t.Helper()
	pool.Close()
	if n := column[int64](t, db.Pool, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n[0] != 0 {
		t.Errorf("%d deadlocks", n[0])
	}
}

func TestWriters_RenameWhatTheyNameInOneCallTogether(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	pool := db.Open(t, postgres.Config{PreparedStatements: true, MaxConns: writers + 1})
	var working sync.WaitGroup
	for w := range writers {
		working.Go(func() {
			for round := range 10 {
				name := fmt.Sprintf("%d-%d", w, round)
				var lines []string
				for _, agent := range []string{"x", "y", "z"} {
					lines = append(lines, call(name+agent, "2024-03-04T08:09:16Z", fmt.Sprintf(
						`,"agent":{"externalId":%q,"name":%q},"record":{"externalId":%[1]q,"significantField":{"name":"Field","value":%[2]q}}`, agent, name)))
				}
				if w%2 == 1 {
					slices.Reverse(lines)
				}
				if _, _, faults := ingest.Record(t.Context(), pool, ingest.DecodeContacts(t, lines), ingest.Bounds{}, nil); faults != nil {
					t.Error(faults)
				}
			}
		})
	}
	working.Wait()
	for _, table := range []string{"name FROM agents", "significant_value FROM records"} {
		if names := column[string](t, db.Pool, "SELECT "+table); len(names) != 3 || names[0] != names[1] || names[1] != names[2] {
			t.Errorf("%s are of several calls: %q", table, names)
		}
	}
	if n := column[int](t, db.Pool, "SELECT count(*)::int FROM contacts")[0]; n != 3*10*writers {
		t.Errorf("%d contacts", n)
	}
	wantNoDeadlock(t, pool, db)
}

func TestWriters_OfOtherContactsPassAWriterThatWaits(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	with := `,"agent":{"externalId":"a","name":"A"},"campaign":{"externalId":"p","name":"P"},"record":{"externalId":"%s"}`
	importLines(t, db.Pool, ingest.Config{}, call("first", "2024-03-04T08:09:16Z", fmt.Sprintf(with, "first")))
	tx, err := db.Pool.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if _, _, _, err := ingest.Land(t.Context(), tx, ingest.DecodeContacts(t, []string{call("held", "2024-03-04T08:09:16Z", fmt.Sprintf(with, "held"))}), nil, ingest.Starts{}); err != nil {
		t.Fatal(err)
	}
	record := func(externalID string) error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, _, faults := ingest.Record(ctx, db.Pool, ingest.DecodeContacts(t, []string{call(externalID, "2024-03-04T08:09:16Z", fmt.Sprintf(with, externalID))}), ingest.Bounds{}, nil)
		if faults != nil {
			return faults[0]
		}
		return nil
	}
	if err := record("other"); err != nil {
		t.Errorf("another contact waited for the one that is held: %v", err)
	}
	same := make(chan error, 1)
	go func() { same <- record("held") }()
	for waiting := 0; waiting == 0; {
		if err := db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-same; err != nil {
		t.Error(err)
	}
	if n := column[int](t, db.Pool, "SELECT count(*)::int FROM contacts WHERE external_id = 'held'")[0]; n != 1 {
		t.Errorf("the contact that was held is there %d times", n)
	}
}
