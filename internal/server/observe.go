package server

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/httpfault"
)

// observe measures and logs every request, without anything that its caller typed: no query, no variable, no address,
// only the route's pattern. A panic ends its request alone.
func observe(next http.Handler, proxies Proxies, metrics *metrics, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		given := ""
		if proxies.sent(r) { // any other client could write a phone number into the log
			given = r.Header.Get(httpfault.RequestIDHeader)
		}
		id := httpfault.RequestID(given)
		r.Header.Set(httpfault.RequestIDHeader, id)
		w.Header().Set(httpfault.RequestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		answer := &answerRecorder{ResponseWriter: w}
		defer func() {
			if reason := recover(); reason != nil && reason != any(http.ErrAbortHandler) {
				log.Error("a request failed unexpectedly", "id", id, "route", r.Pattern, "stack", string(debug.Stack()))
				if answer.status == 0 {
					http.Error(answer, "Something failed on our side. Tell the administrator the request id: "+id, http.StatusInternalServerError)
				}
			}
			took := time.Since(begun)
			route := r.Pattern
			if graph.IsStream(r) {
				route += " (stream)" // it lasts as long as its client likes
			}
			metrics.requests.WithLabelValues(route, strconv.Itoa(answer.code())).Observe(took.Seconds())
			log.Info("request", "id", id, "method", methodName(r.Method), "route", r.Pattern,
				"status", answer.code(), "bytes", answer.bytes, "ms", float64(took.Microseconds())/1000)
		}()
		next.ServeHTTP(answer, r)
	})
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
