package oracle

import (
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/fault"
)

// The oracle itself is held against examples worked out by hand from the specification.

var warsaw = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return zone
}()

func between(from, to string) contact.Filter {
	return contact.Filter{Period: contact.Period{Range: &contact.Range{From: from, To: to}}}
}

func TestPeriod_OfThreeMonthsIsTheLongest(t *testing.T) {
	t.Parallel()
	for _, example := range []struct {
		from, to string
		refused  fault.Code
	}{
		{from: "2024-01-01", to: "2024-03-31"},
		{from: "2024-01-01", to: "2024-04-01", refused: fault.PeriodTooLong},
		{from: "2023-11-30", to: "2024-02-28"}, // 30 November and 3 months is 29 February 2024
		{from: "2023-11-30", to: "2024-02-29", refused: fault.PeriodTooLong},
		{from: "2022-11-30", to: "2023-02-27"}, // and 28 February 2023
		{from: "2022-11-30", to: "2023-02-28", refused: fault.PeriodTooLong},
		{from: "2024-02-29", to: "2024-05-28"},
		{from: "2024-12-31", to: "2025-03-30"},
		{from: "2024-05-05", to: "2024-05-05"},
		{from: "2024-05-05", to: "2024-05-04", refused: fault.InvalidPeriod},
		{from: "2023-02-29", to: "2023-03-01", refused: fault.InvalidPeriod},
		{from: "1899-12-31", to: "1900-01-01", refused: fault.InvalidPeriod},
		{from: "2999-12-31", to: "2999-12-31"},
	} {
		var got fault.Code
		for found := range (&world{}).answer(question{Filter: between(example.from, example.to), Zone: warsaw}).faults {
			got = found.code
		}
		if got != example.refused {
			t.Errorf("%s to %s: refused with %q, should be %q", example.from, example.to, got, example.refused)
		}
	}
}

func TestWindow_GoesRoundMidnight(t *testing.T) {
	t.Parallel()
	w := worldAt(
		"2024-03-04T21:59:59+01:00", "2024-03-04T22:00:00+01:00", "2024-03-05T05:59:59+01:00", "2024-03-05T06:00:00+01:00",
		"2024-03-05T22:30:00+01:00", "2024-03-06T00:00:00+01:00", "2024-03-04T00:00:00+01:00",
	)
	filter := between("2024-03-04", "2024-03-05")
	filter.Hours = &contact.Hours{From: pointer("22:00"), To: pointer("06:00")}
	// A contact counts by its own date: the small hours of the 6th are out, those of the 4th are in.
	expectIDs(t, w, filter, 5, 3, 2, 7)
	filter.Hours = &contact.Hours{From: pointer("22:00")}
	expectIDs(t, w, filter, 5, 2)
	filter.Hours = &contact.Hours{To: pointer("06:00")}
	expectIDs(t, w, filter, 3, 7)
	filter.Hours = &contact.Hours{}
	expectIDs(t, w, filter, 5, 4, 3, 2, 1, 7)
}

func TestHalfPastTwo_HappensTwice(t *testing.T) {
	t.Parallel()
	w := worldAt(
		"2024-10-27T00:30:00Z", // 02:30 summer time
		"2024-10-27T01:30:00Z", // 02:30 again, winter time
		"2024-10-27T02:30:00Z", // 03:30
		"2024-03-31T00:59:59Z", // 01:59:59, a second before 03:00
		"2024-03-31T01:00:00Z", // 03:00
	)
	filter := between("2024-10-27", "2024-10-27")
	filter.Hours = &contact.Hours{From: pointer("02:00"), To: pointer("03:00")}
	expectIDs(t, w, filter, 2, 1)
	filter.Period = between("2024-03-31", "2024-03-31").Period
	expectIDs(t, w, filter)
	filter.Hours = &contact.Hours{From: pointer("02:00"), To: pointer("03:01")}
	expectIDs(t, w, filter, 5)
}

func TestPresets_FollowTheLocalDay(t *testing.T) {
	t.Parallel()
	// Friday, 1 March 2024, half past midnight in Warsaw; still February in UTC.
	now := time.Date(2024, 2, 29, 23, 30, 0, 0, time.UTC)
	for preset, want := range map[contact.Preset][2]string{
		contact.Today:         {"2024-03-01", "2024-03-01"},
		contact.Yesterday:     {"2024-02-29", "2024-02-29"},
		contact.CurrentWeek:   {"2024-02-26", "2024-03-03"},
		contact.PreviousWeek:  {"2024-02-19", "2024-02-25"},
		contact.CurrentMonth:  {"2024-03-01", "2024-03-31"},
		contact.PreviousMonth: {"2024-02-01", "2024-02-29"},
		contact.Last7Days:     {"2024-02-24", "2024-03-01"},
		contact.Last30Days:    {"2024-02-01", "2024-03-01"},
	} {
		filter := contact.Filter{Period: contact.Period{Preset: &preset}}
		got := (&world{}).answer(question{Filter: filter, Zone: warsaw, Now: now}).period
		if got.From != want[0] || got.To != want[1] {
			t.Errorf("%s is %v, should be %v", preset, got, want)
		}
	}
}

func TestRows_WithoutTheValueComeLastEitherWay(t *testing.T) {
	t.Parallel()
	w := worldAt("2024-03-04T10:00:00Z", "2024-03-04T10:00:00Z", "2024-03-04T10:00:00Z", "2024-03-04T10:00:00Z", "2024-03-04T10:00:00Z")
	w.byID[2].RingTime, w.byID[3].RingTime, w.byID[5].RingTime = pointer(7), pointer(0), pointer(7)
	for direction, want := range map[contact.Direction][]int64{
		contact.Ascending: {3, 2, 5, 1, 4}, contact.Descending: {5, 2, 3, 4, 1},
	} {
		q := question{Filter: between("2024-03-04", "2024-03-04"), Zone: warsaw, Order: contact.Order{Field: contact.OrderByRingTime, Direction: direction}}
		if got := ids(w.answer(q).rows); !slices.Equal(got, want) {
			t.Errorf("%s: %v, should be %v", direction, got, want)
		}
	}
}

func worldAt(starts ...string) *world {
	w := &world{byID: map[int64]*row{}}
	for i, start := range starts {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			panic(err)
		}
		w.add(&row{Contact: contact.Contact{ID: int64(i + 1), StartedAt: at}})
	}
	return w
}

func expectIDs(t *testing.T, w *world, filter contact.Filter, want ...int64) {
	t.Helper()
	got := w.answer(question{Filter: filter, Zone: warsaw, Order: contact.NewestFirst})
	if len(got.faults) > 0 || !slices.Equal(ids(got.rows), want) {
		t.Errorf("%+v: contacts %v (%v), should be %v", filter.Hours, ids(got.rows), got.faults, want)
	}
}

func ids(rows []*row) []int64 {
	var numbers []int64
	for _, r := range rows {
		numbers = append(numbers, r.ID)
	}
	return numbers
}
