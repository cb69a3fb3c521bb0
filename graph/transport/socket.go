package transport

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/fault"
)

// cleanupTimeout is how long a client may take to answer the close of its WebSocket.
const cleanupTimeout = time.Second

// socket is one open WebSocket. One goroutine reads it, one acts on what was read, one sends pings, and each operation has one.
type socket struct {
	webSocket
	entered    *stream
	exec       graphql.GraphExecutor
	connection *websocket.Conn
	// network is what lies beneath the connection.
	network net.Conn
	// header holds the credentials: those of the handshake, until connection_init.
	header http.Header
	// lost is why the client may no longer be here, once that is found out.
	lost chan *closeReason
	// initialised says that connection_init was accepted.
	initialised bool
	slots       chan struct{}
	work        sync.WaitGroup
	mu          sync.Mutex
	running     map[string]*runningOperation
}

// runningOperation is one that runs over a socket.
type runningOperation struct{ cancel context.CancelFunc }

func newSocket(
	t webSocket, entered *stream, exec graphql.GraphExecutor, connection *websocket.Conn, network net.Conn, handshake http.Header,
) *socket {
	connection.SetReadLimit(t.limits.BodyBytes)
	return &socket{
		webSocket: t, entered: entered, exec: exec, connection: connection, network: network, header: handshake,
		slots: make(chan struct{}, t.limits.Operations), running: map[string]*runningOperation{},
		lost: make(chan *closeReason, 1),
	}
}

// serve answers until the client leaves, breaks the protocol, or the context ends; then nothing of it runs any more.
func (s *socket) serve(ctx context.Context) {
	serving, cancel := context.WithCancel(ctx)
	reason := s.converse(serving)
	cancel()
	s.close(reason)
	s.work.Wait()
}

// close tells the client why, and lets it hear that: a connection that is closed before all that was sent has been read is
// reset, and the reason is lost.
func (s *socket) close(reason *closeReason) {
	defer time.AfterFunc(cleanupTimeout, func() { _ = s.network.Close() }).Stop()
	_ = s.connection.Close(reason.code, reason.text) // it is closed whatever the client did
}

// converse acts on messages until there is a reason to close the connection.
func (s *socket) converse(ctx context.Context) *closeReason {
	messages := s.receive(ctx)
	opening := time.NewTimer(s.pace.Opening)
	defer opening.Stop()
	for {
		select {
		case <-ctx.Done():
			return stopping
		case <-opening.C:
			return initTimeout
		case reason := <-s.lost:
			return reason
		case text, open := <-messages:
			if !open {
				return protocolViolated // which a client that left or was told before does not hear
			}
			if reason := s.act(ctx, text); reason != nil {
				return reason
			}
			if s.initialised {
				opening.Stop()
			}
		}
	}
}

// receive reads messages until the connection fails or the context ends. A message that is no text comes as nil.
func (s *socket) receive(ctx context.Context) <-chan []byte {
	messages := make(chan []byte)
	reading := context.WithoutCancel(ctx) // or its end would cut the connection before the client hears why
	s.work.Go(func() {
		defer close(messages)
		for {
			kind, text, err := s.connection.Read(reading)
			if err != nil {
				return
			}
			if kind != websocket.MessageText || !utf8.Valid(text) {
				text = nil
			}
			select {
			case messages <- text:
			case <-ctx.Done():
				return
			}
		}
	})
	return messages
}

// act does what a message asks for. What it returns ends the connection.
func (s *socket) act(ctx context.Context, text []byte) *closeReason {
	var m message
	if decodeObject(text, map[string]any{"id": &m.ID, "type": &m.Type, "payload": &m.Payload}) != nil {
		return invalidMessage
	}
	switch m.Type {
	case "connection_init":
		return s.initialise(ctx, m.Payload)
	case "ping":
		_ = s.send(message{Type: "pong", Payload: m.Payload})
	case "pong":
	case "complete":
		s.cancel(m.ID)
	case "subscribe":
		return s.subscribe(ctx, m)
	default:
		return invalidMessage
	}
	return nil
}

