package postgres_test

import (
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestLocks_AreCountedOfEveryMonthWithItsIndexes(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	count := func() postgres.Locks {
		locks, err := postgres.ReadLocks(t.Context(), pool)
		if err != nil {
			t.Fatal(err)
		}
		return locks
	}
	none := count()
	execute(t, pool, "SELECT ensure_contact_partitions('2020-01-15', '2020-12-15')")
	year := count()
	if year.Months-none.Months != 12 || (year.PerStatement-none.PerStatement)%12 != 0 {
		t.Errorf("a year made %+v of %+v", year, none)
	}
	// PostgreSQL itself says what a statement takes.
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	var taken int
	const holding = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation::regclass::text LIKE 'contacts%'"
	if _, err := tx.Exec(t.Context(), "SELECT FROM contacts WHERE id = 7"); err != nil {
		t.Fatal(err)
	}
	if err := tx.QueryRow(t.Context(), holding).Scan(&taken); err != nil {
		t.Fatal(err)
	}
	if taken != year.PerStatement {
		t.Errorf("a statement takes %d locks, not %d", taken, year.PerStatement)
	}
}

func TestLocks_MissingSaysWhatToSet(t *testing.T) {
	t.Parallel()
	usual := postgres.Locks{PerTransaction: 64, Transactions: 100, Months: 24, PerStatement: 376}
	for statements, want := range map[int]int{1: 0, 17: 0, 18: 1024, 1000: 3760} {
		if got := usual.Missing(statements); got != want {
			t.Errorf("for %d statements at once: %d, want %d", statements, got, want)
		}
	}
}
