package tracing

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"

	"github.com/kontakty/kontakty/internal/statement"
	"github.com/kontakty/kontakty/internal/tracing/tracingtest"
)

// opened is a tracer that sends to an address.
func opened(t *testing.T, address string, log io.Writer) *Tracer {
	t.Helper()
	tracer, err := open(t.Context(), "1.2.3", slog.New(slog.NewTextHandler(log, nil)), otlptracehttp.WithEndpointURL(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracer.Close)
	return tracer
}

// named are spans by their names.
func named(t *testing.T, spans []tracingtest.Span) map[string]tracingtest.Span {
	t.Helper()
	found := map[string]tracingtest.Span{}
	for _, span := range spans {
		if _, twice := found[span.Name]; twice {
			t.Errorf("two spans are called %q", span.Name)
		}
		found[span.Name] = span
	}
	return found
}

const (
	callersTrace = "0af7651916cd43dd8448eb211c80319c"
	callersSpan  = "b7ad6b7169203331"
)

func TestTracer_SendsARequestWithWhatItAskedFor(t *testing.T) {
	t.Parallel()
	collector, log := tracingtest.New(t), &bytes.Buffer{}
	tracer := opened(t, collector.URL+"/v1/traces", log)
	request := httptest.NewRequest(http.MethodPost, "/graphql?secret=1", nil)
	request.Header = http.Header{
		"Traceparent": {"00-" + callersTrace + "-" + callersSpan + "-01"}, "Tracestate": {"vendor=secret"}, "Baggage": {"a=secret"}, "User-Agent": {"secret"},
	}
	ctx := tracer.Request(request, "POST")
	tracer.Log(slog.New(slog.NewTextHandler(log, nil))).With("a", 1).InfoContext(ctx, "within")
	operation := tracer.Operation(ctx, "contacts", "query")
	statements := tracer.Statements(statement.Lookup, nil)
	for _, one := range []struct {
		ctx context.Context
		err error
	}{
		{statement.With(operation, statement.Page), nil},
		{operation, &pgconn.PgError{Code: "57014", Message: "secret"}},
		{statement.With(operation, statement.Count), errors.New("secret")},
		{context.Background(), nil}, // of no trace
	} {
		begun := statements.TraceQueryStart(one.ctx, nil, pgx.TraceQueryStartData{SQL: "secret", Args: []any{"secret"}})
		statements.TraceQueryEnd(begun, nil, pgx.TraceQueryEndData{CommandTag: pgconn.NewCommandTag("SELECT 3"), Err: one.err})
	}
	tracer.EndOperation(operation, "TIMEOUT")
	tracer.EndOperation(ctx, "INTERNAL") // of a request that no operation was made of
	tracer.EndRequest(ctx, "POST", "GET /graphql", http.StatusServiceUnavailable)
	tracer.Close()

	spans := named(t, collector.Spans())
	if len(spans) != 5 || bytes.Contains(collector.Sent(), []byte("secret")) {
		t.Fatalf("sent: %+v", spans)
	}
	for name, want := range map[string]tracingtest.Span{
		"POST /graphql": {Kind: "SERVER", Parent: callersSpan, Failed: true, Attributes: map[string]string{
			"http.request.method": "POST", "http.route": "/graphql", "http.response.status_code": "503", "service.name": "kontakty", "service.version": "1.2.3",
		}},
		"query contacts": {Kind: "INTERNAL", Parent: spans["POST /graphql"].ID, Failed: true, Attributes: map[string]string{
			"graphql.operation.type": "query", "kontakty.operation": "contacts", "error.type": "TIMEOUT",
		}},
		"statement page":   {Kind: "CLIENT", Parent: spans["query contacts"].ID, Attributes: map[string]string{"db.response.returned_rows": "3", "error.type": ""}},
		"statement lookup": {Kind: "CLIENT", Parent: spans["query contacts"].ID, Failed: true, Attributes: map[string]string{"error.type": "57014"}},
		"statement count":  {Kind: "CLIENT", Parent: spans["query contacts"].ID, Failed: true, Attributes: map[string]string{"error.type": "connection"}},
	} {
		got := spans[name]
		if got.Kind != want.Kind || got.Trace != callersTrace || got.Parent != want.Parent || got.Failed != want.Failed {
			t.Errorf("%s: sent %+v, want %+v", name, got, want)
		}
		for key, value := range want.Attributes {
			if got.Attributes[key] != value {
				t.Errorf("%s: %s is %q, want %q", name, key, got.Attributes[key], value)
			}
		}
	}
	if line := log.String(); !strings.Contains(line, "trace_id="+callersTrace+" span_id="+spans["POST /graphql"].ID+"\n") {
		t.Errorf("the log says %s", line)
	}
}

func TestTracer_BeginsATraceOfItsOwnWhereTheCallerNamesNone(t *testing.T) {
	t.Parallel()
	collector := tracingtest.New(t)
	tracer := opened(t, collector.URL+"/v1/traces", io.Discard)
	for _, parent := range []string{"", "48501502503", "00-" + callersTrace + "-0000000000000000-01"} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Traceparent", parent)
		tracer.EndRequest(tracer.Request(request, "GET"), "GET", "/", http.StatusOK)
	}
	tracer.Close()
	for _, span := range collector.Spans() {
		if span.Parent != "" || span.Trace == callersTrace || span.Failed {
			t.Errorf("sent: %+v", span)
		}
	}
	if sent := len(collector.Spans()); sent != 3 {
		t.Errorf("%d spans, want 3", sent)
	}
}

