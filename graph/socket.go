package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
)

// farewell is why we close a connection.
type farewell struct {
	code   int
	reason string
}

// The protocol's reasons.
var (
	notUnderstood  = &farewell{4400, "Invalid message"}
	notIntroduced  = &farewell{4401, "Unauthorized"}
	tooSlow        = &farewell{4408, "Connection initialisation timeout"}
	alreadyRunning = &farewell{4409, "Subscriber already exists"}
	tooManyInits   = &farewell{4429, "Too many initialisation requests"}
	stopping       = &farewell{websocket.CloseGoingAway, "The server is stopping"}
)

// lastWords is how long a client may take to notice that we leave.
const lastWords = time.Second

// message is what both sides send, as graphql-transport-ws has it.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// operation is one that runs over a socket.
type operation struct{ cancel context.CancelFunc }

// socket is one open WebSocket. One goroutine reads it, one tries whether the client is there, and each operation has
// one.
type socket struct {
	overWebSocket
	connection *websocket.Conn
	// header holds the credentials: those of the handshake, until the client has introduced itself.
	header  http.Header
	exec    graphql.GraphExecutor
	writing sync.Mutex
	mutex   sync.Mutex
	running map[string]*operation
	slots   chan struct{}
	work    sync.WaitGroup
}

func newSocket(connection *websocket.Conn, exec graphql.GraphExecutor, t overWebSocket, handshake http.Header) *socket {
	return &socket{
		overWebSocket: t, connection: connection, exec: exec, header: handshake,
		running: map[string]*operation{}, slots: make(chan struct{}, t.limits.Operations),
	}
}

// serve answers until the client leaves, breaks the protocol, or the context ends; then nothing of it runs any more.
func (s *socket) serve(ctx context.Context) {
	defer s.work.Wait()
	defer func() { _ = s.connection.Close() }()
	serving, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = s.connection.SetReadDeadline(time.Now()) })()
	s.connection.SetReadLimit(s.limits.BodyBytes)
	why := s.converse(serving)
	if ctx.Err() != nil {
		why = stopping
	}
	cancel()
	if why != nil {
		s.leave(why)
	}
}

// converse takes messages until there are no more; what it returns is to be said to the client, if anything is.
func (s *socket) converse(ctx context.Context) *farewell {
	s.await(ctx, s.pace.Opening)
	introduced := false
	s.connection.SetPongHandler(func(string) error {
		if introduced {
			s.await(ctx, 2*s.pace.Ping)
		}
		return nil
	})
	for {
		kind, text, err := s.connection.ReadMessage()
		var slow net.Error
		switch {
		case err != nil && !introduced && errors.As(err, &slow) && slow.Timeout():
			return tooSlow
		case err != nil:
			return nil
		}
		var m message
		if kind != websocket.TextMessage || !utf8.Valid(text) || decode(text, &m) != nil {
			return notUnderstood
		}
		switch {
		case m.Type == "connection_init" && introduced:
			return tooManyInits
		case m.Type == "connection_init":
			if why := s.introduce(ctx, m.Payload); why != nil {
				return why
			}
			introduced = true
			_ = s.send(message{Type: "connection_ack"})
			s.work.Go(func() { s.keepAlive(ctx) })
		case m.Type == "ping":
			_ = s.send(message{Type: "pong", Payload: m.Payload})
		case m.Type == "pong":
		case m.Type == "complete":
			s.cancel(m.ID)
		case m.Type == "subscribe" && !introduced:
			return notIntroduced
		case m.Type == "subscribe":
			if why := s.subscribe(ctx, m); why != nil {
				return why
			}
		default:
			return notUnderstood
		}
		if introduced {
			s.await(ctx, 2*s.pace.Ping)
		}
	}
}

// introduce takes the credentials of the client.
func (s *socket) introduce(ctx context.Context, payload json.RawMessage) *farewell {
	s.header = credentials(s.header, payload)
	_, err := s.introduced(ctx, s.header)
	switch fault.CodeOf(err) {
	case fault.Unauthenticated:
		return notIntroduced
	case fault.RateLimited:
		return tooManyInits
	default:
		return nil // what else is wrong, each operation hears
	}
}

