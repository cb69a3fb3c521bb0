package reader_test

import (
	"os"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestTables_GiveEachLegOnce reads a day of more legs than one statement gives, of an old FusionPBX, which keeps them beside the
// row: every leg comes once while the follower goes on, and again only from an hour before the latest when another one begins.
func TestTables_GiveEachLegOnce(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, statement := range []string{
		"CREATE TABLE v_xml_cdr (xml_cdr_uuid uuid PRIMARY KEY, insert_date timestamptz, json jsonb)",
		"CREATE INDEX ON v_xml_cdr (insert_date)",
		`INSERT INTO v_xml_cdr SELECT k::uuid, '2026-11-27 00:00Z'::timestamptz + n * interval '1 minute',
			jsonb_build_object('variables', jsonb_build_object('uuid', k, 'start_epoch', (1795816717 + n)::text))
			FROM (SELECT n, format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0')) FROM generate_series(1, 1440) n) l (n, k)`,
		`UPDATE v_xml_cdr SET json = '{}' WHERE xml_cdr_uuid = '00000000-0000-4000-8000-000000000007'`,
	} {
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	source, err := telephony.ParseSource([]byte(`{"name": "fs1", "kind": "fusionpbx", "databaseUrl": "` + database.URL + `", "since": "2026-11-27", "timeZone": "UTC"}`))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC) }
	read := func(tables *reader.Tables) (legs map[string]int, bad int) {
		t.Helper()
		legs = map[string]int{}
		for more := true; more; {
			var batch telephony.Batch
			if batch, more, err = tables.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, row := range batch.Rows {
				legs[row.Key]++
			}
			bad += batch.Bad
			if err := tables.Landed(batch); err != nil {
				t.Fatal(err)
			}
		}
		return legs, bad
	}
	tables, err := reader.OpenTables(source, now)
	if err != nil {
		t.Fatal(err)
	}
	legs, bad := read(tables)
	for key, times := range legs {
		if times != 1 {
			t.Errorf("%s comes %d times", key, times)
		}
	}
	if len(legs) != 1439 || bad != 1 {
		t.Errorf("%d legs and %d bad ones of 1440", len(legs), bad)
	}
	if again, bad := read(tables); len(again) != 0 || bad != 0 {
		t.Errorf("%d legs and %d bad ones come again", len(again), bad)
	}
	if _, err := database.Pool.Exec(t.Context(), `INSERT INTO v_xml_cdr VALUES (gen_random_uuid(), '2026-11-27 23:10Z', '{"variables": {"uuid": "late", "start_epoch": "1795816717"}}'),
		(gen_random_uuid(), '2026-11-27 22:50Z', '{"variables": {"uuid": "too late", "start_epoch": "1795816717"}}')`); err != nil {
		t.Fatal(err)
	}
	if late, _ := read(tables); len(late) != 1 || late["late"] != 1 {
		t.Errorf("of two that were committed late come %v", late)
	}
	if err := tables.Close(); err != nil {
		t.Error(err)
	}
	if tables, err = reader.OpenTables(source, now); err != nil {
		t.Fatal(err)
	}
	if err := tables.Resume([]byte(`{"insertedAt": "2026-11-28T00:00:00Z"}`)); err != nil {
		t.Fatal(err)
	}
	if resumed, _ := read(tables); len(resumed) != 62 {
		t.Errorf("another one begins with %d legs", len(resumed))
	}
	if err := tables.Close(); err != nil {
		t.Error(err)
	}
}
