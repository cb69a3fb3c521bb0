package graph

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/kontakty/kontakty/graph/transport"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// IsStream says whether the answer to a request is an event stream or a WebSocket, which lasts as long as its client likes.
func IsStream(r *http.Request) bool { return transport.IsStream(r) }

// Refuse answers a request to the API that is not executed with an error, in the media type and the language that the
// request accepts.
func Refuse(w http.ResponseWriter, r *http.Request, reason *fault.Error) {
	ctx := withRequest(r.Context(), &request{locale: httpfault.Locale(r)})
	_ = (&errorPresenter{}).refuse(ctx, w, r, reason)
}

// refuse answers a request that is not executed, and gives the code that its sender is told.
func (p *errorPresenter) refuse(ctx context.Context, w http.ResponseWriter, r *http.Request, reason error) fault.Code {
	presented := p.Present(ctx, reason)
	status := cmp.Or(httpfault.Status(w.Header(), presented), http.StatusInternalServerError)
	transport.WriteError(w, r, status, presented)
	return fault.CodeOf(presented)
}

// authenticated lets requests of recognised principals through, and answers panics that nothing below recovered. A
// WebSocket without credentials passes: it sends them in connection_init.
func authenticated(config Config, presenter *errorPresenter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prepared := &request{
			id:      httpfault.RequestID(r.Header.Get(httpfault.RequestIDHeader)),
			locale:  httpfault.Locale(r),
			address: config.Access.Address(r),
		}
		begun, ctx := time.Now(), withRequest(r.Context(), prepared)
		refuse := func(reason error) {
			code := presenter.refuse(ctx, w, r, reason)
			if config.Observe != nil {
				config.Observe(ctx, Observation{Operation: transport.Other, Code: code, Took: time.Since(begun)})
			}
		}
		w.Header().Set(httpfault.RequestIDHeader, prepared.id)
		defer func() {
			if value := recover(); value != nil {
				refuse(recovered(ctx, value))
			}
		}()
		if r.Header.Get("Authorization") != "" || !transport.IsWebSocket(r) {
			if err := config.authenticate(ctx, r.Header, prepared); err != nil {
				refuse(err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// reauthenticate prepares the context of a further operation over the connection of a request: with its sender's rights of
// now, and with loaders that have read nothing yet. Errors: as of authenticate.
func (c Config) reauthenticate(ctx context.Context, header http.Header) (context.Context, error) {
	renewed := *requestOf(ctx)
	if err := c.authenticate(ctx, header, &renewed); err != nil {
		return nil, err
	}
	return withRequest(ctx, &renewed), nil
}

// authenticate recognises the sender of a request, which reads contacts with the rights that it has now. Errors:
// UNAUTHENTICATED, RATE_LIMITED.
func (c Config) authenticate(ctx context.Context, header http.Header, into *request) error {
	began := time.Now()
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	actor, err := c.Access.Authenticator.Authenticate(ctx, header, into.address)
	if err != nil {
		return err
	}
	viewer, err := actor.Viewer(ctx, c.Directory.Numbers)
	if err != nil {
		return err
	}
	into.actor, into.loaders, into.took = actor, newLoaders(c, actor, c.Store.ForPrincipal(actor.String(), viewer)), time.Since(began)
	return nil
}

// timeout is how long the operation of a context may take; false if there is no bound.
func (c Config) timeout(ctx context.Context) (time.Duration, bool) {
	return c.Timeout - requestOf(ctx).took, c.Timeout > 0
}
