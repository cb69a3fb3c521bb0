package ingest_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/klauspost/compress/gzip"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// copied are the tables that a month of calls fills, with the columns that can be written.
var copied = []struct{ table, columns string }{
	{"records", "id, external_id, significant_name, significant_value"},
	{"contact_identities", "contact_id, external_id, started_at, revision, content_hash"},
	{"contacts", `id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id, classifier_id, site_call_id,
		record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id, site_call_order_id, source_address, source_key,
		destination_address, destination_key, cc_addresses, bcc_addresses`},
	{"ivr_steps", "contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice"},
	{"contact_details", "contact_started_at, contact_id, content"},
}

// BenchmarkImport measures an import from the gzip file to the last vacuum, and what a plain COPY of the same rows
// through the same indexes takes in the same minute: "ratio" is the import's rate by the COPY's.
func BenchmarkImport(b *testing.B) {
	zipped, err := io.ReadAll(bankFile(b, "bank-february.ndjson.gz"))
	if err != nil {
		b.Fatal(err)
	}
	source := pgtest.New(b)
	if _, err := ingest.Import(b.Context(), source.Pool, bytes.NewReader(zipped), ingest.Config{}); err != nil {
		b.Fatal(err)
	}
	rows := make([]bytes.Buffer, len(copied))
	for i, c := range copied {
		query := "COPY (SELECT " + c.columns + " FROM " + c.table + ") TO STDOUT (FORMAT binary)"
		withConn(b, source.Pool, func(conn *pgconn.PgConn) {
			if _, err := conn.CopyTo(b.Context(), &rows[i], query); err != nil {
				b.Fatal(err)
			}
		})
	}
	var imported, copying time.Duration
	contacts := 0
	for b.Loop() {
		b.StopTimer()
		db := pgtest.New(b)
		pool := db.Open(b, postgres.Config{PreparedStatements: true})
		b.StartTimer()
		begun := time.Now()
		result, err := ingest.Import(b.Context(), pool, bytes.NewReader(zipped), ingest.Config{})
		if err != nil {
			b.Fatal(err)
		}
		imported += time.Since(begun)
		contacts += result.Recorded
		b.StopTimer()
		copying += copyPlainly(b, rows)
		b.StartTimer()
	}
	b.ReportMetric(float64(contacts)/imported.Seconds(), "contacts/s")
	b.ReportMetric(float64(contacts)/copying.Seconds(), "copied/s")
	b.ReportMetric(copying.Seconds()/imported.Seconds(), "ratio")
}

// BenchmarkImportLogged measures what the log of changes costs an import: "ratio" is its rate by that of one that leaves it out.
func BenchmarkImportLogged(b *testing.B) {
	file := sampleFile()
	var took [2]time.Duration
	for b.Loop() {
		for i, config := range []ingest.Config{{}, {NoFeed: true}} {
			db := pgtest.New(b)
			pool := db.Open(b, postgres.Config{PreparedStatements: true})
			begun := time.Now()
			if _, err := ingest.Import(b.Context(), pool, bytes.NewReader(file), config); err != nil {
				b.Fatal(err)
			}
			took[i] += time.Since(begun)
			pool.Close()
		}
	}
	b.ReportMetric(float64(b.N)*sampleContacts/took[0].Seconds(), "contacts/s")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "ratio")
}

func withConn(b *testing.B, pool *postgres.Pool, use func(*pgconn.PgConn)) {
	conn, err := pool.Acquire(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	use(conn.Conn().PgConn())
}

func copyPlainly(b *testing.B, rows []bytes.Buffer) time.Duration {
	db := pgtest.New(b)
	var took time.Duration
	withConn(b, db.Pool, func(conn *pgconn.PgConn) {
		if err := conn.Exec(b.Context(), "SELECT ensure_contact_partitions('2024-02-01', '2024-04-30')").Close(); err != nil {
			b.Fatal(err)
		}
		begun := time.Now()
		for i, c := range copied {
			if _, err := conn.CopyFrom(b.Context(), bytes.NewReader(rows[i].Bytes()), "COPY "+c.table+" ("+c.columns+") FROM STDIN (FORMAT binary)"); err != nil {
				b.Fatal(err)
			}
		}
		took = time.Since(begun)
	})
	return took
}

// BenchmarkImportUnchanged measures an import of what is there already.
func BenchmarkImportUnchanged(b *testing.B) {
	zipped, err := io.ReadAll(bankFile(b, "bank-february.ndjson.gz"))
	if err != nil {
		b.Fatal(err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		b.Fatal(err)
	}
	plain, err := io.ReadAll(unzipped)
	if err != nil {
		b.Fatal(err)
	}
	pool := pgtest.New(b).Open(b, postgres.Config{PreparedStatements: true})
	run := func() ingest.Result {
		result, err := ingest.Import(b.Context(), pool, bytes.NewReader(plain), ingest.Config{})
		if err != nil {
			b.Fatal(err)
		}
		return result
	}
	run()
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if result := run(); result.Unchanged == 0 || result.Recorded+result.Replaced > 0 {
			b.Fatalf("%+v", result)
		}
	}
}
