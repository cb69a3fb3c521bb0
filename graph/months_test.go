package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

var (
	months       = flag.Int("months", 120, "how many months the database of many months has, at most 1,332")
	monthsRounds = flag.Int("months.rounds", 0, "how often each of ten readers asks everything, once it has to warm up; 0 shares it out. From 20 on, times are compared")
)

const (
	monthReaders = 10
	// maxMonthTables is how many tables of months a statement may lock: those of two months.
	maxMonthTables = 2 * 4
	fewMonths      = 4
	// maxSlower is how much longer an answer may take among many months, at its p99.
	maxSlower = 1.2
)

// A database in which there is a month for more than a century answers whatever is asked, as quickly as one with four months,
// and with statements that lock the tables of what they read alone.
func TestMonths_OfACenturyHinderNoReader(t *testing.T) {
	t.Parallel()
	few, many := newMonthly(t, fewMonths), newMonthly(t, *months)
	many.checkLocks(t)
	took := ask(t, few, many, func(string) bool { return true }, *monthsRounds)
	slower := tellTimes(t, took)
	if *monthsRounds < 20 || len(slower) == 0 {
		return
	}
	again := ask(t, few, many, func(kind string) bool { return slices.Contains(slower, kind) }, 4**monthsRounds) // the p99 of few is a matter of chance
	for _, kind := range tellTimes(t, again) {
		t.Errorf("%s: the p99 is more than %.1f times that with %d months", kind, maxSlower, fewMonths)
	}
}

// ask lets readers put the questions of some kinds to both in turn, and gives the times that answers took, by their kind.
func ask(t *testing.T, few, many *monthly, asked func(kind string) bool, rounds int) [2]map[string][]time.Duration {
	took := [2]map[string][]time.Duration{{}, {}}
	var mu sync.Mutex
	var readers sync.WaitGroup
	for reader := range monthReaders {
		readers.Go(func() {
			own := [2]map[string][]time.Duration{{}, {}}
			for round := range rounds + 1 {
				for at := range many.questions {
					if at = (at + reader*7) % len(many.questions); rounds == 0 && at%monthReaders != reader || !asked(many.questions[at].kind) {
						continue
					}
					for i, s := range []*monthly{few, many} {
						question := s.questions[at]
						if took := s.time(t, question); round > 0 || rounds == 0 {
							own[i][question.kind] = append(own[i][question.kind], took)
						}
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for i := range own {
				for kind, times := range own[i] {
					took[i][kind] = append(took[i][kind], times...)
				}
			}
		})
	}
	readers.Wait()
	return took
}

// tellTimes tells the p99 of each kind of question, and gives the kinds that took longer among many months.
func tellTimes(t *testing.T, took [2]map[string][]time.Duration) (slower []string) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(took[0])) {
		var p99 [2]time.Duration
		for i := range took {
			times := took[i][kind]
			slices.Sort(times)
			p99[i] = times[len(times)*99/100]
		}
		ratio := float64(p99[1]) / float64(p99[0])
		t.Logf("%-28s %5d asked, p99 %8s with %d months, %8s with %d: %.2f", kind, len(took[0][kind]),
			p99[0].Round(10*time.Microsecond), fewMonths, p99[1].Round(10*time.Microsecond), *months, ratio)
		if ratio > maxSlower {
			slower = append(slower, kind)
		}
	}
	return slower
}

// monthly is a site with contacts in each of some months, March 2024 among them.
type monthly struct {
	*site
	handler    *graph.Handler
	restricted string
	questions  []monthQuestion
}

type monthQuestion struct {
	kind, key string
	body      []byte
}

func newMonthly(t *testing.T, months int) *monthly {
	t.Helper()
	s := newEmptySite(t, graph.Config{})
	oldest := time.Date(1990, time.January, 10, 12, 0, 0, 0, time.UTC)
	first := time.Date(2024, time.January+fewMonths-time.Month(months), 10, 12, 0, 0, 0, time.UTC)
	if first.Before(oldest) {
		first = oldest
	}
	everything := restriction{grants: access.Grants{Unrestricted: true}, sees: func(string, string) bool { return true }, agents: map[string][]string{"anna": {"first"}}}
	s.takeLines(t, newPopulation(everything, "", 5).seen(200))
	for some := range slices.Chunk(slices.Collect(monthsFrom(first, months)), 60) {
		var lines []any
		for _, at := range some {
			name := at.Format("200601")
			lines = append(lines, map[string]any{
				"externalId": "m-" + name, "startedAt": at.Format(time.RFC3339), "type": contact.CampaignInboundCall, "status": contact.Answered,
				"campaign": reference("c-1"), "agent": reference("anna"), "conversationId": "m-" + name, "sourceAddress": "+48501723894",
				"record": map[string]any{"externalId": "m-" + name, "significantField": map[string]any{"name": "Firma", "value": name}},
			})
		}
		s.takeLinesFrom(t, lines, ingest.Starts{Oldest: oldest, Now: func() time.Time { return time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC) }})
	}
	s.execute(t, "VACUUM (ANALYZE) contact_identities, records, record_months, contact_ties")
	pool := s.database.Open(t, postgres.Config{PreparedStatements: true, MaxConns: monthReaders})
	config := s.config
	config.Store = report.NewStore(pool.DB, s.directory, relay.NewSigner([]byte("a key for tests")), report.Config{Zone: time.UTC, Now: func() time.Time { return now }})
	handler := graph.NewHandler(config)
	t.Cleanup(handler.Close)
	m := &monthly{site: s, handler: handler, restricted: s.newKey(t, access.Grants{Campaigns: []string{"c-1"}}, access.ScopeRead, access.ScopeContent)}
	m.questions = m.ask(t)
	return m
}

