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

// maxArriving is how many streams of nobody known may be open, wherever they come from.
const maxArriving = 1_000

// streams count the event streams and WebSockets that are open: those of each principal, and those that have not said whose
// they are, by the network that they come from. The one count takes no place of the other.
type streams struct {
	maxOpen, maxFromNetwork int
	// closed ends when no stream may be open any more.
	closed   context.Context
	end      context.CancelFunc
	mu       sync.Mutex
	open     map[string]int
	networks map[string]int
	arriving int
	running  sync.WaitGroup
}

func newStreams(maxOpen, maxFromNetwork int) *streams {
	s := &streams{maxOpen: maxOpen, maxFromNetwork: maxFromNetwork, open: map[string]int{}, networks: map[string]int{}}
	s.closed, s.end = context.WithCancel(context.Background())
	return s
}

// errStopping is the cause with which the context of a stream ends when the streams are closed.
var errStopping = fault.New(fault.ServerStopping, "")

// stream is one that is counted, and who for.
type stream struct {
	streams *streams
	// network is where a stream of nobody known comes from; principal is whose it is otherwise.
	network, principal string
	forget             func() bool
	cancel             context.CancelCauseFunc
}

// enter counts a stream of a principal, or of nobody known from a network. It runs in the context returned and calls leave
// when nothing of it runs any more. The context ends with the request, and with errStopping as its cause when the streams are
// closed. Errors: LIMIT_EXCEEDED, UNAVAILABLE.
func (s *streams) enter(request context.Context, principal, network string) (context.Context, *stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Err() != nil {
		return nil, nil, errStopping
	}
	entered := &stream{streams: s, network: network}
	if principal != "" {
		if err := s.take(principal); err != nil {
			return nil, nil, err
		}
		entered.principal = principal
	} else {
		if s.networks[network] >= s.maxFromNetwork || s.arriving >= maxArriving {
			return nil, nil, fault.New(fault.StreamsExceeded, "", s.maxFromNetwork)
		}
		s.networks[network]++
		s.arriving++
	}
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(request)
	entered.cancel = cancel
	entered.forget = context.AfterFunc(s.closed, func() { cancel(errStopping) })
	return ctx, entered, nil
}

// take counts a stream of a principal. The mutex is held.
func (s *streams) take(principal string) error {
	if s.open[principal] >= s.maxOpen {
		return fault.New(fault.StreamsExceeded, "", s.maxOpen)
	}
	s.open[principal]++
	return nil
}

// release takes one of a count. The mutex is held.
func release(counts map[string]int, name string) {
	if counts[name]--; counts[name] == 0 {
		delete(counts, name)
	}
}

// belongTo counts a stream of nobody known for a principal; it stays that one's. Errors: LIMIT_EXCEEDED.
func (s *stream) belongTo(principal string) error {
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	if s.principal != "" || principal == "" {
		return nil
	}
	if err := s.streams.take(principal); err != nil {
		return err
	}
	s.principal = principal
	s.streams.depart(s.network)
	return nil
}

func (s *streams) depart(network string) {
	release(s.networks, network)
	s.arriving--
}

// leave ends the count of a stream, and its context.
func (s *stream) leave() {
	s.forget()
	s.cancel(nil)
	s.streams.mu.Lock()
	if s.principal != "" {
		release(s.streams.open, s.principal)
	} else {
		s.streams.depart(s.network)
	}
	s.streams.mu.Unlock()
	s.streams.running.Done()
}

// close ends all streams and waits for them.
func (s *streams) close() {
	s.mu.Lock()
	s.end() // nothing enters any more while the streams are waited for
	s.mu.Unlock()
	s.running.Wait()
}
