package report_test

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/report"
)

// TestConditions_FindAnAddressInEveryRole asks for clients in either direction, with one address and with several that meet in
// one contact, by pages and counts, by time and by talk time, within hours and without.
func TestConditions_FindAnAddressInEveryRole(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-03-01', '2024-03-01')`,
		`INSERT INTO contacts (id, started_at, type, status, external_id, source_address, source_key, destination_address, destination_key)
		SELECT i, '2024-03-01 12:00Z'::timestamptz + i * interval '1 minute', 'INBOUND_EMAIL', 'ANSWERED', 'x' || i, s, s, d, d
		FROM (VALUES (1, 'ewa@a.pl', 'b@a.pl'), (2, 'c@a.pl', 'ewa@a.pl'), (3, 'c@a.pl', 'b@a.pl'), (4, 'c@a.pl', 'b@a.pl'), (5, NULL, 'b@a.pl'),
			(6, 'ewa@a.pl', 'ewa@a.pl')) n (i, s, d)`,
		`INSERT INTO contact_identities SELECT id, external_id, started_at, 0, '' FROM contacts`,
		`INSERT INTO contact_addresses SELECT c.started_at, c.id, role::address_role, key FROM contacts c
		JOIN (VALUES (3, 'CC', 'ewa@a.pl'), (3, 'TO', 'jan@a.pl'), (4, 'BCC', 'ewa@a.pl'), (1, 'CC', 'jan@a.pl')) n (i, role, key) ON c.id = n.i`)
	store, _ := newStore(t, database.Pool)
	yes, from := true, "08:00"
	shown := contact.Unlimited
	shown.BCC = false
	for name, one := range map[string]struct {
		filter contact.Filter
		viewer contact.Viewer
		want   []int64
	}{
		"one":                  {contact.Filter{Addresses: []string{"Ewa <ewa@a.pl>"}}, contact.Unlimited, []int64{6, 4, 3, 2, 1}},
		"one, not hidden":      {contact.Filter{Addresses: []string{"ewa@a.pl"}}, shown, []int64{6, 3, 2, 1}},
		"many":                 {contact.Filter{Addresses: []string{"ewa@a.pl", "jan@a.pl", "1@a.pl", "2@a.pl", "3@a.pl", "4@a.pl", "5@a.pl", "6@a.pl", "7@a.pl", "8@a.pl"}}, shown, []int64{6, 3, 2, 1}},
		"several":              {contact.Filter{Addresses: []string{"ewa@a.pl", "jan@a.pl"}}, contact.Unlimited, []int64{6, 4, 3, 2, 1}},
		"with another":         {contact.Filter{Addresses: []string{"ewa@a.pl", "jan@a.pl"}, SourceAddresses: []string{"c@a.pl"}}, shown, []int64{3, 2}},
		"with a type":          {contact.Filter{Addresses: []string{"jan@a.pl"}, Types: []contact.Type{contact.InboundEmail}}, shown, []int64{3, 1}},
		"without a source":     {contact.Filter{WithoutSourceAddress: &yes}, shown, []int64{5}},
		"external ids":         {contact.Filter{ExternalIDs: []string{"x5", "x2"}}, shown, []int64{5, 2}},
		"external, other kind": {contact.Filter{ExternalIDs: []string{"x5", "x2"}, Addresses: []string{"ewa@a.pl"}}, shown, []int64{2}},
	} {
		one.filter.Period.Range = &contact.Range{From: "2024-02-01", To: "2024-03-31"}
		for _, hours := range []*contact.Hours{nil, {From: &from}} {
			one.filter.Hours = hours
			for _, order := range []contact.Order{contact.NewestFirst, {Field: contact.OrderByStartedAt, Direction: contact.Ascending}, {Field: contact.OrderByTalkTime, Direction: contact.Descending}} {
				page, err := store.For(one.viewer).List(t.Context(), report.ListQuery{Filter: one.filter, Order: order, Columns: contact.AllColumns})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				var got []int64
				for _, c := range page.Nodes() {
					got = append(got, c.ID)
				}
				if order.Direction == contact.Ascending {
					slices.Reverse(got)
				}
				if !slices.Equal(got, one.want) {
					t.Errorf("%s: %v, want %v", name, got, one.want)
				}
				if total, err := page.TotalCount(t.Context()); err != nil || total != len(one.want) {
					t.Errorf("%s: counted %d (%v), want %d", name, total, err, len(one.want))
				}
			}
		}
	}
	unknown := contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-02-01", To: "2024-03-31"}}, ExternalIDs: []string{"x1", "none"}}
	if _, err := store.For(shown).Resolve(t.Context(), unknown); fault.CodeOf(err) != fault.UnknownID {
		t.Errorf("an unknown key: %v", err)
	}
}
