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
	"github.com/kontakty/kontakty/internal/disk"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/telemetry"
	"github.com/kontakty/kontakty/internal/tracing"
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
	for what, directory := range b.disks() {
		b.metrics.WatchStorage(what, directory)
	}
	b.following.Go(func() { b.watchFigures(b.background) })
}

// disks are the directories whose disks this process fills, by what it keeps there.
func (b *backend) disks() map[string]string {
	disks := map[string]string{}
	if b.config.Database.URL == "" {
		disks["data"] = b.config.Database.DataDir
	}
	if bucket, err := url.Parse(b.config.Files.Bucket); err == nil && bucket.Scheme == "file" {
		disks["files"] = bucket.Path
	}
	return disks
}

// roomForFiles refuses an order while the disk of the database or of the files is full: STORAGE_FULL.
func (b *backend) roomForFiles() error {
	if err := b.database.room(); err != nil {
		return err
	}
	if directory, isHere := b.disks()["files"]; isHere && levelOf(directory, 0) == disk.Full {
		return fault.New(fault.NoRoom, "")
	}
	return nil
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

// ImportWatch is who is told how an import fares: metrics on a port of their own, and a trace.
type ImportWatch struct {
	metrics *telemetry.Metrics
	server  *metricsServer // nil where nobody is served
	serving sync.WaitGroup
	tracer  *tracing.Tracer // nil where nothing is traced
	traced  *tracing.Import
	before  ingest.Progress
}

// WatchImport watches an import that begins: it serves metrics where there is an address, and sends a trace where that is asked.
func WatchImport(ctx context.Context, listen, version string, traces bool, log *slog.Logger) (w *ImportWatch, err error) {
	w = &ImportWatch{metrics: telemetry.NewMetrics(version)}
	if listen != "" {
		if w.server, err = listenMetrics(listen, w.metrics, slog.New(slog.DiscardHandler)); err != nil {
			return nil, err
		}
		w.serving.Go(w.server.run)
	}
	if traces {
		if w.tracer, err = tracing.Open(ctx, version, log); err != nil {
			w.Close()
			return nil, err
		}
		w.traced = w.tracer.Import(ctx)
	}
	return w, nil
}

// Progress notes how far the import is after a chunk.
func (w *ImportWatch) Progress(now ingest.Progress) {
	skipped, took := now.Skipped-w.before.Skipped, now.Elapsed-w.before.Elapsed
	landed := now.Lines - w.before.Lines - skipped
	w.metrics.ImportLines(landed, skipped)
	w.metrics.Statement(statement.Chunk, took)
	w.traced.Chunk(took, landed, skipped)
	w.before = now
}

// Close ends the trace and stops serving.
func (w *ImportWatch) Close() {
	w.traced.End()
	w.tracer.Close()
	if w.server != nil {
		_ = w.server.http.Close()
		w.serving.Wait()
	}
}
