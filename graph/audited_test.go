package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
)

func TestAuditedReader_WritesDownWhatIsMaskedForOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scopes   []access.Scope
		document string
		want     string
	}{
		"numbers in a list":    {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{contacts(` + march + `) {nodes {sourceAddress}}}`, "LISTED_ADDRESSES"},
		"masked numbers":       {[]access.Scope{access.ScopeRead}, `{contacts(` + march + `) {nodes {sourceAddress}}}`, ""},
		"no numbers":           {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{contacts(` + march + `) {nodes {startedAt}}}`, ""},
		"an empty list":        {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{contacts(filter: {period: {range: {from: "2001-01-01", to: "2001-01-02"}}}) {nodes {sourceAddress}}}`, ""},
		"numbers of one":       {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{contact(id: "Q29udGFjdDox") {destinationAddress}}`, "LISTED_ADDRESSES"},
		"numbers of a node":    {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{node(id: "Q29udGFjdDox") {... on Contact {ccAddresses}}}`, "LISTED_ADDRESSES"},
		"hidden recipients":    {[]access.Scope{access.ScopeRead, access.ScopeBcc}, `{contacts(` + march + `) {edges {node {bccAddresses}}}}`, "LISTED_BCC"},
		"nested below a thing": {[]access.Scope{access.ScopeRead, access.ScopeAddresses}, `{campaigns {nodes {contacts(` + march + `) {nodes {sourceAddress}}}}}`, "LISTED_ADDRESSES"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			key := s.newKey(t, access.Grants{Unrestricted: true}, test.scopes...)
			s.key = key
			for range 3 {
				s.ask(t, test.document, nil)
			}
			var written string
			if err := s.database.Pool.QueryRow(t.Context(), `SELECT coalesce(string_agg(concat_ws(' ', action, count, 'by', principal = $1), ','), '') FROM (
				SELECT action, principal, count(*) FROM audit_entries WHERE action <> 'MADE_KEY' GROUP BY action, principal) e`, s.reference()).Scan(&written); err != nil {
				t.Fatal(err)
			}
			want := ""
			if test.want != "" {
				want = test.want + " 1 by t"
			}
			if written != want {
				t.Errorf("three requests are written down as %q, want %q", written, want)
			}
		})
	}
}

func TestRecordContacts_IsWrittenDown(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	one := func(externalID, status string) map[string]any {
		return map[string]any{"externalId": externalID, "type": "CHAT", "status": status, "startedAt": "2024-03-04T08:00:00Z"}
	}
	for _, contacts := range [][]any{{one("a", "RINGING")}, {one("a", "ANSWERED"), one("b", "ANSWERED")}, {one("b", "ANSWERED")}} {
		s.ask(t, `mutation($input: RecordContactsInput!) {recordContacts(input: $input) {recorded}}`, map[string]any{"input": map[string]any{"contacts": contacts}})
	}
	events := s.ask(t, `{auditEvents(filter: {actions: [RECORDED_CONTACTS, REPLACED_CONTACT]}) {nodes {action principal subjectId count replaced}}}`, nil)
	by := `"principal":"` + s.reference() + `"`
	want := `{"auditEvents":{"nodes":[{"action":"REPLACED_CONTACT",` + by + `,"subjectId":"Q29udGFjdDox","count":1,"replaced":null},` +
		`{"action":"RECORDED_CONTACTS",` + by + `,"subjectId":"Q29udGFjdDoy","count":2,"replaced":1},` +
		`{"action":"RECORDED_CONTACTS",` + by + `,"subjectId":"Q29udGFjdDox","count":1,"replaced":0}]}}`
	if events != want {
		t.Errorf("written down as\n%s\nwant\n%s", events, want)
	}
}

func TestSetContactRevision_IsForAnUnrestrictedAdministratorAndWrittenDown(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	const input = `{contacts: [{externalId: "x", revision: %s, type: CHAT, status: ANSWERED, startedAt: "2024-03-03T10:00:00Z"%s}]}`
	record := func(revision, fields string) string {
		t.Helper()
		return s.ask(t, "mutation {recordContacts(input: "+fmt.Sprintf(input, revision, fields)+") {recorded replaced stale}}", nil)
	}
	const set = `mutation {setContactRevision(input: {externalId: "x", revision: -1, clientMutationId: "m"}) {contactId previousRevision clientMutationId}}`
	record("1000000000000000", "")
	if got := record("1", `, ticketId: "t"`); !strings.Contains(got, `"stale":1`) {
		t.Fatal(got)
	}
	for name, key := range map[string]string{
		"a restricted administrator": s.newKey(t, access.Grants{Campaigns: []string{"c"}}, access.ScopeAdmin, access.ScopeRead),
		"a writer":                   s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeWrite, access.ScopeRead),
	} {
		if answered := as(t, s, key, set); len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s: %s", name, answered.body)
		}
	}
	if got, want := s.ask(t, set, nil), `{"setContactRevision":{"contactId":"Q29udGFjdDox","previousRevision":1000000000000000,"clientMutationId":"m"}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := record("1", `, ticketId: "t"`); !strings.Contains(got, `"replaced":1`) {
		t.Errorf("the source afterwards: %s", got)
	}
	if got := s.ask(t, `{auditEvents(filter: {actions: [SET_REVISION]}) {nodes {action subjectId count}}}`, nil); got != `{"auditEvents":{"nodes":[{"action":"SET_REVISION","subjectId":"Q29udGFjdDox","count":1}]}}` {
		t.Errorf("written down: %s", got)
	}
	if answered := send(t, s, operation(t, strings.ReplaceAll(set, `"x"`, `"y"`), nil)); len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "NOT_FOUND" {
		t.Errorf("a contact that is not there: %s", answered.body)
	}
}
