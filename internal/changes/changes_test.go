package changes_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func execute(t *testing.T, pool *postgres.Pool, sql string, arguments ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, arguments...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func number(t *testing.T, pool *postgres.Pool, want int) {
	t.Helper()
	if got, err := changes.Number(t.Context(), pool); err != nil || got != want {
		t.Fatalf("%d changes were numbered, %v, want %d", got, err, want)
	}
}

// good says whether a position of an epoch still is.
func good(t *testing.T, pool *postgres.Pool, epoch int, position int64) (is bool) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `SELECT NOT EXISTS (SELECT FROM contact_change_epochs WHERE epoch > $1 AND began_behind < $2)`, epoch, position).Scan(&is)
	if err != nil {
		t.Fatal(err)
	}
	return is
}

func newest(t *testing.T, pool *postgres.Pool) (epoch int, position int64) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `SELECT (SELECT max(epoch) FROM contact_change_epochs), (SELECT max(position) FROM contact_changes)`).Scan(&epoch, &position)
	if err != nil {
		t.Fatal(err)
	}
	return epoch, position
}

func TestGuard_RefusesWhoDoesNotLog(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	execute(t, database.Pool, "ALTER TABLE contacts ENABLE TRIGGER tells_the_feed")
	execute(t, database.Pool, "SELECT ensure_contact_partitions('2024-03-01', '2024-03-01')")
	copied := func() error {
		connection, err := database.Pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Release()
		_, err = connection.Conn().PgConn().CopyFrom(t.Context(), strings.NewReader("1\t2024-03-04Z\tCHAT\tANSWERED\ta\n"), "COPY contacts (id, started_at, type, status, external_id) FROM STDIN")
		return err
	}
	for what, do := range map[string]func() error{
		"COPY":   copied,
		"DELETE": func() error { _, err := database.Pool.Exec(t.Context(), "DELETE FROM contacts"); return err },
		"UPDATE": func() error {
			_, err := database.Pool.Exec(t.Context(), "UPDATE contacts SET ticket_id = 'x'")
			return err
		},
		"what another transaction said": func() error {
			_, err := database.Pool.Exec(t.Context(), "SELECT set_config('kontakty.feed', '1', false); DELETE FROM contacts")
			return err
		},
	} {
		if refused := (*pgconn.PgError)(nil); !errors.As(do(), &refused) || refused.Code != "55000" {
			t.Errorf("%s is not refused: %v", what, refused)
		}
	}
	execute(t, database.Pool, "BEGIN; "+changes.Tell+"; DELETE FROM contacts; COMMIT")
	line := `{"kind": "contact", "externalId": "A", "type": "CHAT", "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00Z"}`
	if result, err := ingest.Import(t.Context(), database.Pool, strings.NewReader(line), ingest.Config{}); err != nil || result.Recorded != 1 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestEpoch_BeginsInACopyOfTheDatabase(t *testing.T) {
	t.Parallel()
	database, copied := pgtest.New(t), pgtest.NewEmpty(t)
	execute(t, database.Pool, changes.LeaveNew, []int64{1, 2})
	number(t, database.Pool, 2)
	epoch, restored := newest(t, database.Pool)
	dump(t, database.URL, copied.URL)
	execute(t, database.Pool, changes.LeaveNew, []int64{3})
	number(t, database.Pool, 1)
	_, lost := newest(t, database.Pool)
	if lost <= restored {
		t.Fatalf("position %d follows %d", lost, restored)
	}
	execute(t, copied.Pool, changes.LeaveNew, []int64{4})
	number(t, copied.Pool, 1)
	next, position := newest(t, copied.Pool)
	switch {
	case next != epoch+1 || position <= restored:
		t.Errorf("epoch %d follows %d with position %d behind %d", next, epoch, position, restored)
	case !good(t, copied.Pool, epoch, restored):
		t.Error("a position of before the dump is refused, though all behind it is there")
	case good(t, copied.Pool, epoch, lost):
		t.Error("a position that the copy never had is good in it")
	case !good(t, database.Pool, epoch, lost):
		t.Error("a position is refused where it was given")
	}
	execute(t, copied.Pool, changes.LeaveNew, []int64{5})
	number(t, copied.Pool, 1)
	if again, _ := newest(t, copied.Pool); again != next {
		t.Errorf("epoch %d began, though nothing happened to the database", again)
	}
}

func TestRestart_LeavesNoPositionGood(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	execute(t, database.Pool, changes.LeaveNew, []int64{1})
	number(t, database.Pool, 1)
	epoch, position := newest(t, database.Pool)
	for range 2 {
		execute(t, database.Pool, changes.Restart, "imported")
		if good(t, database.Pool, epoch, position) || good(t, database.Pool, epoch, 0) {
			t.Error("a position is good though changes behind it were left out")
		}
		epoch, _ = newest(t, database.Pool)
	}
	var epochs int
	if err := database.Pool.QueryRow(t.Context(), "SELECT count(*) FROM contact_change_epochs WHERE reason = 'imported'").Scan(&epochs); err != nil || epochs != 1 {
		t.Errorf("%d epochs of one import, %v", epochs, err)
	}
}

func TestNumbering_WaitsForNobodyInAnotherDatabase(t *testing.T) {
	t.Parallel()
	database, other := pgtest.New(t), pgtest.New(t)
	writing, err := other.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writing.Rollback(t.Context()) }()
	if _, err := writing.Exec(t.Context(), "SELECT pg_current_xact_id()"); err != nil {
		t.Fatal(err)
	}
	numbering := changes.NewNumbering(database.Pool, time.Now, time.After, nil)
	for i := range 3 {
		execute(t, database.Pool, changes.LeaveNew, []int64{int64(i)})
		if numbered, err := numbering.Round(t.Context()); err != nil || numbered != 1 {
			t.Fatalf("%d were numbered, %v", numbered, err)
		}
	}
}

