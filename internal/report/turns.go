package report

import (
	"context"
	"database/sql"
	"sync"
)

// turns hand out how many statements of one principal may run at the same time. It remembers those alone who have a turn or
// wait for one.
type turns struct {
	max    int
	mu     sync.Mutex
	queues map[string]*turnQueue
}

// turnQueue is where one principal waits; whoever waits longest is next, as Go has it for those who send on a channel.
type turnQueue struct {
	taken chan struct{}
	users int
}

func newTurns(maxAtOnce int) *turns { return &turns{max: maxAtOnce, queues: map[string]*turnQueue{}} }

// wait waits for a turn of a principal, which ends with the call of what is returned.
func (t *turns) wait(ctx context.Context, principal string) (end func(), err error) {
	queue := t.enter(principal)
	select {
	case queue.taken <- struct{}{}:
		return func() {
			<-queue.taken
			t.leave(principal, queue)
		}, nil
	case <-ctx.Done():
		t.leave(principal, queue)
		return nil, ctx.Err()
	}
}

func (t *turns) enter(principal string) *turnQueue {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.queues[principal]
	if queue == nil {
		queue = &turnQueue{taken: make(chan struct{}, t.max)}
		t.queues[principal] = queue
	}
	queue.users++
	return queue
}

func (t *turns) leave(principal string, queue *turnQueue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if queue.users--; queue.users == 0 {
		delete(t.queues, principal)
	}
}

// turned is a database as one principal uses it: a statement, or a view of the data, waits for a turn first.
type turned struct {
	*sql.DB
	turns     *turns
	principal string
}

// waitForTurn waits until a statement may run, and says what ends its turn. On a connection that somebody holds already it
// may run at once.
func waitForTurn(ctx context.Context, from querier) (end func(), err error) {
	if database, waits := from.(turned); waits {
		return database.turns.wait(ctx, database.principal)
	}
	return func() {}, nil
}
