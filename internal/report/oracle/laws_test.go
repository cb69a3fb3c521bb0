package oracle

import (
	"context"
	"flag"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

var large = flag.Int("oracle.large", 200_000, "how many contacts the laws are checked on")

// TestReport_ObeysItsLaws checks on large data what must hold whatever the data are. The oracle's filter takes no part
// in it: the store is held against itself.
func TestReport_ObeysItsLaws(t *testing.T) {
	t.Parallel()
	l := laws{newExaminer(t, generate(*seed, *large))}
	for name, law := range map[string]func(*testing.T){
		"days add up to their range":             l.daysAddUp,
		"windows of hours partition the day":     l.windowsPartitionTheDay,
		"types and statuses add up":              l.typesAndStatusesAddUp,
		"campaigns and no campaign add up":       l.campaignsAddUp,
		"agents add up to contacts with agents":  l.agentsAddUp,
		"a group is its members":                 l.groupIsItsMembers,
		"forwards is backwards reversed":         l.forwardsIsBackwardsReversed,
		"descending is ascending reversed":       l.descendingIsAscendingReversed,
		"the size of pages changes nothing":      l.sizeOfPagesChangesNothing,
		"a file holds what the screen shows":     l.fileHoldsWhatTheScreenShows,
		"the day that never was has no contacts": l.dayThatNeverWasIsEmpty,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			law(t)
		})
	}
}

type laws struct{ *examiner }

// lawQuestion asks for a range of dates in a zone, newest first.
func lawQuestion(from, to, zone string) question {
	filter := between(from, to)
	filter.TimeZone = &zone
	return question{Filter: filter, Order: contact.NewestFirst, Zone: warsaw}
}

// lawRanges have days of 23, 23½, 24, 24½ and 25 hours, days that begin at one o'clock, and one that is missing.
var lawRanges = []question{
	lawQuestion("2024-01-15", "2024-04-14", "Europe/Warsaw"),
	lawQuestion("2024-09-01", "2024-11-30", "Europe/Warsaw"),
	lawQuestion("2024-03-01", "2024-04-30", "Australia/Lord_Howe"),
	lawQuestion("2024-10-01", "2024-11-15", "America/Havana"),
	lawQuestion("2024-10-20", "2024-11-02", "Africa/Cairo"),
	lawQuestion("2024-03-25", "2024-04-05", "Asia/Beirut"),
	lawQuestion("2011-10-25", "2012-01-01", "Pacific/Apia"),
	lawQuestion("2011-11-01", "2011-11-10", "America/St_Johns"),
}

func (l laws) count(t *testing.T, q question) int {
	t.Helper()
	reader, total := l.reader(q), 0
	criteria, err := reader.Resolve(t.Context(), q.Filter)
	if err == nil {
		err = reader.Snapshot(t.Context(), func(ctx context.Context, s *report.Snapshot) error {
			total, err = s.Count(ctx, criteria)
			return err
		})
	}
	if err != nil {
		t.Fatalf("count %s: %v", describe(q), err)
	}
	return total
}

// stream is the ids of the whole list as a file holds them.
func (l laws) stream(t *testing.T, q question) []int64 {
	t.Helper()
	var numbers []int64
	reader := l.reader(q)
	criteria, err := reader.Resolve(t.Context(), q.Filter)
	if err == nil {
		err = reader.Snapshot(t.Context(), func(ctx context.Context, s *report.Snapshot) error {
			return s.Stream(ctx, criteria, q.Order, 0, func(batch []*contact.Contact) error {
				for _, c := range batch {
					numbers = append(numbers, c.ID)
				}
				return nil
			})
		})
	}
	if err != nil {
		t.Fatalf("stream %s: %v", describe(q), err)
	}
	return numbers
}

// walked is the ids of the whole list, read page by page from one end, in the list's own order.
func (l laws) walked(t *testing.T, q question, size int, backward bool) []int64 {
	t.Helper()
	var pages [][]int64
	args := relay.PageArgs{First: &size}
	if backward {
		args = relay.PageArgs{Last: &size}
	}
	for {
		connection, err := l.list(t.Context(), q, args, 0)
		if err != nil {
			t.Fatalf("list %s: %v", describe(q), err)
		}
		pages = append(pages, nodeIDs(connection))
		info := connection.PageInfo()
		switch {
		case backward && info.HasPreviousPage:
			args.Before = info.StartCursor
		case !backward && info.HasNextPage:
			args.After = info.EndCursor
		default:
			if backward {
				slices.Reverse(pages)
			}
			return slices.Concat(pages...)
		}
	}
}

func nodeIDs(connection *report.Connection) []int64 {
	var numbers []int64
	for _, node := range connection.Nodes() {
		numbers = append(numbers, node.ID)
	}
	return numbers
}

