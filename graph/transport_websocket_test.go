package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

const opening = `{"type":"connection_init"}`

func subscribing(id, document string) string {
	return fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":%s}`, id, payload(document, nil))
}

func TestWebSocket_IsClosedWithTheCodeOfAViolation(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Limits.BodyBytes, c.Pace.Opening = 1000, 200*time.Millisecond }))
	url := s.serve(t, 0)
	endless := subscribing("1", following(s.order(t, "m")))
	for name, c := range map[string]struct {
		says []string
		code websocket.StatusCode
	}{
		"silence":                {nil, 4408},
		"no introduction":        {[]string{subscribing("1", `{__typename}`)}, 4401},
		"two introductions":      {[]string{opening, opening}, 4429},
		"no JSON":                {[]string{opening, `}{`}, 4400},
		"two JSONs":              {[]string{opening + opening}, 4400},
		"an unknown type":        {[]string{opening, `{"type":"dance"}`}, 4400},
		"no type":                {[]string{opening, `{}`}, 4400},
		"an id that is a number": {[]string{opening, `{"id":1,"type":"complete"}`}, 4400},
		"no id":                  {[]string{opening, subscribing("", `{__typename}`)}, 4400},
		"no query":               {[]string{opening, `{"id":"1","type":"subscribe","payload":{}}`}, 4400},
		"no payload":             {[]string{opening, `{"id":"1","type":"subscribe"}`}, 4400},
		"an id in use":           {[]string{opening, endless, endless}, 4409},
		"a message too large":    {[]string{opening, strings.Repeat(" ", 1001)}, websocket.StatusMessageTooBig},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := dial(t, url, nil)
			for _, text := range c.says {
				client.say(t, text)
			}
			for client.next(t) != "cut" {
			}
			if client.closed == nil || client.closed.Code != c.code {
				t.Errorf("closed with %v, want %d", client.closed, c.code)
			}
		})
	}
	t.Run("no text", func(t *testing.T) {
		client := dial(t, url, nil)
		client.write(t, websocket.MessageBinary, opening)
		if client.next(t); client.closed == nil || client.closed.Code != 4400 {
			t.Errorf("closed with %v", client.closed)
		}
	})
	t.Run("a message that never ends", func(t *testing.T) {
		client := dial(t, url, nil)
		part := must(client.Writer(t.Context(), websocket.MessageText))
		must(part.Write([]byte(opening)))
		if client.next(t); client.closed == nil || client.closed.Code != 4408 {
			t.Errorf("closed with %v", client.closed)
		}
	})
	t.Run("a message as large as may be", func(t *testing.T) {
		client := dial(t, url, nil)
		client.say(t, opening+strings.Repeat(" ", 1000-len(opening)))
		if said := client.next(t); said != "connection_ack" {
			t.Errorf("answered %s %v", said, client.closed)
		}
	})
}

func TestWebSocket_OpensForPagesOfAllowedOrigins(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Origins = []string{"https://panel.example.com"} }))
	url := s.serve(t, 0)
	for origin, want := range map[string]int{
		"":                               http.StatusSwitchingProtocols,
		url:                              http.StatusSwitchingProtocols,
		"https://panel.example.com":      http.StatusSwitchingProtocols,
		"http://panel.example.com":       http.StatusForbidden,
		"https://panel.example.com.evil": http.StatusForbidden,
		"https://evil.example.com":       http.StatusForbidden,
		"null":                           http.StatusForbidden,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		if got := handshake(t, url, header, "graphql-transport-ws"); got != want {
			t.Errorf("origin %q is answered %d, want %d", origin, got, want)
		}
	}
}

func TestWebSocket_SpeaksOneSubprotocol(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	url := s.serve(t, 0)
	for _, protocols := range [][]string{nil, {"graphql-ws"}, {"unknown"}} {
		if got := handshake(t, url, nil, protocols...); got != http.StatusBadRequest {
			t.Errorf("%v is answered %d", protocols, got)
		}
	}
	if got := handshake(t, url, nil, "graphql-ws", "graphql-transport-ws"); got != http.StatusSwitchingProtocols {
		t.Errorf("one of two is answered %d", got)
	}
}

