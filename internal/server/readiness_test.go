package server

import (
	"context"
	"log/slog"
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

func TestReadiness_IsKeptByADatabaseThatANewerServerMigrated(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	m := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	if _, err := database.Pool.Exec(t.Context(), "INSERT INTO bun_migrations (name) VALUES ('newer'); INSERT INTO compatible_steps VALUES ('newer')"); err != nil {
		t.Fatal(err)
	}
	response := send(t, "", http.MethodGet, m.URL()+"/readyz", nil, nil)
	response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("/readyz answers %d %v", response.StatusCode, response.Header)
	}
}

func TestGate_TellsProbesNotToKeepItsAnswers(t *testing.T) {
	t.Parallel()
	g := &gate{}
	g.current.Store(true)
	for _, path := range []string{"/healthz", "/startupz"} {
		recorder := httptest.NewRecorder()
		g.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
		if recorder.Code != http.StatusOK || recorder.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d %v", path, recorder.Code, recorder.Header())
		}
	}
}
