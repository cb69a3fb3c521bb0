package graph_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
)

// What is told of an operation are names of the schema and codes, whatever its sender called things.
func TestObservation_NamesOperationsByTheSchema(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []string
	observed := func(what string) []string {
		var all []string
		for late := time.Now().Add(patience); len(all) == 0 && time.Now().Before(late); time.Sleep(time.Millisecond) {
			mu.Lock() // a stream is observed when it has ended, which its client may hear before
			all, seen = seen, nil
			mu.Unlock()
		}
		if len(all) != 1 {
			t.Errorf("%s is observed %d times: %v", what, len(all), all)
		}
		return all
	}
	s := newEmptySite(t, config(func(c *graphConfig) {
		c.Observe = func(_ context.Context, o graph.Observation) {
			mu.Lock()
			defer mu.Unlock()
			name := o.Operation + " " + string(o.Code)
			if o.Subscription {
				name += " lasting"
			}
			if seen = append(seen, name); o.Took < 0 {
				t.Errorf("%s took %s", name, o.Took)
			}
		}
	}))
	for document, want := range map[string]string{
		`query secret {viewer {name}}`:                                                               "viewer ",
		`{a: viewer {name} b: viewer {kind}}`:                                                        "viewer ",
		`query {...secret} fragment secret on Query {... on Query {viewer {name}}}`:                  "viewer ",
		`{viewer {name} downloads {nodes {id}}}`:                                                     "several ",
		`{viewer {name} ...secret} fragment secret on Query {__typename}`:                            "several ",
		`{download(id: "RG93bmxvYWQ6MQ") {id}}`:                                                      "download ",
		`{contacts(filter: {period: {range: {from: "2024-03-02", to: "2024-03-01"}}}) {totalCount}}`: "contacts INVALID_PERIOD",
		`{secret}`:  "other GRAPHQL_VALIDATION_FAILED",
		`{secret +`: "other GRAPHQL_PARSE_FAILED",
		`mutation {revokeApiKey(input: {id: "secret"}) {clientMutationId}}`: "revokeApiKey INVALID_ID",
		`subscription {downloadUpdated(id: "x") {state}}`:                   "other BAD_REQUEST",
	} {
		answered := send(t, s, operation(t, document, nil))
		if got := observed(document); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is observed as %q, want %q: %s", document, got, want, answered.body)
		}
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	answered := send(t, s, operation(t, `{downloads {nodes {id}}}`, nil).WithContext(left))
	if got := observed("a client who left"); !slices.Equal(got, []string{"downloads "}) {
		t.Errorf("a client who left is observed as %q: %s", got, answered.body)
	}
	refused := operation(t, `{viewer {name}}`, nil)
	refused.Header.Set("Authorization", "Bearer secret")
	send(t, s, refused)
	if got := observed("a wrong key"); !slices.Equal(got, []string{"other UNAUTHENTICATED"}) {
		t.Errorf("a wrong key is observed as %q", got)
	}
	send(t, s, post(strings.NewReader("secret")))
	if got := observed("no JSON"); !slices.Equal(got, []string{"other BAD_REQUEST"}) {
		t.Errorf("no JSON is observed as %q", got)
	}
	url := s.serve(t, 0)
	for name, subscribe := range transports {
		for document, want := range map[string]string{
			`{viewer {name}}`: "viewer ", `subscription {downloadUpdated(id: "x") {state}}`: "downloadUpdated INVALID_ID lasting",
		} {
			heard := subscribe(t, url, document, http.Header{})
			for said := heard.next(t); said != "complete" && said != "cut" && !strings.HasPrefix(said, "error"); {
				said = heard.next(t)
			}
			if got := observed(name); !slices.Equal(got, []string{want}) {
				t.Errorf("over %s, %s is observed as %q, want %q", name, document, got, want)
			}
		}
	}
}
