package report

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenStore has a database of a few small things, a record and two contacts.
func goldenStore(t testing.TB) *Store {
	t.Helper()
	database := pgtest.New(t)
	for _, statement := range []string{
		`INSERT INTO agents (external_id, name) VALUES ('1', ''), ('2', ''), ('3', '')`,
		`INSERT INTO agent_groups (external_id, name) VALUES ('1', ''), ('2', '')`,
		`INSERT INTO agent_group_members VALUES (1, 1), (1, 2), (2, 2), (2, 3)`,
		`INSERT INTO campaigns (external_id, name) VALUES ('1', ''), ('2', '')`,
		`INSERT INTO queues (external_id, name) VALUES ('1', ''), ('2', '')`,
		`INSERT INTO classifiers (external_id, name) VALUES ('1', ''), ('2', '')`,
		`INSERT INTO site_calls (external_id, name) VALUES ('1', ''), ('2', '')`,
	} {
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	signer := relay.NewSigner([]byte("key"))
	small := directory.New(database.Pool.DB, signer, time.Now)
	if err := small.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC) }
	return NewStore(database.Pool.DB, small, signer, Config{Zone: zone, Now: now})
}

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

func nodeIDs(kind relay.Kind, numbers ...int64) []string {
	ids := make([]string, len(numbers))
	for i, number := range numbers {
		ids[i] = relay.EncodeID(kind, number)
	}
	return ids
}

