package server

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/rs/cors"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/httpfault"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/web"
)

// routes is everything that the server answers.
type routes struct {
	graphql http.Handler
	files   http.Handler // what a Download's url points at, below export.FilesPath
	media   http.Handler // what a Recording's url points at, below media.Path
	plays   []string     // the addresses that the links of recordings redirect to
	session web.Session  // how the pages sign in
	sdl     string       // empty if the schema is kept from callers
	ready   *readiness
	metrics http.Handler // nil where they have a port of their own
	watch   watch
	origins []string
}

func (r routes) handler() http.Handler {
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(1400))
	if err != nil {
		panic(err) // the options are constants
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", exceptStreams(zip(r.graphql), r.graphql))
	mux.Handle(export.FilesPath, withDeadlinePerPart(r.files))
	mux.Handle(media.Path, withDeadlinePerPart(r.media))
	if r.sdl != "" {
		mux.Handle("GET /schema.graphql", zip(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte(r.sdl))
		})))
	}
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /startupz", startedUp)
	mux.Handle("GET /readyz", r.ready)
	if r.metrics != nil {
		mux.Handle("GET /metrics", r.metrics)
	}
	mux.Handle("/", web.Handler(web.Config{Endpoint: "/graphql", Session: r.session, MediaAddresses: r.plays}))

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
	return r.watch.observe(handler)
}

// exceptStreams keeps streams from what is between other requests and their handler: each part leaves at once and none
// is compressed. The handler lifts the deadlines of the connection.
func exceptStreams(others, streams http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if graph.IsStream(r) {
			streams.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}
