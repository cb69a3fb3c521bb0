package export

import (
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

// BenchmarkFile makes files of 100,000 contacts from a real database:
//
//	go test -run '^$' -bench . -benchtime 3x ./internal/export
//
// peak-MiB is the most heap in use at any of the moments when progress was told.
func BenchmarkFile(b *testing.B) {
	s := newSite(b, WorkerSettings{})
	const contacts = 100_000
	s.fill(b, contacts)
	s.exec(b, `ANALYZE contacts, ivr_steps, records`)
	for _, kind := range Kinds {
		b.Run(string(kind), func(b *testing.B) {
			download := s.order(b, march(), kind, fault.Polish)
			var peak uint64
			for b.Loop() {
				report := &report{store: s.store, directory: s.directory, download: download, accept: func(int) error { return nil }, step: func(string) {}, progress: func(int, int, int) {
					var memory runtime.MemStats
					runtime.ReadMemStats(&memory)
					peak = max(peak, memory.HeapInuse)
				}}
				result, err := report.write(b.Context(), io.Discard)
				must(b, err)
				equal(b, "contacts", result.contacts, contacts)
			}
			b.ReportMetric(float64(contacts*b.N)/b.Elapsed().Round(time.Millisecond).Seconds(), "contacts/s")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		})
	}
}