// TestCriteria_HaveTheStatementsOfTheirGoldenFiles keeps the SQL of each criterion as a file that a reviewer reads and psql runs: the page, the
// count and the file, with the values that go with them.
func TestCriteria_HaveTheStatementsOfTheirGoldenFiles(t *testing.T) {
	t.Parallel()
	store := goldenStore(t)
	yes := true
	zone := "America/New_York"
	today, own := contact.Today, int64(3)
	week := contact.Period{Range: &contact.Range{From: "2024-03-24", To: "2024-03-31"}}
	quarter := contact.Period{Range: &contact.Range{From: "2024-01-01", To: "2024-03-31"}}
	var mu sync.Mutex
	asked := map[string]bool{}
	t.Cleanup(func() {
		for i := range reflect.TypeFor[values]().NumField() {
			if name := reflect.TypeFor[values]().Field(i).Name; !asked[name] {
				t.Errorf("golden_test.go: no case asks for %s", name)
			}
		}
	})
	for name, c := range map[string]struct {
		filter contact.Filter
		reach  *contact.Reach
		narrow func(*Criteria)
		order  contact.Order
		after  bool
	}{
		"period":                  {},
		"period_today":            {filter: contact.Filter{Period: contact.Period{Preset: &today}}},
		"time_zone":               {filter: contact.Filter{TimeZone: &zone}},
		"hours":                   {filter: contact.Filter{Hours: hours("08:00", "16:00")}},
		"hours_after_a_row":       {filter: contact.Filter{Hours: hours("22:00", "06:00")}, after: true},
		"agent":                   {filter: contact.Filter{AgentIDs: nodeIDs(relay.AgentKind, 1)}},
		"agents":                  {filter: contact.Filter{AgentIDs: nodeIDs(relay.AgentKind, 3, 1, 3)}},
		"agent_groups":            {filter: contact.Filter{AgentGroupIDs: nodeIDs(relay.AgentGroupKind, 1, 2)}},
		"agents_in_a_group":       {filter: contact.Filter{AgentIDs: nodeIDs(relay.AgentKind, 1, 3), AgentGroupIDs: nodeIDs(relay.AgentGroupKind, 1)}},
		"agents_and_hours":        {filter: contact.Filter{AgentIDs: nodeIDs(relay.AgentKind, 1, 2), Hours: hours("03:00", "03:02")}},
		"campaign":                {filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"campaigns":               {filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1, 2)}},
		"outside_campaign":        {filter: contact.Filter{OutsideCampaign: &yes}},
		"campaign_or_outside":     {filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 2), OutsideCampaign: &yes}},
		"type":                    {filter: contact.Filter{Types: []contact.Type{contact.Chat}}},
		"status":                  {filter: contact.Filter{Statuses: []contact.Status{contact.Busy}}},
		"outcome":                 {filter: contact.Filter{Outcomes: []contact.Outcome{contact.LostInQueue}}},
		"outcomes_and_hours":      {filter: contact.Filter{Outcomes: contact.Outcomes[3:8], Hours: hours("10:00", "11:00")}},
		"outcomes_and_campaign":   {filter: contact.Filter{Outcomes: contact.Outcomes[3:8], CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"recovery":                {filter: contact.Filter{Recovery: &contact.RecoveryFilter{States: []contact.RecoveryState{contact.Tried, contact.NotRecovered}, WithinHours: 24}}},
		"recovery_in_reach":       {reach: &contact.Reach{Campaigns: []int64{1}, AgentGroups: []int64{1}}, filter: contact.Filter{Recovery: &contact.RecoveryFilter{States: contact.RecoveryStates[:1], WithinHours: 720}}, after: true},
		"repeat":                  {filter: contact.Filter{RepeatWithinDays: new(7), Types: contact.CameTypes[:1]}},
		"queue_time":              {filter: contact.Filter{QueueTime: &contact.DurationRange{AtLeast: new(60)}}},
		"time_to_answer":          {filter: contact.Filter{TimeToAnswer: &contact.DurationRange{AtMost: new(20)}, CampaignIDs: nodeIDs(relay.CampaignKind, 1), Period: quarter}},
		"lost_after_and_hours":    {filter: contact.Filter{LostAfter: &contact.DurationRange{AtMost: new(4)}, Hours: hours("10:00", "11:00")}, after: true},
		"agent_talk_time":         {filter: contact.Filter{AgentTalkTime: &contact.DurationRange{AtLeast: new(3600), AtMost: new(7200)}, Period: quarter}},
		"weekdays":                {filter: contact.Filter{Weekdays: []contact.Weekday{contact.Saturday, contact.Monday}}},
		"order_by_queue_time":     {order: contact.Order{Field: contact.OrderByQueueTime, Direction: contact.Descending}, filter: contact.Filter{Outcomes: contact.Outcomes[3:8]}},
		"unfinished":              {filter: contact.Filter{Unfinished: &yes, Hours: hours("08:00", "16:00")}},
		"type_and_status":         {filter: contact.Filter{Types: []contact.Type{contact.Chat}, Statuses: []contact.Status{contact.Answered}}},
		"campaign_and_status":     {filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1), Statuses: []contact.Status{contact.Busy, contact.Failed}}},
		"campaign_and_agents":     {filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1, 2), AgentIDs: nodeIDs(relay.AgentKind, 1, 2)}},
		"source_and_destination":  {filter: contact.Filter{SourceAddresses: []string{"789 789 789"}, DestinationAddresses: []string{"101"}}},
		"many_kinds_and_hours":    {filter: contact.Filter{Types: contact.Types[:9], Statuses: contact.Statuses, Hours: hours("03:00", "03:02"), Period: week}},
		"several_months":          {filter: contact.Filter{Statuses: []contact.Status{contact.Busy}, Period: quarter}},
		"source_address":          {filter: contact.Filter{SourceAddresses: []string{"789 789 789"}}},
		"source_addresses":        {filter: contact.Filter{SourceAddresses: []string{"789 789 789", "0048789789789", "A@Example.com"}}},
		"destination_address":     {filter: contact.Filter{DestinationAddresses: []string{"101"}}},
		"address":                 {filter: contact.Filter{Addresses: []string{"789 789 789"}}},
		"addresses_and_agent":     {filter: contact.Filter{Addresses: []string{"789 789 789", "A@Example.com"}, AgentIDs: nodeIDs(relay.AgentKind, 1)}},
		"addresses_by_talk_time":  {filter: contact.Filter{Addresses: []string{"789 789 789", "A@Example.com"}}, order: contact.Order{Field: contact.OrderByTalkTime, Direction: contact.Descending}},
		"address_not_in_bcc":      {narrow: func(c *Criteria) { c.ShownAddresses = contact.Set[string]{"+48789789789"} }},
		"without_source_address":  {filter: contact.Filter{WithoutSourceAddress: &yes}},
		"without_destination":     {filter: contact.Filter{WithoutDestinationAddress: &yes}},
		"tickets":                 {filter: contact.Filter{TicketIDs: []string{"T-1", "T-2"}}},
		"site_call":               {filter: contact.Filter{SiteCallIDs: nodeIDs(relay.SiteCallKind, 1)}},
		"queue":                   {filter: contact.Filter{QueueIDs: nodeIDs(relay.QueueKind, 1)}},
		"classifier":              {filter: contact.Filter{ClassifierIDs: nodeIDs(relay.ClassifierKind, 2)}},
		"record":                  {narrow: func(c *Criteria) { c.Records = contact.Set[int64]{7} }},
		"contacts":                {narrow: func(c *Criteria) { c.Contacts = contact.Set[int64]{5, 9} }},
		"reach":                   {reach: &contact.Reach{Campaigns: []int64{1, 2}, AgentGroups: []int64{1}}},
		"reach_of_campaigns":      {reach: &contact.Reach{Campaigns: []int64{2}}, filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 2), OutsideCampaign: &yes}},
		"reach_wider_than_filter": {reach: &contact.Reach{Campaigns: []int64{1, 2}}, filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"reach_of_an_agent":       {reach: &contact.Reach{Agent: &own}, filter: contact.Filter{Statuses: []contact.Status{contact.Busy}}},
		"reach_and_campaign":      {reach: &contact.Reach{Campaigns: []int64{1, 2}, Agent: &own}, filter: contact.Filter{CampaignIDs: nodeIDs(relay.CampaignKind, 1)}},
		"reach_and_hours":         {reach: &contact.Reach{Campaigns: []int64{1}, Agent: &own}, filter: contact.Filter{Hours: hours("03:00", "03:02")}, after: true},
		"order_by_talk_time":      {order: contact.Order{Field: contact.OrderByTalkTime, Direction: contact.Descending}, after: true},
		"order_by_ring_time_asc":  {order: contact.Order{Field: contact.OrderByRingTime, Direction: contact.Ascending}, filter: contact.Filter{Hours: hours("17:00", "")}},
		"order_by_start_asc":      {order: contact.Order{Field: contact.OrderByStartedAt, Direction: contact.Ascending}, after: true},
		"order_by_agent_talk_asc": {order: contact.Order{Field: contact.OrderByAgentTalkTime, Direction: contact.Ascending}, after: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.filter.Period == (contact.Period{}) {
				c.filter.Period.Range = &contact.Range{From: "2024-03-30", To: "2024-04-01"}
			}
			if c.order.Field == "" {
				c.order = contact.NewestFirst
			}
			viewer := contact.Unlimited
			if c.reach != nil {
				viewer.Reach = *c.reach
			}
			criteria, err := store.For(viewer).Resolve(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			if c.narrow != nil {
				c.narrow(&criteria)
			}
			mu.Lock()
			for i, one := 0, reflect.ValueOf(criteria.values); i < one.NumField(); i++ {
				asked[one.Type().Field(i).Name] = asked[one.Type().Field(i).Name] || !one.Field(i).IsZero()
			}
			mu.Unlock()
			var after *plan.Position
			if c.after {
				after = &plan.Position{StartedAt: time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC), Value: 90, ID: 42}
			}
			scan := plan.Scan{Order: c.order, Descending: c.order.Direction == contact.Descending, Limit: 51, After: after}
			page := criteria.query().Page(scan, contact.ColumnType|c.order.SortColumn())
			count, rows := criteria.query().Count(), criteria.query().Rows(c.order, contact.ColumnType|c.order.SortColumn())
			file := filepath.Join("plan", "testdata", "sql", name+".sql")
			compareGolden(t, file, runnable("page", page)+"\n"+runnable("count", count)+"\n"+runnable("file", rows))
			runGolden(t, store, file)
		})
	}
}

