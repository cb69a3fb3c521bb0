package link

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// An address opens a file until it ends, and not a character of it can be changed.
func ExampleLinks_Open() {
	seal, err := newSeal([]byte("the key of a database"))
	if err != nil {
		fmt.Println(err)
		return
	}
	links := &Links{of: Files{Path: "/files/", Kind: relay.DownloadKind, Stale: fault.LinkStale}, seal: seal} // New reads the key from a database
	given := time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)
	text, err := links.Address(context.Background(), Link{ID: 7, By: "key:abcdefghij", Until: given.Add(Life)})
	if err != nil {
		fmt.Println(err)
		return
	}
	open := func(text string, at time.Time) {
		address, err := url.Parse(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		link, err := links.Open(context.Background(), address, at)
		fmt.Println(link.ID, link.By, err != nil)
	}
	open(text, given)
	open(text, given.Add(Life))
	open(text+"&more=1", given)
	// Output:
	// 7 key:abcdefghij false
	// 0  true
	// 0  true
}
