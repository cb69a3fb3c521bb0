package ingest_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/sample"
)

// sampleContacts is how many contacts there are in sampleFile.
const sampleContacts = 20_000

// sampleFile is a file of invented contacts, as the benchmark of the whole imports it.
var sampleFile = sync.OnceValue(func() []byte {
	var file bytes.Buffer
	until := time.Date(2026, time.September, 30, 18, 0, 0, 0, time.UTC)
	if _, err := sample.New(sample.Config{Contacts: sampleContacts, Months: 3, Seed: 77, Until: until}).WriteTo(&file); err != nil {
		panic(err)
	}
	return file.Bytes()
})

// BenchmarkRead measures what is done with lines before the database is asked: decode, check, hash, normalise.
func BenchmarkRead(b *testing.B) {
	file := sampleFile()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		ingest.ReadAll(b, file)
	}
	b.ReportMetric(float64(b.N)*sampleContacts/b.Elapsed().Seconds(), "contacts/s")
}

// BenchmarkLand measures what is done with a chunk that was read: what it holds is merged into an empty database. The
// partitions and the connection are there.
func BenchmarkLand(b *testing.B) {
	chunks := ingest.ReadAll(b, sampleFile())
	for b.Loop() {
		b.StopTimer()
		db := pgtest.New(b)
		pool := db.Open(b, postgres.Config{PreparedStatements: true})
		if _, err := pool.Exec(b.Context(), "SELECT ensure_contact_partitions('2026-06-01', '2026-10-31')"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		ingest.LandAll(b, pool, chunks)
		b.StopTimer()
		pool.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N)*sampleContacts/b.Elapsed().Seconds(), "contacts/s")
}
