package access

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// newestList is a list by falling id, of which one page is wanted.
type newestList[T any] struct {
	signer   *relay.Signer
	scope    relay.Scope
	page     relay.PageArgs
	reading  *bun.SelectQuery // into rows
	rows     *[]T
	id       func(T) int64
	counting func() *bun.SelectQuery
}

// newestFirst reads the page by keyset. Errors: INVALID_PAGE, INVALID_CURSOR.
func newestFirst[T any](ctx context.Context, list newestList[T]) (*relay.Connection[T], error) {
	window, err := list.page.Window()
	if err != nil {
		return nil, err
	}
	order, beyond, field := "id DESC", "id < ?", "after"
	if window.Backward {
		order, beyond, field = "id ASC", "id > ?", "before"
	}
	if window.Cursor != nil {
		scope, payload, err := list.signer.Open(*window.Cursor)
		if err != nil {
			return nil, fault.At(field, err)
		}
		if scope != list.scope || len(payload) != 8 {
			return nil, fault.New(fault.CursorElsewhere, field)
		}
		list.reading.Where(beyond, int64(binary.BigEndian.Uint64(payload)))
	}
	if err := list.reading.Order(order).Limit(int64(window.Size) + 1).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading a page: %w", err)
	}
	cursor := func(row T) string {
		return list.signer.Seal(list.scope, binary.BigEndian.AppendUint64(nil, uint64(list.id(row))))
	}
	count := func(ctx context.Context) (int, error) {
		n, err := list.counting().Count(ctx)
		if err != nil {
			return 0, fmt.Errorf("counting a list: %w", err)
		}
		return int(n), nil
	}
	return relay.NewConnection(window, *list.rows, cursor, count), nil
}
