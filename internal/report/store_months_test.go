package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
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
