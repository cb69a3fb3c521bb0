package graph_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/gzhttp"

	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// serve serves a site behind what holds answers back, compresses, hides and cuts them: streams must get through it.
func (s *site) serve(t *testing.T, deadline time.Duration) string {
	t.Helper()
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(100))
	if err != nil {
		t.Fatal(err)
	}
	compressing := zip(s)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		compressing.ServeHTTP(opaque{w}, r)
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = deadline, deadline
	server.Start()
	t.Cleanup(func() {
		s.Close() // as a server that stops must
		server.Close()
	})
	return server.URL
}

// opaque hides all that a writer can do beside writing.
type opaque struct{ writer http.ResponseWriter }

func (o opaque) Header() http.Header            { return o.writer.Header() }
func (o opaque) Write(part []byte) (int, error) { return o.writer.Write(part) }
func (o opaque) WriteHeader(status int)         { o.writer.WriteHeader(status) }
func (o opaque) Unwrap() http.ResponseWriter    { return o.writer }

// follow lets the site hear of changes.
func (s *site) follow(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var following sync.WaitGroup
	following.Go(func() { _ = s.downloads.Follow(ctx) })
	t.Cleanup(func() {
		cancel()
		following.Wait()
	})
}

// work makes what was ordered as another process does: with connections, downloads and a worker of its own.
func (s *site) work(t *testing.T) {
	t.Helper()
	pool := s.database.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 8})
	downloads := must(export.NewDownloads(pool, s.store, s.directory, relay.NewSigner([]byte("another")), s.settings))
	worker := must(export.NewWorker(downloads, export.WorkerConfig{}))
	if err := worker.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := worker.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

// order orders a file and gives its id.
func (s *site) order(t *testing.T, name string) string {
	t.Helper()
	answered := s.ask(t, `mutation {exportContacts(input: {clientMutationId: "`+name+`", `+march+`}) {download {id}}}`, nil)
	return strings.Split(answered, `"`)[7]
}

func following(id string) string {
	return `subscription {downloadUpdated(id: "` + id + `") {state progress {contactsDone contactsTotal} url sha256}}`
}

func TestStreams_FollowADownloadMadeElsewhereToItsEnd(t *testing.T) {
	t.Parallel()
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.follow(t)
			url := s.serve(t, 0)
			id := s.order(t, name)
			heard := subscribe(t, url, following(id), nil)
			if first := heard.next(t); !strings.Contains(first, `"state":"QUEUED"`) {
				t.Fatalf("first is %s", first)
			}
			s.work(t)
			order, done, last := []string{"QUEUED", "RUNNING", "READY"}, 0, ""
			for {
				said := heard.next(t)
				text, isNext := strings.CutPrefix(said, "next ")
				if !isNext {
					if said != "complete" {
						t.Errorf("it ends with %s", said)
					}
					break
				}
				last = text
				var update struct {
					Data struct {
						DownloadUpdated struct {
							State    string
							Progress struct{ ContactsDone int }
						}
					}
				}
				if err := json.Unmarshal([]byte(text), &update); err != nil {
					t.Fatal(err)
				}
				for len(order) > 0 && order[0] != update.Data.DownloadUpdated.State {
					order = order[1:]
				}
				if now := update.Data.DownloadUpdated.Progress.ContactsDone; len(order) == 0 || now < done {
					t.Errorf("out of order: %s", text)
				} else {
					done = now
				}
			}
			if !strings.Contains(last, `"state":"READY"`) || !strings.Contains(last, `"contactsDone":6,"contactsTotal":6`) || strings.Contains(last, "null") {
				t.Errorf("the last update is %s", last)
			}
			if got := subscribe(t, url, following(id), nil); !strings.Contains(got.next(t), `"state":"READY"`) || got.next(t) != "complete" {
				t.Error("a finished download is not told once")
			}
		})
	}
}

func TestStreams_EndWithADownloadThatIsCancelledOrDeleted(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.follow(t)
	url := s.serve(t, 0)
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			cancelled := s.order(t, "cancelled "+name)
			deleted := s.order(t, "deleted "+name)
			one, other := subscribe(t, url, following(cancelled), nil), subscribe(t, url, following(deleted), nil)
			one.next(t)
			other.next(t)
			s.ask(t, `mutation {cancelDownload(input: {id: "`+cancelled+`"}) {download {id}} deleteDownload(input: {id: "`+deleted+`"}) {deletedDownloadId}}`, nil)
			if said := one.next(t); !strings.Contains(said, `"state":"CANCELLED"`) || one.next(t) != "complete" {
				t.Errorf("cancelled: %s", said)
			}
			if said := other.next(t); said != "complete" {
				t.Errorf("deleted: %s", said)
			}
		})
	}
}

var polish = regexp.MustCompile(`^(To|Tu|Dokument|Żądanie) `)

