package oracle

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// What random questions meet by luck alone is asked here one by one.

// TestDays_OfAClockChangeAreAnsweredAlike asks about the days round each clock change of each zone, whole and by
// windows that begin or end where the clock jumps.
func TestDays_OfAClockChangeAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, *contacts))
	asked, found := 0, 0
	for _, zone := range distinct(e.w.zones) {
		for _, change := range append(changesIn(zone, 2024), changesIn(zone, 2011)...) {
			for d := localDay(change, zone) - 1; d <= localDay(change, zone)+1; d++ {
				q := lawQuestion(d.String(), d.String(), zone.String())
				before, after := clock(localMinute(change.Add(-time.Second), zone)+1), clock(localMinute(change, zone))
				for _, hours := range []*contact.Hours{
					nil, {To: after}, {From: after}, {To: before}, {From: before}, {From: before, To: after}, {From: after, To: before},
				} {
					q.Filter.Hours = hours
					want := e.w.answer(q)
					if len(want.faults) > 0 {
						continue // the clock jumps at midnight
					}
					asked, found = asked+1, found+len(want.rows)
					size := maxPage
					connection, err := e.list(t.Context(), q, relay.PageArgs{First: &size}, 0)
					if err == nil {
						err = comparePage(connection, cut(want.rows, pageArgs{first: &size}), 0, q)
					}
					if err != nil {
						t.Errorf("%s: %v", describe(q), err)
						continue
					}
					if total, err := connection.TotalCount(t.Context()); err != nil || total != len(want.rows) {
						t.Errorf("%s: the count is %d (%v), should be %d", describe(q), total, err, len(want.rows))
					}
				}
			}
		}
	}
	if asked < 200 || found < asked {
		t.Errorf("%d questions and %d rows prove little", asked, found)
	}
}

func distinct(zones []*time.Location) []*time.Location {
	var once []*time.Location
	for _, zone := range zones {
		if !slices.ContainsFunc(once, func(other *time.Location) bool { return other.String() == zone.String() }) {
			once = append(once, zone)
		}
	}
	return once
}

// changesIn are the instants of a year at which a zone changes its clocks.
func changesIn(zone *time.Location, year int) []time.Time {
	var changes []time.Time
	at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, change := at.In(zone).ZoneBounds()
		if change.IsZero() || change.Year() > year {
			return changes
		}
		changes = append(changes, change)
		at = change.Add(time.Second)
	}
}

// TestLongestPeriod_IsTheSameFromEveryDay asks for the longest period from each day of four years, and for a day more.
func TestLongestPeriod_IsTheSameFromEveryDay(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, 1))
	for from := dayOf(2022, 11, 1); from < dayOf(2026, 12, 1); from++ {
		for to := from.threeMonthsLater() - 1; to <= from.threeMonthsLater(); to++ {
			e.sameVerdict(t, question{Filter: between(from.String(), to.String()), Zone: warsaw})
		}
	}
}

// TestPresets_AreTheSameOnEveryDay resolves each preset on each day of two years, just before and after midnight.
func TestPresets_AreTheSameOnEveryDay(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, 1))
	for d := range 731 {
		for _, preset := range contact.Presets {
			midnight := time.Date(2023, 12, 20+d, 0, 0, 0, 0, warsaw)
			q := question{Filter: contact.Filter{Period: contact.Period{Preset: &preset}}, Zone: warsaw}
			for _, q.Now = range []time.Time{midnight, midnight.Add(-time.Nanosecond)} {
				e.sameVerdict(t, q)
			}
		}
	}
}

// TestFaults_AreAllRefused asks with each faulty value wherever it can stand.
func TestFaults_AreAllRefused(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, 100))
	refuse := func(change func(f *contact.Filter)) {
		q := question{Filter: between("2024-03-01", "2024-03-31"), Zone: warsaw}
		change(&q.Filter)
		if len(e.w.answer(q).faults) == 0 {
			t.Errorf("the oracle finds no fault in %s", describe(q))
		}
		e.sameVerdict(t, q)
	}
	for _, text := range notDates {
		refuse(func(f *contact.Filter) { f.Period.Range.From = text })
		refuse(func(f *contact.Filter) { f.Period.Range.To = text })
	}
	for _, text := range notTimes {
		refuse(func(f *contact.Filter) { f.Hours = &contact.Hours{From: &text} })
		refuse(func(f *contact.Filter) { f.Hours = &contact.Hours{From: pointer("07:00"), To: &text} })
	}
	for _, text := range notZones {
		refuse(func(f *contact.Filter) { f.TimeZone = &text })
	}
	for _, text := range notTexts {
		refuse(func(f *contact.Filter) { f.TicketIDs = []string{"T-1", text} })
	}
	for _, text := range notAddresses {
		refuse(func(f *contact.Filter) { f.SourceAddresses = []string{text} })
		refuse(func(f *contact.Filter) { f.DestinationAddresses = []string{"112", text} })
	}
	for i := range idLists(new(contact.Filter)) {
		kind := idLists(new(contact.Filter))[i].kind
		good := e.w.asker(newDice(1, 1)).withAnchor().existing(kind)
		for _, bad := range notIDs(kind) {
			refuse(func(f *contact.Filter) { *idLists(f)[i].ids = []string{good, bad} })
		}
		refuse(func(f *contact.Filter) { *idLists(f)[i].ids = slices.Repeat([]string{good}, maxList+1) })
	}
}

// TestFullLists_AreTaken asks with as many values as there may be, as long as they may be.
func TestFullLists_AreTaken(t *testing.T) {
	t.Parallel()
	e := newExaminer(t, generate(*seed, 100))
	q := question{Filter: between("2024-03-01", "2024-03-31"), Zone: warsaw}
	for i := range idLists(&q.Filter) {
		list := idLists(&q.Filter)[i]
		*list.ids = slices.Repeat([]string{e.w.asker(newDice(1, 1)).withAnchor().existing(list.kind)}, maxList)
	}
	for i := range maxList {
		q.Filter.TicketIDs = append(q.Filter.TicketIDs, fmt.Sprintf("%0*d", maxText, i))
		q.Filter.SourceAddresses = append(q.Filter.SourceAddresses, fmt.Sprintf("%0*d@example.com", maxText-len("@example.com"), i))
		q.Filter.DestinationAddresses = append(q.Filter.DestinationAddresses, fmt.Sprintf("+48 789 789 %03d", i))
	}
	if faults := e.w.answer(q).faults; len(faults) > 0 {
		t.Errorf("the oracle finds %v", faults)
	}
	e.sameVerdict(t, q)
}

// sameVerdict resolves a question, which the store must refuse for what the oracle finds, or give the same period for.
func (e *examiner) sameVerdict(t *testing.T, q question) {
	t.Helper()
	want := e.w.answer(q)
	criteria, err := e.reader(q).Resolve(t.Context(), q.Filter)
	if len(want.faults) > 0 {
		if wrong := want.faults.refused(err, ""); wrong != nil {
			t.Errorf("%s %v", describe(q), wrong)
		}
		return
	}
	if err != nil || criteria.Period() != want.period {
		t.Errorf("%s at %s gives %v (%v), should give %v", describe(q), q.Now, criteria.Period(), err, want.period)
	}
}
