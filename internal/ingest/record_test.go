package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestRecord_TakesContactsByTheSameRules(t *testing.T) {
	t.Parallel()
	imported, recorded := pgtest.New(t), pgtest.New(t)
	kinds := everything[:6]
	importLines(t, imported.Pool, ingest.Config{}, everything...)
	importLines(t, recorded.Pool, ingest.Config{}, kinds...)
	contacts := ingest.DecodeContacts(t, everything[6:])
	result, _, faults := ingest.Record(t.Context(), recorded.Pool, contacts, ingest.Bounds{}, nil)
	if want := (ingest.Result{Lines: 4, Recorded: 4}); result != want || faults != nil {
		t.Fatalf("%+v %v", result, faults)
	}
	wantDump(t, dump(t, recorded.Pool), dump(t, imported.Pool))
	if result, _, faults = ingest.Record(t.Context(), recorded.Pool, contacts, ingest.Bounds{}, nil); result.Unchanged != 4 || faults != nil {
		t.Errorf("%+v %v", result, faults)
	}
	if result, _, faults = ingest.Record(t.Context(), recorded.Pool, nil, ingest.Bounds{}, nil); result != (ingest.Result{}) || faults != nil {
		t.Errorf("%+v %v", result, faults)
	}
}

func TestRecord_TakesAllOrNone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	contacts := ingest.DecodeContacts(t, []string{
		call("a", "2024-03-04T08:09:16Z", `,"queue":{"externalId":"q","name":"Q"}`), call("b", "2024-03-04T08:09:16Z", ""),
	})
	contacts[1].Status = "ANSWERD"
	wantFaults(t, db, contacts, `contacts[1].status: Contact 2 cannot be recorded: status "ANSWERD" is not a contact status.`)
	contacts[1].Status = "NO ANSWER"
	contacts[1].StartedAt = time.Date(1995, time.January, 1, 0, 0, 0, 0, time.UTC) // which only the operator's bound is against
	wantFaults(t, db, contacts, `contacts[1].startedAt: Contact 2 cannot be recorded: startedAt lies before 2000-01-01, the oldest start that is taken here (--oldest-contact).`)
	contacts[1].StartedAt = contacts[0].StartedAt
	contacts[0].TicketID, contacts[1].TicketID = new("a\x00"), new("\xff")
	result, _, faults := ingest.Record(t.Context(), db.Pool, contacts, ingest.Bounds{}, nil)
	if want := (ingest.Result{Lines: 2, Recorded: 2, Repaired: 2}); result != want || faults != nil {
		t.Errorf("%+v %v", result, faults)
	}
}

func wantFaults(t *testing.T, db *pgtest.Database, contacts []format.Contact, want string) {
	t.Helper()
	pool, recorder := db.Recorded(t)
	result, _, faults := ingest.Record(t.Context(), pool, contacts, ingest.Bounds{}, func(func(string, ...any), []int64, []int64) {
		t.Error("the audit is told of contacts that are not recorded")
	})
	for _, statement := range recorder.SQL() {
		verb, _, _ := strings.Cut(strings.TrimSpace(statement), " ")
		if verb == "INSERT" || verb == "UPDATE" || verb == "DELETE" || verb == "COPY" || strings.Contains(statement, "nextval") || strings.Contains(statement, "ensure_contact_partitions") {
			t.Errorf("before the fault was told there was %s", statement)
		}
	}
	if len(faults) != 1 || faults[0].Error() != want || fault.CodeOf(faults[0]) != fault.InvalidContact || result != (ingest.Result{}) {
		t.Errorf("%+v %v, want %s", result, faults, want)
	}
	if n := column[int](t, db.Pool, "SELECT (SELECT count(*) FROM contacts)::int + (SELECT count(*) FROM queues)::int"); n[0] != 0 {
		t.Error("something landed")
	}
}

func TestRecord_TellsTheAuditWhatIsNewAndWhatIsReplaced(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	contacts := func(lines ...string) []format.Contact { return ingest.DecodeContacts(t, lines) }
	one, two := call("a", "2024-03-04T08:09:16Z", ""), call("b", "2024-03-04T08:09:16Z", "")
	var told [][2][]int64
	audit := func(_ func(string, ...any), recorded, replaced []int64) {
		told = append(told, [2][]int64{recorded, replaced})
	}
	for _, recorded := range [][]format.Contact{contacts(one), contacts(one), contacts(two, call("a", "2024-03-04T08:09:16Z", `,"ticketId":"t"`))} {
		if _, _, faults := ingest.Record(t.Context(), db.Pool, recorded, ingest.Bounds{}, audit); faults != nil {
			t.Fatal(faults)
		}
	}
	ids := column[int64](t, db.Pool, "SELECT contact_id FROM contact_identities ORDER BY external_id")
	want := [][2][]int64{{{ids[0]}, nil}, {{ids[1]}, {ids[0]}}}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
	_, _, faults := ingest.Record(t.Context(), db.Pool, contacts(call("c", "2024-03-04T08:09:16Z", "")), ingest.Bounds{}, func(queue func(string, ...any), _, _ []int64) { queue("SELECT 1 / $1::int", 0) })
	var refused *pgconn.PgError
	if len(faults) != 1 || !errors.As(faults[0], &refused) || refused.Code != "22012" {
		t.Errorf("%v", faults)
	}
	if n := column[int](t, db.Pool, "SELECT count(*)::int FROM contacts"); n[0] != 2 {
		t.Errorf("%d contacts, though the third could not be written down", n[0])
	}
}

