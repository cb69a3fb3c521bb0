package report_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

func TestConversations_AreGivenInTheirOrderWithinReach(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-01-01', '2024-06-01')`,
		`INSERT INTO campaigns (id, external_id, name) VALUES (1, 'a', 'a'), (2, 'b', 'b')`,
		`INSERT INTO contacts (id, started_at, type, status, external_id, conversation_id, campaign_id)
		SELECT i, s::timestamptz, 'INBOUND_CALL', 'ANSWERED', 'x' || i, c, k FROM (VALUES
			(1, '2024-03-31 23:59Z', 'one', 1), (2, '2024-04-01 00:01Z', 'one', 2), (3, '2024-03-31 23:59Z', 'one', 1), (4, '2024-06-01 00:00Z', 'one', 1),
			(5, '2024-03-31 23:59Z', 'two', 1), (6, '2024-03-31 23:59Z', NULL, 1)) n (i, s, c, k)`,
		`INSERT INTO contact_identities SELECT id, external_id, started_at, 0, '' FROM contacts`)
	store, _ := newStore(t, database.Pool)
	at := func(id int64, start, conversation string) report.Conversation {
		moment, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		return report.Conversation{Key: contact.Key{ID: id, StartedAt: moment}, ConversationID: conversation}
	}
	first, far, other := at(1, "2024-03-31T23:59:00Z", "one"), at(4, "2024-06-01T00:00:00Z", "one"), at(5, "2024-03-31T23:59:00Z", "two")
	restricted := contact.Unlimited
	restricted.Reach = contact.Reach{Campaigns: []int64{1}}
	for name, one := range map[string]struct {
		viewer contact.Viewer
		want   string
	}{
		"all":     {contact.Unlimited, "[1 3 2] [4] [5]"},
		"reach":   {restricted, "[1 3] [4] [5]"},
		"nothing": {contact.Viewer{}, "[] [] []"},
	} {
		found, err := store.For(one.viewer).Conversations(t.Context(), []report.Conversation{first, far, other}, 0)
		if err != nil {
			t.Fatal(err)
		}
		ids := func(of report.Conversation) []int64 {
			var ids []int64
			for _, c := range found[of] {
				ids = append(ids, c.ID)
			}
			return ids
		}
		if got := fmt.Sprint(ids(first), ids(far), ids(other)); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}

// TestUnfinished_IsWhatRangOverTwelveHoursAgo asks for it by pages and counts, whatever else is asked for.
func TestUnfinished_IsWhatRangOverTwelveHoursAgo(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	_, things := newStore(t, database.Pool)
	now := time.Date(2024, 3, 10, 20, 0, 0, 0, time.UTC)
	store := report.NewStore(database.Pool.DB, things, relay.NewSigner(make([]byte, 32)), report.Config{Zone: time.UTC, Now: func() time.Time { return now }})
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-02-01', '2024-03-01')`,
		`INSERT INTO contacts (id, started_at, type, status, external_id)
		SELECT i, s::timestamptz, t::contact_type, u::contact_status, 'x' || i FROM (VALUES
			(1, '2024-03-10 08:00:00Z', 'OUTBOUND_CALL', 'RINGING'), (2, '2024-03-10 07:59:59.999999Z', 'OUTBOUND_CALL', 'RINGING'),
			(3, '2024-03-10 07:00Z', 'OUTBOUND_CALL', 'ANSWERED'), (4, '2024-02-10 07:00Z', 'INBOUND_CALL', 'RINGING'),
			(5, '2024-03-10 12:00Z', 'INBOUND_CALL', 'RINGING'), (6, '2024-02-10 07:00Z', 'OUTBOUND_SMS', 'PENDING')) n (i, s, t, u)`,
		`INSERT INTO contact_identities SELECT id, external_id, started_at, 0, '' FROM contacts`)
	yes, no, from := true, false, "07:30"
	today := contact.Period{Range: &contact.Range{From: "2024-03-10", To: "2024-03-10"}}
	tomorrow := contact.Period{Range: &contact.Range{From: "2024-03-11", To: "2024-03-12"}}
	for name, one := range map[string]struct {
		filter contact.Filter
		want   []int64
	}{
		"all":               {contact.Filter{Unfinished: &yes}, []int64{2, 4}},
		"false":             {contact.Filter{Unfinished: &no, Period: today}, []int64{5, 1, 2, 3}},
		"of a type":         {contact.Filter{Unfinished: &yes, Types: []contact.Type{contact.InboundCall, contact.Chat}}, []int64{4}},
		"of a status":       {contact.Filter{Unfinished: &yes, Statuses: []contact.Status{contact.Ringing, contact.Busy}}, []int64{2, 4}},
		"of another status": {contact.Filter{Unfinished: &yes, Statuses: []contact.Status{contact.Answered}}, nil},
		"by hours":          {contact.Filter{Unfinished: &yes, Hours: &contact.Hours{From: &from}}, []int64{2}},
		"in the future":     {contact.Filter{Unfinished: &yes, Period: tomorrow}, nil},
	} {
		if one.filter.Period.Range == nil {
			one.filter.Period.Range = &contact.Range{From: "2024-02-01", To: "2024-03-31"}
		}
		for _, order := range []contact.Order{contact.NewestFirst, {Field: contact.OrderByTalkTime, Direction: contact.Descending}} {
			reader := store.For(contact.Unlimited)
			page, err := reader.List(t.Context(), report.ListQuery{Filter: one.filter, Order: order, Columns: contact.ColumnStatus})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			var got []int64
			for _, c := range page.Nodes() {
				got = append(got, c.ID)
				if should := one.filter.Unfinished == &yes; should && !reader.Unfinished(c) {
					t.Errorf("%s: %d is not shown as unfinished", name, c.ID)
				}
			}
			want := slices.Clone(one.want)
			if order.Field == contact.OrderByTalkTime {
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, by %s: %v, want %v", name, order.Field, got, want)
			}
			if n, err := page.TotalCount(t.Context()); err != nil || n != len(one.want) {
				t.Errorf("%s: %d are counted, %v", name, n, err)
			}
		}
	}
}
