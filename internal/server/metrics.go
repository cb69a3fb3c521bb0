package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/telemetry"
)

// metricsServer answers /metrics and /healthz on a port of its own.
type metricsServer struct {
	http   *http.Server
	listen net.Listener
}

// listenMetrics opens the port of the metrics.
func listenMetrics(listen string, metrics *telemetry.Metrics, log *slog.Logger) (*metricsServer, error) {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("serve metrics on %s: %w (--metrics-listen takes another address)", listen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler())
	mux.HandleFunc("GET /healthz", alive)
	return &metricsServer{http: newHTTPServer(mux, log), listen: listener}, nil
}

// run answers until the server is closed.
func (m *metricsServer) run() { _ = m.http.Serve(m.listen) }

// openMetrics answers /metrics on the port of the setting, if there is one.
func (b *backend) openMetrics() (err error) {
	if b.config.MetricsListen == "" {
		return nil
	}
	if b.metricsServer, err = listenMetrics(b.config.MetricsListen, b.metrics, b.log); err != nil {
		return err
	}
	b.following.Go(b.metricsServer.run)
	return nil
}

// watchWork has the metrics tell of pools, disks and the directory.
func (b *backend) watchWork(pools map[string]*postgres.Pool) {
	watched := map[string]*pgxpool.Pool{}
	for name, pool := range pools {
		watched[name] = pool.Pool
	}
	b.metrics.WatchPools(watched)
	if b.config.Database.URL == "" {
		b.metrics.WatchStorage("data", b.config.Database.DataDir)
	}
	if bucket, err := url.Parse(b.config.Files.Bucket); err == nil && bucket.Scheme == "file" {
		b.metrics.WatchStorage("files", bucket.Path)
	}
	b.following.Go(func() { b.watchFigures(b.background) })
}

// followDirectory reads again what changes of the directory until the context ends.
func (b *backend) followDirectory(ctx context.Context) {
	// It ends with the context, and says why it was interrupted before.
	_ = postgres.Follow(ctx, b.work, directory.Channel, func(ctx context.Context, notifications []string) error {
		begun := time.Now()
		err := b.directory.Follow(ctx, notifications)
		if err == nil {
			b.metrics.Refreshed(time.Since(begun), b.directory.Sizes())
		}
		return err
	})
}

// authReasons are the reasons for which credentials are not taken, as the metrics call them.
var authReasons = map[fault.Reason]string{
	fault.CredentialsMissing: "missing", fault.CredentialsWrong: "wrong", fault.KeyMistyped: "mistyped",
	fault.CredentialsExpired: "expired", fault.KeyRevoked: "revoked", fault.WrongKeysExceeded: "limited",
}

// authFailed notes that credentials were not taken.
func (b *backend) authFailed(err error) {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		b.metrics.AuthFailure("unavailable")
		return
	}
	reason, known := authReasons[refused.Reason]
	if !known {
		reason = "unavailable"
	}
	b.metrics.AuthFailure(reason)
}

// ImportMetrics are the metrics of an import, on a port of their own. A nil one notes nothing.
type ImportMetrics struct {
	metrics *telemetry.Metrics
	server  *metricsServer
	serving sync.WaitGroup
	before  ingest.Progress
}

// ServeImportMetrics serves the metrics of an import that begins, nil without an address.
func ServeImportMetrics(listen, version string) (*ImportMetrics, error) {
	if listen == "" {
		return nil, nil
	}
	metrics := telemetry.NewMetrics(version)
	server, err := listenMetrics(listen, metrics, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	m := &ImportMetrics{metrics: metrics, server: server}
	m.serving.Go(server.run)
	return m, nil
}

// Progress notes how far the import is after a chunk.
func (m *ImportMetrics) Progress(now ingest.Progress) {
	if m == nil {
		return
	}
	skipped := now.Skipped - m.before.Skipped
	m.metrics.ImportLines(now.Lines-m.before.Lines-skipped, skipped)
	m.metrics.Statement(statement.Chunk, now.Elapsed-m.before.Elapsed)
	m.before = now
}

// Close stops serving.
func (m *ImportMetrics) Close() {
	if m != nil {
		_ = m.server.http.Close()
		m.serving.Wait()
	}
}
