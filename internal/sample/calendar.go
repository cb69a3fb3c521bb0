package sample

import (
	"time"
	_ "time/tzdata" // the rhythm must not depend on the machine's zones

	"github.com/kontakty/kontakty/internal/holiday"
)

// warsaw is where the call centre works.
var warsaw = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err) // cannot be: the zones are embedded
	}
	return zone
}()

// dayCurve is how busy each hour of a working day is, by the clock in Warsaw.
var dayCurve = [24]int{3, 2, 1, 1, 1, 3, 8, 24, 66, 96, 100, 97, 89, 78, 84, 87, 80, 64, 43, 31, 22, 14, 8, 5}

// weekCurve is how busy each day is, from Sunday on; holidays are as quiet as Sundays.
var weekCurve = [7]int{11, 115, 104, 101, 100, 92, 27}

// calendar shares the contacts out over the hours from first on.
type calendar struct {
	first time.Time
	until time.Time
	// before holds, for each hour, the number of contacts of all earlier hours; one more entry holds their total.
	before []int
}

// newCalendar shares contacts out over the whole hours, and the last one begun, of the months that lead up to until.
func newCalendar(contacts, months int, seed uint64, until time.Time) calendar {
	c := calendar{first: monthsBefore(until, months).Add(time.Hour - time.Second).Truncate(time.Hour), until: until}
	hours := int((until.Sub(c.first) + time.Hour - 1) / time.Hour)
	weights := make([]int, hours+1)
	for i := range hours {
		// The last hour weighs as much as has passed of it.
		passed := min(until.Sub(c.first.Add(time.Duration(i)*time.Hour)), time.Hour)
		weights[i+1] = weights[i] + busyness(c.first.Add(time.Duration(i)*time.Hour), seed)*int(passed/time.Second)
	}
	total := weights[hours]
	c.before = weights
	for i := range c.before {
		c.before[i] = int(mulDiv(uint64(contacts), uint64(weights[i]), uint64(total)))
	}
	return c
}

// busyness weighs the hour that begins at an instant.
func busyness(at time.Time, seed uint64) int {
	local := at.In(warsaw)
	day := weekCurve[local.Weekday()]
	if holiday.InPoland(local) {
		day = weekCurve[time.Sunday]
	}
	// Days differ among themselves for reasons of their own.
	luck := 88 + int(mix(seed, saltDay, uint64(local.Year()), uint64(local.YearDay()))%25)
	return dayCurve[local.Hour()] * day * luck
}

// monthsBefore is the instant so many months earlier by the clock in Warsaw, the day clamped to the month's end.
func monthsBefore(at time.Time, months int) time.Time {
	local := at.In(warsaw)
	year, month, day := local.Date()
	lastDay := time.Date(year, month-time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return time.Date(year, month-time.Month(months), min(day, lastDay), local.Hour(), local.Minute(), local.Second(), 0, warsaw).UTC()
}
