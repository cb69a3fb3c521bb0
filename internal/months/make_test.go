package months_test

import (
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// PostgreSQL may remember that a table is not there from before the wait for whoever made it.
func TestTables_AreMadeOnceHoweverManyWriteFirst(t *testing.T) {
	t.Parallel()
	const writers = 8
	pool := pgtest.New(t).Open(t, postgres.Config{MaxConns: writers})
	for _, function := range []string{"ensure_contact_partitions", "ensure_telephony_partitions"} {
		for i := range 24 {
			start := time.Date(2030, time.January+time.Month(i), 10, 0, 0, 0, 0, time.UTC)
			var together errgroup.Group
			for range writers {
				together.Go(func() error {
					_, err := pool.Exec(t.Context(), "SELECT "+function+"($1, $1)", start)
					return err
				})
			}
			if err := together.Wait(); err != nil {
				t.Fatalf("%s of %s: %v", function, start.Format("2006-01"), err)
			}
		}
	}
}
