package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMeter_AddsUpTheStatementsOfItsContext(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{Metered: true})
	mine, other := new(postgres.Meter), new(postgres.Meter)
	ctx := postgres.WithMeter(t.Context(), mine)
	for range 2 {
		if _, err := pool.DB.ExecContext(ctx, "SELECT pg_sleep(0.05)"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), "SELECT pg_sleep(0.05)"); err != nil {
		t.Fatal(err)
	}
	ended := mine.Spent()
	if ended < 100*time.Millisecond || ended != mine.Spent() || other.Spent() != 0 {
		t.Errorf("spent %s, then %s; another %s", ended, mine.Spent(), other.Spent())
	}
	// A statement that runs still, or is cut off, has been paid for.
	cut, cancel := context.WithTimeout(postgres.WithMeter(t.Context(), other), 100*time.Millisecond)
	defer cancel()
	if _, err := pool.Exec(cut, "SELECT pg_sleep(60)"); err == nil {
		t.Error("a minute is over")
	}
	if spent := other.Spent(); spent < 90*time.Millisecond || spent > 30*time.Second {
		t.Errorf("%s were spent until the end", spent)
	}
}
