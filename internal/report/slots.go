package report

import (
	"context"
	"database/sql"
	"sync"
)

// slots say how many statements of one principal may run at the same time. It remembers those alone who have a slot or
// wait for one.
type slots struct {
	max    int
	mu     sync.Mutex
	queues map[string]*slotQueue
}

// slotQueue is where one principal waits; whoever waits longest is next, as Go has it for those who send on a channel.
type slotQueue struct {
	taken chan struct{}
	users int
}

func newSlots(maxStatements int) *slots {
	return &slots{max: maxStatements, queues: map[string]*slotQueue{}}
}

// acquire waits for a slot of a principal, which the call of what is returned frees.
func (s *slots) acquire(ctx context.Context, principal string) (end func(), err error) {
	queue := s.enter(principal)
	select {
	case queue.taken <- struct{}{}:
		return func() {
			<-queue.taken
			s.leave(principal, queue)
		}, nil
	case <-ctx.Done():
		s.leave(principal, queue)
		return nil, ctx.Err()
	}
}

func (s *slots) enter(principal string) *slotQueue {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.queues[principal]
	if queue == nil {
		queue = &slotQueue{taken: make(chan struct{}, s.max)}
		s.queues[principal] = queue
	}
	queue.users++
	return queue
}

func (s *slots) leave(principal string, queue *slotQueue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if queue.users--; queue.users == 0 {
		delete(s.queues, principal)
	}
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
