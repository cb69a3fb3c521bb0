package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestModel_NamesColumnsThatTheDatabaseHas(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, table := range []model{contactModel, recordModel, stepModel} {
		for _, column := range table.Columns {
			var found bool
			err := database.Pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM information_schema.columns
				WHERE table_name = $1 AND column_name = $2)`, table.Name, column.Name).Scan(&found)
			if err != nil || !found {
				t.Errorf("the field %s is the column %s of %s, which the database does not have (%v)", column.Field.Name, column.Name, table.Name, err)
			}
		}
	}
}

func TestModel_StopsAtTheStartForAFieldThatNothingReads(t *testing.T) {
	t.Parallel()
	type unread struct {
		bun.BaseModel `bun:"table:contacts,alias:c"`

		ID    int64      `bun:"id,pk"`
		Score complex128 `bun:"score"`
	}
	type unnamed struct {
		bun.BaseModel `bun:"table:contacts,alias:c"`

		ID    int64 `bun:"id,pk"`
		Score int64
	}
	for want, read := range map[string]func() model{"the column score of contacts": modelOf[unread], "unnamed.Score": modelOf[unnamed]} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("%q, want a panic about %q", got, want)
				}
			}()
			read()
		}()
	}
}
