package workbook

import (
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
)

// notInFiles are the columns of contacts that no file can show.
var notInFiles = []string{
	"channel", "hold_time", "wrap_up_time",
}

func TestColumns_AreThoseOfContacts(t *testing.T) {
	t.Parallel()
	missing := (contact.AllColumns &^ needsOf(slices.Concat(contactColumns, furtherColumns, factColumns, stepColumns))).Names()[2:] // behind the key
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
