package holiday

import (
	"fmt"
	"testing"
	"time"
)

func TestInPoland_KnowsTheHolidaysOfAYear(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2010: "01-01 04-04 04-05 05-01 05-03 05-23 06-03 08-15 11-01 11-11 12-25 12-26",
		2011: "01-01 01-06 04-24 04-25 05-01 05-03 06-12 06-23 08-15 11-01 11-11 12-25 12-26",
		2024: "01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26",
		2025: "01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26",
		2026: "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26",
	} {
		got := ""
		for day := time.Date(year, 1, 1, 23, 59, 59, 0, time.FixedZone("", 14*3600)); day.Year() == year; day = day.AddDate(0, 0, 1) {
			if InPoland(day) {
				got += day.Format(" 01-02")
			}
		}
		if got != " "+want {
			t.Errorf("%d:%s, want %s", year, got, want)
		}
	}
}

func ExampleInPoland() {
	fmt.Println(InPoland(time.Date(2026, time.November, 11, 9, 0, 0, 0, time.UTC)))
	// Output: true
}
