package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// The same lists are answered within the limit and refused above it, written by plans and by the generated executor.
func TestAnswer_IsRefusedBeyondItsLimit(t *testing.T) {
	t.Parallel()
	s := newBusySite(t, graph.Config{})
	config := s.config
	config.Limits.AnswerBytes = 100_000
	pages := func(count, rows int) string {
		return "{" + many(count, fmt.Sprintf("a%%d: contacts(%s, first: %d) {nodes %s} ", march, rows, strings.ReplaceAll(everything, "{ name duration } details { ... on RecordingInfo { path } ... on SmsInfo { text } }", "{ name }"))) + "}"
	}
	for name, handler := range map[string]*graph.Handler{
		"compiled": graph.NewHandlerWith(config, graph.CompiledAnswers(config)), "generated": graph.NewHandlerWith(config),
	} {
		t.Cleanup(handler.Close)
		for document, fits := range map[string]bool{pages(1, 50): true, pages(3, 50): true, pages(1, 200): false, pages(8, 50): false} {
			answered := as(t, handler, s.key, document)
			switch {
			case fits && (len(answered.Errors) > 0 || len(answered.body) < 10_000):
				t.Errorf("%s: %d bytes are answered %.200s", name, len(answered.body), answered.body)
			case !fits && (len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "LIMIT_EXCEEDED" || string(answered.Data) != "null" || len(answered.body) > 1_000):
				t.Errorf("%s: too much is answered with %d bytes %.200s", name, len(answered.body), answered.body)
			}
		}
	}
}

// Bodies that would not fit are not loaded, of however many lists.
func TestAnswer_LoadsNoMoreDetailsThanItMayHold(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	var contacts []format.Contact
	for i := range 20 {
		contacts = append(contacts, format.Contact{
			ExternalID: fmt.Sprint("mail ", i), Type: "INBOUND_EMAIL", Status: "ANSWERED", StartedAt: now.Add(-time.Hour),
			Details: contact.DetailsContent{Email: &contact.Email{Subject: "s", Body: strings.Repeat("x", 10_000)}},
		})
	}
	if _, _, errs := ingest.Record(t.Context(), s.database.Pool, contacts, ingest.Bounds{}, nil); len(errs) > 0 {
		t.Fatal(errs)
	}
	s.refresh(t)
	config := s.config
	config.Limits.AnswerBytes = 150_000
	s.renew(t, config)
	page := func(rows int) string {
		return fmt.Sprintf("contacts(filter: {period: {preset: TODAY}}, first: %d) {nodes {details {... on EmailInfo {subject body}}}}", rows)
	}
	if answered := send(t, s, operation(t, "{"+page(10)+"}", nil)); len(answered.Errors) > 0 || len(answered.body) < 100_000 {
		t.Errorf("what fits is answered with %d bytes %.200s", len(answered.body), answered.body)
	}
	audited := func() (n int) {
		if err := s.database.Pool.QueryRow(context.Background(), "SELECT count(*) FROM audit_entries WHERE action = 'OPENED_CONTENT'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := audited()
	subjects := strings.ReplaceAll(page(20), "subject body", "subject")
	for _, document := range []string{page(20), subjects} {
		answered := send(t, s, operation(t, "{"+document+"}", nil))
		if len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "LIMIT_EXCEEDED" || len(answered.body) > 1_000 {
			t.Errorf("too much is answered with %d bytes %.200s", len(answered.body), answered.body)
		}
	}
	if audited() != before {
		t.Error("what was not given out is written down as opened")
	}
	if answered := send(t, s, operation(t, "{a: "+page(10)+" b: "+page(10)+"}", nil)); len(answered.Errors) == 0 || len(answered.body) > 101_000 {
		t.Errorf("two lists are answered with %d bytes %.200s", len(answered.body), answered.body)
	}
	// Once refused, no other list of the operation is loaded.
	s.statements.Reset()
	if answered := send(t, s, operation(t, "{"+many(8, "a%d: "+page(20)+" ")+"}", nil)); string(answered.Data) != "null" && strings.Contains(answered.body, "xxxx") {
		t.Errorf("eight lists are answered with %d bytes", len(answered.body))
	}
	loaded := slices.DeleteFunc(s.statements.SQL(), func(sql string) bool { return !strings.Contains(sql, "contact_details") })
	if len(loaded) != 1 {
		t.Errorf("details were loaded %d times, want once:\n%s", len(loaded), strings.Join(loaded, "\n"))
	}
}
