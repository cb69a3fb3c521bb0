package graph_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

// A query that waits for a lock ends with the timeout, whatever its request looks like; no header makes it last longer.
func TestTimeout_BoundsQueriesOnEveryTransport(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Timeout = time.Second }))
	address := s.serve(t, 0)
	lock := must(s.database.Pool.Begin(t.Context()))
	t.Cleanup(func() { _ = lock.Rollback(context.Background()) })
	must(lock.Exec(t.Context(), "LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"))

	const document = `{contacts(` + march + `) {totalCount}}`
	timedOut := func(t *testing.T, answer string) {
		t.Helper()
		if !strings.Contains(answer, `"TIMEOUT"`) {
			t.Errorf("answered %s", answer)
		}
	}
	for name, header := range map[string]http.Header{
		"POST":                                nil,
		"POST with half an upgrade":           {"Upgrade": {"websocket"}},
		"POST that accepts JSON and events":   {"Accept": {"text/event-stream, application/json"}},
		"POST that weighs events with zero":   {"Accept": {"text/event-stream;q=0, */*"}},
		"POST that strictly accepts GraphQL":  {"Accept": {"application/graphql-response+json, text/event-stream"}},
		"POST that names an unknown protocol": {"Connection": {"Upgrade"}, "Upgrade": {"h2c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := must(http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(string(payload(document, nil)))))
			for key, values := range header {
				request.Header[key] = values
			}
			request.Header.Set("Content-Type", "application/json")
			timedOut(t, exchangeInTime(t, request))
		})
	}
	t.Run("GET that accepts events", func(t *testing.T) {
		t.Parallel()
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?query="+url.QueryEscape(document), nil))
		request.Header.Set("Accept", "text/event-stream, application/json;q=0.1")
		request.Header.Set("Upgrade", "websocket")
		timedOut(t, exchangeInTime(t, request))
	})
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := subscribe(t, address, document, nil)
			said := heard.next(t)
			timedOut(t, said)
			if strings.HasPrefix(said, "next") || name == "events" {
				if end := heard.next(t); end != "complete" {
					t.Errorf("then %s", end)
				}
			}
		})
	}
}

// exchangeInTime sends a request and reads its answer; a minute without one fails.
func exchangeInTime(t *testing.T, request *http.Request) string {
	t.Helper()
	ctx, cancel := wait(t)
	defer cancel()
	response, err := http.DefaultTransport.RoundTrip(request.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return string(must(io.ReadAll(response.Body)))
}

// The client of a subscription says how long it lasts, even where it names JSON only to refuse it.
func TestTimeout_DoesNotBoundSubscriptions(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	s := newEmptySite(t, config())
	s.follow(t)
	bounded := *s // orders go through s, however long they take
	bounded.config.Timeout = timeout
	bounded.Handler = graph.NewHandler(bounded.config)
	address := bounded.serve(t, 0)
	for name, subscribe := range map[string]func(t *testing.T, url, document string, header http.Header) updates{
		"events": overEvents, "socket": overSocket,
		"events that refuse JSON": func(t *testing.T, url, document string, _ http.Header) updates {
			return overEvents(t, url, document, http.Header{"Accept": {"text/event-stream, application/json;q=0"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			heard := subscribe(t, address, following(s.order(t, name)), nil)
			heard.next(t)
			cancel := time.AfterFunc(2*timeout, func() {
				_, _ = s.database.Pool.Exec(context.Background(), `UPDATE downloads SET state = 'CANCELLED', finished_at = now() WHERE client_mutation_id = $1`, name)
			})
			defer cancel.Stop()
			if said := heard.next(t); !strings.Contains(said, `"state":"CANCELLED"`) || heard.next(t) != "complete" {
				t.Errorf("after the timeout: %s", said)
			}
		})
	}
}

// A sender that takes long to be recognised has the less time for its operation: both end with one deadline.
func TestTimeout_HoldsRecognisingAndExecutingTogether(t *testing.T) {
	t.Parallel()
	const timeout, waited = time.Minute, 300 * time.Millisecond
	left := make(chan time.Duration, 1)
	s := newEmptySite(t, config(func(c *graphConfig) {
		c.Timeout = timeout
		c.Record = func(ctx context.Context, _ access.Actor, _ []format.Contact, _ bool) (ingest.Result, []int64, []error) {
			deadline, bounded := ctx.Deadline()
			if !bounded {
				t.Error("the operation has no deadline")
			}
			left <- time.Until(deadline)
			return ingest.Result{}, nil, nil
		}
	}))
	key := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeWrite)
	lock := must(s.database.Pool.Begin(t.Context()))
	must(lock.Exec(t.Context(), "LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE"))
	released := make(chan struct{})
	t.Cleanup(func() { <-released })
	time.AfterFunc(waited+100*time.Millisecond, func() {
		defer close(released)
		_ = lock.Rollback(context.Background())
	})
	began := time.Now()
	if answered := as(t, s, key, `mutation {recordContacts(input: {contacts: []}) {recorded}}`); len(answered.Errors) > 0 {
		t.Fatal(answered.body)
	}
	if time.Since(began) < waited {
		t.Fatal("the sender was recognised at once")
	}
	if got := <-left; got > timeout-waited {
		t.Errorf("%s are left of %s after %s", got, timeout, waited)
	}
}
