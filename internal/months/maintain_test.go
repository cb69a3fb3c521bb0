package months_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
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
	foreign, err := months.Maintenance{Pool: pool, Now: func() time.Time { return at }, After: time.After}.Round(t.Context())
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

// running are rounds that begin when the test says so.
type running struct {
	t      *testing.T
	waits  chan time.Duration // each time that a wait begins
	passed chan time.Time     // ends it
	log    bytes.Buffer       // to be read while a wait is under way
}

// run begins rounds in December 2026, which end with the test, or when stop is called.
func run(t *testing.T, pool *postgres.Pool) (r *running, stop func()) {
	t.Helper()
	r = &running{t: t, waits: make(chan time.Duration, 1), passed: make(chan time.Time)}
	ctx, cancel := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() {
		months.Maintenance{
			Pool: pool, Now: func() time.Time { return month(2026, 12) }, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
			After: func(wait time.Duration) <-chan time.Time {
				r.waits <- wait
				return r.passed
			},
		}.Run(ctx)
	})
	stop = func() {
		cancel()
		ended.Wait()
	}
	t.Cleanup(stop)
	return r, stop
}

// waiting waits until a wait begins that lasts so long.
func (r *running) waiting(want time.Duration) {
	r.t.Helper()
	select {
	case wait := <-r.waits:
		if wait != want {
			r.t.Errorf("the next round is in %s, want %s", wait, want)
		}
	case <-time.After(time.Minute):
		r.t.Fatal("no round ended in a minute")
	}
}

// pass has the wait end and the round begin.
func (r *running) pass() { r.passed <- time.Time{} }

const nextMonths = "SELECT count(*) FROM pg_class WHERE relname = 'contacts_202701'"

func TestMaintenance_HasARoundSoonAndThenEachHour(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	r, stop := run(t, pool)
	r.waiting(time.Minute)
	if made := read[int](t, pool, nextMonths); made != 0 {
		t.Error("a start waits for a round")
	}
	r.pass()
	r.waiting(time.Hour)
	if made := read[int](t, pool, nextMonths); made != 1 || r.log.Len() > 0 {
		t.Errorf("after the first round %d tables of January were made: %s", made, &r.log)
	}
	execute(t, pool, "DROP TABLE contacts_202701", "ALTER FUNCTION ensure_contact_partitions RENAME TO elsewhere")
	r.pass()
	r.waiting(time.Hour)
	if said := r.log.String(); strings.Count(said, "level=WARN") != 1 || !strings.Contains(said, "could not be looked after") {
		t.Errorf("of a round that failed the log says %q", said)
	}
	execute(t, pool, "ALTER FUNCTION elsewhere RENAME TO ensure_contact_partitions")
	r.pass()
	r.waiting(time.Hour)
	if made := read[int](t, pool, nextMonths); made != 1 || strings.Count(r.log.String(), "\n") != 1 {
		t.Errorf("after a round that failed %d tables of January were made: %s", made, &r.log)
	}
	stop() // while it waits
}

func TestMaintenance_SaysOnceThatTablesBelongToAnother(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-12-01Z', '2027-01-01Z')")
	r, stop := run(t, reader(t, pool))
	for range 3 {
		<-r.waits
		r.pass()
	}
	r.waiting(time.Hour)
	stop()
	if said := r.log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "belong to another role") || !strings.Contains(said, "tables=8") {
		t.Errorf("after three rounds the log says %q", said)
	}
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
		"ALTER TABLE ivr_steps_202608 SET (autovacuum_enabled = off)",
		"ALTER TABLE ivr_steps_202609 SET (autovacuum_vacuum_scale_factor = 0.02)")
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
	if kept := read[int](t, pool, "SELECT count(*) FROM pg_class WHERE reloptions IN ('{autovacuum_vacuum_scale_factor=0.5}', '{autovacuum_enabled=off}', '{autovacuum_vacuum_scale_factor=0.02}')"); kept != 3 {
		t.Errorf("%d of 3 tables have what somebody else set", kept)
	}
}

func TestMaintenance_LeavesATableThatIsInUseToTheNextRound(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-12-01Z', '2027-01-01Z')")
	user, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = user.Rollback(t.Context()) }()
	if _, err := user.Exec(t.Context(), "LOCK TABLE contact_addresses_202612 IN SHARE UPDATE EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	const tuned = "SELECT count(*) FROM pg_class WHERE relispartition AND relname ~ '_2026' AND reloptions IS NOT NULL"
	round(t, pool, month(2026, 12))
	if others := read[int](t, pool, tuned); others != 3 {
		t.Errorf("%d tables of December were told of, want 3 of 4", others)
	}
	if err := user.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	round(t, pool, month(2026, 12))
	if all := read[int](t, pool, tuned); all != 4 {
		t.Errorf("in the next round %d tables of December were told of", all)
	}
}

func TestMaintenance_PausesAfterEachMonthThatItFreezes(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-08-01Z', '2026-08-01Z')")
	var pauses []time.Duration
	passed := make(chan time.Time)
	close(passed)
	at := time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)
	looking := months.Maintenance{Pool: pool, Now: func() time.Time { return at }, After: func(pause time.Duration) <-chan time.Time {
		pauses = append(pauses, pause)
		return passed
	}}
	for range 2 {
		if _, err := looking.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		at = at.Add(48 * time.Hour)
	}
	if len(pauses) != 4 || slices.Min(pauses) <= 0 {
		t.Errorf("after the 4 tables of a month there were pauses of %v", pauses)
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

// reader is the database of a pool for a role that owns no table, and may have the tables of months made.
func reader(t *testing.T, pool *postgres.Pool) *postgres.Pool {
	t.Helper()
	execute(t, pool, "GRANT EXECUTE ON FUNCTION ensure_contact_partitions(timestamptz, timestamptz) TO pg_read_all_data")
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
	as, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(as.Close)
	return &postgres.Pool{Pool: as}
}

func TestMaintenance_LeavesTheTablesOfAnotherRoleAlone(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2026-10-01Z', '2026-12-01Z')")
	at := month(2026, 11)
	foreign, err := months.Maintenance{Pool: reader(t, pool), Now: func() time.Time { return at }, After: time.After}.Round(t.Context())
	if err != nil || foreign != 12 {
		t.Errorf("%d of 12 tables belong to another role, %v", foreign, err)
	}
	if tuned := read[int](t, pool, "SELECT count(*) FROM pg_class WHERE relispartition AND reloptions IS NOT NULL"); tuned != 0 {
		t.Errorf("%d of them were changed", tuned)
	}
}
