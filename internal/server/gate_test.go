package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGate_AnswersTheAPIInItsOwnForm(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(`{"query":"{__typename}"}`))
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Accept-Language", "pl")
	recorder := httptest.NewRecorder()
	(&gate{}).ServeHTTP(recorder, request)
	const want = `{"errors":[{"message":"Serwer się uruchamia. Spróbuj za chwilę.","extensions":{"code":"UNAVAILABLE"}}]}`
	if media := recorder.Header().Get("Content-Type"); recorder.Code != http.StatusServiceUnavailable || recorder.Body.String() != want ||
		media != "application/graphql-response+json; charset=utf-8" || recorder.Header().Get("Retry-After") != "1" {
		t.Errorf("answered %d %s %v %s", recorder.Code, media, recorder.Header(), recorder.Body)
	}
}

func TestGate_SaysWhenTheTablesAreUpToDate(t *testing.T) {
	t.Parallel()
	g := &gate{}
	status := func(path string) int {
		recorder := httptest.NewRecorder()
		g.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
		return recorder.Code
	}
	if alive, started := status("/healthz"), status("/startupz"); alive != http.StatusOK || started != http.StatusServiceUnavailable {
		t.Errorf("while tables are made: /healthz %d, /startupz %d", alive, started)
	}
	g.current.Store(true)
	if started, ready := status("/startupz"), status("/readyz"); started != http.StatusOK || ready != http.StatusServiceUnavailable {
		t.Errorf("with tables, before it answers: /startupz %d, /readyz %d", started, ready)
	}
}
