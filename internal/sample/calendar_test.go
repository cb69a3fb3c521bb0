package sample

import (
	"testing"
	"time"
)

func TestEaster_FallsOnItsDays(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2000: "04-23", 2008: "03-23", 2011: "04-24", 2019: "04-21", 2024: "03-31", 2025: "04-20", 2026: "04-05", 2027: "03-28", 2038: "04-25",
	} {
		if got := easter(year).Format("01-02"); got != want {
			t.Errorf("Easter %d is on %s, not %s", year, got, want)
		}
	}
}

func TestHolidays_AreThoseOfPoland(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]bool{
		"2026-01-01": true, "2026-01-06": true, "2026-04-06": true, "2026-05-01": true, "2026-05-03": true, "2026-06-04": true,
		"2026-08-15": true, "2026-11-01": true, "2026-11-11": true, "2026-12-24": true, "2026-12-25": true, "2026-12-26": true,
		"2024-12-24": false, "2026-04-07": false, "2026-05-02": false, "2026-10-31": false, "2026-12-31": false,
	} {
		at, err := time.ParseInLocation(time.DateOnly, day, warsaw)
		if err != nil {
			t.Fatal(err)
		}
		if got := holiday(at); got != want {
			t.Errorf("%s: %t", day, got)
		}
	}
}

func TestMonthsBefore_ClampsTheDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at     string
		months int
		want   string
	}{
		{"2026-11-18T14:20:00+01:00", 3, "2026-08-18T14:20:00+02:00"},
		{"2026-05-31T10:00:00+02:00", 3, "2026-02-28T10:00:00+01:00"},
		{"2024-03-31T10:00:00+02:00", 1, "2024-02-29T10:00:00+01:00"},
		{"2026-01-15T00:30:00+01:00", 12, "2025-01-15T00:30:00+01:00"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := monthsBefore(at, c.months).In(warsaw).Format(time.RFC3339); got != c.want {
			t.Errorf("%d months before %s: %s, want %s", c.months, c.at, got, c.want)
		}
	}
}
