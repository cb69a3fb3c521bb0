package relay

import "github.com/kontakty/kontakty/internal/fault"

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

// Window checks the arguments. Without any, the page holds size rows from the start; nobody gets more than most.
// Errors: INVALID_PAGE.
func (a PageArgs) Window(size, most int) (Window, error) {
	switch {
	case a.First != nil && a.Last != nil:
		return Window{}, fault.New(fault.PageBothEnds, "last")
	case a.Before != nil && (a.After != nil || a.First != nil):
		return Window{}, fault.New(fault.PageMixed, "before")
	case a.After != nil && a.Last != nil:
		return Window{}, fault.New(fault.PageMixed, "after")
	case a.Last != nil || a.Before != nil:
		size, err := pageSize(a.Last, size, most, "last")
		return Window{Size: size, Backward: true, Cursor: a.Before}, err
	default:
		size, err := pageSize(a.First, size, most, "first")
		return Window{Size: size, Cursor: a.After}, err
	}
}

func pageSize(asked *int, size, most int, field string) (int, error) {
	switch {
	case asked == nil:
		return size, nil
	case *asked < 0:
		return 0, fault.New(fault.PageNegative, field)
	case *asked > most:
		return 0, fault.New(fault.PageTooLarge, field, most)
	default:
		return *asked, nil
	}
}
