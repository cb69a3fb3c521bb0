package export_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/workbook"
)

// To order a file again in the same words gives the download that is there.
func ExampleDownloads_Order() {
	var (
		downloads *export.Downloads // of NewDownloads
		orderer   access.Actor      // who asked
		preset    = contact.Yesterday
		name      = "daily-2024-03-05"
	)
	download, err := downloads.Order(context.Background(), orderer, export.OrderInput{
		Filter: contact.Filter{Period: contact.Period{Preset: &preset}}, Kind: workbook.Detailed, ClientMutationID: &name,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(download.ID, download.State)
}
