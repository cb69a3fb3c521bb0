package relay

import "github.com/kontakty/kontakty/internal/fault"

const (
	// PageSize is the number of rows of a page where none is asked for.
	PageSize = 50
	// MaxPageSize is the most rows that a page may have.
	MaxPageSize = 200
)

// PageArgs are the four arguments of a connection as a user gave them.
type PageArgs struct {
	// First asks for that many rows from the start, or after After.
	First *int
	// After is the cursor of the row before the page.
	After *string
	// Last asks for that many rows from the end, or before Before.
	Last *int
	// Before is the cursor of the row behind the page.
	Before *string
}

// Window is the page that the arguments ask for.
type Window struct {
	// Size is the number of rows wanted.
	Size int
	// Backward says that the rows are taken from the end of the list, or from before Cursor.
	Backward bool
	// Cursor bounds the page; nil begins at the end of the list that Backward names.
	Cursor *string
}

// CursorField is the argument that the cursor was given as.
func (w Window) CursorField() string {
	if w.Backward {
		return "before"
	}
	return "after"
}

// Window checks the arguments. Without any, the page holds PageSize rows from the start; nobody gets more than
// MaxPageSize. Errors: INVALID_PAGE.
func (a PageArgs) Window() (Window, error) {
	switch {
	case a.First != nil && a.Last != nil:
		return Window{}, fault.New(fault.PageBothEnds, "last")
	case a.Before != nil && (a.After != nil || a.First != nil):
		return Window{}, fault.New(fault.PageMixed, "before")
	case a.After != nil && a.Last != nil:
		return Window{}, fault.New(fault.PageMixed, "after")
	case a.Last != nil || a.Before != nil:
		size, err := pageSize(a.Last, "last")
		return Window{Size: size, Backward: true, Cursor: a.Before}, err
	default:
		size, err := pageSize(a.First, "first")
		return Window{Size: size, Cursor: a.After}, err
	}
}

func pageSize(asked *int, field string) (int, error) {
	switch {
	case asked == nil:
		return PageSize, nil
	case *asked < 0:
		return 0, fault.New(fault.PageNegative, field)
	case *asked > MaxPageSize:
		return 0, fault.New(fault.PageTooLarge, field, MaxPageSize)
	default:
		return *asked, nil
	}
}