// handshake is the status that an attempt to connect is answered with.
func handshake(t *testing.T, url string, header http.Header, protocols ...string) int {
	t.Helper()
	connection, response, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPHeader: header, Subprotocols: protocols})
	if response == nil {
		t.Fatal(err)
	}
	if err == nil {
		_ = connection.CloseNow()
	}
	return response.StatusCode
}

func TestWebSocket_CarriesManyOperationsUpToItsLimit(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Limits.Operations = 2 }))
	url := s.serve(t, 0)
	endless := following(s.order(t, "m"))
	client := dial(t, url, nil)
	client.say(t, opening)
	client.next(t)
	for _, id := range []string{"a", "b"} {
		client.say(t, subscribing(id, endless))
		if said := client.next(t); !strings.Contains(said, "QUEUED") {
			t.Fatalf("%s hears %s", id, said)
		}
	}
	client.say(t, subscribing("c", `{__typename}`))
	if said := client.next(t); !strings.HasPrefix(said, "error") || !strings.Contains(said, "LIMIT_EXCEEDED") {
		t.Errorf("one too many is answered %s", said)
	}
	client.say(t, `{"type":"ping","payload":{"a":1}}`)
	if said := client.next(t); said != `pong {"a":1}` {
		t.Errorf("a ping is answered %s", said)
	}
	// What the client calls off ends without a word, its place and its id are free again.
	client.say(t, `{"id":"a","type":"complete"}`)
	client.say(t, `{"id":"nobody","type":"complete"}`)
	for until := time.Now().Add(patience); ; {
		client.say(t, subscribing("a", `{__typename}`))
		said := client.next(t)
		if said == `next {"data":{"__typename":"Query"}}` {
			break
		}
		if !strings.Contains(said, "LIMIT_EXCEEDED") || time.Now().After(until) {
			t.Fatalf("the place of what was called off is not free: %s", said)
		}
	}
	if said := client.next(t); said != "complete" {
		t.Errorf("then %s", said)
	}
}

func TestWebSocket_RefusesALoneSurrogateWithACode(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config())
	client := dial(t, s.serve(t, 0), nil)
	client.say(t, opening)
	client.next(t)
	client.say(t, `{"id":"1","type":"subscribe","payload":{"query":"{__typename}","variables":{"a":"\ud83d"}}}`)
	if said := client.next(t); !strings.HasPrefix(said, "error") || !strings.Contains(said, "INVALID_TEXT") {
		t.Errorf("answered %s", said)
	}
}

// A client that is gone without a word is noticed by its silence.
func TestWebSocket_IsCutWhereItsClientIsSilent(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, config(func(c *graphConfig) { c.Pace.Ping = 50 * time.Millisecond }))
	client := dial(t, s.serve(t, 0), nil)
	client.mute.Store(true)
	client.say(t, opening)
	client.next(t)
	if said := client.next(t); said != "cut" {
		t.Errorf("heard %s", said)
	}
}

func TestWebSocket_LogsADefectUnderTheRequestID(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{Record: func(context.Context, access.Actor, []format.Contact, bool) (ingest.Result, []int64, []error) {
		panic("a defect")
	}})
	url := s.serve(t, 0)
	heard := overSocket(t, url, recordOne, http.Header{"X-Request-Id": {"request-7"}})
	if said := heard.next(t); !strings.Contains(said, `"INTERNAL"`) || !strings.Contains(said, "request-7") || heard.next(t) != "complete" {
		t.Errorf("heard %s", said)
	}
	if log := s.log.String(); !strings.Contains(log, "requestId=request-7") || strings.Contains(log, "a defect") {
		t.Errorf("logged %s", log)
	}
}
