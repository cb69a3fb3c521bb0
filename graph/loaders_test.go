package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/relay"
)

// march is a filter that every contact of these tests meets.
const march = `filter: {period: {preset: CURRENT_MONTH}}`

// everything selects every column and all that a contact points at.
const everything = `{
  externalId type status startedAt ticketId siteCallOrderId sourceAddress destinationAddress ccAddresses bccAddresses
  ivrTime ringTime agentTalkTime talkTime hangupParty
  campaign { name } agent { name } queue { name } classifier { name } siteCall { name }
  record { externalId significantField { name value } }
  ivrSteps { name duration } details { ... on RecordingInfo { path } ... on SmsInfo { text } }
}`

// newBusySite serves 200 contacts, each of which points at things that no other points at.
func newBusySite(t *testing.T, config graph.Config) *site {
	t.Helper()
	s := newEmptySite(t, config)
	contacts := make([]format.Contact, 200)
	for i := range contacts {
		started := now.Add(-time.Duration(i) * time.Minute)
		thing := func(kind string) *format.Reference {
			name := fmt.Sprintf("%s %d", kind, i)
			return &format.Reference{ExternalID: name, Name: &name}
		}
		contacts[i] = format.Contact{
			ExternalID: fmt.Sprintf("c-%d", i), Type: contact.CampaignInboundCall, Status: contact.Answered, StartedAt: started,
			Campaign: thing("campaign"), Agent: thing("agent"), Queue: thing("queue"), Classifier: thing("classifier"), SiteCall: thing("form"),
			Record:   &format.RecordReference{ExternalID: fmt.Sprintf("r-%d", i)},
			IVRSteps: []format.Step{{Name: "Menu", Kind: contact.MenuStep, EnteredAt: started}},
			Details:  contact.DetailsContent{Recording: &contact.Recording{Path: "a.wav"}},
		}
	}
	for some := range slices.Chunk(contacts, ingest.MaxNewThings/5) {
		if _, _, errs := ingest.Record(t.Context(), s.database.Pool, some, ingest.Bounds{}, nil); errs != nil {
			t.Fatal(errs)
		}
	}
	return s
}

func TestLoaders_ReadAPageByTheSameStatementsWhateverItsSize(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	shapes := map[string]string{
		"nodes":              `{contacts(` + march + `, first: %d) {nodes ` + everything + `}}`,
		"edges":              `{contacts(` + march + `, first: %d) {edges {node ` + everything + `}}}`,
		"edges and fragment": `{contacts(` + march + `, first: %d) {edges {... {node {...all}}}}} fragment all on Contact ` + everything,
		"both at once":       `{contacts(` + march + `, first: %d) {nodes {agent {name} ivrSteps {name}} some: edges {row: node ` + everything + `}}}`,
	}
	// Records, IVR steps and details take one each; what the directory does not know takes one a kind.
	for _, known := range []struct {
		name string
		want int
	}{{"an empty directory", 4 + 5}, {"a full directory", 4}} {
		if known.want == 4 {
			s.refresh(t)
		}
		for shape, document := range shapes {
			for _, rows := range []int{1, 200} {
				s.statements.Reset()
				answer := s.ask(t, fmt.Sprintf(document, rows), nil)
				if got := strings.Count(answer, `"externalId":"c-`); got != rows {
					t.Fatalf("%s with %s: %d rows came, want %d", shape, known.name, got, rows)
				}
				if sql := s.statements.SQL(); len(sql) != known.want {
					t.Errorf("%s of %d rows with %s took %d statements, want %d:\n%s", shape, rows, known.name, len(sql), known.want, strings.Join(sql, "\n"))
				}
			}
		}
	}
}

func TestSelection_CountsOnlyWhereTheCountIsSelected(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	for document, want := range map[string]int{
		`{contacts(` + march + `) {nodes {id}}}`:                                   1,
		`{contacts(` + march + `) {nodes {id} totalCount}}`:                        2,
		`{contacts(` + march + `) {nodes {id} totalCount @include(if: false)}}`:    1,
		`{contacts(` + march + `) {nodes {id} ... @skip(if: true) {totalCount}}}`:  1,
		`{contacts(` + march + `) {pageInfo {hasNextPage} resolvedPeriod {from}}}`: 1,
	} {
		s.statements.Reset()
		s.ask(t, document, nil)
		if got := len(s.statements.SQL()); got != want {
			t.Errorf("%s took %d statements, want %d", document, got, want)
		}
	}
}

// columns are the columns behind each field of a contact that is one; id and started_at are the key, always read.
var columns = map[string]string{
	"externalId": "external_id", "type": "type", "status": "status", "hangupParty": "hangup_party",
	"details {__typename}": "details_kind", "campaign {id}": "campaign_id", "agent {id}": "agent_id", "queue {id}": "queue_id",
	"classifier {id}": "classifier_id", "siteCall {id}": "site_call_id", "record {id}": "record_id", "ivrTime": "ivr_time",
	"ringTime": "ring_time", "agentTalkTime": "agent_talk_time", "talkTime": "talk_time", "ticketId": "ticket_id",
	"siteCallOrderId": "site_call_order_id", "sourceAddress": "source_address", "destinationAddress": "destination_address",
	"ccAddresses": "cc_addresses", "bccAddresses": "bcc_addresses",
}

