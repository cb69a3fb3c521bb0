package calendar_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/calendar"
)

// In the night in which clocks go back, the hour from two to three comes twice.
func ExampleDays_Intervals() {
	warsaw, err := calendar.LoadZone("Europe/Warsaw")
	if err != nil {
		fmt.Println(err)
		return
	}
	night := calendar.DayOf(time.Date(2024, 10, 27, 12, 0, 0, 0, warsaw))
	window := &calendar.Window{From: 2 * time.Hour, To: 3 * time.Hour}
	for _, one := range (calendar.Days{From: night, To: night}).Intervals(window, warsaw) {
		fmt.Println(one.Start.Format(time.RFC3339), one.End.Sub(one.Start))
	}
	// Output: 2024-10-27T00:00:00Z 2h0m0s
}
