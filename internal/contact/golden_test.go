package contact

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenStore knows a few small things and has no database: what it is asked for must be made of these alone.
func goldenStore(t testing.TB) *Store {
	t.Helper()
	directory := NewDirectory(nil)
	known := holding{members: map[int64][]int64{1: {1, 2}, 2: {2, 3}}}
	known.everything.shelves = shelves{
		agentShelf:      shelved[Agent](1, 2, 3),
		groupShelf:      shelved[AgentGroup](1, 2),
		campaignShelf:   shelved[Campaign](1, 2),
		queueShelf:      shelved[Queue](1, 2),
		classifierShelf: shelved[Classifier](1, 2),
		siteCallShelf:   shelved[SiteCall](1, 2),
	}
	directory.current.Store(&known)
	now := func() time.Time { return time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC) }
	return NewStore(nil, directory, relay.NewSigner([]byte("key")), Settings{Zone: mustZone(t, "Europe/Warsaw"), Now: now})
}

func shelved[T any](ids ...int64) shelf[T] {
	made := shelf[T]{byID: map[int64]*T{}}
	for _, id := range ids {
		made.byID[id] = new(T)
		made.sorted = append(made.sorted, spine[T]{thing: made.byID[id], entry: entry{id: id}})
	}
	return made
}

func nodeIDs(kind relay.Kind, numbers ...int64) []string {
	ids := make([]string, len(numbers))
	for i, number := range numbers {
		ids[i] = relay.EncodeID(kind, number)
	}
	return ids
}