// initialise takes the credentials of the client.
func (s *socket) initialise(ctx context.Context, payload json.RawMessage) *closeReason {
	if s.initialised {
		return tooManyInits
	}
	s.header = credentials(s.header, payload)
	if reason := s.recheck(ctx); reason != nil {
		return reason
	}
	s.initialised = true
	_ = s.send(message{Type: "connection_ack"})
	s.work.Go(func() { s.keepAlive(ctx) })
	return nil
}

// recheck counts the socket for whose credentials it has, and says why it must close: they count no more, or their owner has
// as many streams as may be. Whatever else is wrong, each operation is told.
func (s *socket) recheck(ctx context.Context) *closeReason {
	renewed, err := s.reauthenticate(ctx, s.header)
	switch fault.CodeOf(err) {
	case fault.Unauthenticated:
		return unauthorized
	case fault.RateLimited:
		if !s.initialised {
			return tooManyInits
		}
	}
	if err == nil && s.entered.belongTo(s.principal(renewed)) != nil {
		return tooManyStreams
	}
	return nil
}

// keepAlive pings the client and authenticates it anew. It cuts the connection of one that does not answer.
func (s *socket) keepAlive(ctx context.Context) {
	ticker := time.NewTicker(s.pace.Ping)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.ping() != nil {
				_ = s.network.Close()
				return
			}
			if reason := s.recheck(ctx); reason != nil && ctx.Err() == nil {
				s.lost <- reason
				return
			}
		}
	}
}

func (s *socket) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*s.pace.Ping)
	defer cancel()
	return s.connection.Ping(ctx)
}

// subscribe starts an operation, or refuses it.
func (s *socket) subscribe(ctx context.Context, m message) *closeReason {
	if !s.initialised {
		return unauthorized
	}
	params, err := readOperation(m.Payload)
	if m.ID == "" || fault.CodeOf(err) == fault.BadRequest {
		return invalidMessage
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[m.ID] != nil {
		return duplicateID
	}
	if err == nil {
		ctx, err = s.admit(ctx)
	}
	if fault.CodeOf(err) == fault.Unauthenticated {
		return unauthorized
	}
	if err != nil {
		s.fail(m.ID, present(ctx, s.exec, gqlerror.Wrap(err)))
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	o := &runningOperation{cancel: cancel}
	s.running[m.ID] = o
	s.work.Go(func() { s.run(ctx, m.ID, o, params) })
	return nil
}

// admit takes a slot for an operation and gives it the rights that its sender has now. Where it fails, no slot is taken and
// the context stays. Errors: LIMIT_EXCEEDED, UNAUTHENTICATED, RATE_LIMITED.
func (s *socket) admit(ctx context.Context) (context.Context, error) {
	select {
	case s.slots <- struct{}{}:
	default:
		return ctx, fault.New(fault.StreamsExceeded, "", s.limits.Operations)
	}
	renewed, err := s.reauthenticate(ctx, s.header)
	if err != nil {
		<-s.slots
		return ctx, err
	}
	return renewed, nil
}

// run executes an operation and tells the client how it ended, unless the client has cancelled it.
func (s *socket) run(ctx context.Context, id string, o *runningOperation, params *graphql.RawParams) {
	defer o.cancel()
	failed, err := s.stream(ctx, s.exec, params, func(a answer) error {
		return s.send(message{ID: id, Type: "next", Payload: a.encode()})
	})
	<-s.slots // before the client hears of it, which may subscribe again at once
	if !s.forget(id, o) || err != nil {
		return
	}
	if len(failed) > 0 {
		s.fail(id, failed)
		return
	}
	_ = s.send(message{ID: id, Type: "complete"})
}

// cancel ends an operation for the client, which may use its id again.
func (s *socket) cancel(id string) {
	s.mu.Lock()
	o := s.running[id]
	delete(s.running, id)
	s.mu.Unlock()
	if o != nil {
		o.cancel()
	}
}

// forget frees the id of an operation; false if the client has done so.
func (s *socket) forget(id string, o *runningOperation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] != o {
		return false
	}
	delete(s.running, id)
	return true
}

func (s *socket) fail(id string, errs gqlerror.List) {
	_ = s.send(message{ID: id, Type: "error", Payload: encodeErrors(errs)})
}

// send sends a message. The connection of a client that does not take it in time is closed.
func (s *socket) send(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.pace.Delivery)
	defer cancel()
	return s.connection.Write(ctx, websocket.MessageText, text)
}
