package oracle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// TestWalk_SeesEachRowOnceWhateverArrives adds contacts between the pages of a walk.
func TestWalk_SeesEachRowOnceWhateverArrives(t *testing.T) {
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

// TestSnapshot_StaysAtItsMoment adds contacts between the readings of a snapshot, and in the middle of a stream.
func TestSnapshot_StaysAtItsMoment(t *testing.T) {
	t.Parallel()
	l := laws{newExaminer(t, generate(*seed, 1_000))}
	q := lawQuestion("2024-03-01", "2024-05-31", "Europe/Warsaw")
	before := l.stream(t, q)
	reader := l.reader(q)
	criteria, err := reader.Resolve(t.Context(), q.Filter)
	if err != nil {
		t.Fatal(err)
	}
	err = reader.Snapshot(t.Context(), func(ctx context.Context, s *report.Snapshot) error {
		l.arrive(t, 1)
		var streamed []int64
		err := s.Stream(ctx, criteria, q.Order, 0, func(batch []*contact.Contact) error {
			for _, c := range batch {
				streamed = append(streamed, c.ID)
			}
			l.arrive(t, 2)
			return nil
		})
		if err != nil || !slices.Equal(streamed, before) {
			t.Errorf("the stream has %d contacts (%v), should be the %d there were", len(streamed), err, len(before))
		}
		count, err := s.Count(ctx, criteria)
		if err != nil || count != len(before) {
			t.Errorf("the count is %d (%v), should be %d", count, err, len(before))
		}
		want := 0
		for _, id := range before {
			want += l.w.byID[id].lines()
		}
		lines, err := s.CountLines(ctx, criteria)
		if err != nil || lines != want {
			t.Errorf("the lines are %d (%v), should be %d", lines, err, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := l.count(t, q); after != len(before)+2 {
		t.Errorf("%d contacts afterwards, should be %d", after, len(before)+2)
	}
}

// TestStream_EndsWithTheErrorOfItsReader stops a stream in the middle. The snapshot is as good as before.
func TestStream_EndsWithTheErrorOfItsReader(t *testing.T) {
	t.Parallel()
	l := laws{newExaminer(t, generate(*seed, 1_000))}
	q := lawQuestion("2024-03-01", "2024-05-31", "Europe/Warsaw")
	reader := l.reader(q)
	criteria, err := reader.Resolve(t.Context(), q.Filter)
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	got := reader.Snapshot(t.Context(), func(ctx context.Context, s *report.Snapshot) error {
		if got := s.Stream(ctx, criteria, q.Order, 0, func([]*contact.Contact) error { return enough }); any(got) != any(enough) {
			t.Errorf("the stream ended with %v, should be the reader's own error", got)
		}
		again := 0
		err := s.Stream(ctx, criteria, q.Order, 0, func(batch []*contact.Contact) error {
			again += len(batch)
			return nil
		})
		if want := len(l.w.answer(q).rows); err != nil || again != want {
			t.Errorf("the next stream has %d contacts (%v), should be %d", again, err, want)
		}
		return enough
	})
	if any(got) != any(enough) {
		t.Errorf("the snapshot ended with %v, should be the reader's own error", got)
	}
	if held := l.database.Pool.Stat().AcquiredConns(); held != 0 {
		t.Errorf("%d connections are still held", held)
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
