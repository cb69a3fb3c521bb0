package oracle

import (
	"context"
	"fmt"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// refusesCursor uses a cursor where it must not be taken: damaged, made with another key, or for another list.
func (x *examination) refusesCursor(ctx context.Context, cursor string) error {
	q, bad, what := x.q, cursor, ""
	switch x.IntN(8) {
	case 0, 1:
		bad, what = x.damage(cursor), "a damaged cursor"
	case 2:
		forged, err := x.forge(ctx)
		if err != nil {
			return err
		}
		bad, what = forged, "a cursor made with another key"
	default:
		q, what = x.another(q), "a cursor of another list"
	}
	args := relay.PageArgs{After: &bad}
	if x.chance(50) {
		args = relay.PageArgs{Before: &bad}
	}
	_, err := x.list(ctx, q, args, 0)
	if wrong := refusedWith(fault.InvalidCursor, err); wrong != nil {
		return fmt.Errorf("%s %s, used for %s: %w", what, bad, describe(q), wrong)
	}
	return nil
}

// damage changes a cursor by a little.
func (x *examination) damage(cursor string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at := x.IntN(len(cursor))
	switch x.IntN(6) {
	case 0:
		return cursor[:at]
	case 1:
		return cursor + pick(x.dice, []string{"A", "=", "\n", " ", "\x00"})
	case 2:
		return pick(x.dice, []string{"", "0", "MQ", "YXJyYXljb25uZWN0aW9uOjA="})
	case 3:
		return cursor[:at] + "\n" + cursor[at:]
	default:
		other := alphabet[x.IntN(len(alphabet))]
		for other == cursor[at] {
			other = alphabet[x.IntN(len(alphabet))]
		}
		return cursor[:at] + string(other) + cursor[at+1:]
	}
}

// forge makes a cursor of the very list with a key of its own.
func (x *examination) forge(ctx context.Context) (string, error) {
	reader := x.readerSignedBy(relay.NewSigner([]byte("the key of somebody else, 32 by.")), x.q)
	x.asked.Add(1)
	connection, err := reader.List(ctx, report.ListQuery{Filter: x.q.Filter, Within: x.q.Within, Order: x.q.Order, Page: relay.PageArgs{First: pointer(1)}})
	if err != nil || connection.PageInfo().StartCursor == nil {
		return "", fmt.Errorf("a page signed with another key: %w", err)
	}
	return *connection.PageInfo().StartCursor, nil
}

// TestCursor_IsRefusedByEveryOtherList uses cursors for lists that differ in each part of the question, one at a time.
func TestCursor_IsRefusedByEveryOtherList(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, 1_000))
	for number, tried := uint64(0), 0; tried < 60; number++ {
		x := e.examination(newDice(*seed, number))
		if x.q = x.w.asker(x.dice).question(); tried%2 == 0 {
			x.q.Filter.Hours = &contact.Hours{From: clock(x.IntN(1440)), To: clock(x.IntN(1440))}
		}
		if x.want = x.w.answer(x.q); len(x.want.rows) == 0 {
			continue
		}
		tried++
		cursor, err := x.anyCursor(t.Context())
		if err != nil {
			t.Fatalf("%v: %s", err, describe(x.q))
		}
		for i := range x.changes(&question{}) {
			other := x.q
			x.changes(&other)[i]()
			if other.Viewer != nil && len(x.w.answer(other).faults) > 0 {
				continue // it is refused for itself
			}
			_, err := x.list(t.Context(), other, relay.PageArgs{After: cursor}, 0)
			if wrong := refusedWith(fault.InvalidCursor, err); wrong != nil {
				t.Errorf("the cursor of %s\nused for %s\n%v", describe(x.q), describe(other), wrong)
			}
		}
	}
}

// TestCursor_OfAnotherKindOfListIsRefused uses the cursor of a list of the filter panel.
func TestCursor_OfAnotherKindOfListIsRefused(t *testing.T) {
	t.Parallel()
	l := laws{newExaminer(t, generate(*seed, 100))}
	q := lawQuestion("2024-03-01", "2024-05-31", "Europe/Warsaw")
	agents, err := l.reader(q).Visibility().ListAgents(t.Context(), directory.ListArgs{}, true)
	if err != nil {
		t.Fatal(err)
	}
	cursor := agents.PageInfo().EndCursor
	for _, args := range []relay.PageArgs{{After: cursor}, {Before: cursor}} {
		_, err := l.list(t.Context(), q, args, 0)
		if wrong := refusedWith(fault.InvalidCursor, err); wrong != nil {
			t.Error(wrong)
		}
	}
}
