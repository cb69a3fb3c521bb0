package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/report"
)

// Access says who asks and how much he may ask for. Every field but Introspection is required.
type Access struct {
	// Authenticator makes principals of credentials.
	Authenticator *access.Authenticator
	// Keys makes, lists and revokes API keys.
	Keys *access.Keys
	// Audit is told what is opened.
	Audit *access.Audit
	// Limiter is charged with the cost of every operation.
	Limiter *access.Limiter
	// Address is where a request came from.
	Address func(*http.Request) netip.Addr
	// Introspection lets every principal read the schema.
	Introspection bool
}

// identify says who sent a request, and reads for him from then on. Errors: UNAUTHENTICATED, RATE_LIMITED.
func (c Config) identify(ctx context.Context, header http.Header, address netip.Addr) (access.Actor, *loaders, error) {
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	actor, err := c.Access.Authenticator.Authenticate(ctx, header, address)
	if err != nil {
		return access.Actor{}, nil, err
	}
	viewer, err := actor.Viewer(ctx, c.Directory.Numbers)
	if err != nil {
		return access.Actor{}, nil, err
	}
	return actor, newLoaders(c, actor, c.Store.For(viewer)), nil
}

// introduced gives a further operation over the connection of a request its sender as he is now, and loaders that have
// read nothing yet. Errors: as of identify.
func introduced(ctx context.Context, config Config, header http.Header) (context.Context, error) {
	renewed := *requestOf(ctx)
	var err error
	if renewed.actor, renewed.loaders, err = config.identify(ctx, header, renewed.address); err != nil {
		return nil, err
	}
	return context.WithValue(ctx, requestKey{}, &renewed), nil
}

// credentials are those of a WebSocket: the header of its handshake, or what its client says of itself, as a browser's
// must, which can set no header.
func credentials(handshake http.Header, introduction json.RawMessage) http.Header {
	if handshake.Get("Authorization") != "" {
		return handshake
	}
	var given map[string]json.RawMessage
	var authorization string
	if json.Unmarshal(introduction, &given) == nil {
		for _, name := range []string{"authorization", "Authorization"} {
			if authorization == "" && json.Unmarshal(given[name], &authorization) != nil {
				authorization = ""
			}
		}
	}
	header := http.Header{}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return header
}

func actorOf(ctx context.Context) access.Actor { return requestOf(ctx).actor }

// readerOf reads contacts for who asks. Errors: FORBIDDEN.
func readerOf(ctx context.Context) (*report.Reader, error) {
	if err := actorOf(ctx).Require(access.ScopeRead); err != nil {
		return nil, err
	}
	return requestOf(ctx).loaders.reader, nil
}
