package months_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/months"
)

// What is known to start at some instants is looked for in their months alone.
func ExampleInSQL() {
	third := time.Date(2024, time.March, 3, 9, 0, 0, 0, time.UTC)
	fmt.Println(months.InSQL("c.started_at", []time.Time{third, third.AddDate(0, 0, 5)}))
	fmt.Println(months.Table("contacts", months.Of(third)))
	// Output:
	// (c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-04-01 00:00:00Z')
	// contacts_202403
}
