package relay_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// A reader fetches one row more than the page holds: it only tells that more follow.
func ExampleNewConnection() {
	first := 2
	window, err := relay.PageArgs{First: &first}.Window()
	if err != nil {
		panic(err)
	}
	rows := []string{"Anna", "Barbara", "Celina"}[:window.Size+1]
	cursor := func(name string) string { return "after " + name }
	count := func(context.Context) (int, error) { return 7, nil }
	page := relay.NewConnection(window, rows, cursor, count)
	fmt.Println(page.Nodes(), page.PageInfo().HasNextPage, *page.PageInfo().EndCursor)
	// Output: [Anna Barbara] true after Barbara
}

// A cursor opens only for the list that it was sealed for.
func ExampleSigner() {
	signer := relay.NewSigner([]byte("the same in every process"))
	answered := relay.NewScope([]byte("status=ANSWERED"))
	scope, place, err := signer.Open(signer.Seal(answered, []byte("row 7")))
	fmt.Println(scope == answered, string(place), err)
	_, _, err = relay.NewSigner([]byte("another")).Open(signer.Seal(answered, []byte("row 7")))
	fmt.Println(fault.CodeOf(err))
	// Output:
	// true row 7 <nil>
	// INVALID_CURSOR
}

func ExampleEncodeID() {
	id := relay.EncodeID(relay.ContactKind, 7)
	fmt.Println(id)
	fmt.Println(relay.DecodeID(id))
	// Output:
	// Q29udGFjdDo3
	// Contact 7 <nil>
}
