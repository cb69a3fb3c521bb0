package pgtest_test

import (
	"os"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestNew_DatabasesAreMigratedAndApart(t *testing.T) {
	t.Parallel()
	first, second := pgtest.New(t), pgtest.New(t)
	ctx := t.Context()
	if _, err := first.Pool.Exec(ctx, "INSERT INTO campaigns (external_id, name) VALUES ('c', 'C')"); err != nil {
		t.Fatal(err)
	}
	for database, want := range map[*pgtest.Database]int{first: 1, second: 0} {
		var got int
		if err := database.Pool.QueryRow(ctx, "SELECT count(*) FROM campaigns").Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%d campaigns, want %d", got, want)
		}
	}
}

func TestNew_DatabaseIsGoneAfterItsTest(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("inner", func(t *testing.T) { url = pgtest.New(t).URL })
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		_ = conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
}

func TestRecorder_SeesEveryStatementOfItsPoolAndNoOther(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pool, recorder := database.Recorded(t)
	ctx := t.Context()
	if got := recorder.SQL(); len(got) != 0 {
		t.Fatalf("opening the pool recorded %q", got)
	}
	var n int
	if err := pool.DB.NewSelect().ColumnExpr("? + 1", 41).Scan(ctx, &n); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(ctx, "SELECT $1::int", 7).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.CopyFrom(ctx, pgx.Identifier{"campaigns"}, []string{"external_id", "name"}, pgx.CopyFromRows([][]any{{"a", "A"}})); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Pool.Exec(ctx, "SELECT 'elsewhere'"); err != nil {
		t.Fatal(err)
	}
	want := []string{"SELECT 41 + 1", "SELECT $1::int", `COPY "campaigns" (external_id, name)`}
	if got := recorder.SQL(); !slices.Equal(got, want) {
		t.Fatalf("recorded %q, want %q", got, want)
	}
	if args := recorder.Statements()[1].Args; len(args) != 1 || args[0] != 7 {
		t.Errorf("the arguments are %v, want [7]", args)
	}
	recorder.Reset()
	if got := recorder.SQL(); len(got) != 0 {
		t.Errorf("after Reset there is %q", got)
	}
}
