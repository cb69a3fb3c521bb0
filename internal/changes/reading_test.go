package changes_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/changes"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// maxBuffers is how many blocks PostgreSQL may look at for 500 changes.
const maxBuffers = 20

func TestLog_IsReadFromFewBuffersAnywhere(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	ids := make([]int64, 20_000)
	for i := range ids {
		ids[i] = int64(i)
	}
	execute(t, database.Pool, changes.LeaveNew, ids)
	number(t, database.Pool, len(ids))
	execute(t, database.Pool, "VACUUM ANALYZE contact_changes")
	for _, after := range []string{"0", "9000", "19000"} {
		rows, err := database.Pool.Query(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, TIMING off) SELECT * FROM contact_changes WHERE position > "+after+" ORDER BY position LIMIT 500")
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		found := regexp.MustCompile(`Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?`).FindStringSubmatch(plan)
		if found == nil || !strings.Contains(plan, "rows=500 loops=1") {
			t.Fatalf("nothing was measured:\n%s", plan)
		}
		hit, _ := strconv.Atoi(found[1])
		read, _ := strconv.Atoi(found[2])
		if buffers := hit + read; buffers == 0 || buffers > maxBuffers {
			t.Errorf("behind %s: %d buffers, more than %d:\n%s", after, buffers, maxBuffers, plan)
		}
	}
}
