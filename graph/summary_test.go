package graph_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
)

// Numbers of a summary are those of the lists that its groups narrow the filter to.
func TestContactSummary_AgreesWithTheLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var got struct {
		ContactSummary struct {
			Total  struct{ Contacts, ReachedAgent int }
			Groups struct {
				TotalCount int
				Nodes      []struct {
					Type     string
					Measures struct{ Contacts int }
				}
			}
			Days struct {
				Nodes []struct {
					Time     struct{ Date string }
					Measures struct{ Contacts int }
					Previous struct{ Contacts int }
				}
			}
		}
		Contacts struct{ TotalCount int }
	}
	answer := s.ask(t, `{
		contactSummary(`+march+`) {
			asOf resolvedPeriod {from to} previousPeriod {from to until}
			total {contacts reachedAgent outcomes {outcome contacts} serviceLevel {offered met ratio} agentTalkTime {sum average percentile(rank: 50)}}
			previousTotal {contacts}
			groups(by: TYPE, orderBy: {direction: ASC}) {totalCount nodes {type measures {contacts lostRate}} rest {contacts}}
			days: groups(by: [DAY], first: 31) {nodes {time {from to date weekday occurrences complete} measures {contacts lost(at: [QUEUE])} previous {contacts}}}
			facet(of: CAMPAIGN) {nodes {campaign {name} measures {contacts}}}
		}
		contacts(`+march+`) {totalCount}
	}`, nil)
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	byType, byDay := 0, 0
	for _, one := range got.ContactSummary.Groups.Nodes {
		byType += one.Measures.Contacts
	}
	for _, one := range got.ContactSummary.Days.Nodes {
		byDay += one.Measures.Contacts
	}
	want := got.Contacts.TotalCount
	if want == 0 || got.ContactSummary.Total.Contacts != want || byType != want || byDay != want || len(got.ContactSummary.Days.Nodes) != 31 {
		t.Errorf("%d contacts; answered %s", want, answer)
	}
}

// What cannot be answered is refused with a code.
func TestContactSummary_RefusesWhatItCannotAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	quarter := `filter: {period: {range: {from: "2024-01-01", to: "2024-03-31"}}}`
	for selected, code := range map[string]string{
		`groups(by: []) {totalCount}`:                             "INVALID_GROUPING",
		`groups(by: [DAY, DAY]) {totalCount}`:                     "INVALID_GROUPING",
		`groups(by: [DAY, WEEK]) {totalCount}`:                    "INVALID_GROUPING",
		`groups(by: [TYPE, STATUS, OUTCOME, AGENT]) {totalCount}`: "INVALID_GROUPING",
		`groups(by: [HOUR]) {totalCount}`:                         "LIMIT_EXCEEDED",
		`groups(by: [DAY], first: 1001) {totalCount}`:             "INVALID_FILTER",
		`facet(of: AGENT, first: 0) {totalCount}`:                 "INVALID_FILTER",
		`total {serviceLevel(seconds: -1) {met}}`:                 "INVALID_FILTER",
		`total {lostShort(within: 90000)}`:                        "INVALID_FILTER",
		`total {queueTime {percentile(rank: 0)}}`:                 "INVALID_FILTER",
		`total {queueTime {percentile(rank: 100.1)}}`:             "INVALID_FILTER",
		`a: groups(by: [DAY]) {totalCount} ` + eightGroupings():   "LIMIT_EXCEEDED",
	} {
		answered := send(t, s, operation(t, `{contactSummary(`+quarter+`) {`+selected+`}}`, nil))
		if !strings.Contains(answered.body, `"code":"`+code+`"`) {
			t.Errorf("%s: answered %s, want %s", selected, answered.body, code)
		}
	}
}

// eightGroupings are groupings that differ.
func eightGroupings() string {
	var fields strings.Builder
	for _, one := range []string{"WEEK", "MONTH", "HOUR_OF_DAY", "DAY_OF_WEEK", "TYPE", "STATUS", "OUTCOME", "AGENT"} {
		fields.WriteString(one + ": groups(by: " + one + ") {totalCount} ")
	}
	return fields.String()
}

// A summary is reckoned at what reading millions of contacts takes.
func TestCost_OfASummary(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(600_000, 200_000, func() time.Time { return now })}})
	reckoned := func(selected string) guard.Cost { return s.costs(t, `{contactSummary(`+march+`) {`+selected+`}}`) }
	plain, more := reckoned(`total {contacts}`), reckoned(`total {contacts queueTime {percentile(rank: 50)}} previousTotal {contacts}`)
	if plain.Requested < 1_500 || more.Requested < plain.Requested+1_000 {
		t.Errorf("a total costs %+v, with percentiles and the period before %+v", plain, more)
	}
}
