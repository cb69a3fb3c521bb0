package workbook

import (
	"context"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
	"github.com/kontakty/kontakty/internal/xlsx"
)

// TestReport_HoldsRecordsThatThereIsNoRoomFor reads the contacts with all their records at hand from the first on,
// with those found meanwhile, and with none, in several batches.
func TestReport_HoldsRecordsThatThereIsNoRoomFor(t *testing.T) {
	t.Parallel()
	s := newSite(t, 0)
	s.fill(t, 2_500)
	reader := s.store.For(contact.Unlimited)
	criteria, err := reader.Resolve(t.Context(), workbooktest.March())
	must(t, err)
	lines := func(begin func(*reading, context.Context, func(*batch) error) error) (kept [][]xlsx.Cell) {
		must(t, reader.Snapshot(t.Context(), func(ctx context.Context, snapshot *report.Snapshot) error {
			reading := &reading{
				snapshot: snapshot, criteria: criteria, total: joinFrom, columns: Shape{Kind: Detailed}.columns(), drawn: drawCells, steps: true,
				line: line{locale: fault.Polish, zone: criteria.Zone(), names: newNames(s.directory, s.directory.Visibility(contact.Unlimited.Reach))},
			}
			return begin(reading, ctx, func(b *batch) error {
				for _, line := range b.lines {
					kept = append(kept, slices.Clone(line))
				}
				return nil
			})
		}))
		return kept
	}
	meanwhile := lines((*reading).read)
	packed := lines(func(r *reading, ctx context.Context, write func(*batch) error) (err error) {
		r.records.found = make(chan struct{})
		close(r.records.found)
		if r.records.all, err = r.snapshot.RecordsOf(ctx, criteria); err != nil {
			return err
		}
		return r.readAhead(ctx, write)
	})
	asked := lines(func(r *reading, ctx context.Context, write func(*batch) error) error {
		return r.readAhead(ctx, write)
	})
	equal(t, "lines", len(asked), len(packed))
	equal(t, "lines with records found meanwhile", len(meanwhile), len(packed))
	records := map[xlsx.Cell]bool{}
	for i := range packed {
		if !slices.Equal(meanwhile[i], packed[i]) {
			t.Fatalf("line %d is %v with its record found meanwhile, and %v with it at hand", i+1, meanwhile[i], packed[i])
		}
		if !slices.Equal(asked[i], packed[i]) {
			t.Fatalf("line %d is %v with its record asked for, and %v with it at hand", i+1, asked[i], packed[i])
		}
		records[packed[i][14]] = true
	}
	equal(t, "records, and none", len(records), 33)
}
