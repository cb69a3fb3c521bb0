package server

import (
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/fault"
)

// gate answers while the server gets ready: the process is alive, and every request is asked to come back. While the server
// stops, it has clients connect anew, who then get to another one.
type gate struct {
	open atomic.Pointer[http.Handler]
	// current says that the tables are up to date.
	current  atomic.Bool
	stopping atomic.Bool
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.stopping.Load() {
		w.Header().Set("Connection", "close")
	}
	if handler := g.open.Load(); handler != nil {
		(*handler).ServeHTTP(w, r)
		return
	}
	switch {
	case r.URL.Path == "/healthz":
		alive(w, r)
		return
	case r.URL.Path == "/startupz" && g.current.Load():
		startedUp(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	switch r.URL.Path {
	case "/graphql":
		graph.Refuse(w, r, fault.New(fault.ServerStarting, ""))
	case "/startupz":
		http.Error(w, "the tables are brought up to date", http.StatusServiceUnavailable)
	default:
		http.Error(w, "the server is starting", http.StatusServiceUnavailable)
	}
}

// startedUp answers /startupz: the tables are up to date.
func startedUp(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "started")
}
