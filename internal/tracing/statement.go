package tracing

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/multitracer"
	"github.com/jackc/pgx/v5/pgconn"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/kontakty/kontakty/internal/statement"
)

// Statements adds spans to who watches the statements of a pool, nil for nobody; they are of a kind unless they are marked
// otherwise. What runs outside of a trace has none.
func (t *Tracer) Statements(kind statement.Kind, watching pgx.QueryTracer) pgx.QueryTracer {
	switch {
	case t == nil:
		return watching
	case watching == nil:
		return &statementTracer{t.tracer, kind}
	default:
		return multitracer.New(watching, &statementTracer{t.tracer, kind})
	}
}

// statementTracer makes spans of the statements of a pool: of a query, or of a batch of them.
type statementTracer struct {
	tracer trace.Tracer
	kind   statement.Kind
}

type statementKey struct{}

func (t *statementTracer) begin(ctx context.Context) context.Context {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx
	}
	kind := statement.KindOf(ctx)
	if kind == "" {
		kind = t.kind
	}
	ctx, span := t.tracer.Start(ctx, "statement "+string(kind), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(semconv.DBSystemNamePostgreSQL))
	return context.WithValue(ctx, statementKey{}, span)
}

func (t *statementTracer) end(ctx context.Context, rows int64, err error) {
	if span, is := ctx.Value(statementKey{}).(trace.Span); is {
		span.SetAttributes(semconv.DBResponseReturnedRows(int(rows)))
		end(span, codeOf(err))
	}
}

// TraceQueryStart implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return t.begin(ctx)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (t *statementTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	t.end(ctx, data.CommandTag.RowsAffected(), data.Err)
}

// TraceBatchStart implements pgx.BatchTracer.
func (t *statementTracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return t.begin(ctx)
}

// TraceBatchQuery implements pgx.BatchTracer.
func (t *statementTracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (t *statementTracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchEndData) {
	t.end(ctx, 0, data.Err)
}

// codeOf is what went wrong with a statement, in PostgreSQL's code if it said so; never its text, which quotes values.
func codeOf(err error) string {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Code
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline_exceeded"
	default:
		return "connection"
	}
}
