package server

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/telemetry"
	"github.com/kontakty/kontakty/internal/tracing"
)

// watch is who is told of requests.
type watch struct {
	proxies Proxies
	metrics *telemetry.Metrics
	tracer  *tracing.Tracer
	log     *slog.Logger
}

// observe measures and logs every request, without anything that its caller typed: no query, no variable, no address,
// only the route's pattern and the operation in words of the schema. A panic ends its request alone.
func (o watch) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		given, believed := "", o.proxies.sent(r)
		if believed { // any other client could write a phone number into the log
			given = r.Header.Get(httpfault.RequestIDHeader)
		}
		id := httpfault.RequestID(given)
		r.Header.Set(httpfault.RequestIDHeader, id)
		w.Header().Set(httpfault.RequestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		answer := &answerRecorder{ResponseWriter: w}
		note := &requestNote{}
		traced, method := r.Context(), methodName(r.Method)
		if !slices.Contains(probes, r.URL.Path) {
			traced = o.tracer.Request(r, method)
		}
		r = r.WithContext(context.WithValue(traced, requestNoteKey{}, note))
		defer func() {
			if reason := recover(); reason != nil && reason != any(http.ErrAbortHandler) {
				o.log.ErrorContext(r.Context(), "a request failed unexpectedly", "id", id, "route", r.Pattern, "stack", string(debug.Stack()))
				if answer.status == 0 {
					http.Error(answer, "Something failed on our side. Tell the administrator the request id: "+id, http.StatusInternalServerError)
				}
			}
			took := time.Since(begun)
			route := r.Pattern
			if graph.IsStream(r) {
				route += " (stream)" // it lasts as long as its client likes
			}
			o.metrics.Request(route, answer.code(), took)
			line := []slog.Attr{
				slog.String("id", id), slog.String("method", method), slog.String("route", r.Pattern),
				slog.Int("status", answer.code()), slog.Int64("bytes", answer.bytes), slog.Float64("ms", float64(took.Microseconds())/1000),
			}
			if operation := note.operation.Load(); operation != nil {
				line = append(line, slog.String("operation", *operation))
			}
			o.log.LogAttrs(r.Context(), slog.LevelInfo, "request", line...)
			o.tracer.EndRequest(r.Context(), method, r.Pattern, answer.code())
		}()
		next.ServeHTTP(answer, r)
	})
}

// probes are the paths that are asked again and again, of which no trace tells anything.
var probes = []string{"/healthz", "/startupz", "/readyz", "/metrics"}

// requestNote is what is found out of a request while it is answered. Several goroutines may write into it.
type requestNote struct {
	// operation is what was asked of the API last, in words of the schema.
	operation atomic.Pointer[string]
}

type requestNoteKey struct{}

// noteOperation notes what the request of a context asks of the API.
func noteOperation(ctx context.Context, operation string) {
	if note, is := ctx.Value(requestNoteKey{}).(*requestNote); is {
		note.operation.Store(&operation)
	}
}

// methodName is a method as it may stand in the log: a client can send any word as one.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	default:
		return "other"
	}
}

// answerRecorder remembers how a request was answered.
type answerRecorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answerRecorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answerRecorder) Write(part []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(part)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (a *answerRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// code is the status sent; a handler that writes nothing sends 200.
func (a *answerRecorder) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

// warnings is a log for a part that has much to say: of that only warnings and errors are kept.
func warnings(log *slog.Logger) *slog.Logger {
	return slog.New(warningHandler{log.Handler()})
}

type warningHandler struct{ slog.Handler }

// Enabled leaves out everything below a warning.
func (h warningHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the level.
func (h warningHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warningHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the level.
func (h warningHandler) WithGroup(name string) slog.Handler {
	return warningHandler{h.Handler.WithGroup(name)}
}
