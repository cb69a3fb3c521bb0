package report

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// BenchmarkFilterToSQL checks a filter and writes the statement of its page.
func BenchmarkFilterToSQL(b *testing.B) {
	store := goldenStore(b)
	quarter := contact.Period{Range: &contact.Range{From: "2024-01-01", To: "2024-03-31"}}
	for name, filter := range map[string]contact.Filter{
		"campaign":     {Period: quarter, CampaignIDs: nodeIDs(relay.CampaignKind, 1)},
		"combination":  {Period: quarter, CampaignIDs: nodeIDs(relay.CampaignKind, 1, 2), AgentIDs: nodeIDs(relay.AgentKind, 1, 2), Statuses: []contact.Status{contact.Busy}},
		"two_minutes":  {Period: quarter, Hours: hours("03:00", "03:02")},
		"two_statuses": {Period: quarter, Statuses: []contact.Status{contact.Busy, contact.Failed}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				criteria, err := store.For(contact.Unlimited).Resolve(b.Context(), filter)
				if err != nil {
					b.Fatal(err)
				}
				scan := plan.Scan{Order: contact.NewestFirst, Descending: true, Limit: relay.PageSize + 1}
				if criteria.query().Page(scan, contact.AllColumns).SQL == "" {
					b.Fatal("there is no statement")
				}
			}
		})
	}
}

// BenchmarkCursor makes the cursor of a row and opens it.
func BenchmarkCursor(b *testing.B) {
	reader := goldenStore(b).For(contact.Unlimited)
	c := &contact.Contact{ID: 4711, StartedAt: time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC)}
	b.ReportAllocs()
	for b.Loop() {
		cursor := reader.sealCursor(relay.Scope{}, calendar.Days{}, contact.NewestFirst, c)
		mark, err := reader.openCursor(relay.Window{Cursor: &cursor})
		if err != nil || mark.position.ID != c.ID {
			b.Fatalf("%+v, %v", mark, err)
		}
	}
}

// BenchmarkRows reads rows of all columns from the bytes that PostgreSQL sent.
func BenchmarkRows(b *testing.B) {
	long := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
	short := func(n int32) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	none := make([]byte, 12)
	row := [][]byte{
		long(4711), long(763_000_000_000_000), []byte("1-00004711"), []byte(contact.CampaignInboundCall), []byte(contact.Answered), []byte(contact.HangupCustomer),
		[]byte(contact.RecordingDetails), short(1), short(2), short(3), short(4), nil, long(99), short(31), nil, short(180), short(211),
		[]byte("1-T000042"), nil, []byte("+48501723894"), []byte("+48221000101"), none, none, none,
		nil, []byte("7f3a"), short(12), short(30),
	}
	rows := newContactRows(contact.AllColumns, streamBatch)
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		if read%streamBatch == 0 {
			rows.begin()
		}
		if err := rows.row(row); err != nil {
			b.Fatal(err)
		}
		read++
	}
	if c := rows.list[0]; c.ExternalID != "1-00004711" || *c.TalkTime != 211 || *c.DestinationAddress != "+48221000101" {
		b.Fatalf("%+v", c)
	}
}
