package sample

import (
	"testing"
	"time"
)

func BenchmarkHour(b *testing.B) {
	g := large()
	made := 0
	for i := 0; b.Loop(); i++ {
		made += len(g.Hour(i % g.Hours()))
	}
	b.ReportMetric(float64(made)/b.Elapsed().Seconds(), "contacts/s")
}

func BenchmarkHourAsRows(b *testing.B) {
	g := large()
	n := &numbering{contactDigits: len(g.id("", 0, 0)) - 1, recordDigits: len(g.id("R", 0, 0)) - 1}
	made := 0
	for i := 0; b.Loop(); i++ {
		contacts := g.Hour(i % g.Hours())
		r := newRows(len(contacts))
		for j := range contacts {
			r.add(n, &contacts[j])
		}
		made += len(contacts)
	}
	b.ReportMetric(float64(made)/b.Elapsed().Seconds(), "contacts/s")
}

func large() *Generator {
	return New(Config{Contacts: 10_000_000, Months: 12, Seed: 1, Until: time.Date(2026, time.November, 18, 13, 20, 0, 0, time.UTC)})
}