func TestStreams_SayOnceWhatCannotBeExecuted(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	url := s.serve(t, 0)
	for name, c := range map[string]struct{ document, code, field string }{
		"an id that is none":     {following("x"), "INVALID_ID", "id"},
		"an id of an agent":      {following(relay.EncodeID(relay.AgentKind, 1)), "INVALID_ID", "id"},
		"an id of nothing":       {following(relay.EncodeID(relay.DownloadKind, 99)), "NOT_FOUND", "id"},
		"a field that is none":   {`subscription {nothing}`, "GRAPHQL_VALIDATION_FAILED", ""},
		"two subscriptions":      {`subscription {a: downloadUpdated(id: "x") {id} b: downloadUpdated(id: "x") {id}}`, "GRAPHQL_VALIDATION_FAILED", ""},
		"no subscription":        {`subscription {downloadUpdated(id: "x") @skip(if: true) {id}}`, "GRAPHQL_VALIDATION_FAILED", ""},
		"an introspection":       {`subscription {__typename}`, "GRAPHQL_VALIDATION_FAILED", ""},
		"a document cut short":   {`subscription {`, "GRAPHQL_PARSE_FAILED", ""},
		"a document too complex": {`{` + strings.Repeat(`a: __typename `, 51) + `}`, "LIMIT_EXCEEDED", "query"},
		"a query that fails":     {`{download(id: "x") {id}}`, "INVALID_ID", "id"},
	} {
		for transport, subscribe := range transports {
			t.Run(name+" over "+transport, func(t *testing.T) {
				heard := subscribe(t, url, c.document, http.Header{"Accept-Language": {"pl"}, "X-Request-Id": {"request-7"}})
				said := heard.next(t)
				var got reply
				if _, text, _ := strings.Cut(said, " "); json.Unmarshal([]byte(text), &got) != nil || len(got.Errors) != 1 {
					t.Fatalf("said %s", said)
				}
				first := got.Errors[0]
				if first.Extensions.Code != c.code || first.Extensions.Field != c.field {
					t.Errorf("code %s at %q, want %s at %q", first.Extensions.Code, first.Extensions.Field, c.code, c.field)
				}
				if !polish.MatchString(first.Message) {
					t.Errorf("not Polish: %s", first.Message)
				}
				if strings.HasPrefix(said, "next") || transport == "events" {
					if end := heard.next(t); end != "complete" {
						t.Errorf("then %s", end)
					}
				}
			})
		}
	}
	if s.log.Len() > 0 {
		t.Errorf("mistakes of users were logged:\n%s", s.log)
	}
}

func TestStreams_AnswerQueriesAndMutationsOnce(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	url := s.serve(t, 0)
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			heard := subscribe(t, url, `{agents {totalCount}}`, nil)
			if said := heard.next(t); said != `next {"data":{"agents":{"totalCount":0}}}` || heard.next(t) != "complete" {
				t.Errorf("a query is answered %s", said)
			}
			heard = subscribe(t, url, recordOne, nil)
			if said := heard.next(t); !strings.HasPrefix(said, `next {"data":{"recordContacts"`) || heard.next(t) != "complete" {
				t.Errorf("a mutation is answered %s", said)
			}
		})
	}
}

// A stream lives longer than any deadline of the server, and nothing between it and its client holds it back.
func TestStreams_OutliveTheDeadlinesOfAnswers(t *testing.T) {
	t.Parallel()
	const deadline = 500 * time.Millisecond
	s := newEmptySite(t, config(func(c *graphConfig) { c.Pace.Ping = 2 * deadline }))
	s.follow(t)
	url := s.serve(t, deadline)
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			id := s.order(t, name)
			heard := subscribe(t, url, following(id), nil)
			heard.next(t)
			cancel := time.AfterFunc(5*deadline, func() {
				_, _ = s.database.Pool.Exec(context.Background(), `UPDATE downloads SET state = 'CANCELLED', finished_at = now()`)
			})
			defer cancel.Stop()
			if said := heard.next(t); !strings.Contains(said, `"state":"CANCELLED"`) || heard.next(t) != "complete" {
				t.Errorf("after the deadline: %s", said)
			}
			if heard.pinged() == 0 {
				t.Error("nobody tried whether the client is there")
			}
		})
	}
}

// A place is free again only when nothing of the stream runs any more.
func TestStreams_LeaveNothingRunningForAClientThatIsGone(t *testing.T) {
	t.Parallel()
	for name, subscribe := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newEmptySite(t, config(func(c *graphConfig) { c.Limits.Streams = 1 }))
			url := s.serve(t, 0)
			id := s.order(t, name)
			first := subscribe(t, url, following(id), nil)
			first.next(t)
			_, refused := openEvents(t, url, `{__typename}`, nil)
			if refused.StatusCode != http.StatusTooManyRequests {
				t.Fatalf("a second stream is answered %s", refused.Status)
			}
			first.abandon()
			until := time.Now().Add(patience)
			for {
				stream, _ := openEvents(t, url, `{__typename}`, nil)
				if stream != nil {
					break
				}
				if time.Now().After(until) {
					t.Fatal("the place is never free again")
				}
			}
		})
	}
}

func TestStreams_EndWithTheHandlerAndSayWhy(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	url := s.serve(t, 0)
	id := s.order(t, "m")
	events := overEvents(t, url, following(id), nil)
	socket := overSocket(t, url, following(id), nil).(*socketClient)
	events.next(t)
	socket.next(t)
	idle := dial(t, url, nil)
	s.Close()
	if said := events.next(t); !strings.Contains(said, `"UNAVAILABLE"`) || events.next(t) != "complete" {
		t.Errorf("an event stream ends with %s", said)
	}
	for _, one := range []*socketClient{socket, idle} {
		if said := one.next(t); said != "cut" || one.closed == nil || one.closed.Code != websocket.StatusGoingAway {
			t.Errorf("a WebSocket ends with %s %v", said, one.closed)
		}
	}
	if _, refused := openEvents(t, url, `{__typename}`, nil); refused.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a new stream is answered %s", refused.Status)
	}
	if got := s.ask(t, `{__typename}`, nil); got != `{"__typename":"Query"}` {
		t.Errorf("a query is answered %s", got)
	}
}
