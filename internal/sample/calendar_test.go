package sample

import (
	"testing"
	"time"
)

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
