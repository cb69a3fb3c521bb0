package months_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func month(year int, of time.Month) time.Time { return time.Date(year, of, 1, 0, 0, 0, 0, time.UTC) }

func execute(t *testing.T, pool *postgres.Pool, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func look(t *testing.T, pool *postgres.Pool) months.Survey {
	t.Helper()
	found, err := months.Look(t.Context(), pool, month(2000, 1), time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestDrop_LeavesWhatHoldsAnything(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('1990-01-01Z', '1990-03-01Z')", "SELECT ensure_contact_partitions('2005-04-01Z', '2005-06-01Z')",
		"SELECT ensure_contact_partitions('2010-01-01Z', '2010-03-01Z')", "SELECT ensure_contact_partitions('2011-01-01Z', '2011-03-01Z')",
		"SELECT ensure_contact_partitions('2024-01-01Z', '2024-06-01Z')",
		`INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (1, '1990-02-03Z', 'CHAT', 'ANSWERED', 'a'), (2, '2010-02-03Z', 'CHAT', 'ANSWERED', 'b')`,
		`INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, name) VALUES ('2011-02-03Z', 3, 1, 'MENU', '2011-02-03Z', '')`)
	found := look(t, pool)
	if found.Months != 18 || len(found.Empty) != 18-4-3 || !slices.Equal(found.Outside, []time.Time{month(1990, 2)}) || !found.Excessive() ||
		!strings.Contains(found.String(), "drop-empty-months") {
		t.Errorf("of 18 months: %d, %d empty, %v outside: %s", found.Months, len(found.Empty), found.Outside, found)
	}
	// What is written meanwhile stays.
	execute(t, pool, `INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (4, '2005-05-05Z', 'CHAT', 'ANSWERED', 'c')`)
	dropped, err := months.Drop(t.Context(), pool, found.Empty)
	if err != nil || len(dropped) != 18-8 || slices.Contains(dropped, month(2005, 5)) {
		t.Errorf("%d months were dropped: %v", len(dropped), err)
	}
	var kept int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM contacts").Scan(&kept); err != nil || kept != 3 {
		t.Errorf("%d contacts are left: %v", kept, err)
	}
	if left := look(t, pool); left.Months != 8 || left.Empty != nil {
		t.Errorf("left: %+v", left)
	}
}

func TestDrop_WaitsForWhoMadeSureOfTheMonth(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2001-01-01Z', '2001-01-01Z')")
	writing, err := pool.BeginTx(t.Context(), pgx.TxOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writing.Rollback(t.Context()) }()
	if _, err := writing.Exec(t.Context(), "SELECT ensure_contact_partitions('2001-01-01Z', '2001-01-01Z')"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	var dropped []time.Time
	go func() {
		var err error
		dropped, err = months.Drop(t.Context(), pool, []time.Time{month(2001, 1)})
		ended <- err
	}()
	for waiting := false; !waiting; {
		if err := pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())").
			Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := writing.Exec(t.Context(), "INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (1, '2001-01-03Z', 'CHAT', 'ANSWERED', 'a')"); err != nil {
		t.Fatal(err)
	}
	if err := writing.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil || dropped != nil {
		t.Errorf("a month that was being written was dropped: %v, %v", dropped, err)
	}
}