func TestRecord_BoundsTheThingsThatItMakes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	next := 0
	naming := func(things int) []format.Contact {
		var all []string
		for range things {
			next++
			all = append(all, call(fmt.Sprint("t", next), "2024-03-04T08:09:16Z", fmt.Sprintf(`, "agent": {"externalId": "a%d", "name": "A"}`, next)))
		}
		return ingest.DecodeContacts(t, all)
	}
	day := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	bounds := ingest.Bounds{Starts: ingest.Starts{Now: func() time.Time { return day }}, NewThingsADay: 210}
	for _, one := range []struct {
		things int
		after  time.Duration
		want   fault.Reason
	}{
		{ingest.MaxNewThings + 1, 0, fault.ThingsTooMany},
		{ingest.MaxNewThings, 0, ""},
		{11, 0, fault.ThingsTooManyToday},
		{10, 0, ""},
		{1, 0, fault.ThingsTooManyToday},
		{1, 12 * time.Hour, ""},
		{1, -time.Hour, ""},
	} {
		day = day.Add(one.after)
		_, _, faults := ingest.Record(t.Context(), db.Pool, naming(one.things), bounds, nil)
		var found *fault.Error
		if one.want == "" && faults != nil || one.want != "" && (len(faults) != 1 || !errors.As(faults[0], &found) || found.Reason != one.want) {
			t.Errorf("%d new agents: %v, want %q", one.things, faults, one.want)
		}
	}
	var agents, made int
	if err := db.Pool.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM agents), made FROM things_made").Scan(&agents, &made); err != nil ||
		agents != ingest.MaxNewThings+12 || made != 2 {
		t.Errorf("%d agents, %d of them of the second day: %v", agents, made, err)
	}
	if _, _, faults := ingest.Record(t.Context(), db.Pool, naming(2), ingest.Bounds{Starts: bounds.Starts, NewThingsADay: 3}, nil); len(faults) != 1 ||
		faults[0].Error() != "contacts: These contacts name 2 keys in agent that are not known yet, 2 were made through the API today, and at most 3 are made on a day: look at the keys, import the contacts, or have the operator raise --new-things-a-day." {
		t.Errorf("the fault says %v", faults)
	}
}

func TestRecord_BoundsTheThingsOfManyCallsAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	bounds := ingest.Bounds{NewThingsADay: 30}
	var waiting sync.WaitGroup
	for caller := range 8 { // two processes' worth of connections
		pool := db.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 1})
		waiting.Go(func() {
			for n := range 10 {
				lines := []string{call(fmt.Sprintf("c%d-%d", caller, n), "2024-03-04T08:09:16Z", fmt.Sprintf(`, "queue": {"externalId": "q%d-%d", "name": "Q"}`, caller, n))}
				_, _, faults := ingest.Record(t.Context(), pool, ingest.DecodeContacts(t, lines), bounds, nil)
				var found *fault.Error
				if faults != nil && (!errors.As(faults[0], &found) || found.Reason != fault.ThingsTooManyToday) {
					t.Error(faults)
				}
			}
		})
	}
	waiting.Wait()
	var queues int
	if err := db.Pool.QueryRow(t.Context(), "SELECT count(*) FROM queues").Scan(&queues); err != nil || queues != bounds.NewThingsADay {
		t.Errorf("%d queues were made, want %d: %v", queues, bounds.NewThingsADay, err)
	}
}

func TestSetRevision_LetsTheSourceBeHeardAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	record := func(fields string) ingest.Result {
		t.Helper()
		result, _, faults := ingest.Record(t.Context(), db.Pool, ingest.DecodeContacts(t, []string{call("a", "2024-03-04T08:09:16Z", fields)}), ingest.Bounds{}, nil)
		if faults != nil {
			t.Fatal(faults)
		}
		return result
	}
	record(`, "revision": 1000000000000000, "ticketId": "wrong"`)
	const source = `, "ticketId": "right"`
	if got := record(source); got.Stale != 1 {
		t.Fatalf("a lower revision: %+v", got)
	}
	failed := errors.New("the log is full")
	var audited []int64
	audit := func(_ context.Context, _ pgx.Tx, contact int64) error {
		audited = append(audited, contact)
		return nil
	}
	if _, _, err := ingest.SetRevision(t.Context(), db.Pool, "a", -1, func(context.Context, pgx.Tx, int64) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("what cannot be written down: %v", err)
	}
	if got := record(source); got.Stale != 1 {
		t.Errorf("after a call that failed: %+v", got)
	}
	contact, before, err := ingest.SetRevision(t.Context(), db.Pool, "a", ingest.LowestRevision, audit)
	if err != nil || before != 1_000_000_000_000_000 || len(audited) != 1 || audited[0] != contact {
		t.Errorf("contact %d had revision %d: %v; written down: %v", contact, before, err, audited)
	}
	if got := record(source); got.Replaced != 1 {
		t.Errorf("the source afterwards: %+v", got)
	}
	for _, wrong := range []struct {
		externalID string
		revision   int64
		want       fault.Code
	}{{"b", 0, fault.NotFound}, {"a", -2, fault.InvalidContact}} {
		var found *fault.Error
		if _, _, err := ingest.SetRevision(t.Context(), db.Pool, wrong.externalID, wrong.revision, audit); !errors.As(err, &found) || found.Code != wrong.want {
			t.Errorf("revision %d of %s: %v", wrong.revision, wrong.externalID, err)
		}
	}
}