// await says how long the client may be silent; not at all once the context has ended.
func (s *socket) await(ctx context.Context, patience time.Duration) {
	_ = s.connection.SetReadDeadline(time.Now().Add(patience)) // a closed connection is noticed when it is read
	if ctx.Err() != nil {
		_ = s.connection.SetReadDeadline(time.Now())
	}
}

// keepAlive tries whether the client is still there. Its answers are waited for where messages are.
func (s *socket) keepAlive(ctx context.Context) {
	ticker := time.NewTicker(s.pace.Ping)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.connection.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.pace.Delivery)) != nil {
				return
			}
		}
	}
}

// subscribe sets an operation to work, or refuses it.
func (s *socket) subscribe(ctx context.Context, m message) *farewell {
	params, err := readOperation(m.Payload)
	if m.ID == "" || fault.CodeOf(err) == fault.BadRequest {
		return notUnderstood
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.running[m.ID] != nil {
		return alreadyRunning
	}
	if err == nil {
		select {
		case s.slots <- struct{}{}:
		default:
			err = fault.New(fault.StreamsExceeded, "", s.limits.Operations)
		}
	}
	if err != nil {
		s.fail(m.ID, s.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors)
		return nil
	}
	known, err := s.introduced(ctx, s.header)
	if err != nil {
		<-s.slots
		if fault.CodeOf(err) == fault.Unauthenticated {
			return notIntroduced
		}
		s.fail(m.ID, s.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}).Errors)
		return nil
	}
	ctx, cancel := context.WithCancel(known)
	o := &operation{cancel: cancel}
	s.running[m.ID] = o
	s.work.Go(func() { s.perform(ctx, m.ID, o, params) })
	return nil
}

// perform executes an operation and says how it ended, unless the client has called it off.
func (s *socket) perform(ctx context.Context, id string, o *operation, params *graphql.RawParams) {
	defer o.cancel()
	failed, err := perform(ctx, s.exec, s.timeout, params, func(a answer) error {
		return s.send(message{ID: id, Type: "next", Payload: a.encode()})
	})
	<-s.slots // before the client hears of it, who may ask for more at once
	if !s.forget(id, o) || err != nil {
		return
	}
	if len(failed) > 0 {
		s.fail(id, failed)
		return
	}
	_ = s.send(message{ID: id, Type: "complete"}) // a failure closes the connection
}

// cancel calls an operation off for the client, who may use its id again.
func (s *socket) cancel(id string) {
	s.mutex.Lock()
	o := s.running[id]
	delete(s.running, id)
	s.mutex.Unlock()
	if o != nil {
		o.cancel()
	}
}

// forget frees the id of an operation; false if the client has done so.
func (s *socket) forget(id string, o *operation) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.running[id] != o {
		return false
	}
	delete(s.running, id)
	return true
}

func (s *socket) fail(id string, errs []*gqlerror.Error) {
	_ = s.send(message{ID: id, Type: "error", Payload: encodeErrors(errs)}) // a failure closes the connection
}

// send sends a message. A client that does not take it in time is given up.
func (s *socket) send(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.connection.SetWriteDeadline(time.Now().Add(s.pace.Delivery))
	if err = s.connection.WriteMessage(websocket.TextMessage, text); err != nil {
		_ = s.connection.Close()
	}
	return err
}

// leave says why we close the connection and lets the client hear it: a connection that is closed before all that was
// sent has been read is reset, and the reason is lost.
func (s *socket) leave(why *farewell) {
	until := time.Now().Add(lastWords)
	if s.connection.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(why.code, why.reason), until) != nil {
		return
	}
	beneath := s.connection.NetConn()
	if ending, ok := beneath.(interface{ CloseWrite() error }); ok {
		_ = ending.CloseWrite()
	}
	_ = beneath.SetReadDeadline(until)
	_, _ = io.Copy(io.Discard, beneath)
}
