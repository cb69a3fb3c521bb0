// Package newest reads the lists that are shown by falling id, a page at a time: API keys, audited events, downloads.
package newest

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// List is a list by falling id, of which one page is wanted.
type List[T any] struct {
	// Signer makes and opens the cursors, which belong to Scope: the list with what it is narrowed to.
	Signer *relay.Signer
	Scope  relay.Scope
	Page   relay.PageArgs
	// Reading selects the whole list into Rows; its table has a column id.
	Reading *bun.SelectQuery
	Rows    *[]T
	// Within, where there is one, is told before the page is read how much of the list it is: at most so many rows beyond an id,
	// nil for the list's end, towards higher ids if it goes backward. It may narrow what Reading selects from.
	Within func(from *int64, backward bool, most int)
	// ID is the id of a row.
	ID func(T) int64
	// Counting selects the whole list again. It is asked for only if somebody wants the count.
	Counting func() *bun.SelectQuery
}

// Read reads the page by keyset. Errors: INVALID_PAGE, INVALID_CURSOR.
func (list List[T]) Read(ctx context.Context) (*relay.Connection[T], error) {
	window, err := list.Page.Window()
	if err != nil {
		return nil, err
	}
	order, beyond := "id DESC", "id < ?"
	if window.Backward {
		order, beyond = "id ASC", "id > ?"
	}
	var from *int64
	if window.Cursor != nil {
		scope, payload, err := list.Signer.Open(*window.Cursor)
		if err != nil {
			return nil, fault.At(window.CursorField(), err)
		}
		if scope != list.Scope || len(payload) != 8 {
			return nil, fault.New(fault.CursorElsewhere, window.CursorField())
		}
		id := int64(binary.BigEndian.Uint64(payload))
		from = &id
		list.Reading.Where(beyond, id)
	}
	if list.Within != nil {
		list.Within(from, window.Backward, window.Size+1)
	}
	if err := list.Reading.Order(order).Limit(int64(window.Size) + 1).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading a page: %w", err)
	}
	cursor := func(row T) string {
		return list.Signer.Seal(list.Scope, binary.BigEndian.AppendUint64(nil, uint64(list.ID(row))))
	}
	count := func(ctx context.Context) (int, error) {
		n, err := list.Counting().Count(ctx)
		if err != nil {
			return 0, fmt.Errorf("counting a list: %w", err)
		}
		return int(n), nil
	}
	return relay.NewConnection(window, *list.Rows, cursor, count), nil
}
