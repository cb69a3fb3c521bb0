package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// openStream subscribes to a download as a browser does, and gives its answer, which goes on.
func openStream(t *testing.T, server *process, node string) *http.Response {
	t.Helper()
	body := `{"query": "subscription { downloadUpdated(id: \"` + node + `\") { state } }"}`
	response := send(t, server.key, http.MethodPost, server.url+"/graphql", http.Header{
		"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}, "Accept-Encoding": {"gzip"},
	}, strings.NewReader(body))
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// A worker in another process makes the file; who subscribed at the server hears of it, uncompressed and at once.
func TestASubscriptionHearsOfAFileThatAnotherProcessMakes(t *testing.T) {
	t.Parallel()
	s := newSite(t, 300)
	node, _ := s.order("SIMPLE")
	stream := openStream(t, s.api, node)
	if encoding := stream.Header.Get("Content-Encoding"); encoding != "" {
		t.Errorf("the stream is compressed: %s", encoding)
	}
	lines := bufio.NewScanner(stream.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ends without %q: %v", want, lines.Err())
	}
	until(`"QUEUED"`) // before there is anybody to make it
	s.worker()
	until(`"READY"`)
	until("event: complete")
}

func TestOpenStreamsDoNotHoldUpAStop(t *testing.T) {
	t.Parallel()
	s := newSite(t, 300)
	node, _ := s.order("SIMPLE")
	stream := openStream(t, s.api, node)
	lines := bufio.NewScanner(stream.Body)
	for !strings.Contains(lines.Text(), "QUEUED") && lines.Scan() {
	}
	at := time.Now()
	if status := s.api.stop(syscall.SIGTERM); status != statusOK {
		t.Errorf("status %d", status)
	}
	took := time.Since(at)
	last := ""
	for lines.Scan() {
		last += lines.Text() + "\n"
	}
	if _, ending, found := strings.Cut(last, `"code":"UNAVAILABLE"`); !found || !strings.HasSuffix(ending, "event: complete\ndata:\n\n") {
		t.Errorf("the stream does not end by saying that the server stops: %s", last)
	}
	if took > drainPatience {
		t.Errorf("the server took %.1f s to stop", took.Seconds())
	}
	t.Logf("a server with an open stream stops in %.1f s", took.Seconds())
}

// The request timeout is for what is answered once. Who names JSON only to refuse it is answered by a stream.
func TestStream_OutlivesTheRequestTimeout(t *testing.T) {
	t.Parallel()
	const timeout = 300 * time.Millisecond
	database := pgtest.New(t)
	options := optionsFor(t, database.URL)
	options.requestTimeout, options.noWorker = timeout, true
	m, key := started(t, options, slog.New(slog.DiscardHandler)), allowed(t, database.Pool)
	order := say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: TODAY}}}) { download { id } } }`, nil)
	node := strings.Split(order.content, `"`)[9]
	response := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{
		"Content-Type": {"application/json"}, "Accept": {"text/event-stream, application/json;q=0"}, "Accept-Encoding": {"gzip"},
	}, strings.NewReader(`{"query": "subscription { downloadUpdated(id: \"`+node+`\") { state } }"}`))
	defer response.Body.Close()
	if media, encoding := response.Header.Get("Content-Type"), response.Header.Get("Content-Encoding"); media != "text/event-stream" || encoding != "" {
		t.Fatalf("answered with %q, encoded %q: %s", media, encoding, order.content)
	}
	defer time.AfterFunc(4*timeout, func() {
		_, _ = database.Pool.Exec(context.Background(), `UPDATE downloads SET state = 'CANCELLED', finished_at = now()`)
	}).Stop()
	heard, _ := io.ReadAll(response.Body)
	if text := string(heard); !strings.Contains(text, `"CANCELLED"`) || !strings.HasSuffix(text, "event: complete\ndata:\n\n") {
		t.Errorf("the stream was cut: %q", text)
	}
}

func TestGate_AnswersTheAPIInItsOwnForm(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"{__typename}"}`))
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Accept-Language", "pl")
	recorder := httptest.NewRecorder()
	(&gate{}).ServeHTTP(recorder, request)
	const want = `{"errors":[{"message":"Serwer się uruchamia. Spróbuj za chwilę.","extensions":{"code":"UNAVAILABLE"}}]}`
	if media := recorder.Header().Get("Content-Type"); recorder.Code != http.StatusServiceUnavailable || recorder.Body.String() != want ||
		media != "application/graphql-response+json; charset=utf-8" || recorder.Header().Get("Retry-After") != "1" {
		t.Errorf("answered %d %s %v %s", recorder.Code, media, recorder.Header(), recorder.Body)
	}
}

// The deadlines of a connection are for requests that end soon. A file may take its client longer than that, as long as
// the client goes on reading.
func TestALongAnswerIsCutByNoDeadline(t *testing.T) {
	t.Parallel()
	const deadline = 200 * time.Millisecond
	handler := patient(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 5 {
			select {
			case <-time.After(deadline / 2):
			case <-r.Context().Done():
				t.Error("the request counts as given up")
				return
			}
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				t.Error(err)
				return
			}
		}
	}))
	server := httptest.NewUnstartedServer(handler)
	server.Config.ReadTimeout, server.Config.WriteTimeout = deadline, deadline
	server.Start()
	t.Cleanup(server.Close)
	status, body := get(t, "", server.URL)
	if status != http.StatusOK || len(body) != 5*64<<10 {
		t.Errorf("status %d, %d bytes", status, len(body))
	}
}

func TestASlowRequestIsCut(t *testing.T) {
	t.Parallel()
	reader := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("half a body is taken for a whole one")
		}
	})
	server := newHTTPServer(reader, slog.New(slog.DiscardHandler))
	if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.IdleTimeout <= 0 || server.MaxHeaderBytes <= 0 {
		t.Errorf("a connection without a bound: %+v", server)
	}
	server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout = 100*time.Millisecond, 200*time.Millisecond, 100*time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	for what, sent := range map[string]string{
		"nothing":       "",
		"half a header": "GET / HTTP/1.1\r\nHost:",
		"half a body":   "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
	} {
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		if _, err := connection.Write([]byte(sent)); err != nil {
			t.Fatal(err)
		}
		_ = connection.SetReadDeadline(time.Now().Add(patience))
		if _, err := io.Copy(io.Discard, connection); err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				t.Errorf("a client that sends %s is waited for", what)
			}
		}
	}
}
