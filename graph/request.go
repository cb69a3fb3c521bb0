package graph

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"

	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// request is what belongs to one HTTP request alone.
type request struct {
	// id finds the request in the log.
	id string
	// locale is the language of its errors.
	locale fault.Locale
	// address is where it came from.
	address netip.Addr
	// actor is who asks; nobody, until a WebSocket is introduced.
	actor access.Actor
	// limiter is charged for what it asks.
	limiter *access.Limiter
	// loaders read what it asks for, once.
	loaders *loaders
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{locale: fault.English}
}

// withRequest prepares every request, asks who sends it, and catches what nothing below caught. A WebSocket may say who
// it is once it is open.
func withRequest(config Config, door *door, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prepared := &request{
			id:      httpfault.RequestID(r.Header.Get(httpfault.RequestIDHeader)),
			locale:  httpfault.Locale(r),
			address: config.Access.Address(r),
			limiter: config.Access.Limiter,
		}
		ctx := context.WithValue(r.Context(), requestKey{}, prepared)
		w.Header().Set(httpfault.RequestIDHeader, prepared.id)
		defer func() {
			if value := recover(); value != nil {
				failure := door.present(ctx, recovered(ctx, value))
				write(w, negotiated(r), http.StatusInternalServerError, answer{Errors: []*gqlerror.Error{failure}})
			}
		}()
		if r.Header.Get("Authorization") != "" || !websocket.IsWebSocketUpgrade(r) {
			var err error
			if prepared.actor, prepared.loaders, err = config.identify(ctx, r.Header, prepared.address); err != nil {
				refusal := door.present(ctx, err)
				status := cmp.Or(httpfault.Status(w.Header(), refusal), http.StatusInternalServerError)
				write(w, negotiated(r), status, answer{Errors: []*gqlerror.Error{refusal}})
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Refuse answers a request to the API that is not executed with an error, in the media type and the language that the
// request accepts.
func Refuse(w http.ResponseWriter, r *http.Request, reason *fault.Error) {
	door := &door{translate: func(err error) error { return err }}
	ctx := context.WithValue(r.Context(), requestKey{}, &request{locale: httpfault.Locale(r)})
	refusal := door.present(ctx, reason)
	status := cmp.Or(httpfault.Status(w.Header(), refusal), http.StatusInternalServerError)
	write(w, negotiated(r), status, answer{Errors: []*gqlerror.Error{refusal}})
}
