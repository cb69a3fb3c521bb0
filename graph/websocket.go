package graph

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// subprotocol is the one protocol spoken over WebSockets.
const subprotocol = "graphql-transport-ws"

// overWebSocket takes operations over a WebSocket.
type overWebSocket struct {
	// origins are those of pages that may connect beside our own.
	origins []string
	limits  Limits
	pace    Pace
	streams *streams
	timeout time.Duration
	// introduced prepares the context of each operation: its sender may have lost a right since the one before.
	introduced func(context.Context, http.Header) (context.Context, error)
}

// Supports takes who wants to speak over a WebSocket.
func (t overWebSocket) Supports(r *http.Request) bool { return websocket.IsWebSocketUpgrade(r) }

// Do opens the WebSocket and serves it to its end.
func (t overWebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	switch {
	case !t.welcome(r):
		refuse(w, r, exec, http.StatusForbidden, fault.New(fault.OriginForeign, ""))
		return
	case !slices.Contains(websocket.Subprotocols(r), subprotocol):
		refuse(w, r, exec, http.StatusBadRequest, fault.New(fault.SubprotocolUnknown, ""))
		return
	}
	ctx, leave, err := t.streams.enter(r.Context())
	if err != nil {
		refuse(w, r, exec, http.StatusServiceUnavailable, err)
		return
	}
	defer leave()
	upgrader := websocket.Upgrader{
		HandshakeTimeout: t.pace.Delivery,
		Subprotocols:     []string{subprotocol},
		CheckOrigin:      func(*http.Request) bool { return true }, // done above
		Error: func(w http.ResponseWriter, r *http.Request, status int, reason error) {
			w.Header().Set("Sec-WebSocket-Version", "13")
			refuse(w, r, exec, status, fault.New(fault.SubprotocolUnknown, "").Because(reason))
		},
	}
	connection, err := upgrader.Upgrade(hijackable{w}, r, http.Header{httpfault.RequestIDHeader: {requestOf(ctx).id}})
	if err != nil {
		return // the upgrader answered
	}
	newSocket(connection, exec, t, r.Header).serve(ctx)
}

// welcome says whether the page that opens a WebSocket may: browsers let any page connect, with its user's cookies and
// from within its user's network. Programs send no Origin.
func (t overWebSocket) welcome(r *http.Request) bool {
	given := r.Header.Values("Origin")
	if len(given) == 0 {
		return true
	}
	origin, err := url.Parse(given[0])
	if err != nil || len(given) > 1 || origin.Host == "" {
		return false
	}
	return strings.EqualFold(origin.Host, r.Host) ||
		slices.ContainsFunc(t.origins, func(known string) bool { return strings.EqualFold(known, given[0]) })
}
