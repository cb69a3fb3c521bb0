package postgres_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// schema is every table, column, index, type, function and sequence, as text.
func schema(t *testing.T, pool *postgres.Pool) string {
	t.Helper()
	var all string
	if err := pool.QueryRow(t.Context(), `
		SELECT coalesce(string_agg(line, E'\n' ORDER BY line), '') FROM (
			SELECT format('column %s.%s %s %s', table_name, column_name, udt_name, column_default) FROM information_schema.columns WHERE table_schema = 'public'
			UNION ALL SELECT format('relation %s %s', relkind, relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace
			UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
			UNION ALL SELECT format('function %s %s', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
			UNION ALL SELECT format('type %s', typname) FROM pg_type WHERE typnamespace = 'public'::regnamespace
		) s (line) WHERE line NOT LIKE '%bun_migration%'`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func up(t *testing.T, m *postgres.Migrator) []string {
	t.Helper()
	taken, err := m.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func TestMigrator_GoesUpAllTheWayDownAndUpAgain(t *testing.T) {
	t.Parallel()
	pool := pgtest.NewEmpty(t).Pool
	migrator := postgres.NewMigrator(pool)
	taken := up(t, migrator)
	if len(taken) < 2 || taken[0] != "0001_contacts" || !slices.Contains(taken, "river_006") {
		t.Fatalf("up took %v", taken)
	}
	full := schema(t, pool)
	for _, table := range []string{"relation p contacts", "relation r river_job"} {
		if !strings.Contains(full, table) {
			t.Errorf("there is no %s", table)
		}
	}
	if again := up(t, migrator); len(again) != 0 {
		t.Errorf("a second up took %v", again)
	}
	var back []string
	for {
		name, err := migrator.Down(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if name == "" {
			break
		}
		back = append(back, name)
		if steps, err := migrator.Status(t.Context()); err != nil || len(steps) != len(taken) {
			t.Fatalf("status is %v, %v", steps, err)
		}
	}
	files := slices.DeleteFunc(slices.Clone(taken), func(name string) bool { return strings.HasPrefix(name, "river") })
	slices.Reverse(files)
	if want := append(files, "river"); !slices.Equal(back, want) {
		t.Errorf("down took back %v, want %v", back, want)
	}
	if left := schema(t, pool); left != "" {
		t.Errorf("down left behind:\n%s", left)
	}
	if again := up(t, migrator); !slices.Equal(again, taken) {
		t.Errorf("up after down took %v, want %v", again, taken)
	}
	if again := schema(t, pool); again != full {
		t.Errorf("the schema after down and up differs:\n%s\n\nfrom:\n%s", again, full)
	}
}

func TestMigrator_StatusTellsWhatIsApplied(t *testing.T) {
	t.Parallel()
	migrator := postgres.NewMigrator(pgtest.NewEmpty(t).Pool)
	applied := func() (n, all int) {
		steps, err := migrator.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if step.Applied {
				n++
			}
		}
		return n, len(steps)
	}
	if n, all := applied(); n != 0 || all < 7 {
		t.Errorf("before: %d of %d", n, all)
	}
	up(t, migrator)
	if n, all := applied(); n != all {
		t.Errorf("after up: %d of %d", n, all)
	}
	if _, err := migrator.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, all := applied(); n != all-1 {
		t.Errorf("after a step down: %d of %d", n, all)
	}
}

func TestMigrator_ManyAtOnceTakeEveryStepOnce(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	var migrating sync.WaitGroup
	taken := make([][]string, 4)
	failures := make([]error, len(taken))
	for i := range taken {
		migrator := postgres.NewMigrator(database.Pool)
		migrating.Go(func() { taken[i], failures[i] = migrator.Up(t.Context()) })
	}
	migrating.Wait()
	all := slices.Concat(taken...)
	steps, err := postgres.NewMigrator(database.Pool).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, failure := range failures {
		if failure != nil {
			t.Errorf("migrator %d failed: %v", i, failure)
		}
	}
	if len(all) != len(steps) {
		t.Errorf("%d steps were taken of %d: %v", len(all), len(steps), taken)
	}
}

func TestMigrator_FailedStepLeavesNothingAndIsTakenWhenMended(t *testing.T) {
	t.Parallel()
	pool := pgtest.NewEmpty(t).Pool
	files := func(second string) fstest.MapFS {
		return fstest.MapFS{
			"0001_first.tx.up.sql":    {Data: []byte("CREATE TABLE first ()")},
			"0001_first.tx.down.sql":  {Data: []byte("DROP TABLE first")},
			"0002_second.tx.up.sql":   {Data: []byte("CREATE TABLE half (); " + second)},
			"0002_second.tx.down.sql": {Data: []byte("DROP TABLE half; " + second)},
		}
	}
	const failsOnCommit = "CREATE TABLE a (n int PRIMARY KEY); CREATE TABLE b (n int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO b VALUES (1)"
	migrator := postgres.NewMigrator(pool)
	broken, mended := migrator.WithFiles(files("SELECT 1/0")), migrator.WithFiles(files(""))
	if taken, err := broken.Up(t.Context()); err == nil || !slices.Equal(taken, []string{"0001_first"}) {
		t.Fatalf("up took %v, %v", taken, err)
	}
	if strings.Contains(schema(t, pool), "half") {
		t.Error("half a step is left")
	}
	if taken, err := migrator.WithFiles(files(failsOnCommit)).Up(t.Context()); err == nil {
		t.Errorf("failing on commit, up took %v", taken)
	}
	if taken := up(t, mended); taken[0] != "0002_second" {
		t.Errorf("mended, up took %v", taken)
	}
	if name, err := migrator.WithFiles(files(failsOnCommit)).Down(t.Context()); err == nil || !strings.Contains(schema(t, pool), "half") {
		t.Errorf("failing on commit, down took %q back", name)
	}
	if name, err := broken.Down(t.Context()); err == nil || !strings.Contains(schema(t, pool), "half") {
		t.Errorf("down took %q back, %v", name, err)
	}
	if name, err := mended.Down(t.Context()); err != nil || name != "0002_second" {
		t.Errorf("mended, down took %q back, %v", name, err)
	}
}

func TestMigrator_LeavesTheDatabaseOfANewerProgramAlone(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "INSERT INTO bun_migrations (name, group_id) VALUES ('9998', 9), ('9999', 9)")
	execute(t, pool, "INSERT INTO compatible_steps VALUES ('9998')")
	migrator := postgres.NewMigrator(pool)
	if _, err := migrator.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "newer program") || !strings.Contains(err.Error(), "9999") {
		t.Errorf("up: %v", err)
	}
	if _, err := migrator.Down(t.Context()); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("down: %v", err)
	}
}

