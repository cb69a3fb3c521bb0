package server

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/kontakty/kontakty/internal/postgres"
)

// probeTimeout is how long a probe waits for the database.
const probeTimeout = 2 * time.Second

// readiness answers /readyz: 200 when requests can be answered, otherwise 503 and the reason in words. However many ask, the
// database is asked once at a time, over a connection that nobody else uses.
type readiness struct {
	stopping atomic.Bool
	asking   singleflight.Group
	pool     *postgres.Pool
	page     func(context.Context) error // reads a page of contacts
}

// reason says why requests cannot be answered now, "" if they can. It names no host and no user: the log does.
func (r *readiness) reason(ctx context.Context) string {
	if r.stopping.Load() {
		return "the server is stopping"
	}
	answer := r.asking.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout) // others wait for it, too
		defer cancel()
		return r.ofDatabase(ctx), nil
	})
	select {
	case found := <-answer:
		return found.Val.(string)
	case <-ctx.Done():
		return noAnswer
	}
}

// noAnswer is the reason where the database says nothing.
const noAnswer = "the database does not answer"

// ofDatabase is the reason that lies with the database.
func (r *readiness) ofDatabase(ctx context.Context) string {
	schema, err := postgres.ReadSchema(ctx, r.pool)
	switch {
	case err != nil:
		return noAnswer
	case len(schema.Lacking) > 0:
		return fmt.Sprintf("the database lacks %d migrations: run kontakty migrate up", len(schema.Lacking))
	case len(schema.Newer) > 0:
		return "the database was migrated by a newer program that is not compatible with this one: run that one"
	case r.page(ctx) != nil:
		return "contacts cannot be read: see the log of the database"
	default:
		return ""
	}
}

// ServeHTTP answers the probe.
func (r *readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if reason := r.reason(request.Context()); reason != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, reason)
		return
	}
	fmt.Fprintln(w, "ready")
}

// alive answers /healthz: the process runs and can answer.
func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "alive")
}
