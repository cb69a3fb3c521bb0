package relay

import (
	"context"
	"slices"
)

// PageInfo says where a page lies in its list.
type PageInfo struct {
	// HasNextPage says that rows follow the page.
	HasNextPage bool
	// HasPreviousPage says that rows precede the page.
	HasPreviousPage bool
	// StartCursor is the cursor of the first row, nil on an empty page.
	StartCursor *string
	// EndCursor is the cursor of the last row, nil on an empty page.
	EndCursor *string
}

// Edge is one row of a page.
type Edge[T any] struct {
	// Node is the row itself.
	Node T

	cursor func(T) string
}

// Cursor is the row's place in the list. It is worked out when it is asked for.
func (e Edge[T]) Cursor() string { return e.cursor(e.Node) }

// Connection is one page of a list.
type Connection[T any] struct {
	nodes    []T
	more     bool
	window   Window
	cursor   func(T) string
	counting func(context.Context) (int, error)
}

// NewConnection makes the page of a window. The rows are those that a reader fetched in the window's direction, one
// more than its size where there are so many: the surplus row only tells that more follow. cursor gives the cursor of
// a row and count the length of the whole list; both are called only when asked for.
func NewConnection[T any](window Window, rows []T, cursor func(T) string, count func(context.Context) (int, error)) *Connection[T] {
	more := len(rows) > window.Size
	if more {
		rows = rows[:window.Size]
	}
	if window.Backward {
		slices.Reverse(rows)
	}
	return &Connection[T]{nodes: rows, more: more, window: window, cursor: cursor, counting: count}
}

// Nodes are the rows of the page.
func (c *Connection[T]) Nodes() []T { return c.nodes }

// Edges are the rows of the page with their cursors.
func (c *Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.nodes))
	for i, node := range c.nodes {
		edges[i] = Edge[T]{Node: node, cursor: c.cursor}
	}
	return edges
}

// PageInfo says where the page lies. A page behind a cursor has a previous page, for the row of the cursor was there.
func (c *Connection[T]) PageInfo() PageInfo {
	info := PageInfo{HasNextPage: c.more, HasPreviousPage: c.window.Cursor != nil}
	if c.window.Backward {
		info.HasNextPage, info.HasPreviousPage = info.HasPreviousPage, info.HasNextPage
	}
	if n := len(c.nodes); n > 0 {
		start, end := c.cursor(c.nodes[0]), c.cursor(c.nodes[n-1])
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}

// TotalCount is the number of rows in the whole list, counted when it is asked for.
func (c *Connection[T]) TotalCount(ctx context.Context) (int, error) { return c.counting(ctx) }
