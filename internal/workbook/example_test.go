package workbook_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/workbook"
)

// The title of a workbook is in the language of who ordered it.
func ExampleReport_Title() {
	march := report.ResolvedPeriod{From: "2024-03-01", To: "2024-03-31", TimeZone: "Europe/Warsaw"}
	for _, locale := range []fault.Locale{fault.Polish, fault.English} {
		fmt.Println(workbook.Report{Shape: workbook.Shape{Kind: workbook.Simple}, Locale: locale, Period: march}.Title())
	}
	// Output:
	// Kontakty 2024-03-01 – 2024-03-31, raport prosty
	// Contacts 2024-03-01 – 2024-03-31, simple report
}
