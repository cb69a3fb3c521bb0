package months

import (
	"testing"
	"time"
)

func TestIn_NamesNeighboursAsOneSpan(t *testing.T) {
	t.Parallel()
	at := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 23, 59, 59, 999_999_000, time.UTC)
	}
	for name, one := range map[string]struct {
		instants []time.Time
		want     string
	}{
		"none":               {nil, "false"},
		"one":                {[]time.Time{at(2026, time.December, 31)}, "(x >= '2026-12-01 00:00:00Z' AND x < '2027-01-01 00:00:00Z')"},
		"neighbours":         {[]time.Time{at(2027, time.January, 1), at(2026, time.December, 3), at(2026, time.December, 1)}, "(x >= '2026-12-01 00:00:00Z' AND x < '2027-02-01 00:00:00Z')"},
		"apart":              {[]time.Time{at(2026, time.May, 1), at(2026, time.March, 1)}, "(x >= '2026-03-01 00:00:00Z' AND x < '2026-04-01 00:00:00Z' OR x >= '2026-05-01 00:00:00Z' AND x < '2026-06-01 00:00:00Z')"},
		"in UTC, not by day": {[]time.Time{time.Date(2026, time.March, 1, 0, 30, 0, 0, time.FixedZone("", 3600))}, "(x >= '2026-02-01 00:00:00Z' AND x < '2026-03-01 00:00:00Z')"},
	} {
		if got := InSQL("x", one.instants); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}
