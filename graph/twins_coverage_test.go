package graph_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// missing is what of the schema was never written.
func (a *author) missing() []string {
	var missing []string
	want := func(what string) {
		if !a.written[what] {
			missing = append(missing, what)
		}
	}
	for _, definition := range a.schema.Types {
		if strings.HasPrefix(definition.Name, "__") {
			continue
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			want(definition.Name + "." + field.Name)
			for _, argument := range field.Arguments {
				want(definition.Name + "." + field.Name + "(" + argument.Name + ")")
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// neverAnswered are fields that no answer gave a value of, so that comparing them proved nothing. Those of keys, of the
// audit log, of telephone systems and of what was recorded are for others.
func (a *author) neverAnswered() []string {
	forOthers := []string{
		"ApiKey", "ApiKeyConnection", "ApiKeyEdge", "GrantsInfo", "AuditEvent", "AuditEventConnection", "AuditEventEdge", "Mutation",
		"CreateApiKeyPayload", "RevokeApiKeyPayload", "RecordContactsPayload", "ContactError", "SetContactRevisionPayload", "Query",
		"SourceSummary", "CallsWithoutContactCount",
	}
	var never []string
	for _, definition := range a.schema.Types {
		if definition.Kind != ast.Object || strings.HasPrefix(definition.Name, "__") || slices.Contains(forOthers, definition.Name) {
			continue
		}
		for _, field := range definition.Fields {
			if !a.answered[field.Name] {
				never = append(never, definition.Name+"."+field.Name)
			}
		}
	}
	slices.Sort(never)
	return never
}

var orderedID = regexp.MustCompile(`"id":"([^"]+)"`)

// compareSeldomAnswered asks for what operations by chance seldom get a value of.
func (w *twins) compareSeldomAnswered(t *testing.T, a *author) bool {
	t.Helper()
	var criteria strings.Builder
	for _, field := range a.schema.Types["ContactFilterInfo"].Fields {
		switch field.Name {
		case "period":
			criteria.WriteString("period {range {from to}} ")
		case "queueTime", "timeToAnswer", "lostAfter", "agentTalkTime":
			criteria.WriteString(field.Name + " {atLeast atMost} ")
		case "recovery":
			criteria.WriteString("recovery {states withinHours} ")
		case "hours":
			criteria.WriteString("hours {from to} ")
		default:
			criteria.WriteString(field.Name + " ")
		}
	}
	ask := func(document string) (string, bool) {
		kind, _, _ := strings.Cut(document, " ")
		return w.compareAnswers(t, a, kind, w.keys[0], payload(document, nil))
	}
	for _, document := range []string{
		`query {downloads(first: 100) {nodes {filter {` + criteria.String() + `}}}}`,
		`query {contactSummary(filter: {period: {preset: CURRENT_MONTH}}) {asOf previousPeriod {from to timeZone until} previousTotal {contacts}
			total {contacts outcomes {outcome contacts} reachedAgent notReached lost lostShort lostRate serviceLevel {offered offeredLost short met gone ratio}
				talkTime {count sum average minimum maximum percentile(rank: 50)} agentTalkTime {percentile(rank: 90)} ivrTime {sum} ringTime {sum} queueTime {sum} timeToAnswer {sum} lostAfter {sum}}
			days: groups(by: DAY) {totalCount nodes {time {from to date weekday hour occurrences complete} measures {contacts} previous {contacts}}}
			hours: groups(by: [DAY_OF_WEEK, HOUR_OF_DAY], first: 5) {nodes {time {weekday hour}} rest {contacts}}
			campaigns: groups(by: CAMPAIGN, orderBy: {by: LOST_RATE, direction: ASC}, first: 1) {nodes {campaign {name} measures {contacts}} rest {contacts}}
			queues: groups(by: QUEUE) {nodes {queue {name}}} classifiers: groups(by: CLASSIFIER) {nodes {classifier {name}}} ends: groups(by: HANGUP_PARTY) {nodes {hangupParty}}
			facet(of: AGENT) {nodes {agent {name} measures {contacts}}}}}`,
		`query {agents(includeDeleted: true, first: 200) {nodes {deletedAt}}}`,
		`query {contacts(first: 50, filter: {period: {range: {from: "2024-02-20", to: "2024-03-31"}}}) {nodes {recordings {problem peaks(buckets: 4) {smallest largest}}}}}`,
		`query {contacts(first: 100, filter: {period: {range: {from: "2024-02-20", to: "2024-03-31"}}, recovery: {states: [CALLED_BACK, CALLED_AGAIN], withinHours: 720}})
			{nodes {recovery(withinHours: 720) {state open after contact {id}}}}}`,
	} {
		if _, alike := ask(document); !alike {
			return false
		}
	}
	answer, alike := ask(`mutation {exportContacts(input: {clientMutationId: "first", filter: {period: {preset: CURRENT_MONTH}}}) {clientMutationId download {id}}}`)
	ordered := orderedID.FindStringSubmatch(answer)
	if ordered == nil {
		t.Fatalf("ordered: %s", answer)
	}
	for _, document := range []string{
		`mutation {cancelDownload(input: {clientMutationId: "second", id: "` + ordered[1] + `"}) {clientMutationId download {state}}}`,
		`mutation {deleteDownload(input: {clientMutationId: "third", id: "` + ordered[1] + `"}) {clientMutationId deletedDownloadId}}`,
	} {
		_, same := ask(document)
		alike = alike && same
	}
	return alike
}
