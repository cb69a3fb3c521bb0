package postgres

import (
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// closeTimeout is how long the connections in use have to come back before they are cut.
	closeTimeout = 5 * time.Second
	// cutTimeout is how long those have to come back that were cut; who does not use one does not notice.
	cutTimeout = time.Second
)

// Close waits for the connections in use to come back, and closes all. Those that take longer than five seconds, as with a
// server that does not answer, are cut.
func (p *Pool) Close() { CloseAll(closeTimeout, p) }

// CloseAll closes pools side by side, where they are not nil, and cuts connections that take longer to come back.
func CloseAll(within time.Duration, pools ...*Pool) {
	var closing sync.WaitGroup
	for _, pool := range pools {
		if pool != nil {
			closing.Go(func() {
				_ = pool.DB.Close() // it owns no connection: the pool below does
				closeWithin(within, pool.Pool, pool.lines)
			})
		}
	}
	closing.Wait()
}

func closeWithin(within time.Duration, pool *pgxpool.Pool, lines *lines) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		pool.Close()
	}()
	select {
	case <-closed:
	case <-time.After(within):
		lines.cutAll()
		select {
		case <-closed:
		case <-time.After(cutTimeout):
		}
	}
	lines.end()
}
