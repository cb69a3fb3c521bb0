package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// costs sends a document that must be answered without errors, and tells what it cost.
func (s *site) costs(t *testing.T, document string) guard.Cost {
	t.Helper()
	answered := send(t, s, operation(t, document, nil))
	var body struct{ Extensions struct{ Cost guard.Cost } }
	if err := json.Unmarshal([]byte(answered.body), &body); err != nil || len(answered.Errors) > 0 {
		t.Fatalf("answered %s", answered.body)
	}
	return body.Extensions.Cost
}

// A page of 200 whole rows is reckoned at a fortieth of what a full bucket holds by default at most, and charged by what it
// took: its statements are not metered here, so that is the answer's size.
func TestCost_IsReckonedByRowsAndChargedByWhatItTook(t *testing.T) {
	t.Parallel()
	const burst = 200_000
	s := newEmptySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(600_000, burst, func() time.Time { return now })}})
	s.take(t, "testdata/contacts.ndjson")
	page := s.costs(t, `{contacts(`+march+`, first: 200) {nodes `+everything+`}}`)
	if page.Requested > burst/40 || page.Requested < 200 || page.Charged >= page.Requested || page.Remaining != burst-page.Charged {
		t.Errorf("a page of whole rows costs %+v", page)
	}
	lean := s.costs(t, `{contacts(`+march+`, first: 200) {nodes {id externalId type status startedAt talkTime}}}`)
	if one := s.costs(t, `{contacts(`+march+`, first: 200) {nodes {id}}}`); one.Requested != lean.Requested {
		t.Errorf("values cost: %+v and %+v", one, lean)
	}
	if small := s.costs(t, `{contacts(`+march+`) {totalCount}}`); small.Requested < 500 || small.Charged >= 500 {
		t.Errorf("a count of six contacts costs %+v", small)
	}
	if schema := s.costs(t, `{__schema {queryType {name}}}`); schema.Charged < 5_000 {
		t.Errorf("the schema costs %+v", schema)
	}
}

// What a statement takes is paid for, whatever was reckoned: here it waits for a lock.
func TestCost_IsTheTimeOfStatements(t *testing.T) {
	t.Parallel()
	const took = 300 * time.Millisecond
	s := newEmptySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(600, 1_000, func() time.Time { return now })}})
	metered := s.database.Open(t, postgres.Config{Metered: true})
	config := s.config
	config.Store = report.NewStore(metered.DB, s.directory, relay.NewSigner([]byte("another key for tests")), report.Config{Zone: time.UTC, Now: func() time.Time { return now }})
	s.renew(t, config)
	lock := must(s.database.Pool.Begin(t.Context()))
	must(lock.Exec(t.Context(), "LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"))
	released := make(chan struct{})
	t.Cleanup(func() { <-released })
	go func() {
		defer close(released)
		defer func() { _ = lock.Rollback(context.Background()) }()
		for waiting := false; !waiting && t.Context().Err() == nil; time.Sleep(time.Millisecond) {
			_ = s.database.Pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))").Scan(&waiting)
		}
		time.Sleep(took)
	}()
	if cost := s.costs(t, `{contacts(`+march+`) {totalCount}}`); cost.Charged < int(took/(100*time.Microsecond)) || cost.Remaining != 0 {
		t.Errorf("a count of at least %s cost %+v", took, cost)
	}
	if answered := send(t, s, operation(t, `{__typename}`, nil)); answered.status != 429 || (answered.header.Get("Retry-After") != "101" && answered.header.Get("Retry-After") != "102") {
		t.Errorf("who owes a whole bucket, and asks for a unit more, at 10 a second, is answered %d %v", answered.status, answered.header)
	}
}

// Recording costs by contacts, by what they refer to, and by their texts.
func TestCost_OfRecordingIsThatOfItsContacts(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	record := func(contacts string) guard.Cost {
		return s.costs(t, `mutation {recordContacts(input: {contacts: [`+contacts+`]}) {recorded}}`)
	}
	contact := func(n int, more string) string {
		return fmt.Sprintf(`{externalId: "c%d", type: OUTBOUND_SMS, status: ANSWERED, startedAt: "2024-03-30T12:00:00Z" %s}`, n, more)
	}
	for name, c := range map[string]struct {
		contacts string
		least    int
	}{
		"one":              {contact(1, ""), 6},
		"three":            {contact(2, "") + contact(3, "") + contact(4, ""), 14},
		"one with a queue": {contact(5, `queue: {externalId: "q", name: "Q"}`), 7},
	} {
		if cost := record(c.contacts); cost.Charged < c.least || cost.Charged > c.least+1 {
			t.Errorf("%s: %+v, want %d", name, cost, c.least)
		}
	}
}
