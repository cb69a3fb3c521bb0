package tracing

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// exporter sends spans until it is cancelled, and tells the log once when the collector goes away and once when it is back.
type exporter struct {
	sdk.SpanExporter
	log     *slog.Logger
	life    context.Context
	cancel  context.CancelFunc
	failing atomic.Bool
	ended   chan struct{} // closed when nothing is sent any more
}

func newExporter(to sdk.SpanExporter, log *slog.Logger) *exporter {
	e := &exporter{SpanExporter: to, log: log, ended: make(chan struct{})}
	e.life, e.cancel = context.WithCancel(context.Background())
	return e
}

// ExportSpans sends spans. What the collector does not take is lost: nobody waits for it.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.life, cancel)()
	err := e.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && !e.failing.Swap(true):
		e.log.Warn("traces cannot be sent and are lost until the collector takes them", "error", reasonOf(err))
	case err == nil && e.failing.Swap(false):
		e.log.Info("traces are sent again")
	}
	return nil
}

// reasonOf is an error for the log, without the collector's address, which may hold a key, and without what it answered.
func reasonOf(err error) string {
	var failed *url.Error
	_, answer, answered := strings.Cut(err.Error(), "failed to send to ")
	switch {
	case errors.As(err, &failed):
		return failed.Err.Error()
	case answered:
		_, status, _ := strings.Cut(answer, ": ")
		status, _, _ = strings.Cut(status, " (")
		return "the collector answers " + status
	case errors.Is(err, context.DeadlineExceeded):
		return "the collector does not answer in time"
	default:
		return "the collector does not take them"
	}
}

// Shutdown is called when all spans were sent or lost.
func (e *exporter) Shutdown(ctx context.Context) error {
	defer close(e.ended)
	defer e.cancel()
	return e.SpanExporter.Shutdown(ctx)
}
