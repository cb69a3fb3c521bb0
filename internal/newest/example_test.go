package newest_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/newest"
	"github.com/kontakty/kontakty/internal/relay"
)

// A cursor goes on in its own list alone; in another it is refused before anything is read.
func ExampleList_Read() {
	signer := relay.NewSigner([]byte("the same in every process"))
	first, cursor := 10, signer.Seal(relay.NewScope([]byte("downloads")), make([]byte, 8))
	_, err := newest.List[int64]{
		Signer: signer,
		Scope:  relay.NewScope([]byte("keys")),
		Page:   relay.PageArgs{First: &first, After: &cursor},
	}.Read(context.Background())
	fmt.Println(err)
	// Output: after: This cursor belongs to another filter or another order: start again from the first page.
}
