package embedded

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
)

// running are the servers that this process uses or starts.
var running servers

// servers is a set of servers.
type servers struct {
	mu  sync.Mutex
	all map[*Server]bool
}

func (s *servers) add(server *Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[*Server]bool{}
	}
	s.all[server] = true
}

func (s *servers) remove(server *Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, server)
}

func (s *servers) list() []*Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.all))
}

// StopAll gives up every server that this process uses, for a process that is about to end without closing anything: one
// that no other process uses is stopped without a checkpoint, also where Stop waits for one. A server that is starting is
// waited for, so the context of its Start should have ended. Its data are safe: the next start recovers them.
func StopAll() error {
	var errs []error
	now, cancel := context.WithCancel(context.Background())
	cancel()
	for _, server := range running.list() {
		server.hurry()
		errs = append(errs, server.Stop(now))
	}
	return errors.Join(errs...)
}
