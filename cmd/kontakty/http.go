package main

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/rs/cors"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/web"
)

// Deadlines of a connection. A slow or silent client never holds one for longer.
const (
	readHeaderPatience = 5 * time.Second
	readPatience       = 15 * time.Second
	answerPatience     = 30 * time.Second // to the end of the answer, or for each part of a file
	idlePatience       = 2 * time.Minute
	longestHeader      = 64 << 10
)

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderPatience,
		ReadTimeout:       readPatience,
		WriteTimeout:      answerPatience,
		IdleTimeout:       idlePatience,
		MaxHeaderBytes:    longestHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// gate answers while the server is still getting ready: the process is alive, and every request is asked to come back.
type gate struct{ open atomic.Pointer[http.Handler] }

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if handler := g.open.Load(); handler != nil {
		(*handler).ServeHTTP(w, r)
		return
	}
	if r.URL.Path == "/healthz" {
		alive(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	if r.URL.Path == "/graphql" {
		graph.Refuse(w, r, fault.New(fault.ServerStarting, ""))
		return
	}
	http.Error(w, "the server is starting", http.StatusServiceUnavailable)
}

// routes is everything that the server answers.
type routes struct {
	graphql http.Handler
	files   http.Handler // what a Download's url points at, below export.FilesPath
	session web.Session  // how people sign in to our pages
	sdl     string       // empty if nobody is to be told the schema
	ready   *readiness
	metrics *metrics
	origins []string
	proxies proxies
	log     *slog.Logger
}

func (r routes) handler() http.Handler {
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1400))
	if err != nil {
		panic(err) // the options are constants
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", streamsApart(zip(r.graphql), r.graphql))
	mux.Handle(export.FilesPath, patient(r.files))
	if r.sdl != "" {
		mux.Handle("GET /schema.graphql", zip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte(r.sdl))
		})))
	}
	mux.HandleFunc("GET /healthz", alive)
	mux.Handle("GET /readyz", r.ready)
	mux.Handle("GET /metrics", r.metrics.handler())
	mux.Handle("/", web.Handler(web.Config{Endpoint: "/graphql", Session: r.session}))

	var handler http.Handler = mux
	if len(r.origins) > 0 {
		handler = cors.New(cors.Options{
			AllowedOrigins: r.origins,
			AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
			AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type"},
			ExposedHeaders: []string{httpfault.RequestIDHeader, "Content-Disposition", "Retry-After", "WWW-Authenticate"},
			MaxAge:         600,
		}).Handler(handler)
	}
	return r.watched(handler)
}

// watched measures and logs every request, without anything that its user typed: no query, no variable, no address,
// only the route's pattern. A panic ends its request alone.
func (r routes) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		begun := time.Now()
		given := ""
		if r.proxies.sent(request) { // anybody else could write a number of a telephone into our log
			given = request.Header.Get(httpfault.RequestIDHeader)
		}
		id := httpfault.RequestID(given)
		request.Header.Set(httpfault.RequestIDHeader, id)
		w.Header().Set(httpfault.RequestIDHeader, id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		answer := &answerRecorder{ResponseWriter: w}
		defer func() {
			if reason := recover(); reason != nil && reason != http.ErrAbortHandler {
				r.log.Error("a request failed unexpectedly", "id", id, "route", request.Pattern, "stack", string(debug.Stack()))
				if answer.status == 0 {
					http.Error(answer, "Something failed on our side. Tell the administrator the request id: "+id, http.StatusInternalServerError)
				}
			}
			took := time.Since(begun)
			route := request.Pattern
			if graph.IsStream(request) {
				route += " (stream)" // it lasts as long as its client likes
			}
			r.metrics.requests.WithLabelValues(route, strconv.Itoa(answer.code())).Observe(took.Seconds())
			r.log.Info("request", "id", id, "method", methodName(request.Method), "route", request.Pattern,
				"status", answer.code(), "bytes", answer.bytes, "ms", float64(took.Microseconds())/1000)
		}()
		next.ServeHTTP(answer, request)
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

// Unwrap lets http.ResponseController reach the connection.
func (a *answerRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// code is the status sent; a handler that writes nothing sends 200.
func (a *answerRecorder) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

// streamsApart keeps streams from what is between others and their handler: each part leaves at once and none is
// compressed. The handler lifts the deadlines of the connection.
func streamsApart(others, streams http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if graph.IsStream(r) {
			streams.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// patient gives a long answer a deadline for each part instead of one for the whole: a large file may take minutes as
// long as the client keeps reading.
func patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&patientWriter{ResponseWriter: w, control: http.NewResponseController(w)}, r)
	})
}

type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p *patientWriter) Write(part []byte) (int, error) {
	// A connection without deadlines, as in tests, simply has none.
	_ = p.control.SetWriteDeadline(time.Now().Add(answerPatience))
	return p.ResponseWriter.Write(part)
}

func (p *patientWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