func (l laws) daysAddUp(t *testing.T) {
	for _, q := range lawRanges {
		from, _ := parseDay(q.Filter.Period.Range.From)
		to, _ := parseDay(q.Filter.Period.Range.To)
		sum := 0
		for d := from; d <= to; d++ {
			sum += l.count(t, lawQuestion(d.String(), d.String(), *q.Filter.TimeZone))
		}
		if whole := l.count(t, q); sum != whole || whole == 0 {
			t.Errorf("%s: the days come to %d, the range to %d", describe(q), sum, whole)
		}
	}
}

func (l laws) windowsPartitionTheDay(t *testing.T) {
	cuts := []string{"00:00", "00:30", "01:00", "02:00", "02:15", "02:30", "03:00", "03:01", "08:00", "12:00", "22:59", "23:30"}
	for _, q := range append([]question{
		lawQuestion("2024-03-31", "2024-03-31", "Europe/Warsaw"), lawQuestion("2024-10-27", "2024-10-27", "Europe/Warsaw"),
		lawQuestion("2024-04-07", "2024-04-07", "Australia/Lord_Howe"), lawQuestion("2024-10-06", "2024-10-06", "Australia/Lord_Howe"),
		lawQuestion("2024-03-10", "2024-03-10", "America/Havana"), lawQuestion("2024-11-03", "2024-11-03", "America/Havana"),
		lawQuestion("2024-10-26", "2024-10-26", "Asia/Beirut"), lawQuestion("2024-10-31", "2024-10-31", "Africa/Cairo"),
	}, lawRanges...) {
		var parts []int64
		whole, counted := l.stream(t, q), 0
		for i, cut := range cuts {
			window := q
			window.Filter.Hours = &contact.Hours{From: pointer(cut)}
			if i+1 < len(cuts) {
				window.Filter.Hours.To = pointer(cuts[i+1])
			}
			parts, counted = append(parts, l.stream(t, window)...), counted+l.count(t, window)
		}
		if counted != len(whole) {
			t.Errorf("%s: the windows come to %d, the days to %d", describe(q), counted, len(whole))
		}
		sameSet(t, describe(q)+" in windows", parts, whole)
		night, day := q, q
		night.Filter.Hours = &contact.Hours{From: pointer("22:00"), To: pointer("02:30")}
		day.Filter.Hours = &contact.Hours{From: pointer("02:30"), To: pointer("22:00")}
		sameSet(t, describe(q)+" by day and night", append(l.stream(t, night), l.stream(t, day)...), whole)
	}
}

func sameSet(t *testing.T, what string, got, want []int64) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) || len(want) == 0 {
		t.Errorf("%s: %d contacts, should be the same %d", what, len(got), len(want))
	}
}

func (l laws) typesAndStatusesAddUp(t *testing.T) {
	for _, q := range lawRanges {
		var byType, byStatus, byBoth int
		for _, kind := range contact.Types {
			one := q
			one.Filter.Types = []contact.Type{kind}
			byType += l.count(t, one)
		}
		for i, status := range contact.Statuses {
			one := q
			one.Filter.Statuses = []contact.Status{status}
			byStatus += l.count(t, one)
			one.Filter.Types = contact.Types[:9]
			byBoth += l.count(t, one)
			one.Filter.Types, one.Filter.Statuses = contact.Types[9:], contact.Statuses[i:i+1]
			byBoth += l.count(t, one)
		}
		if whole := l.count(t, q); byType != whole || byStatus != whole || byBoth != whole {
			t.Errorf("%s: types come to %d, statuses to %d, both to %d; all are %d", describe(q), byType, byStatus, byBoth, whole)
		}
	}
}

func (l laws) campaignsAddUp(t *testing.T) {
	for _, q := range lawRanges {
		inside := 0
		all := q
		for _, id := range l.w.campaigns {
			one := q
			one.Filter.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, id)}
			all.Filter.CampaignIDs = append(all.Filter.CampaignIDs, one.Filter.CampaignIDs...)
			inside += l.count(t, one)
		}
		together := l.count(t, all)
		outside := q
		outside.Filter.OutsideCampaign = pointer(true)
		all.Filter.OutsideCampaign = pointer(true)
		whole, out, either := l.count(t, q), l.count(t, outside), l.count(t, all)
		if inside != together || inside+out != whole || either != whole {
			t.Errorf("%s: %d one by one, %d in campaigns, %d outside, %d either; all are %d", describe(q), inside, together, out, either, whole)
		}
	}
}

