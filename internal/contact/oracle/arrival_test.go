package oracle

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// TestWalkSeesEachRowOnceWhateverArrives adds contacts between the pages of a walk.
func TestWalkSeesEachRowOnceWhateverArrives(t *testing.T) {
	t.Parallel()
	w := generate(*seed, 1_000)
	l := laws{newExaminer(t, w)}
	arriving := 0
	for i, order := range []contact.Order{
		contact.NewestFirst, {Field: contact.OrderByTalkTime, Direction: contact.Ascending}, {Field: contact.OrderByRingTime, Direction: contact.Descending},
	} {
		q := lawQuestion("2024-03-01", "2024-05-31", "Europe/Warsaw")
		q.Order = order
		before := l.walked(t, q, 200, false)
		there := map[int64]bool{}
		for _, id := range before {
			there[id] = true
		}
		var seen []int64
		size := 23 + i
		args := relay.PageArgs{First: &size}
		for more := true; more; {
			connection, err := l.list(t.Context(), q, args, 0)
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, nodeIDs(connection)...)
			args.After, more = connection.PageInfo().EndCursor, connection.PageInfo().HasNextPage
			for range 10 {
				arriving++
				l.arrive(t, arriving)
			}
		}
		sorted := slices.Sorted(slices.Values(seen))
		if len(slices.Compact(sorted)) != len(seen) {
			t.Errorf("%v: a contact was seen twice", order)
		}
		old := slices.DeleteFunc(seen, func(id int64) bool { return !there[id] })
		if !slices.Equal(old, before) {
			t.Errorf("%v: of %d contacts %d were seen, or in another order", order, len(before), len(old))
		}
	}
}

// arrive adds a contact somewhere within the list of the walk.
func (l laws) arrive(t *testing.T, number int) {
	t.Helper()
	d := newDice(*seed, uint64(number))
	start := time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(d.IntN(85*24*60)) * time.Minute)
	_, err := l.database.Pool.Exec(t.Context(), fmt.Sprintf(`INSERT INTO contacts (id, started_at, type, status, external_id, ivr_time, ring_time)
		VALUES (%d, '%s', 'CHAT', 'ANSWERED', 'new-%d', %d, %d)`, number+1<<50, start.Format(time.RFC3339), number, d.IntN(60), d.IntN(60)))
	if err != nil {
		t.Fatal(err)
	}
}
