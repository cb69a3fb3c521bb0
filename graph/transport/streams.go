package transport

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/kontakty/kontakty/internal/fault"
)

// IsStream says whether the answer to a request is an event stream or a WebSocket, which lasts as long as its client likes.
func IsStream(r *http.Request) bool { return isEventStream(r) || IsWebSocket(r) }

// isEventStream says whether the answer to a request is an event stream: an operation is posted, and Accept asks for events.
func isEventStream(r *http.Request) bool { return r.Method == http.MethodPost && acceptsEvents(r) }

// IsWebSocket says whether a request asks for a WebSocket.
func IsWebSocket(r *http.Request) bool {
	return hasToken(r.Header, "Connection", "upgrade") && hasToken(r.Header, "Upgrade", "websocket")
}

// hasToken says whether a header that is a list of tokens, which may be written in either case, has one.
func hasToken(header http.Header, name, token string) bool {
	listed := strings.Split(strings.Join(header.Values(name), ","), ",")
	return slices.ContainsFunc(listed, func(one string) bool { return strings.EqualFold(strings.TrimSpace(one), token) })
}

// streams count the event streams and WebSockets that are open.
type streams struct {
	max int
	// closed ends when no stream may be open any more.
	closed  context.Context
	end     context.CancelFunc
	mu      sync.Mutex
	open    int
	running sync.WaitGroup
}

func newStreams(maxOpen int) *streams {
	s := &streams{max: maxOpen}
	s.closed, s.end = context.WithCancel(context.Background())
	return s
}

// errStopping is the cause with which the context of a stream ends when the streams are closed.
var errStopping = fault.New(fault.ServerStopping, "")

// enter counts a stream, which runs in the context returned and calls leave when nothing of it runs any more. The context ends
// with the request, and with errStopping as its cause when the streams are closed. Errors: LIMIT_EXCEEDED, UNAVAILABLE.
func (s *streams) enter(request context.Context) (ctx context.Context, leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed.Err() != nil:
		return nil, nil, errStopping
	case s.open >= s.max:
		return nil, nil, fault.New(fault.StreamsExceeded, "", s.max)
	}
	s.open++
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(request)
	forget := context.AfterFunc(s.closed, func() { cancel(errStopping) })
	return ctx, func() {
		forget()
		cancel(nil)
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
		s.running.Done()
	}, nil
}

// close ends all streams and waits for them.
func (s *streams) close() {
	s.mu.Lock()
	s.end() // nothing enters any more while the streams are waited for
	s.mu.Unlock()
	s.running.Wait()
}