// runnable is a statement with its values as psql takes it, indented by its parentheses.
func runnable(name string, statement plan.Statement) string {
	var text strings.Builder
	fmt.Fprintf(&text, "PREPARE %s AS\n", name)
	depth := 0
	for line := range strings.SplitSeq(statement.SQL, "\n") {
		if line == "" {
			continue
		}
		closing := len(line) - len(strings.TrimLeft(line, ")"))
		text.WriteString(strings.Repeat("  ", depth-closing) + line + "\n")
		depth += strings.Count(line, "(") - strings.Count(line, ")")
	}
	values := make([]string, len(statement.Arguments))
	for i, argument := range statement.Arguments {
		values[i] = literal(argument)
	}
	fmt.Fprintf(&text, ";\nEXECUTE %s (\n  %s\n);\nDEALLOCATE %[1]s;\n", name, strings.Join(values, ",\n  "))
	return text.String()
}

// literal is a value as SQL takes it for a parameter of any type.
func literal(argument any) string {
	list := func(texts []string) string { return "'{" + strings.Join(texts, ",") + "}'" }
	switch value := argument.(type) {
	case time.Time:
		return "'" + value.UTC().Format(time.RFC3339) + "'"
	case []time.Time:
		texts := make([]string, len(value))
		for i, one := range value {
			texts[i] = one.UTC().Format(time.RFC3339)
		}
		return list(texts)
	case []int64:
		texts := make([]string, len(value))
		for i, one := range value {
			texts[i] = strconv.FormatInt(one, 10)
		}
		return list(texts)
	case []string:
		return list(value)
	case string:
		return "'" + value + "'"
	default:
		return fmt.Sprint(value)
	}
}

// runGolden runs a golden file as it stands.
func runGolden(t *testing.T, store *Store, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	err = onConnection(t.Context(), store.db.DB, func(connection *pgx.Conn) error {
		_, err := connection.PgConn().Exec(t.Context(), string(content)).ReadAll()
		return err
	})
	if err != nil {
		t.Errorf("%s does not run: %v", file, err)
	}
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

func TestCriteria_RefuseAListLongerThanItsBound(t *testing.T) {
	t.Parallel()
	today, store := contact.Today, goldenStore(t)
	for field, filter := range map[string]contact.Filter{
		"types":     {Types: slices.Repeat([]contact.Type{contact.Chat}, maxList+1)},
		"weekdays":  {Weekdays: slices.Repeat([]contact.Weekday{contact.Monday}, maxList+1)},
		"outcomes":  {Outcomes: slices.Repeat([]contact.Outcome{contact.LostInIVR}, maxList+1)},
		"statuses":  {Statuses: slices.Repeat([]contact.Status{contact.Busy}, maxList+1)},
		"agentIds":  {AgentIDs: slices.Repeat([]string{"x"}, maxList+1)},
		"ticketIds": {TicketIDs: slices.Repeat([]string{"x"}, maxList+1)},
	} {
		filter.Period.Preset = &today
		_, err := store.For(contact.Unlimited).Resolve(t.Context(), filter)
		var problem *fault.Error
		if !errors.As(err, &problem) || problem.Code != fault.InvalidFilter || problem.Field != field {
			t.Errorf("%s: %v, want INVALID_FILTER there", field, err)
		}
	}
}
