package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/singleflight"

	"github.com/kontakty/kontakty/internal/postgres"
)

// probeTimeout is how long a probe waits for the database.
const probeTimeout = 2 * time.Second

// undefinedTable is PostgreSQL's code for a table that is not there.
const undefinedTable = "42P01"

// readiness answers /readyz: 200 when requests can be answered, otherwise 503 and the reason in words. However many ask, the
// database is asked once at a time, over a connection that nobody else uses.
type readiness struct {
	stopping atomic.Bool
	asking   singleflight.Group
	pool     *postgres.Pool
	steps    int                         // migrations that were taken when the server started
	page     func(context.Context) error // reads a page of contacts
}

// newReadiness makes the probe for a database whose tables are current now, and from which page reads contacts as requests do.
func newReadiness(ctx context.Context, pool *postgres.Pool, page func(context.Context) error) (*readiness, error) {
	r := &readiness{pool: pool, page: page}
	var err error
	r.steps, err = r.taken(ctx)
	return r, err
}

// taken is how many migrations the database has.
func (r *readiness) taken(ctx context.Context) (int, error) {
	var steps int
	err := r.pool.QueryRow(ctx, "SELECT count(*) FROM bun_migrations").Scan(&steps)
	if missing := (*pgconn.PgError)(nil); errors.As(err, &missing) && missing.Code == undefinedTable {
		return 0, nil
	}
	return steps, err
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
	steps, err := r.taken(ctx)
	switch {
	case err != nil:
		return noAnswer
	case steps < r.steps:
		return fmt.Sprintf("the database lacks %d migrations: run kontakty migrate up", r.steps-steps)
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