func monthsFrom(first time.Time, count int) func(func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		for i := range count {
			if !yield(first.AddDate(0, i, 0)) {
				return
			}
		}
	}
}

func reference(key string) map[string]any { return map[string]any{"externalId": key, "name": key} }

// id is that of a thing, by the platform's id.
func (m *monthly) id(t *testing.T, kind relay.Kind, key string) string {
	t.Helper()
	var number int64
	if err := m.database.Pool.QueryRow(t.Context(), "SELECT id FROM "+tablesOfKinds[kind]+" WHERE external_id = $1", key).Scan(&number); err != nil {
		t.Fatalf("%s %s: %v", kind, key, err)
	}
	return relay.EncodeID(kind, number)
}

// ask writes the questions: pages by every criterion and in every order that the schema has, and what is found by ids and
// external ids, of the month in question and of the first of all.
func (m *monthly) ask(t *testing.T) []monthQuestion {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	var all []monthQuestion
	add := func(kind, key, document string, variables map[string]any) {
		all = append(all, monthQuestion{kind, key, payload(document, variables)})
	}
	const page = `query($f: ContactFilter!, $o: ContactOrder) {contacts(filter: $f, orderBy: $o, first: 20) {totalCount nodes
		{id record {externalId} agent {name} ivrSteps {name} details {__typename} conversation {id}}}}`
	filter := func(criterion string, value any) map[string]any {
		filter := map[string]any{"period": map[string]any{"range": map[string]any{"from": "2024-03-01", "to": "2024-03-31"}}}
		if criterion != "" {
			filter[criterion] = value
		}
		return filter
	}
	values := m.values(t)
	for _, field := range schema.Types["ContactFilter"].Fields {
		switch value, has := values[field.Name]; {
		case field.Name == "period" || field.Name == "timeZone":
		case !has:
			t.Errorf("there is no case for the criterion %s", field.Name)
		default:
			add("page by "+field.Name, m.key, page, map[string]any{"f": filter(field.Name, value)})
			add("page by "+field.Name, m.restricted, page, map[string]any{"f": filter(field.Name, value)})
		}
	}
	for _, order := range schema.Types["ContactOrderField"].EnumValues {
		for _, direction := range schema.Types["OrderDirection"].EnumValues {
			add("page ordered by "+order.Name, m.key, page, map[string]any{
				"f": filter("", nil), "o": map[string]any{"field": order.Name, "direction": direction.Name},
			})
		}
	}
	for _, name := range []string{"202403", "202401", "202402"} {
		contactID, recordID := m.id(t, relay.ContactKind, "m-"+name), m.id(t, relay.RecordKind, "m-"+name)
		for _, key := range []string{m.key, m.restricted} {
			add("contact", key, `query($id: ID!) {contact(id: $id) {id externalId ivrSteps {name} details {__typename} conversation {id}}}`, map[string]any{"id": contactID})
			add("contactByExternalId", key, `query($k: String!) {contactByExternalId(externalId: $k) {id record {externalId}}}`, map[string]any{"k": "m-" + name})
			add("node of a contact", key, `query($id: ID!) {node(id: $id) {id ... on Contact {externalId conversation {id}}}}`, map[string]any{"id": contactID})
			add("node of a record", key, `query($id: ID!) {node(id: $id) {id ... on Record {externalId}}}`, map[string]any{"id": recordID})
			add("contacts of a record", key, `query($id: ID!, $f: ContactFilter!) {node(id: $id) {... on Record {contacts(filter: $f) {totalCount nodes {id}}}}}`,
				map[string]any{"id": recordID, "f": filter("", nil)})
			add("contacts of an agent", key, `query($id: ID!, $f: ContactFilter!) {node(id: $id) {... on Agent {name contacts(filter: $f, first: 10) {totalCount nodes {id}}}}}`,
				map[string]any{"id": m.id(t, relay.AgentKind, "anna"), "f": filter("", nil)})
		}
	}
	return all
}