var word = regexp.MustCompile(`\w+`)

// columnsRead are the columns that a statement mentions.
func columnsRead(sql string) map[string]bool {
	read := map[string]bool{}
	for _, name := range word.FindAllString(sql, -1) {
		for _, column := range columns {
			if name == column {
				read[column] = true
			}
		}
	}
	return read
}

// readingContacts are the statements that read rows of contacts.
func readingContacts(statements []string) []string {
	return slices.DeleteFunc(statements, func(sql string) bool {
		return !strings.Contains(sql, "FROM contacts") && !strings.Contains(sql, "JOIN contacts")
	})
}

func TestSelection_ReadsSelectedColumnsOnly(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	s.refresh(t)
	for field, column := range columns {
		for shape, document := range map[string]string{
			"plain":    `{contacts(` + march + `, first: 1) {nodes {%s}}}`,
			"fragment": `{contacts(` + march + `, first: 1) {edges {node {...f}}}} fragment f on Node {id ... on Contact {%s}}`,
			"nested":   `{agents(first: 1) {nodes {contacts(` + march + `, first: 1) {nodes {%s}}}}}`,
			"single":   `{contact(id: "Q29udGFjdDox") {%s}}`,
			"node":     `{nodes(ids: ["Q29udGFjdDox"]) {... on Contact {%s}}}`,
		} {
			if shape == "nested" && column == "agent_id" {
				continue // it is the condition
			}
			s.statements.Reset()
			s.ask(t, fmt.Sprintf(document, field), nil)
			sql := readingContacts(s.statements.SQL())
			if len(sql) == 0 {
				t.Errorf("%s, %s: no statement reads contacts", field, shape)
				continue
			}
			read := columnsRead(sql[0])
			if shape == "nested" {
				delete(read, "agent_id")
			}
			if !read[column] || len(read) != 1 {
				t.Errorf("%s, %s: read are %v, want %s alone:\n%s", field, shape, read, column, sql[0])
			}
		}
	}
}

func TestSelection_ReadsNothingThatIsSkipped(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	document := `query($no: Boolean!, $yes: Boolean!) {contacts(` + march + `) {nodes {
		id sourceAddress @include(if: $no) record @skip(if: $yes) {id} ...more @include(if: $no) ... @skip(if: $yes) {details {__typename}}
	}}} fragment more on Contact {bccAddresses ivrSteps {name}}`
	s.statements.Reset()
	s.ask(t, document, map[string]bool{"no": false, "yes": true})
	sql := s.statements.SQL()
	if len(sql) != 1 || len(columnsRead(sql[0])) != 0 {
		t.Errorf("%d statements, want one of the key alone:\n%s", len(sql), strings.Join(sql, "\n"))
	}
}

func TestSelection_ReadsNoDetailsForTheirKindAlone(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	s.statements.Reset()
	answer := s.ask(t, `{contacts(`+march+`, first: 3) {nodes {details {__typename}}}}`, nil)
	if strings.Count(answer, "RecordingInfo") != 3 || len(s.statements.SQL()) != 1 {
		t.Errorf("%s with %d statements, want three recordings with one", answer, len(s.statements.SQL()))
	}
}

func TestNodes_TakeOneStatementAKind(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	s.refresh(t)
	ids := func(n int) (all []string) {
		found := s.ask(t, fmt.Sprintf(`{contacts(%s, first: %d) {nodes {id record {id}}}}`, march, n/2), nil)
		for _, id := range regexp.MustCompile(`"id":"(\w+)"`).FindAllStringSubmatch(found, -1) {
			all = append(all, id[1])
		}
		return all
	}
	for _, n := range []int{2, 200} {
		wanted := ids(n)
		s.statements.Reset()
		s.ask(t, `query($ids: [ID!]!) {nodes(ids: $ids) {id ... on Contact {externalId} ... on Record {externalId}}}`, map[string]any{"ids": wanted})
		if sql := s.statements.SQL(); len(wanted) != n || len(sql) != 3 {
			t.Errorf("%d ids took %d statements, want 3: records, starts, contacts", len(wanted), len(sql))
		}
	}
}

func TestNodes_TellTheErrorOfTheFirstKindAskedFor(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	key := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)
	download, apiKey := relay.EncodeID(relay.DownloadKind, 1), relay.EncodeID(relay.APIKeyKind, 1)
	for range 50 {
		for scope, ids := range map[string][]string{"exports": {download, apiKey}, "admin": {apiKey, download}} {
			request := operation(t, `query($ids: [ID!]!) {nodes(ids: $ids) {id}}`, map[string]any{"ids": ids})
			request.Header.Set("Authorization", "Bearer "+key)
			answered := send(t, s, request)
			if len(answered.Errors) != 1 || !strings.Contains(answered.body, "the scope "+scope+",") {
				t.Fatalf("%v is answered %s, want that %s is missing", ids, answered.body, scope)
			}
		}
	}
}
