package media

import (
	"sync"

	"github.com/kontakty/kontakty/internal/fault"
)

// The bounds of what is given out at the same time.
const (
	streamsAtOnce      = 512
	streamsOfPrincipal = 64
)

// streams count the files that are being given out.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

func newStreams() *streams { return &streams{of: map[string]int{}} }

// begin counts one for a principal, which end takes back. Errors: LIMIT_EXCEEDED.
func (s *streams) begin(principal string) (end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.of[principal] >= streamsOfPrincipal:
		return nil, fault.New(fault.StreamsExceeded, "", streamsOfPrincipal)
	case s.all >= streamsAtOnce:
		return nil, fault.New(fault.StreamsExceeded, "", streamsAtOnce)
	}
	s.all++
	s.of[principal]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[principal]--; s.of[principal] == 0 {
			delete(s.of, principal)
		}
	}, nil
}