func TestMigrator_AcceptsNewerStepsThatAreCompatible(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	older, newer := postgres.NewMigrator(pool), postgres.NewMigrator(pool).WithFiles(withStep(t, ".tx.", "-- compatible: nobody asks for it\nCREATE TABLE more ()"))
	if taken := up(t, newer); !slices.Equal(taken, []string{"9001_more"}) {
		t.Fatalf("up took %v", taken)
	}
	if taken := up(t, older); taken != nil {
		t.Errorf("the older program took %v", taken)
	}
	if steps, err := older.Status(t.Context()); err != nil || slices.ContainsFunc(steps, func(step postgres.Step) bool { return !step.Applied }) {
		t.Errorf("to the older program the steps are %v, %v", steps, err)
	}
	if schema, err := postgres.ReadSchema(t.Context(), pool); err != nil || len(schema.Newer) > 0 || len(schema.Lacking) > 0 {
		t.Errorf("to the older program the schema is %+v, %v", schema, err)
	}
	if name, err := older.Down(t.Context()); err == nil || !strings.Contains(err.Error(), "9001") {
		t.Errorf("the older program took %q back, %v", name, err)
	}
	execute(t, pool, "DELETE FROM bun_migrations WHERE name = '0020'")
	if taken, err := older.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "lacks step 0020") {
		t.Errorf("behind a later step, the older program took %v, %v", taken, err)
	}
	execute(t, pool, "INSERT INTO bun_migrations (name, group_id) VALUES ('0020', 1)")
	if name, err := newer.Down(t.Context()); err != nil || name != "9001_more" {
		t.Errorf("the newer program took %q back, %v", name, err)
	}
	if _, err := older.Down(t.Context()); err != nil {
		t.Errorf("afterwards the older program takes none back: %v", err)
	}
}

func TestMigrator_SaysWhatItIsGoingToDo(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	execute(t, pool, "SELECT ensure_contact_partitions('2024-01-01Z', '2024-02-01Z')")
	migrator := postgres.NewMigrator(pool)
	if planned, err := migrator.Plan(t.Context()); err != nil || planned != nil {
		t.Errorf("with nothing to do, the plan is %v, %v", planned, err)
	}
	planned, err := migrator.WithFiles(withStep(t, ".", "-- compatible\n"+moreIndexes+"DO $$ BEGIN END $$;")).Plan(t.Context())
	months := []string{"contacts_202401", "contacts_202402"}
	want := []postgres.PlannedStep{{Name: "9001_more", Compatible: true, Statements: []postgres.PlannedStatement{
		{SQL: "CREATE INDEX IF NOT EXISTS contacts_more ON ONLY contacts (external_id)", Locks: []string{"contacts: SHARE, writers wait"}},
		{
			SQL: "CREATE INDEX CONCURRENTLY {child}_more ON {child} (external_id)", EachPartition: true, Partitions: months,
			Locks: []string{"{child}: SHARE UPDATE EXCLUSIVE, nobody waits"},
		},
		{
			SQL: "ALTER INDEX contacts_more ATTACH PARTITION {child}_more", EachPartition: true, Partitions: months,
			Locks: []string{"contacts_more: SHARE UPDATE EXCLUSIVE, nobody waits", "{child}_more: ACCESS EXCLUSIVE, readers and writers wait"},
		},
		{SQL: "DO $$ BEGIN END $$", Locks: []string{"what its body takes"}},
	}}}
	if err != nil || !reflect.DeepEqual(planned, want) {
		t.Errorf("the plan is\n%+v, want\n%+v, %v", planned, want, err)
	}
	empty, err := postgres.NewMigrator(pgtest.NewEmpty(t).Pool).Plan(t.Context())
	if err != nil || len(empty) < 20 || !empty[0].Transaction || empty[0].Statements == nil || !strings.HasPrefix(empty[len(empty)-1].Name, "river_") {
		t.Errorf("of an empty database, the plan has %d steps, %v", len(empty), err)
	}
}

func TestMigrator_MindsNeitherATimeoutNorAReadOnlyPool(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	up(t, postgres.NewMigrator(database.Open(t, postgres.Config{ReadOnly: true, StatementTimeout: time.Millisecond})))
}
