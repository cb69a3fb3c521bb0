package server

import (
	"net/http"
	"sync/atomic"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/fault"
)

// gate answers while the server gets ready: the process is alive, and every request is asked to come back.
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
