package pgtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestPair_StandbyHasWhatTheKilledPrimaryAcknowledged(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	execute(t, pair.Primary.URL(), "CREATE TABLE kept (i int)", "INSERT INTO kept VALUES (1)")
	pair.Primary.Kill()
	if _, err := pgx.Connect(t.Context(), pair.Primary.URL()); err == nil {
		t.Error("the killed primary takes connections")
	}
	pair.Standby.Promote()
	execute(t, pair.URL("target_session_attrs=primary"), "INSERT INTO kept SELECT i + 1 FROM kept")
	if got := execute(t, pair.Standby.URL(), "SELECT FROM kept"); got != 2 {
		t.Errorf("%d rows are kept, want 2", got)
	}
}

func TestPair_FrozenServerTakesConnectionsAndSaysNothing(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	pair.Standby.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := pgx.Connect(ctx, pair.Standby.URL()); err == nil || ctx.Err() == nil {
		t.Errorf("connecting gives %v, want that it takes for ever", err)
	}
}

// execute executes statements one after the other, and says how many rows the last one was about.
func execute(t *testing.T, url string, statements ...string) (rows int64) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, statement := range statements {
		tag, err := conn.Exec(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		rows = tag.RowsAffected()
	}
	return rows
}