func TestTracer_LinksAFileToWhoOrderedIt(t *testing.T) {
	t.Parallel()
	collector := tracingtest.New(t)
	tracer := opened(t, collector.URL+"/v1/traces", io.Discard)
	if parent := tracer.Parent(t.Context()); parent != "" {
		t.Errorf("outside of a trace the parent is %q", parent)
	}
	order := tracer.Operation(t.Context(), "exportContacts", "mutation")
	made, end := tracer.File(order, tracer.Parent(order))
	tracer.FileMade(made, 7)
	end()
	failed, end := tracer.File(t.Context(), "")
	tracer.FileFailed(failed, "STORAGE_FULL")
	end()
	tracer.EndOperation(order, "")
	watched := tracer.Import(t.Context())
	watched.Chunk(time.Second, 3, 1)
	watched.End()
	tracer.Close()
	spans := map[bool]tracingtest.Span{}
	rest := map[string]tracingtest.Span{}
	for _, span := range collector.Spans() {
		if span.Name == "file" {
			spans[span.Failed] = span
			continue
		}
		rest[span.Name] = span
	}
	if one := spans[false]; one.Parent != "" || one.Trace == rest["mutation exportContacts"].Trace || len(one.Links) != 1 ||
		one.Links[0] != rest["mutation exportContacts"].Trace || one.Attributes["kontakty.lines"] != "7" {
		t.Errorf("a file that was made: %+v", one)
	}
	if one := spans[true]; len(one.Links) != 0 || one.Attributes["error.type"] != "STORAGE_FULL" {
		t.Errorf("a file that nobody can make: %+v", one)
	}
	if one := rest["chunk"]; one.Parent != rest["import"].ID || one.Attributes["kontakty.lines.landed"] != "3" || one.Attributes["kontakty.lines.skipped"] != "1" {
		t.Errorf("a chunk: %+v of %+v", one, rest["import"])
	}
}

// silent is a collector that takes connections and never answers.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			defer connection.Close()
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		accepting.Wait()
	})
	return "http://" + listener.Addr().String()
}

func TestTracer_StopsInTimeWhereTheCollectorDoesNotAnswer(t *testing.T) {
	t.Parallel()
	tracer := opened(t, silent(t), io.Discard)
	for range 2000 { // several times what is sent at once
		tracer.EndOperation(tracer.Operation(t.Context(), "contacts", "query"), "")
	}
	begun := time.Now()
	tracer.Close()
	if took := time.Since(begun); took > flushTimeout+time.Second {
		t.Errorf("it stopped after %s", took)
	}
	select {
	case <-tracer.exporter.ended:
	default:
		t.Error("spans are still sent after the stop")
	}
}

func TestTracer_TellsTheLogOnceThatTheCollectorIsAway(t *testing.T) {
	t.Parallel()
	var away bool
	var log bytes.Buffer
	collector := tracingtest.New(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away {
			http.Error(w, "secret", http.StatusForbidden)
			return
		}
		r.URL.Path = "/v1/traces"
		collector.ServeHTTP(w, r)
	}))
	defer server.Close()
	tracer := opened(t, server.URL+"/secret", &log)
	for _, away = range []bool{true, true, false, false, true} {
		tracer.EndOperation(tracer.Operation(t.Context(), "contacts", "query"), "")
		if err := tracer.provider.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if said := log.String(); strings.Count(said, "cannot be sent") != 2 || strings.Count(said, "sent again") != 1 || strings.Count(said, "\n") != 3 ||
		!strings.Contains(said, `error="the collector answers 403 Forbidden"`) || strings.Contains(said, "secret") {
		t.Errorf("the log says %s", said)
	}
}

// off does what a request does, with a tracer that is off.
func off(ctx context.Context, tracer *Tracer, request *http.Request) {
	tracer.Request(request, "POST")
	operation := tracer.Operation(ctx, "contacts", "query")
	tracer.Parent(operation)
	tracer.EndOperation(operation, "")
	tracer.EndRequest(ctx, "POST", "/graphql", http.StatusOK)
}

func TestTracer_CostsNothingWhereItIsOff(t *testing.T) {
	var tracer *Tracer
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	if allocations := testing.AllocsPerRun(100, func() { off(request.Context(), tracer, request) }); allocations > 0 {
		t.Errorf("%.0f allocations", allocations)
	}
	watching := &statementTracer{}
	if got := tracer.Statements(statement.Page, watching); got != pgx.QueryTracer(watching) {
		t.Errorf("statements are watched by %T", got)
	}
	log := slog.New(slog.DiscardHandler)
	ctx, end := tracer.File(t.Context(), "")
	end()
	tracer.FileMade(ctx, 1)
	tracer.FileFailed(ctx, "INTERNAL")
	watched := tracer.Import(ctx)
	watched.Chunk(time.Second, 1, 1)
	watched.End()
	tracer.Close()
	if ctx != t.Context() || tracer.Log(log) != log {
		t.Error("a tracer that is off changes something")
	}
}

func BenchmarkTracer_Off(b *testing.B) {
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	b.ReportAllocs()
	for b.Loop() {
		off(request.Context(), nil, request)
	}
}
