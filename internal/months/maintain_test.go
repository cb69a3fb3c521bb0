package months_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/months"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// round looks after the months at an instant.
func round(t *testing.T, pool *postgres.Pool, at time.Time) (foreign int) {
	t.Helper()
	foreign, err := months.Maintenance{Pool: pool, Now: func() time.Time { return at }}.Round(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return foreign
}

func read[T any](t *testing.T, pool *postgres.Pool, sql string) (value T) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func TestMaintenance_MakesTheNextMonthsBeforeTheyBegin(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	last := func() string {
		return read[string](t, pool, "SELECT max(relname::text) FROM pg_class WHERE relispartition AND relname ~ '^contact_addresses_[0-9]+$'")
	}
	twentieth := time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		at   time.Time
		want string
	}{
		{month(2026, 12), "contact_addresses_202701"}, {twentieth.Add(-time.Second), "contact_addresses_202701"}, {twentieth, "contact_addresses_202702"},
	} {
		round(t, pool, step.at)
		if made := last(); made != step.want {
			t.Errorf("at %s the last table is %s, want %s", step.at, made, step.want)
		}
	}
	if found, err := months.Look(t.Context(), pool, month(2000, 1), twentieth); err != nil || found.Empty != nil {
		t.Errorf("made ahead, and yet empty: %v, %v", found.Empty, err)
	}
}

func TestMaintenance_HasAutovacuumFollowYoungMonthsClosely(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-08-01Z', '2026-11-01Z')",
		"ALTER TABLE ivr_steps_202611 SET (autovacuum_vacuum_scale_factor = 0.5)",
		"ALTER TABLE ivr_steps_202608 SET (autovacuum_enabled = off)")
	closely := func() []string {
		return read[[]string](t, pool, `SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') FROM pg_class WHERE relispartition AND relname ~ '^(contacts|ivr_steps)_'
			AND reloptions @> '{autovacuum_vacuum_insert_scale_factor=0.02,autovacuum_vacuum_scale_factor=0.02,autovacuum_analyze_scale_factor=0.01}'`)
	}
	round(t, pool, time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC))
	if got, want := closely(), []string{"contacts_202610", "contacts_202611", "contacts_202612", "ivr_steps_202610", "ivr_steps_202612"}; !slices.Equal(got, want) {
		t.Errorf("followed closely: %v, want %v", got, want)
	}
	round(t, pool, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if got, want := closely(), []string{"contacts_202611", "contacts_202612", "contacts_202701", "ivr_steps_202612", "ivr_steps_202701"}; !slices.Equal(got, want) {
		t.Errorf("a month later: %v, want %v", got, want)
	}
	if kept := read[int](t, pool, "SELECT count(*) FROM pg_class WHERE reloptions IN ('{autovacuum_vacuum_scale_factor=0.5}', '{autovacuum_enabled=off}')"); kept != 2 {
		t.Errorf("%d of 2 tables have what somebody else set", kept)
	}
}

func TestMaintenance_FreezesAMonthOnceItRests(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-08-01Z', '2026-11-01Z')", "ALTER TABLE contacts_202608 SET (autovacuum_enabled = off)")
	record := func(id string) {
		t.Helper()
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
		for _, statement := range []string{
			"INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (" + id + ", '2026-08-08Z', 'CHAT', 'ANSWERED', '" + id + "')",
			"SELECT pg_stat_force_next_flush()", "SELECT 1",
		} {
			if _, err := conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	frozen := func() int64 {
		return read[int64](t, pool, "SELECT pg_stat_get_vacuum_count('contacts_202608'::regclass)")
	}
	begun := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	record("1")
	for _, step := range []struct {
		after  time.Duration
		change string
		want   int64
	}{
		{0, "", 0},
		{47 * time.Hour, "", 0},
		{48 * time.Hour, "", 1},
		{96 * time.Hour, "", 1},
		{97 * time.Hour, "2", 1},
		{144 * time.Hour, "", 1},
		{145 * time.Hour, "", 2},
	} {
		if step.change != "" {
			record(step.change)
		}
		round(t, pool, begun.Add(step.after))
		if got := frozen(); got != step.want {
			t.Errorf("after %s it was frozen %d times, want %d", step.after, got, step.want)
		}
	}
	if left := read[bool](t, pool, "SELECT age(relfrozenxid) > 20 FROM pg_class WHERE relname = 'contacts_202608'"); left {
		t.Error("its rows are not frozen")
	}
	if young := read[int64](t, pool, "SELECT pg_stat_get_vacuum_count('contacts_202611'::regclass)"); young != 0 {
		t.Errorf("a young month was frozen %d times", young)
	}
}

func TestMaintenance_IsDoneByOneProcessAtATime(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	conn, err := database.Pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_lock(hashtext('months are maintained'))"); err != nil {
		t.Fatal(err)
	}
	round(t, database.Pool, month(2026, 12))
	if _, err := conn.Exec(t.Context(), "SELECT pg_advisory_unlock(hashtext('months are maintained'))"); err != nil {
		t.Fatal(err)
	}
	if made := read[int](t, database.Pool, "SELECT count(*) FROM pg_class WHERE relname ~ '^contacts_[0-9]{6}$'"); made != 0 {
		t.Errorf("%d months were made beside another process", made)
	}
	round(t, database.Pool, month(2026, 12))
	if made := read[int](t, database.Pool, "SELECT count(*) FROM pg_class WHERE relname ~ '^contacts_[0-9]{6}$'"); made != 2 {
		t.Errorf("%d months were made, want 2", made)
	}
	if held := read[int](t, database.Pool, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"); held != 0 {
		t.Errorf("%d locks are left behind", held)
	}
}

func TestMaintenance_LeavesTheTablesOfAnotherRoleAlone(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-10-01Z', '2026-12-01Z')")
	config := pool.Config()
	connected := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if connected != nil {
			if err := connected(ctx, conn); err != nil {
				return err
			}
		}
		_, err := conn.Exec(ctx, "SET ROLE pg_read_all_data")
		return err
	}
	reader, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	at := month(2026, 11)
	foreign, err := months.Maintenance{Pool: &postgres.Pool{Pool: reader}, Now: func() time.Time { return at }}.Round(t.Context())
	if err != nil || foreign != 12 {
		t.Errorf("%d of 12 tables belong to another role, %v", foreign, err)
	}
	if tuned := read[int](t, pool, "SELECT count(*) FROM pg_class WHERE relispartition AND reloptions IS NOT NULL"); tuned != 0 {
		t.Errorf("%d of them were changed", tuned)
	}
}
