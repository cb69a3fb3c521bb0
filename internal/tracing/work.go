package tracing

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Parent is the traceparent of the span of a context, by which work that is left to others names who asked for it; "" if there
// is none.
func (t *Tracer) Parent(ctx context.Context) string {
	if t == nil {
		return ""
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier[traceParent]
}

// File begins the trace of a try to make a file, with a link to who ordered it, as Parent named it.
func (t *Tracer) File(ctx context.Context, orderedBy string) (within context.Context, end func()) {
	if t == nil {
		return ctx, func() {}
	}
	var links []trace.Link
	if ordered := trace.SpanContextFromContext(remoteParent(ctx, orderedBy)); ordered.IsValid() {
		links = append(links, trace.Link{SpanContext: ordered})
	}
	ctx, span := t.tracer.Start(ctx, "file", trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(links...))
	return ctx, func() { span.End() }
}

// FileMade notes how many lines the file of a context has.
func (t *Tracer) FileMade(ctx context.Context, lines int) {
	if t != nil {
		trace.SpanFromContext(ctx).SetAttributes(attribute.Int("kontakty.lines", lines))
	}
}

// FileFailed notes why the file of a context could not be made.
func (t *Tracer) FileFailed(ctx context.Context, code string) {
	if t != nil {
		fail(trace.SpanFromContext(ctx), code)
	}
}

// Import begins the trace of an import. A nil one notes nothing.
func (t *Tracer) Import(ctx context.Context) *Import {
	if t == nil {
		return nil
	}
	i := &Import{tracer: t.tracer}
	i.ctx, i.span = t.tracer.Start(ctx, "import")
	return i
}

// Import is the trace of an import.
type Import struct {
	tracer trace.Tracer
	ctx    context.Context
	span   trace.Span
}

// Chunk notes a chunk that has landed just now.
func (i *Import) Chunk(took time.Duration, landed, skipped int) {
	if i == nil {
		return
	}
	now := time.Now()
	_, span := i.tracer.Start(i.ctx, "chunk", trace.WithTimestamp(now.Add(-took)),
		trace.WithAttributes(attribute.Int("kontakty.lines.landed", landed), attribute.Int("kontakty.lines.skipped", skipped)))
	span.End(trace.WithTimestamp(now))
}

// End notes the end of the import.
func (i *Import) End() {
	if i != nil {
		i.span.End()
	}
}