// TestEveryCriterionHasItsStatement keeps the SQL of each criterion as a file that a reviewer reads: the page, the
// count and the file, with the values that go with them.
func TestEveryCriterionHasItsStatement(t *testing.T) {
	t.Parallel()
	yes := true
	zone := "America/New_York"
	today, own := Today, int64(3)
	week := Period{Range: &Range{From: "2024-03-24", To: "2024-03-31"}}
	quarter := Period{Range: &Range{From: "2024-01-01", To: "2024-03-31"}}
	for name, c := range map[string]struct {
		filter Filter
		reach  *Reach
		narrow func(*Criteria)
		order  Order
		after  bool
	}{
		"period":                  {},
		"period_today":            {filter: Filter{Period: Period{Preset: &today}}},
		"time_zone":               {filter: Filter{TimeZone: &zone}},
		"hours":                   {filter: Filter{Hours: hours("08:00", "16:00")}},
		"hours_after_a_row":       {filter: Filter{Hours: hours("22:00", "06:00")}, after: true},
		"agent":                   {filter: Filter{AgentIDs: nodeIDs(relay.AgentKind, 1)}},
		"agents":                  {filter: Filter{AgentIDs: nodeIDs(relay.AgentKind, 3, 1, 3)}},
		"agent_groups":            {filter: Filter{AgentGroupIDs: nodeIDs(relay.AgentGroupKind, 1, 2)}},
		"agents_in_a_group":       {filter: Filter{AgentIDs: nodeIDs(relay.AgentKind, 1, 3), AgentGroupIDs: nodeIDs(relay.AgentGroupKind, 1)}},
		"agents_and_hours":        {filter: Filter{AgentIDs: nodeIDs(relay.AgentKind, 1, 2), Hours: hours("03:00", "03:02")}},
		"campaign":                {filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"campaigns":               {filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1, 2)}},
		"outside_campaign":        {filter: Filter{OutsideCampaign: &yes}},
		"campaign_or_outside":     {filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 2), OutsideCampaign: &yes}},
		"type":                    {filter: Filter{Types: []Type{Chat}}},
		"status":                  {filter: Filter{Statuses: []Status{Busy}}},
		"type_and_status":         {filter: Filter{Types: []Type{Chat}, Statuses: []Status{Answered}}},
		"campaign_and_status":     {filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1), Statuses: []Status{Busy, Failed}}},
		"campaign_and_agents":     {filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1, 2), AgentIDs: nodeIDs(relay.AgentKind, 1, 2)}},
		"source_and_destination":  {filter: Filter{SourceAddresses: []string{"789 789 789"}, DestinationAddresses: []string{"101"}}},
		"many_kinds_and_hours":    {filter: Filter{Types: Types[:9], Statuses: Statuses, Hours: hours("03:00", "03:02"), Period: week}},
		"several_months":          {filter: Filter{Statuses: []Status{Busy}, Period: quarter}},
		"source_address":          {filter: Filter{SourceAddresses: []string{"789 789 789"}}},
		"source_addresses":        {filter: Filter{SourceAddresses: []string{"789 789 789", "0048789789789", "A@Example.com"}}},
		"destination_address":     {filter: Filter{DestinationAddresses: []string{"101"}}},
		"tickets":                 {filter: Filter{TicketIDs: []string{"T-1", "T-2"}}},
		"site_call":               {filter: Filter{SiteCallIDs: nodeIDs(relay.SiteCallKind, 1)}},
		"queue":                   {filter: Filter{QueueIDs: nodeIDs(relay.QueueKind, 1)}},
		"classifier":              {filter: Filter{ClassifierIDs: nodeIDs(relay.ClassifierKind, 2)}},
		"record":                  {narrow: func(c *Criteria) { c.records = set[int64]{7} }},
		"contacts":                {narrow: func(c *Criteria) { c.contacts = set[int64]{5, 9} }},
		"reach":                   {reach: &Reach{Campaigns: []int64{1, 2}, AgentGroups: []int64{1}}},
		"reach_of_campaigns":      {reach: &Reach{Campaigns: []int64{2}}, filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 2), OutsideCampaign: &yes}},
		"reach_wider_than_filter": {reach: &Reach{Campaigns: []int64{1, 2}}, filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"reach_of_an_agent":       {reach: &Reach{Agent: &own}, filter: Filter{Statuses: []Status{Busy}}},
		"reach_and_campaign":      {reach: &Reach{Campaigns: []int64{1, 2}, Agent: &own}, filter: Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"reach_and_hours":         {reach: &Reach{Campaigns: []int64{1}, Agent: &own}, filter: Filter{Hours: hours("03:00", "03:02")}, after: true},
		"order_by_talk_time":      {order: Order{OrderByTalkTime, Descending}, after: true},
		"order_by_ring_time_asc":  {order: Order{OrderByRingTime, Ascending}, filter: Filter{Hours: hours("17:00", "")}},
		"order_by_start_asc":      {order: Order{OrderByStartedAt, Ascending}, after: true},
		"order_by_agent_talk_asc": {order: Order{OrderByAgentTalkTime, Ascending}, after: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.filter.Period == (Period{}) {
				c.filter.Period.Range = &Range{From: "2024-03-30", To: "2024-04-01"}
			}
			if c.order.Field == "" {
				c.order = NewestFirst
			}
			viewer := Unlimited
			if c.reach != nil {
				viewer.Reach = *c.reach
			}
			criteria, err := goldenStore(t).For(viewer).Resolve(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			if c.narrow != nil {
				c.narrow(&criteria)
			}
			var after *place
			if c.after {
				after = &place{startedAt: time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC), value: 90, id: 42}
			}
			page := criteria.reading()
			page.walk = &walk{order: c.order, descending: c.order.Direction == Descending, limit: 51, after: after}
			count, file := criteria.reading(), criteria.reading()
			file.walk = &walk{order: c.order, descending: c.order.Direction == Descending}
			compareGolden(t, filepath.Join("testdata", "sql", name+".sql"), strings.Join([]string{
				"-- page", page.page(ColumnType | c.order.column()), written(page.arguments),
				"-- count", count.count(), written(count.arguments),
				"-- file", file.rows(ColumnType), written(file.arguments),
			}, "\n"))
		})
	}
}

func written(arguments []any) string {
	var text strings.Builder
	for i, argument := range arguments {
		switch value := argument.(type) {
		case time.Time:
			argument = value.UTC().Format(time.RFC3339)
		case []time.Time:
			var all []string
			for _, one := range value {
				all = append(all, one.UTC().Format(time.RFC3339))
			}
			argument = all
		}
		fmt.Fprintf(&text, "--   $%d = %v\n", i+1, argument)
	}
	return text.String()
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; if it should, run the test with -update.\ngot:\n%s", file, got)
	}
}

func TestNoListOfAFilterIsLongerThanItsBound(t *testing.T) {
	t.Parallel()
	today := Today
	for field, filter := range map[string]Filter{
		"types":     {Types: slices.Repeat([]Type{Chat}, longestList+1)},
		"statuses":  {Statuses: slices.Repeat([]Status{Busy}, longestList+1)},
		"agentIds":  {AgentIDs: slices.Repeat([]string{"x"}, longestList+1)},
		"ticketIds": {TicketIDs: slices.Repeat([]string{"x"}, longestList+1)},
	} {
		filter.Period.Preset = &today
		_, err := goldenStore(t).For(Unlimited).Resolve(t.Context(), filter)
		var problem *fault.Error
		if !errors.As(err, &problem) || problem.Code != fault.InvalidFilter || problem.Field != field {
			t.Errorf("%s: %v, want INVALID_FILTER there", field, err)
		}
	}
}
