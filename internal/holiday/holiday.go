// Package holiday knows the public holidays of countries.
package holiday

import (
	"time"

	"github.com/rickar/cal/v2/pl"
)

// epiphanySince is the first year in which Epiphany is a holiday in Poland.
const epiphanySince = 2011

// InPoland says whether the date that a time shows is a public holiday in Poland.
func InPoland(date time.Time) bool {
	year, month, day := date.Date()
	for _, one := range pl.Holidays {
		if one == pl.ThreeKings && year < epiphanySince {
			continue
		}
		if falls, _ := one.Calc(year); isOn(falls, month, day) {
			return true
		}
	}
	// The library leaves out the two that are Sundays whatever the year.
	monday, _ := pl.EasterMonday.Calc(year)
	return isOn(monday.AddDate(0, 0, -1), month, day) || isOn(monday.AddDate(0, 0, 48), month, day)
}

// isOn says whether a holiday, which is a time of no year where there is none in it, falls on a date of its year.
func isOn(falls time.Time, month time.Month, day int) bool {
	return !falls.IsZero() && falls.Month() == month && falls.Day() == day
}
