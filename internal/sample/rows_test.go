package sample

import (
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

func FuzzIsNormalizedAgreesWithTheOneFunction(f *testing.F) {
	for _, seed := range []string{"+48501723894", "+4850172389a", "jan.nowak7@example.org", "Jan@example.org", "@", "a@", "@b", "a@b@c", "201", "+a@b", "", "...@..."} {
		f.Add(seed)
	}
	g := New(Options{Contacts: 300, Months: 1, Seed: 3, Until: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)})
	for c := range g.Contacts() {
		if c.SourceAddress != nil {
			f.Add(*c.SourceAddress)
		}
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !isNormalized(address) {
			return
		}
		if key, err := contact.NormalizeAddress(address); err != nil || key != address {
			t.Errorf("%q is taken for normalised, but it is %q (%v)", address, key, err)
		}
	})
}

func TestNearlyAllAddressesTakeTheShortWay(t *testing.T) {
	t.Parallel()
	g := New(Options{Contacts: 10_000, Months: 1, Seed: 3, Until: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)})
	short, all := 0, 0
	for c := range g.Contacts() {
		for _, address := range []*string{c.SourceAddress, c.DestinationAddress} {
			if address != nil {
				all++
				if isNormalized(*address) {
					short++
				}
			}
		}
	}
	if 10*short < 9*all {
		t.Errorf("%d of %d", short, all)
	}
}

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
			if err := r.add(n, &contacts[j]); err != nil {
				b.Fatal(err)
			}
		}
		made += len(contacts)
	}
	b.ReportMetric(float64(made)/b.Elapsed().Seconds(), "contacts/s")
}

func large() *Generator {
	return New(Options{Contacts: 10_000_000, Months: 12, Seed: 1, Until: time.Date(2026, time.November, 18, 13, 20, 0, 0, time.UTC)})
}
