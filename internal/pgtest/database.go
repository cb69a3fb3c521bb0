package pgtest

import (
	"context"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
)

// Database is a database that one test has to itself.
type Database struct {
	// URL is how to connect to it.
	URL string
	// Pool may do everything; it is closed when the test ends.
	Pool *postgres.Pool
}

// New makes a migrated database that is dropped when the test ends. Tests may run in parallel.
func New(t testing.TB) *Database {
	t.Helper()
	return newDatabase(t, true)
}

// NewEmpty makes a database without a schema, for tests of the migrations.
func NewEmpty(t testing.TB) *Database {
	t.Helper()
	return newDatabase(t, false)
}

func newDatabase(t testing.TB, migrated bool) *Database {
	t.Helper()
	// Not the test's own context: the server outlives the test that happens to start it.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := process.start(ctx); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name, err := process.create(ctx, migrated)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // a century of months is 20,000 files
		defer cancel()
		if err := process.drop(ctx, name); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	d := &Database{URL: withDatabase(process.url, name)}
	d.Pool = d.Open(t, postgres.Config{})
	return d
}

// Open makes another pool on the database, closed when the test ends; the configuration's URL need not be set.
func (d *Database) Open(t testing.TB, config postgres.Config) *postgres.Pool {
	t.Helper()
	config.URL = d.URL
	pool, err := postgres.Open(context.Background(), config)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Recorded makes a pool whose statements are recorded.
func (d *Database) Recorded(t testing.TB) (*postgres.Pool, *Recorder) {
	t.Helper()
	recorder := new(Recorder)
	return d.Open(t, postgres.Config{Tracer: recorder}), recorder
}
