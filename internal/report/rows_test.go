package report_test

import (
	"context"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/report"
)

func TestContactRows_HoldAddressesInCopyAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	want := []string{`]x`, `[a]`, `(b`, `''`, `O'Neil''s "q"`, `{c,d}`, `NULL`, ``, `\`, `a, b`, "żółć\n\t", `null`}
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-03-01', '2024-03-01')`)
	insert := `INSERT INTO contacts (id, started_at, type, status, external_id, cc_addresses, bcc_addresses)
		VALUES (1, '2024-03-01 12:00Z', 'OUTBOUND_EMAIL', 'ANSWERED', 'x', $1, '{}')`
	if _, err := database.Pool.Exec(t.Context(), insert, want); err != nil {
		t.Fatal(err)
	}
	run(t, database.Pool, `INSERT INTO contact_identities VALUES (1, 'x', '2024-03-01 12:00Z', 0, '')`)
	store, _ := newStore(t, database.Pool)

	check := func(way string, found *contact.Contact) {
		t.Helper()
		if found == nil || !slices.Equal(found.CCAddresses, want) || found.BCCAddresses == nil || len(found.BCCAddresses) != 0 {
			t.Errorf("%s: %+v", way, found)
		}
	}
	one, err := store.For(contact.Unlimited).Contacts(t.Context(), []int64{1}, contact.AllColumns)
	if err != nil {
		t.Fatal(err)
	}
	check("by number", one[1])
	from := "08:00"
	for way, filter := range map[string]contact.Filter{
		"a page by plain conditions": {},
		"a page by probes":           {Types: []contact.Type{contact.OutboundEmail}},
		"a page by hours":            {Hours: &contact.Hours{From: &from}},
	} {
		filter.Period.Range = &contact.Range{From: "2024-02-28", To: "2024-03-02"}
		for _, order := range []contact.Order{contact.NewestFirst, {Field: contact.OrderByTalkTime, Direction: contact.Ascending}} {
			page, err := store.For(contact.Unlimited).List(t.Context(), report.ListQuery{Filter: filter, Order: order, Columns: contact.AllColumns})
			if err != nil || len(page.Nodes()) != 1 {
				t.Fatalf("%s: %v", way, err)
			}
			check(way, page.Nodes()[0])
		}
	}
	reader := store.For(contact.Unlimited)
	criteria, err := reader.Resolve(t.Context(), contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-02-28", To: "2024-03-02"}}})
	if err != nil {
		t.Fatal(err)
	}
	err = reader.Snapshot(t.Context(), func(ctx context.Context, snapshot *report.Snapshot) error {
		return snapshot.Stream(ctx, criteria, contact.NewestFirst, contact.AllColumns, func(found []*contact.Contact) error {
			check("a stream", found[0])
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
