package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience bounds every wait of these tests; nothing takes long unless something is broken.
const patience = time.Minute

// transports are both ways to follow something.
var transports = map[string]func(t *testing.T, url, document string, header http.Header) updates{
	"events": overEvents, "socket": overSocket,
}

// updates are what a subscription hears.
type updates interface {
	// next waits for what is said next: "next" or "error" and JSON, "complete", or "cut" when the connection ended.
	next(t *testing.T) string
	// abandon goes away without a word.
	abandon()
	// pinged counts how often the server tried whether the client is there.
	pinged() int
}

// cost is what every answer says it took.
var cost = regexp.MustCompile(`,"extensions":\{"cost":\{"requested":\d+,"charged":\d+,"remaining":\d+\}\}`)

func withoutCost(answer string) string { return cost.ReplaceAllString(answer, "") }

// eventStream is the client's end of an event stream.
type eventStream struct {
	response *http.Response
	lines    *bufio.Scanner
	leave    context.CancelFunc
	pings    int
}

func overEvents(t *testing.T, url, document string, header http.Header) updates {
	t.Helper()
	stream, response := openEvents(t, url, document, header)
	if stream == nil {
		t.Fatalf("refused with %s", response.Status)
	}
	return stream
}

// openEvents opens an event stream, nil if the answer is something else.
func openEvents(t *testing.T, url, document string, header http.Header) (*eventStream, *http.Response) {
	t.Helper()
	ctx, leave := wait(t)
	t.Cleanup(leave)
	request := must(http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(payload(document, nil)))))
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Content-Type", "application/json")
	if request.Header.Get("Accept") == "" {
		request.Header.Set("Accept", "text/event-stream")
	}
	response, err := http.DefaultTransport.(*http.Transport).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if response.Header.Get("Content-Type") != "text/event-stream" {
		return nil, response
	}
	return &eventStream{response: response, lines: bufio.NewScanner(response.Body), leave: leave}, response
}

func (e *eventStream) next(*testing.T) string {
	event, data := "", ""
	for e.lines.Scan() {
		line := e.lines.Text()
		switch name, value, _ := strings.Cut(line, ":"); {
		case line == ": ping":
			e.pings++
		case name == "event":
			event = strings.TrimSpace(value)
		case name == "data":
			data = strings.TrimSpace(value)
		case line == "" && event == "next":
			if !strings.Contains(data, `"data"`) {
				event = "error" // of the request, where a WebSocket has a message of its own
			}
			return event + " " + withoutCost(data)
		case line == "" && event != "":
			return event
		}
	}
	return "cut"
}

func (e *eventStream) abandon()    { e.leave() }
func (e *eventStream) pinged() int { return e.pings }

// socketClient is the client's end of a WebSocket.
type socketClient struct {
	*websocket.Conn
	closed *websocket.CloseError
	pings  atomic.Int64
	// mute keeps pings unanswered.
	mute atomic.Bool
}

func overSocket(t *testing.T, url, document string, header http.Header) updates {
	t.Helper()
	s := dial(t, url, header)
	s.say(t, `{"type":"connection_init"}`)
	if got := s.next(t); got != `connection_ack` {
		t.Fatalf("initialised: %s", got)
	}
	s.say(t, fmt.Sprintf(`{"id":"1","type":"subscribe","payload":%s}`, payload(document, nil)))
	return s
}

func dial(t *testing.T, url string, header http.Header) *socketClient {
	t.Helper()
	s := &socketClient{}
	connection, response, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
		OnPingReceived: func(context.Context, []byte) bool {
			s.pings.Add(1)
			return !s.mute.Load()
		},
	})
	if err != nil {
		t.Fatalf("%v: %v", err, response)
	}
	t.Cleanup(func() { _ = connection.CloseNow() })
	connection.SetReadLimit(-1)
	s.Conn = connection
	return s
}

func (s *socketClient) say(t *testing.T, text string) {
	t.Helper()
	s.write(t, websocket.MessageText, text)
}

func (s *socketClient) write(t *testing.T, kind websocket.MessageType, text string) {
	t.Helper()
	ctx, cancel := wait(t)
	defer cancel()
	if err := s.Write(ctx, kind, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func (s *socketClient) next(t *testing.T) string {
	t.Helper()
	ctx, cancel := wait(t)
	defer cancel()
	_, text, err := s.Read(ctx)
	if err != nil {
		if closed := (websocket.CloseError{}); errors.As(err, &closed) {
			s.closed = &closed
		}
		return "cut"
	}
	var m struct {
		ID, Type string
		Payload  json.RawMessage
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if m.Type == "error" {
		return fmt.Sprintf(`error {"errors":%s}`, m.Payload)
	}
	return strings.TrimSpace(m.Type + " " + withoutCost(string(m.Payload)))
}

func (s *socketClient) abandon()    { _ = s.CloseNow() }
func (s *socketClient) pinged() int { return int(s.pings.Load()) }

func wait(t *testing.T) (context.Context, func()) { return context.WithTimeout(t.Context(), patience) }

func payload(document string, variables any) []byte {
	return must(json.Marshal(map[string]any{"query": document, "variables": variables}))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
