package compiled

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

const fullPage = `query ($detailed: Boolean! = true) { contacts(filter: {period: {preset: TODAY}}) {
  nodes {
    id externalId type status startedAt sourceAddress destinationAddress ccAddresses ticketId
    ivrTime ringTime agentTalkTime talkTime hangupParty
    campaign { id name } agent { id name deletedAt } queue { id name } classifier { id name }
    record { id externalId significantField { name value } }
    ... @include(if: $detailed) { ivrSteps { position name kind choice enteredAt leftAt duration } }
  }
  pageInfo { hasNextPage endCursor }
} }`

// parsed is a document as the executor has it, and its list.
func parsed(b *testing.B, document string) (*graphql.OperationContext, graphql.CollectedField) {
	b.Helper()
	served := gqlparser.MustLoadSchema(&ast.Source{Input: schema.SDL})
	query, errs := gqlparser.LoadQueryWithRules(served, document, nil)
	if errs != nil {
		b.Fatal(errs)
	}
	running := &graphql.OperationContext{Doc: query, Operation: query.Operations[0], Variables: map[string]any{"detailed": true}}
	return running, graphql.CollectFields(running, query.Operations[0].SelectionSet, []string{"Query"})[0]
}

func BenchmarkPlan_Compile(b *testing.B) {
	running, list := parsed(b, fullPage)
	b.ReportAllocs()
	for b.Loop() {
		fresh := &graphql.OperationContext{Doc: running.Doc, Operation: running.Operation, Variables: running.Variables}
		if compile(fresh, list.Selections) == nil {
			b.Fatal("there is no plan")
		}
	}
}

func BenchmarkPlans_Of(b *testing.B) {
	running, list := parsed(b, fullPage)
	known := newPlans()
	b.ReportAllocs()
	for b.Loop() {
		if known.of(running, list) == nil {
			b.Fatal("there is no plan")
		}
	}
}

func BenchmarkPlan_WriteTo(b *testing.B) {
	running, list := parsed(b, fullPage)
	plan, page := compile(running, list.Selections), sampledPage(50)
	b.ReportAllocs()
	for b.Loop() {
		var answer bytes.Buffer
		plan.writeTo(&answer, page)
		b.SetBytes(int64(answer.Len()))
	}
}

// sampledPage is a page that is only in memory.
func sampledPage(rows int) *page {
	at := time.Date(2024, time.March, 4, 8, 9, 16, 0, time.UTC)
	number, seconds, text, party := int64(7), 93, "+48 789 789 789", contact.HangupAgent
	p := &page{
		campaigns:   map[int64]*directory.Campaign{7: {ID: 7, Name: "Pomoc techniczna"}},
		agents:      map[int64]*directory.Agent{7: {ID: 7, Name: "Żaneta Brzęczyszczykiewicz"}},
		queues:      map[int64]*directory.Queue{7: {ID: 7, Name: "Pierwsza linia"}},
		classifiers: map[int64]*directory.Classifier{7: {ID: 7, Name: "Sprawa załatwiona"}},
		records:     map[int64]*contact.Record{7: {ID: 7, ExternalID: "R-7", SignificantName: &text, SignificantValue: &text}},
		steps:       map[int64][]*contact.IVRStep{},
	}
	var found []*contact.Contact
	for i := range rows {
		found = append(found, &contact.Contact{
			ID: int64(i), StartedAt: at, ExternalID: fmt.Sprintf("AA0101-34539-%d", i), Type: contact.CampaignInboundCall, Status: contact.Answered,
			CampaignID: &number, AgentID: &number, QueueID: &number, ClassifierID: &number, RecordID: &number, HangupParty: &party,
			IVRTime: &seconds, AgentTalkTime: &seconds, TalkTime: &seconds, SourceAddress: &text, DestinationAddress: &text,
		})
		for position := range 2 {
			p.steps[int64(i)] = append(p.steps[int64(i)], &contact.IVRStep{Position: position, Name: "Menu", Kind: contact.MenuStep, EnteredAt: at, LeftAt: &at})
		}
	}
	cursor := func(*contact.Contact) string { return "cursor" }
	count := func(context.Context) (int, error) { return rows, nil }
	p.Connection = &report.Connection{Connection: relay.NewConnection(relay.Window{Size: rows}, found, cursor, count)}
	return p
}
