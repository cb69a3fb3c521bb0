package transport

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/fault"
)

// subprotocol is the one protocol spoken over WebSockets.
const subprotocol = "graphql-transport-ws"

// webSocket takes operations over a WebSocket.
type webSocket struct {
	streaming
	limits guard.Limits
	// origins are those of pages that may connect beside our own.
	origins []string
}

// Supports takes every request for a WebSocket.
func (webSocket) Supports(r *http.Request) bool { return IsWebSocket(r) }

// Do opens the WebSocket and serves it to its end.
func (t webSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	switch {
	case !t.allowsOrigin(r):
		t.refuse(w, r, exec, http.StatusForbidden, fault.New(fault.OriginForeign, ""))
		return
	case !hasToken(r.Header, "Sec-WebSocket-Protocol", subprotocol):
		t.refuse(w, r, exec, http.StatusBadRequest, fault.New(fault.SubprotocolUnknown, ""))
		return
	}
	ctx, entered, err := t.enter(r.Context())
	if err != nil {
		t.refuse(w, r, exec, refusalOf(err), err)
		return
	}
	defer entered.leave()
	handshake := &handshakeWriter{ResponseWriter: w}
	connection, err := websocket.Accept(handshake, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // allowsOrigin verified the origin
	})
	if err != nil {
		w.Header().Set("Sec-WebSocket-Version", "13")
		t.refuse(w, r, exec, handshake.status, fault.New(fault.SubprotocolUnknown, "").Because(err))
		return
	}
	newSocket(t, entered, exec, connection, handshake.network, r.Header).serve(ctx)
}

// allowsOrigin says whether the page that opens a WebSocket may: browsers let any page connect, with its user's cookies and
// from within its user's network. Programs send no Origin.
func (t webSocket) allowsOrigin(r *http.Request) bool {
	given := r.Header.Values("Origin")
	if len(given) == 0 {
		return true
	}
	origin, err := url.Parse(given[0])
	if err != nil || len(given) > 1 || origin.Host == "" {
		return false
	}
	return strings.EqualFold(origin.Host, r.Host) ||
		slices.ContainsFunc(t.origins, func(allowed string) bool { return strings.EqualFold(allowed, given[0]) })
}
