package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// flushTimeout is how long a stop waits for the collector to take the last spans.
const flushTimeout = 2 * time.Second

// Tracer begins spans and sends those that have ended. A nil one is off. It is safe for use by many goroutines.
type Tracer struct {
	provider *sdk.TracerProvider
	exporter *exporter
	tracer   trace.Tracer
}

// Open begins to send spans to where the environment says, of a process of a version of this program. It must be closed in the
// end. The log is told when the collector goes away and when it is back.
func Open(ctx context.Context, version string, log *slog.Logger) (*Tracer, error) {
	return open(ctx, version, log)
}

func open(ctx context.Context, version string, log *slog.Logger, options ...otlptracehttp.Option) (*Tracer, error) {
	client, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("sending traces: %w", err)
	}
	// What is not understood of OTEL_RESOURCE_ATTRIBUTES is left out.
	about, _ := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName("kontakty"), semconv.ServiceVersion(version)), resource.WithFromEnv())
	exporter := newExporter(client, log)
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	return &Tracer{provider: provider, exporter: exporter, tracer: provider.Tracer("github.com/kontakty/kontakty")}, nil
}

// Close sends what has ended, as far as the collector takes it in time, and returns when nothing runs any more.
func (t *Tracer) Close() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.exporter.cancel()
		<-t.exporter.ended
	}
}

// Log adds the ids of the trace and the span to each line that is about one.
func (t *Tracer) Log(log *slog.Logger) *slog.Logger {
	if t == nil {
		return log
	}
	return slog.New(logHandler{log.Handler()})
}

type logHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		line.AddAttrs(slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs keeps adding ids.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps adding ids.
func (h logHandler) WithGroup(name string) slog.Handler {
	return logHandler{h.Handler.WithGroup(name)}
}