func (l laws) agentsAddUp(t *testing.T) {
	for _, q := range lawRanges {
		sum, with := 0, 0
		all := q
		for _, agent := range l.w.agents {
			one := q
			one.Filter.AgentIDs = []string{agent.NodeID()}
			all.Filter.AgentIDs = append(all.Filter.AgentIDs, agent.NodeID())
			sum += l.count(t, one)
		}
		for _, id := range l.stream(t, q) {
			if l.w.byID[id].AgentID != nil {
				with++
			}
		}
		if together := l.count(t, all); sum != with || together != with {
			t.Errorf("%s: agents come to %d one by one and %d together; %d contacts have an agent", describe(q), sum, together, with)
		}
	}
}

func (l laws) groupIsItsMembers(t *testing.T) {
	q := lawRanges[0]
	for _, g := range l.w.groups {
		group, agents := q, q
		group.Filter.AgentGroupIDs = []string{relay.EncodeID(relay.AgentGroupKind, g.id)}
		for _, id := range g.members {
			agents.Filter.AgentIDs = append(agents.Filter.AgentIDs, relay.EncodeID(relay.AgentKind, id))
		}
		want := 0
		if len(g.members) > 0 {
			want = l.count(t, agents)
		}
		if got := l.count(t, group); got != want {
			t.Errorf("group %d comes to %d, its members to %d", g.id, got, want)
		}
	}
}

// lawLists are lists of some thousand contacts by different ways through the data.
func (l laws) lawLists() []question {
	month := lawQuestion("2024-03-20", "2024-04-05", "Europe/Warsaw")
	hours, agents, status := month, month, month
	hours.Filter.Hours = &contact.Hours{From: pointer("22:00"), To: pointer("03:00")}
	agents.Filter.AgentIDs = []string{l.w.agents[0].NodeID(), l.w.agents[1].NodeID(), l.w.agents[2].NodeID()}
	status.Filter.Statuses = []contact.Status{contact.Busy, contact.Pending}
	var lists []question
	for _, q := range []question{hours, agents, status} {
		for _, field := range orderFields {
			for _, direction := range []contact.Direction{contact.Ascending, contact.Descending} {
				q.Order = contact.Order{Field: field, Direction: direction}
				lists = append(lists, q)
			}
		}
	}
	return lists
}

func (l laws) forwardsIsBackwardsReversed(t *testing.T) {
	for _, q := range l.lawLists() {
		if forwards := l.walked(t, q, 200, false); !slices.Equal(forwards, l.walked(t, q, 173, true)) || len(forwards) < *large/500 {
			t.Errorf("%s: the list of %d from its end is another list", describe(q), len(forwards))
		}
	}
}

func (l laws) descendingIsAscendingReversed(t *testing.T) {
	for _, q := range l.lawLists() {
		there := l.walked(t, q, 200, false)
		reversed := q
		reversed.Order.Direction = map[contact.Direction]contact.Direction{
			contact.Ascending: contact.Descending, contact.Descending: contact.Ascending,
		}[q.Order.Direction]
		back := l.walked(t, reversed, 200, false)
		// The rows without the value are last in both, so each part is reversed by itself.
		with := len(there)
		for i, id := range there {
			if sortValue(l.w.byID[id], q.Order.Field) == nil {
				with = i
				break
			}
		}
		slices.Reverse(there[:with])
		slices.Reverse(there[with:])
		if !slices.Equal(there, back) {
			t.Errorf("%s: the other direction is another list", describe(q))
		}
	}
}

func (l laws) sizeOfPagesChangesNothing(t *testing.T) {
	for i, q := range l.lawLists() {
		q.Filter.CampaignIDs = []string{relay.EncodeID(relay.CampaignKind, l.w.campaigns[3])}
		by200 := l.walked(t, q, 200, false)
		if !slices.Equal(by200, l.walked(t, q, 7, i%2 == 0)) || len(by200) == 0 {
			t.Errorf("%s: another list in pages of 7", describe(q))
		}
		if i%6 == 0 && !slices.Equal(by200, l.walked(t, q, 1, i%4 == 0)) {
			t.Errorf("%s: another list in pages of 1", describe(q))
		}
	}
}

func (l laws) fileHoldsWhatTheScreenShows(t *testing.T) {
	for _, q := range l.lawLists() {
		if !slices.Equal(l.stream(t, q), l.walked(t, q, 200, false)) {
			t.Errorf("%s: the stream is another list than the pages", describe(q))
		}
	}
}

func (l laws) dayThatNeverWasIsEmpty(t *testing.T) {
	if count := l.count(t, lawQuestion("2011-12-30", "2011-12-30", "Pacific/Apia")); count != 0 {
		t.Errorf("%d contacts on the day that Samoa skipped", count)
	}
	around := lawQuestion("2011-12-29", "2011-12-31", "Pacific/Apia")
	if got := l.walked(t, around, 200, false); len(got) == 0 {
		t.Errorf("no contacts round the day that Samoa skipped")
	}
}
