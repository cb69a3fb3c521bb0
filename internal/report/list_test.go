package report_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/report"
)

// meeting holds the page back until the count has begun.
type meeting struct {
	once    sync.Once
	counted chan struct{}
	late    bool
}

func (m *meeting) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	switch {
	case strings.Contains(data.SQL, "count(*)"):
		m.once.Do(func() { close(m.counted) })
	case strings.Contains(data.SQL, "FROM contacts"):
		select {
		case <-m.counted:
		case <-time.After(10 * time.Second):
			m.late = true
		}
	}
	return ctx
}

func (m *meeting) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestReader_CountsBesideThePageWhatIsSureToBeAskedFor(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, `SELECT ensure_contact_partitions('2024-03-01', '2024-03-01')`)
	run(t, database.Pool, `INSERT INTO contacts (id, started_at, type, status, external_id)
		SELECT i, '2024-03-01 12:00Z', 'CHAT', 'ANSWERED', i FROM generate_series(1, 3) i`)
	meeting := &meeting{counted: make(chan struct{})}
	store, _ := newStore(t, database.Open(t, postgres.Config{Tracer: meeting}))

	page, err := store.For(contact.Unlimited).List(t.Context(), report.ListQuery{
		Filter:  contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-01"}}},
		Order:   contact.NewestFirst,
		Counted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if meeting.late {
		t.Error("the page was read and nobody counted beside it")
	}
	for range 2 {
		if n, err := page.TotalCount(t.Context()); n != 3 || err != nil {
			t.Errorf("counted %d, %v; want 3", n, err)
		}
	}
}
