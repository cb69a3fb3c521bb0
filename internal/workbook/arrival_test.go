package workbook

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// What arrives while files are made comes in numbered steps, one after another. A file that holds the contact of step
// n must hold exactly what all steps up to n made, and nothing of any later one.
const (
	arrivalsPerStep = 25
	changesPerStep  = 25
	stepInterval    = 50 * time.Millisecond // a thousand contacts a second
	contactsBefore  = 6_000
)

func TestReport_EqualsItsSnapshotWhileContactsArriveAndChange(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, contactsBefore)
	s.exec(t, `UPDATE contacts SET ring_time = 0, record_id = NULL, status = 'RINGING'`)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	begun := time.Now()
	steps := 0
	go func() {
		ticker := time.NewTicker(stepInterval)
		defer ticker.Stop()
		for {
			if err := s.arrive(context.WithoutCancel(ctx), steps+1); err != nil {
				ended <- err
				return
			}
			steps++
			select {
			case <-ctx.Done():
				ended <- nil
				return
			case <-ticker.C:
			}
		}
	}()
	var files [][]byte
	for n := range 3 {
		files = append(files, s.written(t, workbooktest.March(), Kinds[n%2], fault.Polish))
	}
	stop()
	must(t, <-ended)
	rate := float64(steps*(arrivalsPerStep+changesPerStep)) / time.Since(begun).Seconds()
	t.Logf("%d steps, %.0f contacts a second arrived or changed", steps, rate)

	different := map[int]bool{}
	for n, content := range files {
		rings := map[string]int{}
		last := 0
		for _, line := range workbooktest.Lines(t, content) {
			id := line["ID połączenia"].Text
			rings[id] = line["Czas wydzwaniania"].Seconds()
			var step, i int
			if _, err := fmt.Sscanf(id, "new %d/%d", &step, &i); err == nil {
				last = max(last, step)
			}
		}
		different[last] = true
		equal(t, fmt.Sprintf("file %d: contacts", n), len(rings), contactsBefore+last*arrivalsPerStep)
		for i := range contactsBefore {
			if got, want := rings[fmt.Sprintf("00%d", i)], lastChange(i, last); got != want {
				t.Fatalf("file %d shows contact %d as of step %d, the others as of step %d", n, i, got, last)
			}
		}
	}
	if len(different) < 2 || steps < 5 {
		t.Errorf("%d steps and %d different snapshots: the test says little", steps, len(different))
	}
}

// arrive is one step: some new contacts, and some old ones that change.
func (s *site) arrive(ctx context.Context, step int) error {
	return pgx.BeginFunc(ctx, s.pool.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO contacts (id, started_at, type, status, external_id)
			SELECT 1000000 + $1 * $2 + i, timestamptz '2024-03-02 00:00Z' + ($1 * 7919 + i) % 2400000 * interval '1 s', $3, 'ANSWERED', 'new ' || $1 || '/' || i
			FROM generate_series(1, $2) i`, step, arrivalsPerStep, string(contact.OutboundCall)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE contacts SET ring_time = $1, status = 'ANSWERED' WHERE (started_at, id) IN (
			SELECT timestamptz '2024-02-29 23:00Z' + i * (interval '30 days 22 hours' / $3::int), i
			FROM (SELECT ($1 * $2 + n) % $3 FROM generate_series(0, $2 - 1) n) changed (i))`, step, changesPerStep, contactsBefore)
		return err
	})
}

// lastChange is the latest step, up to one, that changed a contact; 0 for none.
func lastChange(id, upTo int) int {
	for step := upTo; step > 0; step-- {
		first := step * changesPerStep % contactsBefore
		if offset := (id - first + contactsBefore) % contactsBefore; offset < changesPerStep {
			return step
		}
	}
	return 0
}
