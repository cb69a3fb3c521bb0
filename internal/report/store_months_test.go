package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// A database with the months of ten years: whatever is read of one of them locks the tables of no other.
func TestReader_LocksNoMonthsThatItDoesNotRead(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents, `SELECT ensure_contact_partitions('2016-01-15', '2026-01-15')`,
		`INSERT INTO records (id, external_id) OVERRIDING SYSTEM VALUE VALUES (7, 'r')`,
		`INSERT INTO contacts (id, started_at, type, status, agent_id, record_id, external_id)
			SELECT id, '2024-03-15 09:00Z', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', id, 7, id::text FROM agents`,
		`INSERT INTO contact_identities (external_id, contact_id, started_at, revision, content_hash)
			SELECT external_id, id, started_at, 0, decode(repeat('00', 16), 'hex') FROM contacts`)
	database.Tie(t)
	pool, recorder := database.Recorded(t)
	store, _ := newStore(t, pool)
	readings := map[string]func(reader *report.Reader) error{
		"a page and its count": func(reader *report.Reader) error {
			today := contact.Today
			page, err := reader.List(t.Context(), report.ListQuery{Filter: contact.Filter{Period: contact.Period{Preset: &today}}, Order: contact.NewestFirst})
			if err == nil {
				_, err = page.TotalCount(t.Context())
			}
			return err
		},
		"a page and a count by addresses": func(reader *report.Reader) error {
			for _, addresses := range [][]string{{"ewa@a.pl"}, {"ewa@a.pl", "jan@a.pl"}} {
				today := contact.Today
				filter := contact.Filter{Period: contact.Period{Preset: &today}, Addresses: addresses}
				page, err := reader.List(t.Context(), report.ListQuery{Filter: filter, Order: contact.NewestFirst})
				if err != nil {
					return err
				}
				if _, err = page.TotalCount(t.Context()); err != nil {
					return err
				}
			}
			return nil
		},
		"contacts by their numbers": func(reader *report.Reader) error {
			found, err := reader.Contacts(t.Context(), []int64{1, 2, 1234}, contact.AllColumns)
			if err == nil && len(found) == 0 {
				t.Error("no contact was found")
			}
			return err
		},
		"the way through the IVR": func(reader *report.Reader) error {
			_, err := reader.IVRSteps(t.Context(), []contact.Key{{StartedAt: time.Date(2024, 3, 15, 9, 0, 0, 0, time.UTC), ID: 1}})
			return err
		},
		"details": func(reader *report.Reader) error {
			_, _, err := reader.Details(t.Context(), []contact.Key{{StartedAt: time.Date(2024, 3, 15, 9, 0, 0, 0, time.UTC), ID: 1}}, 1<<20)
			return err
		},
		"records that a restricted viewer asks for": func(*report.Reader) error {
			viewer := contact.Unlimited
			viewer.Reach = contact.Reach{Agent: new(int64(1))}
			found, err := store.For(viewer).Existing(t.Context(), relay.RecordKind, []int64{7, 8})
			if err == nil && (!found[7] || found[8]) {
				t.Errorf("the records that exist are %v, want 7 alone", found)
			}
			return err
		},
	}
	for name, reading := range readings {
		recorder.Reset()
		if err := reading(store.For(contact.Unlimited)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, one := range recorder.Statements() {
			if tables := database.LockedMonths(t, one); len(tables) > report.MaxMonths {
				t.Errorf("%s locks %d tables of months, want at most %d:\n%s", name, len(tables), report.MaxMonths, one.SQL)
			} else if slices.ContainsFunc(tables, func(table string) bool { return table[len(table)-6:] != "202403" && table[len(table)-6:] != "202402" }) {
				t.Errorf("%s locks %v:\n%s", name, tables, one.SQL)
			}
		}
	}
}

// Many shapes of pages over ten years of months, on one connection: what PostgreSQL remembers of them stays small.
func TestReader_LeavesSessionsSmallAmongManyMonths(t *testing.T) {
	t.Parallel()
	const maxMiB, maxStatements, shapes = 60, 56, 260
	database := pgtest.New(t)
	run(t, database.Pool, someAgents, `SELECT ensure_contact_partitions('2016-01-15', '2026-01-15')`)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: database.URL, MaxConns: 1, ReadOnly: true, GenericPlans: true, StatementTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	store, _ := newStore(t, pool)
	agent := func(id int64) string { return relay.EncodeID(relay.AgentKind, id) }
	criteria := [][]func(*contact.Filter){
		{func(f *contact.Filter) { f.AgentIDs = []string{agent(1)} }, func(f *contact.Filter) { f.AgentIDs = []string{agent(1), agent(2)} }},
		{func(f *contact.Filter) { f.Types = contact.Types[:1] }, func(f *contact.Filter) { f.Types = contact.Types[:2] }},
		{func(f *contact.Filter) { f.Statuses = contact.Statuses[:1] }, func(f *contact.Filter) { f.Statuses = contact.Statuses[:2] }},
		{func(f *contact.Filter) { f.TicketIDs = []string{"a"} }, func(f *contact.Filter) { f.TicketIDs = []string{"a", "b"} }},
		{func(f *contact.Filter) { f.SourceAddresses = []string{"48501502503"} }, func(f *contact.Filter) { f.SourceAddresses = []string{"48501502503", "48501502504"} }},
		{func(f *contact.Filter) { f.DestinationAddresses = []string{"48501502503"} }, func(f *contact.Filter) { f.DestinationAddresses = []string{"48501502503", "48501502504"} }},
		{func(f *contact.Filter) { f.OutsideCampaign = new(true) }},
	}
	periods := [][2]string{{"2024-02-20", "2024-03-15"}, {"2023-12-10", "2024-03-05"}}
	asked := 0
	for _, period := range periods {
		for _, order := range []contact.Order{contact.NewestFirst, {Field: contact.OrderByTalkTime, Direction: contact.Descending}} {
			for i, first := range criteria {
				for _, second := range criteria[i+1:] {
					for _, one := range first {
						for _, other := range second {
							filter := contact.Filter{Period: contact.Period{Range: &contact.Range{From: period[0], To: period[1]}}}
							one(&filter)
							other(&filter)
							if _, err := store.For(contact.Unlimited).List(t.Context(), report.ListQuery{Filter: filter, Order: order, Columns: contact.AllColumns}); err != nil {
								t.Fatal(err)
							}
							asked++
						}
					}
				}
			}
		}
	}
	var bytes, statements int
	if err := pool.QueryRow(t.Context(), "SELECT (SELECT sum(total_bytes) FROM pg_backend_memory_contexts)::bigint, (SELECT count(*) FROM pg_prepared_statements)").Scan(&bytes, &statements); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d shapes: %.1f MiB and %d prepared statements in one session", asked, float64(bytes)/(1<<20), statements)
	if asked < shapes || bytes > maxMiB<<20 || statements > maxStatements {
		t.Errorf("%d shapes leave %d bytes and %d prepared statements, at most %d MiB and %d may be", asked, bytes, statements, maxMiB, maxStatements)
	}
}
