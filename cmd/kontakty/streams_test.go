package main

import (
	"bufio"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
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
func TestStream_HearsOfAFileThatAnotherProcessMakes(t *testing.T) {
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

func TestStream_DoesNotHoldUpAStop(t *testing.T) {
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
	if took > 10*time.Second { // which a stop waits for requests under way
		t.Errorf("the server took %.1f s to stop", took.Seconds())
	}
	t.Logf("a server with an open stream stops in %.1f s", took.Seconds())
}
