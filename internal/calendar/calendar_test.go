package calendar

import (
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func mustDay(t *testing.T, text string) Day {
	t.Helper()
	d, err := ParseDay(text, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDay_BeginsWhenTheLocalCalendarTurns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/Warsaw", "2024-03-31", "2024-03-30T23:00:00Z"},
		{"Europe/Warsaw", "2024-04-01", "2024-03-31T22:00:00Z"},
		{"Europe/Warsaw", "2024-10-28", "2024-10-27T23:00:00Z"},
		{"UTC", "2024-02-29", "2024-02-29T00:00:00Z"},
		{"Asia/Kathmandu", "2024-01-01", "2023-12-31T18:15:00Z"},
		// Clocks went from midnight straight to one o'clock.
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
		{"Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00Z"},
		// Clocks went back from midnight to eleven: the new day begins at the second midnight.
		{"Asia/Beirut", "2024-10-27", "2024-10-26T22:00:00Z"},
		// Samoa crossed the date line and had no 30 December.
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		if got := mustDay(t, c.day).Start(mustZone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s begins in %s at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

func TestPlusMonths_AddsAsPostgreSQLDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day    string
		months int
		want   string
	}{
		{"2024-01-01", 3, "2024-04-01"},
		{"2023-11-30", 3, "2024-02-29"},
		{"2022-11-30", 3, "2023-02-28"},
		{"2024-12-31", 2, "2025-02-28"},
		{"2024-03-31", -1, "2024-02-29"},
	} {
		if got := mustDay(t, c.day).plusMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months is %s, want %s", c.day, c.months, got, c.want)
		}
	}
}

func TestResolveDays_TakesThreeCalendarMonthsAtMost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		want     fault.Code
	}{
		{"2024-01-01", "2024-03-31", ""},
		{"2024-01-01", "2024-04-01", fault.PeriodTooLong},
		{"2022-11-30", "2023-02-27", ""},
		{"2022-11-30", "2023-02-28", fault.PeriodTooLong},
		{"2024-05-05", "2024-05-05", ""},
		{"2024-05-06", "2024-05-05", fault.InvalidPeriod},
		{"2024-02-30", "2024-03-01", fault.InvalidPeriod},
		{"2024-2-1", "2024-03-01", fault.InvalidPeriod},
		{"1899-12-31", "1900-01-01", fault.InvalidPeriod},
		{"2999-12-31", "3000-01-01", fault.InvalidPeriod},
		{"", "2024-03-01", fault.InvalidPeriod},
	} {
		_, err := ResolveDays(contact.Period{Range: &contact.Range{From: c.from, To: c.to}}, 0)
		if err == nil && c.want != "" || err != nil && fault.CodeOf(err) != c.want {
			t.Errorf("%s to %s: %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

func TestResolveDays_TakesPresetsByTheDayTheyAreReadOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		preset          contact.Preset
		today, from, to string
	}{
		{contact.Today, "2024-02-29", "2024-02-29", "2024-02-29"},
		{contact.Yesterday, "2024-03-01", "2024-02-29", "2024-02-29"},
		{contact.CurrentWeek, "2024-03-03", "2024-02-26", "2024-03-03"}, // a Sunday
		{contact.CurrentWeek, "2024-03-04", "2024-03-04", "2024-03-10"}, // a Monday
		{contact.PreviousWeek, "2024-03-03", "2024-02-19", "2024-02-25"},
		{contact.CurrentMonth, "2024-02-10", "2024-02-01", "2024-02-29"},
		{contact.PreviousMonth, "2024-03-31", "2024-02-01", "2024-02-29"},
		{contact.PreviousMonth, "2024-01-15", "2023-12-01", "2023-12-31"},
		{contact.Last7Days, "2024-03-03", "2024-02-26", "2024-03-03"},
		{contact.Last30Days, "2024-03-30", "2024-03-01", "2024-03-30"},
	} {
		got, err := ResolveDays(contact.Period{Preset: &c.preset}, mustDay(t, c.today))
		if err != nil || got.From.String() != c.from || got.To.String() != c.to {
			t.Errorf("%s on %s is %s to %s, %v; want %s to %s", c.preset, c.today, got.From, got.To, err, c.from, c.to)
		}
	}
	unknown := contact.Preset("TOMORROW")
	for _, p := range []contact.Period{{}, {Preset: &unknown}, {Preset: &contact.Presets[0], Range: &contact.Range{}}} {
		if _, err := ResolveDays(p, 0); fault.CodeOf(err) != fault.InvalidPeriod {
			t.Errorf("%+v: %v, want INVALID_PERIOD", p, err)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	f.Add("2024-01-01", "2024-03-31", "08:00", "16:00")
	f.Add("2024-10-26", "2024-10-28", "22:00", "02:30")
	f.Add("1900-01-01", "2999-12-31", "", "24:00")
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, from, to, start, end string) {
		period, err := ResolveDays(contact.Period{Range: &contact.Range{From: from, To: to}}, 0)
		if err != nil {
			return
		}
		window, err := ResolveHours(&contact.Hours{From: &start, To: &end})
		if err != nil {
			return
		}
		whole := period.Intervals(nil, zone)[0]
		last := whole.Start
		for i, one := range period.Intervals(window, zone) {
			if !one.Start.Before(one.End) || one.Start.Before(last) || (i > 0 && one.Start.Equal(last)) || one.End.After(whole.End) {
				t.Fatalf("interval %d of %s to %s, %s to %s is empty, out of order or out of the period", i, from, to, start, end)
			}
			last = one.End
		}
	})
}
