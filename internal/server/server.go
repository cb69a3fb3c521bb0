package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/postgres"
)

// Server is a serving process: New says how it will serve, Run starts it, Close stops it in order.
type Server struct {
	backend

	listener      net.Listener
	gate          gate
	http          *http.Server
	served        chan struct{} // closed when nobody is answered any more
	ready         *readiness
	read          *postgres.Pool // answers the API
	probe         *postgres.Pool // asks whether that can be done
	api           *graph.Handler
	media         *media.Library
	adminKey      string // of a demo
	noCredentials bool   // nobody could sign in when it started
}

// New gives a server that is not started yet; now is its clock.
func New(config Config, log *slog.Logger, now func() time.Time) *Server {
	s := &Server{backend: newBackend(config, log, now)}
	s.current = func() { s.gate.current.Store(true) }
	return s
}

// Run starts the server and returns when it answers requests. After an error, Close still has to be called.
func (s *Server) Run(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("serve on %s: %w (--listen takes another address)", s.config.Listen, err)
	}
	s.listener = listener
	s.http = newHTTPServer(&s.gate, s.log)
	s.served = make(chan struct{})
	go func() {
		s.failed <- s.http.Serve(listener)
		close(s.served)
	}()

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
	s.gate.open.Store(&handler)
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

// Failed delivers the reason if the server cannot go on: it answers no more, or its private PostgreSQL does not stay up.
func (s *Server) Failed() <-chan error { return s.failed }

// Close stops the server in order: proxies are told and have the time of the setting to go elsewhere; then no new requests,
// those under way end and streams are ended; meanwhile the files in work are handed over; the database last. It may be called
// once, after Run, whatever Run returned.
func (s *Server) Close() error {
	s.announceStop()
	handedOver := make(chan error, 1)
	go func() { handedOver <- s.handOver() }()
	errs := []error{s.drain(), <-handedOver}
	if s.media != nil {
		errs = append(errs, s.media.Close())
	}
	return errors.Join(append(errs, s.close(s.read, s.probe))...)
}

// announceStop has probes told that the server stops, and answers everybody until those who ask them have had the time to
// send requests elsewhere. A server that does not answer has nothing to announce.
func (s *Server) announceStop() {
	s.gate.stopping.Store(true)
	if s.ready != nil {
		s.ready.stopping.Store(true)
	}
	if s.gate.open.Load() == nil {
		return
	}
	select {
	case <-s.after(s.config.ShutdownDelay):
	case <-s.served:
	}
}

// drain waits until no request is under way, and no stream.
func (s *Server) drain() error {
	var streams sync.WaitGroup
	if s.api != nil {
		streams.Go(s.api.Close) // each ends within the time that a client has to take a part of it
	}
	defer streams.Wait()
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
