package plan

import (
	"os"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestCriterion_HasTheIndexThatItsLineSays compares the table of criteria with the indexes of the database.
func TestCriterion_HasTheIndexThatItsLineSays(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	rows, err := database.Pool.Query(t.Context(), `
		SELECT array_agg(a.attname::text ORDER BY k.place)
		FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (attnum, place), pg_attribute a
		WHERE i.indrelid = 'contacts'::regclass AND a.attrelid = i.indrelid AND a.attnum = k.attnum
		GROUP BY i.indexrelid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var indexes [][]string
	for rows.Next() {
		var columns []string
		if err := rows.Scan(&columns); err != nil {
			t.Fatal(err)
		}
		indexes = append(indexes, columns)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	has := func(want ...string) bool {
		return slices.ContainsFunc(indexes, func(columns []string) bool { return slices.Equal(columns, want) })
	}
	for _, one := range Criteria {
		want := slices.Concat([]string{one.column, "started_at", "id"}, one.index.columns)
		switch {
		case one.index == identities:
			continue
		case one.index.byValue:
			want = []string{one.column, "id", "started_at"}
		case one.index == kindIndex:
			want = []string{"type", "status", "started_at", "id"}
		}
		if !has(want...) {
			t.Errorf("no index of contacts is on %v, as the line of %s says; there are %v", want, one, indexes)
		}
	}
	if want := slices.Concat([]string{"started_at", "id"}, startIndex.columns); !has(want...) {
		t.Errorf("no index of contacts is on %v; there are %v", want, indexes)
	}
}
