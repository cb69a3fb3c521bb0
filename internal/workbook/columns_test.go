package workbook

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
)

// notInFiles are the columns of contacts that the report's file does not have: the report of the client shows none of them.
var notInFiles = []string{
	"site_call_id", "site_call_order_id", "ivr_time", "ticket_id", "channel", "conversation_id", "hold_time", "wrap_up_time",
}

func TestColumns_AreThoseOfContacts(t *testing.T) {
	t.Parallel()
	missing := (contact.AllColumns &^ needsOf(columnsOf(Detailed, Extras))).Names()[2:] // behind the key
	for _, column := range missing {
		if !slices.Contains(notInFiles, column) {
			t.Errorf("columns.go: no column of the file needs %s", column)
		}
	}
	for _, column := range notInFiles {
		if !slices.Contains(missing, column) {
			t.Errorf("notInFiles has %s, which is in the file", column)
		}
	}
}
