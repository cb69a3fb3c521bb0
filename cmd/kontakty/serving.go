package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/postgres"
)

// How many connections answer the API, and record and order for it.
const (
	apiConnections   = 10
	writeConnections = 6
)

// Main is the serving process. New says how it will serve, Run starts it, Close stops it in order; tests run it on
// port 0.
type Main struct {
	backend

	listener net.Listener
	server   *http.Server
	served   chan error
	ready    *readiness
	read     *postgres.Pool // answers the API
	api      *graph.Handler
	adminKey string // of a demo
	deserted bool   // nobody could be let in when it started
}

// New makes a process that is not started yet.
func New(options options, log *slog.Logger, now func() time.Time) *Main {
	return &Main{backend: backend{options: options, log: log, now: now}}
}

// Run starts the process and returns when it answers requests. After an error, Close still has to be called.
func (m *Main) Run(ctx context.Context) error {
	listener, err := net.Listen("tcp", m.options.Listen)
	if err != nil {
		return fmt.Errorf("serve on %s: %w (--listen takes another address)", m.options.Listen, err)
	}
	m.listener = listener
	gate := &gate{}
	m.server = newHTTPServer(gate, m.log)
	m.served = make(chan error, 1)
	go func() { m.served <- m.server.Serve(listener) }()

	if err := m.open(ctx); err != nil {
		return err
	}
	handler, err := m.wire(ctx)
	if err != nil {
		return err
	}
	if err := m.admitSomebody(ctx); err != nil {
		return err
	}
	gate.open.Store(&handler)
	return nil
}

// wire builds what answers requests over the open database.
func (m *Main) wire(ctx context.Context) (http.Handler, error) {
	var err error
	if m.read, err = m.database.openReadPool(ctx, "kontakty api", apiConnections, m.options.statementTimeout, m.log); err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if m.write, err = m.database.openWritePool(ctx, writeConnections, m.options.statementTimeout, m.log); err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if m.ready, err = newReadiness(ctx, m.read); err != nil {
		return nil, fmt.Errorf("read which tables there are: %w", err)
	}
	store := m.store(m.read)
	if err := m.openFiles(ctx); err != nil {
		return nil, err
	}
	downloads, err := m.downloads(m.write, store)
	if err != nil {
		return nil, err
	}
	m.following.Go(func() { _ = downloads.Follow(m.background) }) // as above: it ends with the context
	m.following.Go(func() { m.greet(m.background, m.log) })

	metrics := newMetrics()
	metrics.watchPool("api", m.read.Pool)
	metrics.watchPool("files", m.files.Pool)
	metrics.watchPool("work", m.work.Pool)
	metrics.watchPool("writes", m.write.Pool)
	metrics.watchPool("access", m.principals.pool.Pool)

	m.api = graph.NewHandler(graph.Config{
		Store:     store,
		Directory: m.directory,
		Downloads: downloads,
		Record: func(ctx context.Context, contacts []format.Contact) (ingest.Result, []error) {
			return ingest.Record(ctx, m.write, contacts)
		},
		Identify: store.Identify,
		Access: graph.Access{
			Authenticator: m.principals.authenticator, Keys: m.principals.keys, Audit: m.principals.audit,
			Limiter:       access.NewLimiter(m.options.ratePerMinute, m.options.rateBurst, m.now),
			Address:       m.options.proxies.address,
			Introspection: !m.options.noIntrospection,
		},
		Translate: postgres.Translate,
		Origins:   m.options.AllowOrigins,
		Timeout:   m.options.requestTimeout,
		Limits:    m.options.requestLimits,
		Log:       m.log,
	})
	if m.options.demo {
		if m.adminKey, err = m.principals.adminKey(ctx, m.adminKeyPath()); err != nil {
			return nil, err
		}
	}
	sdl := graph.SDL
	if m.options.noIntrospection {
		sdl = ""
	}
	return routes{
		graphql: m.api,
		files:   downloads.Handler(),
		session: m.session(),
		sdl:     sdl,
		ready:   m.ready,
		metrics: metrics,
		origins: m.options.AllowOrigins,
		proxies: m.options.proxies,
		log:     m.log,
	}.handler(), nil
}

// URL is the address that the process answers on, without a path.
func (m *Main) URL() string {
	host, port, _ := net.SplitHostPort(m.listener.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Failed delivers the reason if the process stops serving by itself.
func (m *Main) Failed() <-chan error { return m.served }

// Close stops the process in order: no new requests, those under way end and streams are ended; meanwhile the files in
// work are handed over; the database last. It may be called once, after Run, whatever Run returned.
func (m *Main) Close() error {
	if m.ready != nil {
		m.ready.stopping.Store(true)
	}
	handedOver := make(chan error, 1)
	go func() { handedOver <- m.handOver() }()
	errs := []error{m.drain(), <-handedOver}
	if m.read != nil {
		m.read.Close()
	}
	return errors.Join(append(errs, m.close())...)
}

// drain waits until no request is under way.
func (m *Main) drain() error {
	if m.api != nil {
		m.api.Close()
	}
	if m.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainPatience)
	defer cancel()
	if err := m.server.Shutdown(ctx); err != nil {
		return m.server.Close() // requests that do not end are cut off
	}
	return nil
}
