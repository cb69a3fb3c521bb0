package export_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/export"
)

// A download is known to clients by an id of its own kind, and has no address before its file is ready.
func ExampleDownload() {
	download := &export.Download{ID: 7, State: export.Queued}
	fmt.Println(download.State, download.NodeID(), download.URL() == nil, download.Failure() == nil)
	// Output: QUEUED RG93bmxvYWQ6Nw true true
}
