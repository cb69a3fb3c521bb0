package format

import (
	"testing"
	"time"
)

func TestParseTime_AgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"2024-03-04T08:09:16Z", "2024-03-04T08:09:16+01:00", "2024-03-31T02:30:00.5-11:30", "2024-02-29T23:59:59.123456789Z",
		"2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z",
		"2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00+0100",
		"2024-01-01T00:00:00.Z", "2024-01-01 00:00:00Z", "2024-1-01T00:00:00Z",
		"202x-01-01T00:00:00Z", "", "Z", "2024-01-01T00:00:00.123", "2024-01-01T00:00:00Z ",
	} {
		// time.Parse takes offsets of 24 hours and more; a comma for a point it takes too.
		want, err := time.Parse(time.RFC3339, s)
		got, ok := parseTime(s)
		if ok != (err == nil) || ok && (!got.Equal(want.Truncate(time.Microsecond)) || got.Location() != time.UTC) {
			t.Errorf("%q: %v %v, want %v %v", s, got, ok, want, err)
		}
	}
}
