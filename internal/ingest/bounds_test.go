package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// monthTables is how many months a database has tables for.
func monthTables(t *testing.T, db *pgtest.Database) (months int) {
	t.Helper()
	if err := db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_inherits WHERE inhparent = 'contacts'::regclass").Scan(&months); err != nil {
		t.Fatal(err)
	}
	return months
}

func TestStarts_OutsideTheBoundsAreRefusedAndMakeNoMonth(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }
	starts := ingest.Starts{Oldest: time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC), Now: now}
	for start, taken := range map[string]bool{
		"2020-02-29T23:59:59Z": false, "2020-03-01T00:00:00Z": true, "2027-11-28T12:00:00Z": true, "2027-11-28T12:00:01Z": false, "1990-01-15T12:00:00Z": false,
	} {
		before := monthTables(t, db)
		result, _, faults := ingest.Record(t.Context(), db.Pool, ingest.DecodeContacts(t, []string{call("r"+start, start, "")}), ingest.Bounds{Starts: starts}, nil)
		if taken != (faults == nil && result.Recorded == 1) {
			t.Errorf("a contact of %s: %+v, %v, want it taken: %t", start, result, faults, taken)
		}
		if !taken && (len(faults) != 1 || !strings.Contains(faults[0].Error(), "startedAt")) {
			t.Errorf("a contact of %s: %v, want a fault of startedAt", start, faults)
		}
		if !taken && monthTables(t, db) != before {
			t.Errorf("a contact of %s made tables", start)
		}
		var reported []format.Fault
		imported, err := ingest.Import(t.Context(), db.Pool, strings.NewReader(call("i"+start, start, "")+"\n"),
			ingest.Config{Starts: starts, Faulty: func(f format.Fault) { reported = append(reported, f) }})
		if err != nil || taken != (imported.Recorded == 1) || taken == (len(reported) == 1) {
			t.Errorf("a line of %s: %+v, %v, %v, want it taken: %t", start, imported, reported, err, taken)
		}
	}
}

func TestRecord_BeginsFewMonthsAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	lines := func(months int) []format.Contact {
		var all []string
		for i := range months {
			all = append(all, call(fmt.Sprint("m", i), time.Date(2001, time.Month(1+i), 15, 0, 0, 0, 0, time.UTC).Format(time.RFC3339), ""))
		}
		return ingest.DecodeContacts(t, all)
	}
	_, _, faults := ingest.Record(t.Context(), db.Pool, lines(ingest.MaxNewMonths+1), ingest.Bounds{}, nil)
	var one *fault.Error
	if len(faults) != 1 || !errors.As(faults[0], &one) || one.Reason != fault.MonthsTooMany || monthTables(t, db) != 0 {
		t.Fatalf("%v with %d months made, want that they are too many", faults, monthTables(t, db))
	}
	if _, _, faults := ingest.Record(t.Context(), db.Pool, lines(ingest.MaxNewMonths), ingest.Bounds{}, nil); faults != nil {
		t.Errorf("as many months as may be: %v", faults)
	}
	if _, _, faults := ingest.Record(t.Context(), db.Pool, lines(ingest.MaxNewMonths+1), ingest.Bounds{}, nil); faults != nil {
		t.Errorf("one month more, beside those that are there: %v", faults)
	}
}

// otherMonths makes tables of months around those that contacts are in.
func otherMonths() (statements []string) {
	for _, year := range []string{"2001", "2003", "2025"} {
		statements = append(statements, fmt.Sprintf("SELECT ensure_contact_partitions('%s-02-01', '%[1]s-06-01')", year))
	}
	return statements
}

func TestRecord_LocksTheMonthsAloneOfWhatItReplaces(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, statement := range append(otherMonths(), "CREATE TABLE locked (months text[])") {
		if _, err := db.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	// The statement is executed in the transaction that writes, after the others.
	audit := func(queue func(sql string, arguments ...any), _, _ []int64) {
		queue(`INSERT INTO locked SELECT array_agg(DISTINCT right(c.relname, 6)) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
			WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relname ~ '_\d{6}$'`)
	}
	record := func(contacts ...string) (months []string) {
		t.Helper()
		if _, _, faults := ingest.Record(t.Context(), db.Pool, ingest.DecodeContacts(t, contacts), ingest.Bounds{}, audit); faults != nil {
			t.Fatal(faults)
		}
		if err := db.Pool.QueryRow(t.Context(), "DELETE FROM locked RETURNING months").Scan(&months); err != nil {
			t.Fatal(err)
		}
		return months
	}
	const later = "2025-03-04T08:00:00Z"
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} { // a statement that is prepared may get a plan for all values
		record(call(id, "2001-05-04T08:00:00Z", ""), call(id+"-later", later, ""))
		got := record(call(id, "2003-05-04T08:00:00Z", `, "revision": 1`), call(id+"-later", later, `, "ticketId": "other"`))
		if want := []string{"200105", "200305", "202503"}; !slices.Equal(got, want) {
			t.Fatalf("months locked: %v, want %v", got, want)
		}
	}
}

func TestLand_LocksTheMonthsAloneOfWhatItTakesBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, statement := range otherMonths() {
		if _, err := db.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, faults := ingest.Record(t.Context(), db.Pool, ingest.DecodeContacts(t, []string{
		call("a", "2001-05-04T08:00:00Z", ""), call("b", "2025-03-04T08:00:00Z", ""),
	}), ingest.Bounds{}, nil); faults != nil {
		t.Fatal(faults)
	}
	tx, err := db.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	if _, gone, _, err := ingest.Land(t.Context(), tx, nil, []string{"a", "b"}, ingest.Starts{}); err != nil || gone != 2 {
		t.Fatalf("%d taken back, %v", gone, err)
	}
	var months []string
	if err := tx.QueryRow(t.Context(), `SELECT array_agg(DISTINCT right(c.relname, 6)) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relname ~ '_\d{6}$'`).Scan(&months); err != nil {
		t.Fatal(err)
	}
	if want := []string{"200105", "202503"}; !slices.Equal(months, want) {
		t.Errorf("months locked: %v, want %v", months, want)
	}
}
