package ingest_test

import (
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/sample"
)

func FuzzIsNormalizedAgreesWithTheOneFunction(f *testing.F) {
	for _, seed := range []string{"+48501723894", "+4850172389a", "jan.nowak7@example.org", "Jan@example.org", "@", "a@", "@b", "a@b@c", "201", "+a@b", "", "...@..."} {
		f.Add(seed)
	}
	g := sample.New(sample.Options{Contacts: 300, Months: 1, Seed: 3, Until: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)})
	for c := range g.Contacts() {
		if c.SourceAddress != nil {
			f.Add(*c.SourceAddress)
		}
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !ingest.IsNormalized(address) {
			return
		}
		if key, err := contact.NormalizeAddress(address); err != nil || key != address {
			t.Errorf("%q is taken for normalised, but it is %q (%v)", address, key, err)
		}
	})
}

func TestNearlyAllAddressesTakeTheShortWay(t *testing.T) {
	t.Parallel()
	g := sample.New(sample.Options{Contacts: 10_000, Months: 1, Seed: 3, Until: time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)})
	short, all := 0, 0
	for c := range g.Contacts() {
		for _, address := range []*string{c.SourceAddress, c.DestinationAddress} {
			if address != nil {
				all++
				if ingest.IsNormalized(*address) {
					short++
				}
			}
		}
	}
	if 10*short < 9*all {
		t.Errorf("%d of %d", short, all)
	}
}
