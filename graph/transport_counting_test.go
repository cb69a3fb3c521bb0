package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/kontakty/kontakty/internal/access"
)

// opens tries to open a WebSocket and tells the status of a refusal, 0 for none.
func opens(t *testing.T, url string, header http.Header) (*websocket.Conn, int) {
	t.Helper()
	connection, response, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		if response == nil {
			t.Fatal(err)
		}
		return nil, response.StatusCode
	}
	t.Cleanup(func() { _ = connection.CloseNow() })
	return connection, 0
}

func bearing(key string) http.Header { return http.Header{"Authorization": {"Bearer " + key}} }

// within tries something until it holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%s: never", what)
		}
	}
}

// Whatever one principal holds, and however many strangers knock, everybody else opens streams.
func TestStreams_AreCountedByPrincipalAndByNetworkBefore(t *testing.T) {
	t.Parallel()
	const perPrincipal, arriving = 3, 4
	s := newSite(t)
	config := s.config
	config.Limits.Streams, config.Limits.ArrivingStreams, config.Pace.Opening = perPrincipal, arriving, patience
	s.renew(t, config)
	s.follow(t)
	url, everybody := s.serve(t, 0), access.Grants{Unrestricted: true}
	greedy, modest := s.newKey(t, everybody, access.ScopeRead), s.newKey(t, everybody, access.Scopes...)
	document := following(s.order(t, "counted"))

	var held []*websocket.Conn
	for i := range 2 * perPrincipal {
		connection, status := opens(t, url, bearing(greedy))
		if want := i >= perPrincipal; (status == http.StatusTooManyRequests) != want {
			t.Fatalf("WebSocket %d of a key is answered %d", i, status)
		}
		if connection != nil {
			held = append(held, connection)
		}
	}
	if stream, response := openEvents(t, url, document, bearing(greedy)); stream != nil || response.StatusCode != http.StatusTooManyRequests {
		t.Error("an event stream of the same key is opened")
	}
	nobody := http.Header{"Authorization": {nobody}}
	var strangers []*websocket.Conn
	for i := range 2 * arriving {
		connection, status := opens(t, url, nobody)
		if want := i >= arriving; (status == http.StatusTooManyRequests) != want {
			t.Fatalf("WebSocket %d without credentials is answered %d", i, status)
		}
		if connection != nil {
			strangers = append(strangers, connection)
		}
	}
	for name, subscribe := range transports {
		if said := subscribe(t, url, document, bearing(modest)).next(t); !strings.HasPrefix(said, "next ") {
			t.Errorf("another key hears over %s: %s", name, said)
		}
	}
	// Who says whose it is takes a place of that one's, and leaves the strangers.
	for i, key := range []string{greedy, modest} {
		if err := strangers[i].Write(t.Context(), websocket.MessageText, []byte(fmt.Sprintf(`{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, key))); err != nil {
			t.Fatal(err)
		}
		_, text, err := strangers[i].Read(t.Context())
		if full := websocket.CloseStatus(err) == 4429; full != (key == greedy) || !full && string(text) != `{"type":"connection_ack"}` {
			t.Errorf("stranger %d is answered %s, %v", i, text, err)
		}
	}
	eventually(t, "the places of strangers that are none any more are free", func() bool { _, status := opens(t, url, nobody); return status == 0 })
	_ = held[0].CloseNow()
	eventually(t, "the place of a WebSocket that ended is free", func() bool { _, status := opens(t, url, bearing(greedy)); return status == 0 })
}

// An idle stream ends within a ping once its key is revoked; those of others go on.
func TestStreams_OfARevokedKeyEndAtThePing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	config := s.config
	config.Pace.Ping = 3 * time.Second // twice as long a client may take to answer, however busy the machine
	s.renew(t, config)
	s.follow(t)
	url := s.serve(t, 0)
	operator := access.Actor{Principal: access.Operator()}
	kept, key, err := s.keys.Create(t.Context(), operator, access.KeyInput{Name: "revoked", Scopes: access.Scopes, Grants: access.Grants{Unrestricted: true}})
	if err != nil {
		t.Fatal(err)
	}
	order := as(t, s, key, `mutation {exportContacts(input: {clientMutationId: "r", `+march+`}) {download {id}}}`)
	document := following(strings.Split(order.body, `"`)[9])
	events, socket, other := overEvents(t, url, document, bearing(key)), overSocket(t, url, document, bearing(key)), overEvents(t, url, following(s.order(t, "other")), nil)
	silent := dial(t, url, bearing(key))
	silent.say(t, opening)
	for _, one := range []updates{events, socket, other} {
		if said := one.next(t); !strings.HasPrefix(said, "next ") {
			t.Fatalf("before it is %s", said)
		}
	}
	// The clients of WebSockets read all the time, or no ping is answered.
	var reading sync.WaitGroup
	sockets := map[string]*socketClient{"busy": socket.(*socketClient), "idle": silent}
	for _, one := range sockets {
		reading.Go(func() {
			for one.next(t) != "cut" {
			}
		})
	}
	if _, err := s.keys.Revoke(t.Context(), operator, kept.ID); err != nil {
		t.Fatal(err)
	}
	if said := events.next(t); !strings.Contains(said, "UNAUTHENTICATED") {
		t.Errorf("the events end with %s", said)
	}
	if said := events.next(t); said != "complete" {
		t.Errorf("then comes %s", said)
	}
	reading.Wait()
	for name, one := range sockets {
		if one.closed == nil || one.closed.Code != 4401 {
			t.Errorf("a WebSocket that is %s is closed with %v", name, one.closed)
		}
	}
	s.work(t)
	if said := other.next(t); !strings.HasPrefix(said, "next ") {
		t.Errorf("that of another key hears %s", said)
	}
}
