package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Server is a serving process: New says how it will serve, Run starts it, Close stops it in order.
type Server struct {
	backend

	listener      net.Listener
	http          *http.Server
	served        chan error
	ready         *readiness
	read          *postgres.Pool // answers the API
	api           *graph.Handler
	media         *media.Library
	adminKey      string // of a demo
	noCredentials bool   // nobody could sign in when it started
}

// New gives a server that is not started yet; now is its clock.
func New(config Config, log *slog.Logger, now func() time.Time) *Server {
	return &Server{backend: backend{config: config, log: log, now: now}}
}

// Run starts the server and returns when it answers requests. After an error, Close still has to be called.
func (s *Server) Run(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("serve on %s: %w (--listen takes another address)", s.config.Listen, err)
	}
	s.listener = listener
	gate := &gate{}
	s.http = newHTTPServer(gate, s.log)
	s.served = make(chan error, 1)
	go func() { s.served <- s.http.Serve(listener) }()

	if err := s.open(ctx); err != nil {
		return err
	}
	handler, err := s.wire(ctx)
	if err != nil {
		return err
	}
	if err := s.requireCredentials(ctx); err != nil {
		return err
	}
	gate.open.Store(&handler)
	return nil
}

// URL is the address that the server answers on, without a path.
func (s *Server) URL() string {
	host, port, _ := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Failed delivers the reason if the server stops by itself.
func (s *Server) Failed() <-chan error { return s.served }

// Close stops the server in order: no new requests, those under way end and streams are ended; meanwhile the files in
// work are handed over; the database last. It may be called once, after Run, whatever Run returned.
func (s *Server) Close() error {
	if s.ready != nil {
		s.ready.stopping.Store(true)
	}
	handedOver := make(chan error, 1)
	go func() { handedOver <- s.handOver() }()
	errs := []error{s.drain(), <-handedOver}
	if s.read != nil {
		s.read.Close()
	}
	if s.media != nil {
		errs = append(errs, s.media.Close())
	}
	return errors.Join(append(errs, s.close())...)
}

// drain waits until no request is under way.
func (s *Server) drain() error {
	if s.api != nil {
		s.api.Close()
	}
	if s.http == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close() // requests that do not end are cut off
	}
	return nil
}
