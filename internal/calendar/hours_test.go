package calendar

import (
	"fmt"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

func hours(from, to string) *contact.Hours {
	var h contact.Hours
	if from != "" {
		h.From = &from
	}
	if to != "" {
		h.To = &to
	}
	return &h
}

func TestIntervals_FollowTheWallClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to string
		hours          *contact.Hours
		want           []string
	}{
		{"an ordinary day", "2024-03-04", "2024-03-04", hours("08:00", "16:00"), []string{"2024-03-04 07:00/15:00"}},
		{"until midnight", "2024-03-04", "2024-03-04", hours("17:00", ""), []string{"2024-03-04 16:00/23:00"}},
		{"from midnight", "2024-03-04", "2024-03-04", hours("", "06:00"), []string{"2024-03-03 23:00/05:00"}},
		{"neither is all day", "2024-03-04", "2024-03-04", hours("", ""), []string{"2024-03-03 23:00/23:00"}},
		{
			"a night counts by each day's own date and touches at midnight", "2024-03-04", "2024-03-05", hours("22:00", "06:00"),
			[]string{"2024-03-03 23:00/05:00", "2024-03-04 21:00/05:00", "2024-03-05 21:00/23:00"},
		},
		{"to midnight is no wrap", "2024-03-04", "2024-03-04", hours("22:00", "00:00"), []string{"2024-03-04 21:00/23:00"}},
		{"the hour that does not exist", "2024-03-31", "2024-03-31", hours("02:00", "03:00"), nil},
		{"around the hour that does not exist", "2024-03-31", "2024-03-31", hours("01:30", "03:30"), []string{"2024-03-31 00:30/01:30"}},
		{"the hour that comes twice", "2024-10-27", "2024-10-27", hours("02:00", "03:00"), []string{"2024-10-27 00:00/02:00"}},
		{
			"half of the hour that comes twice", "2024-10-27", "2024-10-27", hours("02:00", "02:30"),
			[]string{"2024-10-27 00:00/00:30", "2024-10-27 01:00/01:30"},
		},
	} {
		period := Days{mustDay(t, c.from), mustDay(t, c.to)}
		window, err := ResolveHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range period.Intervals(window, mustZone(t, "Europe/Warsaw")) {
			got = append(got, one.Start.UTC().Format("2006-01-02 15:04/")+one.End.UTC().Format("15:04"))
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestResolveHours_RefusesWhatIsEmptyOrMalformed(t *testing.T) {
	t.Parallel()
	for _, h := range []*contact.Hours{
		hours("08:00", "08:00"), hours("", "00:00"), hours("24:00", ""), hours("8:00", ""), hours("08:60", ""), hours("08:00:00", ""), hours("x", "09:00"),
	} {
		if _, err := ResolveHours(h); fault.CodeOf(err) != fault.InvalidHours {
			t.Errorf("%+v: %v, want INVALID_HOURS", h, err)
		}
	}
}

func TestIntervals_OfWindowsThatPartitionTheClockPartitionEveryDay(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "Pacific/Apia"} {
		for _, from := range []string{"2011-12-29", "2024-02-25", "2024-03-29", "2024-10-05", "2024-10-25", "2024-11-01"} {
			period := Days{mustDay(t, from), mustDay(t, from) + 5}
			whole := period.Intervals(nil, mustZone(t, zone))[0]
			var total time.Duration
			for _, h := range []*contact.Hours{hours("", "01:30"), hours("01:30", "02:10"), hours("02:10", "23:00"), hours("23:00", "")} {
				window, err := ResolveHours(h)
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range period.Intervals(window, mustZone(t, zone)) {
					total += one.End.Sub(one.Start)
				}
			}
			if want := whole.End.Sub(whole.Start); total != want {
				t.Errorf("%s from %s: the windows hold %s of %s", zone, from, total, want)
			}
		}
	}
}
