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
	holders       map[string]*holder
	// last is who came last, and changed when somebody came who was not the one before.
	last    string
	changed time.Time
}

// holder is one principal with its slots; whoever waits longest is next.
type holder struct {
	held    int
	waiting []chan struct{}
}

func newSlots(maxStatements, maxAlone int, now func() time.Time) *slots {
	return &slots{max: maxStatements, maxAlone: max(maxStatements, maxAlone), now: now, holders: map[string]*holder{}}
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
	one := s.holders[principal]
	if one == nil {
		one = &holder{}
		s.holders[principal] = one
	}
	if len(one.waiting) == 0 && one.held < s.limit() {
		one.held++
		return nil
	}
	granted = make(chan struct{})
	one.waiting = append(one.waiting, granted)
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
	one := s.holders[principal]
	one.held--
	for len(one.waiting) > 0 && one.held < s.limit() {
		one.held++
		close(one.waiting[0])
		one.waiting = one.waiting[1:]
	}
	if one.held == 0 {
		delete(s.holders, principal)
	}
}

// forget takes back that one waits; it is false if the slot was granted.
func (s *slots) forget(principal string, granted chan struct{}) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.holders[principal]
	if one == nil {
		return false
	}
	at := slices.Index(one.waiting, granted)
	if at < 0 {
		return false
	}
	one.waiting = slices.Delete(one.waiting, at, at+1)
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
