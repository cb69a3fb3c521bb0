package tracing

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// traceParent is the header and the carrier's key of W3C Trace Context that holds numbers alone; tracestate holds text.
const traceParent = "traceparent"

// remoteParent is a context whose span is the one that a traceparent names, if it names one.
func remoteParent(ctx context.Context, parent string) context.Context {
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{traceParent: parent})
}

// Request begins the span of a request, below that of its caller if it names one, and gives the context that the request is
// answered in.
func (t *Tracer) Request(r *http.Request, method string) context.Context {
	if t == nil {
		return r.Context()
	}
	ctx := remoteParent(r.Context(), r.Header.Get(traceParent))
	ctx, _ = t.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(semconv.HTTPRequestMethodKey.String(method)))
	return ctx
}

// EndRequest ends the span of the request of a context: the pattern of its route, and the status of the answer.
func (t *Tracer) EndRequest(ctx context.Context, method, pattern string, status int) {
	if t == nil {
		return
	}
	span := trace.SpanFromContext(ctx)
	route := pattern[strings.IndexByte(pattern, ' ')+1:]
	span.SetName(strings.TrimSpace(method + " " + route))
	span.SetAttributes(semconv.HTTPRoute(route), semconv.HTTPResponseStatusCode(status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

type operationKey struct{}

// Operation begins the span of a GraphQL operation, by the field of the schema that it asks for and its type, and gives the
// context that it is executed in.
func (t *Tracer) Operation(ctx context.Context, field, operationType string) context.Context {
	if t == nil {
		return ctx
	}
	ctx, span := t.tracer.Start(ctx, operationType+" "+field, trace.WithAttributes(
		semconv.GraphQLOperationTypeKey.String(operationType), attribute.String("kontakty.operation", field)))
	return context.WithValue(ctx, operationKey{}, span)
}

// EndOperation ends the span of the operation of a context, if it has one; the code is that of the answer's gravest error, ""
// without any.
func (t *Tracer) EndOperation(ctx context.Context, code string) {
	if t == nil {
		return
	}
	if span, is := ctx.Value(operationKey{}).(trace.Span); is {
		end(span, code)
	}
}

// end ends a span with the code of what went wrong, "" if nothing did.
func end(span trace.Span, code string) {
	if code != "" {
		fail(span, code)
	}
	span.End()
}

// fail notes in a span what went wrong.
func fail(span trace.Span, code string) {
	span.SetStatus(codes.Error, "")
	span.SetAttributes(semconv.ErrorTypeKey.String(code))
}
