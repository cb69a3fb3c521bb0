package sources_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestRead_SaysHowSourcesStand(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	if none, err := sources.Read(t.Context(), pool, now); err != nil || len(none) != 0 {
		t.Errorf("of an empty database: %+v, %v", none, err)
	}
	_, err := pool.Exec(t.Context(), `INSERT INTO telephony_sources (name, kind, file, keep_rows, row_count, bad_rows, errors, last_row_at, caught_up_at) VALUES
		('pbx2', 'freepbx', '', '35 days', 9, 0, 1, '2026-11-27 11:00Z', '2026-11-27 11:59:57Z'), ('pbx1', 'asterisk', '', '35 days', 50, 2, 0, '2026-11-27 11:58Z', NULL),
		('pbx3', 'freepbx', '', '35 days', 7, 0, 0, '2026-11-27 11:30Z', '2026-11-20 10:00Z')`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pool.Exec(t.Context(), `INSERT INTO telephony_positions (source_id, place, position) SELECT id, 'cel', '{}' FROM telephony_sources WHERE name <> 'pbx1'`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pool.Exec(t.Context(), `INSERT INTO telephony_calls (id, source_id, key, first_at, last_at, row_count, open, reason, unfinished, unknown, contacts, run)
		SELECT n, s.id, n, now(), now(), 1, n = 1, CASE WHEN n > 5 THEN 'FEATURE_CODE' WHEN n > 4 THEN 'NO_PARTY' END, n = 2, '{}', '{}', 1
		FROM telephony_sources s, generate_series(1, 7) n WHERE s.name = 'pbx1'`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sources.Read(t.Context(), pool, now)
	if err != nil || len(got) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	one := got[0]
	if one.Name != "pbx1" || one.Rows != 50 || one.Bad != 2 || one.Calls != 7 || one.Open != 1 || one.Unfinished != 1 || one.Unmapped() != 3 || one.Lag != nil || one.LagSeconds() != nil ||
		!reflect.DeepEqual(one.Without, []sources.Reason{{Reason: "FEATURE_CODE", Calls: 2}, {Reason: "NO_PARTY", Calls: 1}}) {
		t.Errorf("one of which files were read: %+v", one)
	}
	if two := got[1]; two.Lag == nil || *two.Lag != 3*time.Second || *two.LagSeconds() != 3 || two.Errors != 1 || two.Unmapped() != 0 {
		t.Errorf("one that is followed: %+v", two)
	}
	if three := got[2]; three.Lag == nil || *three.Lag != 30*time.Minute {
		t.Errorf("one that catches up: %+v", three)
	}
}

// nothing is a database without sources.
type nothing struct{}

func (nothing) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return nil, context.DeadlineExceeded
}

// What cannot be read is an error, and no sources.
func ExampleRead() {
	all, err := sources.Read(context.Background(), nothing{}, time.Now())
	fmt.Println(len(all), err)
	// Output: 0 reading sources: context deadline exceeded
}
