package fill_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest/fill"
	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestAddresses_GivesWhatWasStoredBeforeItsKeys(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	exec := func(statement string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	count := func(where string) (n int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM "+where).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	exec(`SELECT ensure_contact_partitions('2024-01-01', '2024-03-01')`)
	exec(`INSERT INTO contacts (id, started_at, type, status, external_id, source_address, source_key, destination_address, destination_key, cc_addresses, bcc_addresses)
		SELECT i, '2024-01-15Z'::timestamptz + i * interval '10 minutes', 'INBOUND_EMAIL', 'ANSWERED', 'c' || i,
			(ARRAY['InPost', '501 723 894', '', '<unknown>', 'sip:101@pbx'])[1 + i % 5], CASE i % 5 WHEN 1 THEN '+48501723894' WHEN 4 THEN 'sip:101@pbx' END,
			'a@example.com, Ewa <b@example.com>', NULL, '{kopia@example.com,B@example.com}', '{ukryty@example.com,kopia@example.com}'
		FROM generate_series(0, 7999) i`)
	exec(`INSERT INTO address_fill (contact_started_at, contact_id) VALUES ('1900-01-01Z', 0)`)

	// A batch ends with its month: of January there are 17 days, one every ten minutes.
	const january = 17 * 144
	stop := errors.New("killed")
	filled, err := fill.Addresses(t.Context(), pool, func(time.Duration) error { return stop })
	if !errors.Is(err, stop) || filled != january || count("contacts WHERE destination_key IS NULL") != 8000-january {
		t.Fatalf("after the first batch %d are filled (%v), %d are left", filled, err, count("contacts WHERE destination_key IS NULL"))
	}
	filled, err = fill.Addresses(t.Context(), pool, func(time.Duration) error { return nil })
	if err != nil || filled != 8000-january {
		t.Fatalf("afterwards %d are filled (%v), want %d", filled, err, 8000-january)
	}
	for where, want := range map[string]int{
		"address_fill": 0,
		"contacts WHERE source_key = 'inpost' AND source_address = 'InPost'":                           1600,
		"contacts WHERE source_key = '+48501723894'":                                                   1600,
		"contacts WHERE source_key IS NULL AND source_address IS NULL":                                 1600,
		"contacts WHERE source_key = 'anonymous' AND source_address = '<unknown>'":                     1600,
		"contacts WHERE source_key = '101'":                                                            1600,
		"contacts WHERE destination_key = 'a@example.com' AND to_addresses[2] = 'Ewa <b@example.com>'": 8000,
		"contact_addresses WHERE key = 'b@example.com' AND role = 'TO'":                                8000,
		"contact_addresses WHERE key = 'kopia@example.com' AND role = 'CC'":                            8000,
		"contact_addresses WHERE key = 'ukryty@example.com' AND role = 'BCC'":                          8000,
		"contact_addresses": 24_000,
	} {
		if got := count(where); got != want {
			t.Errorf("%s: %d, want %d", where, got, want)
		}
	}
	if filled, err := fill.Addresses(t.Context(), pool, nil); filled != 0 || err != nil {
		t.Errorf("once more %d are filled (%v)", filled, err)
	}
}
