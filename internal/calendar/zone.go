package calendar

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

// notListed are what the loader reads beside the names of the IANA list: what means another zone on every machine, and
// what is no place's.
var notListed = []string{"", "Local", "localtime", "posixrules", "Factory"}

// LoadZone takes the names of the IANA list alone, not the copies of its zones that count leap seconds or do not.
// Errors: INVALID_TIME_ZONE.
func LoadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || path.Clean(name) != name || slices.Contains(notListed, name) ||
		strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return nil, fault.New(fault.TimeZoneUnknown, "timeZone")
	}
	return zone, nil
}

// stretch is a span of instants throughout which a zone keeps one offset from UTC.
type stretch struct {
	start, end time.Time
	offset     time.Duration
}

// stretches cuts a span of instants where the zone changes its clocks.
func stretches(start, end time.Time, zone *time.Location) []stretch {
	var found []stretch
	for at := start; at.Before(end); {
		local := at.In(zone)
		_, seconds := local.Zone()
		_, until := local.ZoneBounds()
		if until.IsZero() || until.After(end) {
			until = end
		}
		found = append(found, stretch{start: at, end: until.UTC(), offset: time.Duration(seconds) * time.Second})
		at = until.UTC()
	}
	return found
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