func TestKeeping_RemovesWhatIsTooOld(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	execute(t, database.Pool, changes.LeaveNew, []int64{1, 2, 3})
	number(t, database.Pool, 3)
	_, third := newest(t, database.Pool)
	execute(t, database.Pool, "SELECT setval('contact_change_positions', 3 << 20)")
	execute(t, database.Pool, changes.LeaveNew, []int64{4})
	number(t, database.Pool, 1)
	keeping := changes.Keeping{Pool: database.Pool, Kept: time.Hour, Now: time.Now}
	if removed, err := keeping.Round(t.Context()); err != nil || removed != 0 {
		t.Fatalf("%d young changes were removed, %v", removed, err)
	}
	execute(t, database.Pool, "UPDATE contact_changes SET at = at - interval '2 hours' WHERE contact_id < 4")
	removed, err := keeping.Round(t.Context())
	var left, horizon, tables int64
	if err := database.Pool.QueryRow(t.Context(), `SELECT (SELECT contact_id FROM contact_changes), (SELECT gone_to FROM contact_change_horizon),
		(SELECT count(*) FROM pg_inherits WHERE inhparent = 'contact_changes'::regclass AND inhrelid::regclass::text = 'contact_changes_000000')`).Scan(&left, &horizon, &tables); err != nil {
		t.Fatal(err)
	}
	if err != nil || removed != 3 || left != 4 || horizon != third || tables != 1 {
		t.Errorf("%d removed, %v; contact %d is left, the horizon is %d, tables of the first positions: %d", removed, err, left, horizon, tables)
	}
	keeping.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if _, err := keeping.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	var dropped bool
	if err := database.Pool.QueryRow(t.Context(), "SELECT to_regclass('contact_changes_000000') IS NULL AND to_regclass('contact_changes_000003') IS NOT NULL").Scan(&dropped); err != nil || !dropped {
		t.Errorf("the table of positions that are gone is there still, or a later one is gone: %v", err)
	}
	if findings, err := changes.Check(t.Context(), database.Pool); err != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
	figures, err := changes.ReadFigures(t.Context(), database.Pool)
	if err != nil || figures.Position != 3<<20+1 || figures.Waiting != 0 {
		t.Errorf("%+v, %v", figures, err)
	}
}

func TestCheck_FindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]string{
		"CHANGES_BELOW_HORIZON": "UPDATE contact_change_horizon SET gone_to = 2",
		"CHANGE_EPOCHS":         "INSERT INTO contact_change_epochs VALUES (8, 1, 'x', 'x'), (9, 0, 'x', 'x')",
		"CHANGE_POSITIONS":      "UPDATE contact_changes SET at = at - interval '2 minutes' WHERE contact_id = 3",
		"CHANGE_POSITIONS pos":  "SELECT setval('contact_change_positions', 1)",
		"CHANGE_HORIZON":        "INSERT INTO contact_change_horizon VALUES (0)",
		"CHANGES_UNNUMBERED":    "INSERT INTO contact_changes_unnumbered (contact_id, kind, at) VALUES (5, 'n', now() - interval '2 hours')",
	} {
		database := pgtest.New(t)
		execute(t, database.Pool, changes.LeaveNew, []int64{1, 2, 3})
		number(t, database.Pool, 3)
		execute(t, database.Pool, spoil)
		if findings, err := changes.Check(t.Context(), database.Pool); err != nil || len(findings) == 0 || !strings.HasPrefix(findings[0], what) {
			t.Errorf("after %s: %v, %v", spoil, findings, err)
		}
	}
}