// values are those of the criteria.
func (m *monthly) values(t *testing.T) map[string]any {
	t.Helper()
	id := func(kind relay.Kind, key string) []any { return []any{m.id(t, kind, key)} }
	return map[string]any{
		"hours": map[string]any{"from": "08:00", "to": "20:00"}, "agentIds": id(relay.AgentKind, "anna"), "agentGroupIds": id(relay.AgentGroupKind, "first"),
		"campaignIds": id(relay.CampaignKind, "c-1"), "outsideCampaign": true, "types": []any{"CHAT", "CAMPAIGN_INBOUND_CALL"}, "statuses": []any{"ANSWERED"},
		"sourceAddresses": []any{"501723894"}, "destinationAddresses": []any{"501723894"}, "addresses": []any{"501723894"},
		"withoutSourceAddress": true, "withoutDestinationAddress": true, "externalIds": []any{"m-202403"}, "recordExternalIds": []any{"m-202403"},
		"ticketIds": []any{"T-1"}, "siteCallIds": id(relay.SiteCallKind, "f-0"), "queueIds": id(relay.QueueKind, "q-0"),
		"classifierIds": id(relay.ClassifierKind, "k-0"), "recordIds": id(relay.RecordKind, "m-202403"), "contactIds": id(relay.ContactKind, "m-202403"),
		"unfinished": true, "outcomes": []any{"REACHED_AGENT", "LOST_IN_QUEUE"}, "weekdays": []any{"MONDAY", "FRIDAY"},
		"queueTime": map[string]any{"atLeast": 0}, "timeToAnswer": map[string]any{"atMost": 20}, "lostAfter": map[string]any{"atMost": 4},
		"agentTalkTime": map[string]any{"atLeast": 1},
		"recovery":      map[string]any{"states": []any{"TRIED", "NONE"}, "withinHours": 24}, "repeatWithinDays": 7,
	}
}

// time sends a question and says how long the answer took.
func (m *monthly) time(t *testing.T, question monthQuestion) time.Duration {
	request := post(bytes.NewReader(question.body)).WithContext(t.Context())
	request.Header.Set("Authorization", "Bearer "+question.key)
	recorder, begun := httptest.NewRecorder(), time.Now()
	m.handler.ServeHTTP(recorder, request)
	took := time.Since(begun)
	m.check(t, question, recorder.Body.Bytes())
	return took
}

// check lets only refusals of what is not in a viewer's reach pass.
func (m *monthly) check(t *testing.T, question monthQuestion, body []byte) {
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Errorf("%s is answered %s", question.kind, body)
	}
	for _, one := range answer.Errors {
		refused := question.key == m.restricted && slices.Contains([]string{"FORBIDDEN", "UNKNOWN_ID"}, one.Extensions.Code)
		if !refused {
			t.Errorf("%s is answered %s", question.kind, body)
		}
	}
	if len(answer.Errors) == 0 && bytes.Contains(answer.Data, []byte(`"node":null`)) {
		t.Errorf("%s is not found: %s", question.kind, body)
	}
}

// checkLocks asks everything once, and looks at what the statements lock.
func (m *monthly) checkLocks(t *testing.T) {
	t.Helper()
	seen := map[string]bool{}
	for _, question := range m.questions {
		m.statements.Reset()
		request := post(bytes.NewReader(question.body)).WithContext(t.Context())
		request.Header.Set("Authorization", "Bearer "+question.key)
		recorder := httptest.NewRecorder()
		m.Handler.ServeHTTP(recorder, request)
		m.check(t, question, recorder.Body.Bytes())
		for _, one := range m.statements.Statements() {
			if seen[one.SQL] || !reads(one) {
				continue
			}
			seen[one.SQL] = true
			if tables := m.database.LockedMonths(t, one); len(tables) > maxMonthTables {
				t.Errorf("%s locks %d tables of months, want at most %d:\n%s", question.kind, len(tables), maxMonthTables, one.SQL)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d statements were looked at", len(seen))
	}
}

func reads(one pgtest.Statement) bool {
	return strings.HasPrefix(one.SQL, "SELECT") || strings.HasPrefix(one.SQL, "WITH")
}
