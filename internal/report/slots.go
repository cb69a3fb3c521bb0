package report

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"time"
)

// aloneAfter is for how long nobody else may have read for a principal to be alone.
const aloneAfter = time.Minute

// slots say how many statements of one principal may run at the same time: max where others read, too, and maxAlone where
// nobody else did for a while. They remember those alone who have a slot or wait for one, and who came last.
type slots struct {
	max, maxAlone int
	now           func() time.Time
	mu            sync.Mutex
	queues        map[string]*slotQueue
	// last is who came last, and changed when somebody came who was not the one before.
	last    string
	changed time.Time
}

// slotQueue is of one principal; whoever waits longest is next.
type slotQueue struct {
	held    int
	waiting []chan struct{}
}

func newSlots(maxStatements, maxAlone int, now func() time.Time) *slots {
	return &slots{max: maxStatements, maxAlone: max(maxStatements, maxAlone), now: now, queues: map[string]*slotQueue{}}
}

// acquire waits for a slot of a principal, which the call of what is returned frees.
func (s *slots) acquire(ctx context.Context, principal string) (end func(), err error) {
	end = func() { s.release(principal) }
	granted := s.enter(principal)
	if granted == nil {
		return end, nil
	}
	select {
	case <-granted:
		return end, nil
	case <-ctx.Done():
		if !s.forget(principal, granted) {
			s.release(principal) // it was granted meanwhile
		}
		return nil, ctx.Err()
	}
}

// enter takes a slot, or gives what is closed once there is one.
func (s *slots) enter(principal string) (granted chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != principal {
		if s.last != "" {
			s.changed = s.now()
		}
		s.last = principal
	}
	queue := s.queues[principal]
	if queue == nil {
		queue = &slotQueue{}
		s.queues[principal] = queue
	}
	if len(queue.waiting) == 0 && queue.held < s.limit() {
		queue.held++
		return nil
	}
	granted = make(chan struct{})
	queue.waiting = append(queue.waiting, granted)
	return granted
}

func (s *slots) limit() int {
	if s.now().Sub(s.changed) >= aloneAfter {
		return s.maxAlone
	}
	return s.max
}

func (s *slots) release(principal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.queues[principal]
	queue.held--
	for len(queue.waiting) > 0 && queue.held < s.limit() {
		queue.held++
		close(queue.waiting[0])
		queue.waiting = queue.waiting[1:]
	}
	if queue.held == 0 {
		delete(s.queues, principal)
	}
}

// forget takes one who waits out of the queue; it is false if the slot was granted.
func (s *slots) forget(principal string, granted chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.queues[principal]
	if queue == nil {
		return false
	}
	at := slices.Index(queue.waiting, granted)
	if at < 0 {
		return false
	}
	queue.waiting = slices.Delete(queue.waiting, at, at+1)
	return true
}

// limitedDB is a database as one principal uses it: a statement, or a view of the data, waits for a slot first.
type limitedDB struct {
	*sql.DB
	slots     *slots
	principal string
}

// acquireSlot waits until a statement may run, and says what frees its slot. On a connection that somebody holds already it
// may run at once.
func acquireSlot(ctx context.Context, from querier) (end func(), err error) {
	if database, waits := from.(limitedDB); waits {
		return database.slots.acquire(ctx, database.principal)
	}
	return func() {}, nil
}
