package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestReadiness_AsksADatabaseThatHangsOnceHoweverManyAsk(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{MaxConns: 1})
	var asked atomic.Int32
	ready := &readiness{pool: pool, page: func(ctx context.Context) error {
		asked.Add(1)
		<-ctx.Done()
		return ctx.Err()
	}}
	begun := time.Now()
	impatient, cancel := context.WithTimeout(t.Context(), probeTimeout/4)
	defer cancel()
	var probes sync.WaitGroup
	for i := range 20 {
		probes.Go(func() {
			request := httptest.NewRequest(http.MethodGet, "/readyz", nil)
			if i == 0 { // whoever asked first may not be there for the answer
				request = request.WithContext(impatient)
			}
			answer := httptest.NewRecorder()
			ready.ServeHTTP(answer, request)
			if answer.Code != http.StatusServiceUnavailable {
				t.Errorf("status %d, want 503", answer.Code)
			}
		})
	}
	probes.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("the database is asked %d times, want once", n)
	}
	if took := time.Since(begun); took > 2*probeTimeout {
		t.Errorf("the answers take %.1f s", took.Seconds())
	}
}
