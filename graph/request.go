package graph

import (
	"context"
	"net/netip"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// request is what belongs to one HTTP request, or to one operation over a WebSocket.
type request struct {
	// id finds the request in the log.
	id string
	// locale is the language of its errors.
	locale fault.Locale
	// address is where it came from.
	address netip.Addr
	// took is how long the sender was waited for: recognising it is a part of the time that its answer may take.
	took time.Duration
	// actor is the sender; a WebSocket has none until connection_init.
	actor access.Actor
	// loaders read what the sender asks for, once.
	loaders *loaders
}

type requestKey struct{}

func withRequest(ctx context.Context, r *request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// requestOf is the request of a context, an empty one for a context without.
func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{locale: fault.English}
}

func actorOf(ctx context.Context) access.Actor { return requestOf(ctx).actor }

// principalOf names the sender, whose bucket pays.
func principalOf(ctx context.Context) string { return actorOf(ctx).String() }

// networkOf is where a request comes from, as wrong credentials are counted.
func networkOf(ctx context.Context) string { return access.Network(requestOf(ctx).address) }

// mayRecord says whether the sender may record contacts.
func mayRecord(ctx context.Context) bool { return actorOf(ctx).May(access.ScopeWrite) }

// readerOf reads contacts for the sender. Errors: FORBIDDEN.
func readerOf(ctx context.Context) (*auditedReader, error) {
	if err := actorOf(ctx).Require(access.ScopeRead); err != nil {
		return nil, err
	}
	return requestOf(ctx).loaders.reader, nil
}

func loadersOf(ctx context.Context) *loaders { return requestOf(ctx).loaders.made() }
