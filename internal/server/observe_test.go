package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/telemetry"
)

// observedRequest is what is told of a request to one route, which a handler answers.
func observedRequest(proxies Proxies, request *http.Request, handler http.HandlerFunc) (answer *httptest.ResponseRecorder, log, metrics string) {
	var logged bytes.Buffer
	mux, watched, answer := http.NewServeMux(), telemetry.NewMetrics("1"), httptest.NewRecorder()
	mux.Handle("/route/{name}", handler)
	watch{proxies: proxies, metrics: watched, log: slog.New(slog.NewTextHandler(&logged, nil))}.observe(mux).ServeHTTP(answer, request)
	read := httptest.NewRecorder()
	watched.Handler().ServeHTTP(read, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return answer, logged.String(), read.Body.String()
}

func TestObserve_TellsOfARequestWhatNoCallerTyped(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest("BREW48501502503", "/route/48501502503?q=48501502503", nil)
	answer, log, metrics := observedRequest(nil, request, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short")
		_, _ = io.WriteString(w, " and stout")
	})
	for _, told := range []string{"method=other", "route=/route/{name}", "status=418", "bytes=15", "id=" + answer.Header().Get("X-Request-Id") + " "} {
		if !strings.Contains(log, told) {
			t.Errorf("the log does not tell %s: %s", told, log)
		}
	}
	if strings.Contains(log+metrics, "501502503") || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("told: %s%s%v", log, metrics, answer.Header())
	}
	if !strings.Contains(metrics, `kontakty_http_request_duration_seconds_count{code="418",route="/route/{name}"} 1`) {
		t.Errorf("the metrics tell:\n%s", metrics)
	}
}

func TestObserve_BelievesTheIDOfATrustedProxyAlone(t *testing.T) {
	t.Parallel()
	trusted, err := ParseProxies("192.0.2.0/24") // where requests of tests come from
	if err != nil {
		t.Fatal(err)
	}
	for want, proxies := range map[bool]Proxies{true: {trusted}, false: nil} {
		request := httptest.NewRequest(http.MethodGet, "/route/a", nil)
		request.Header.Set("X-Request-Id", "from-the-proxy-1234")
		answer, log, _ := observedRequest(proxies, request, func(http.ResponseWriter, *http.Request) {})
		if kept := answer.Header().Get("X-Request-Id") == "from-the-proxy-1234"; kept != want || strings.Contains(log, "from-the-proxy") != want {
			t.Errorf("kept: %v, want %v: %s", kept, want, log)
		}
	}
}

func TestObserve_AnswersAPanic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		status  int
		logged  bool
	}{
		"before an answer":   {func(http.ResponseWriter, *http.Request) { panic("48501502503") }, http.StatusInternalServerError, true},
		"within an answer":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted); panic("x") }, http.StatusAccepted, true},
		"to abort an answer": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil); panic(http.ErrAbortHandler) }, http.StatusOK, false},
	} {
		answer, log, metrics := observedRequest(nil, httptest.NewRequest(http.MethodGet, "/route/a", nil), c.handler)
		id := answer.Header().Get("X-Request-Id")
		if answer.Code != c.status || strings.Contains(answer.Body.String(), id) != (c.status == http.StatusInternalServerError) {
			t.Errorf("a panic %s: %d %s", name, answer.Code, answer.Body)
		}
		if strings.Contains(log, "a request failed unexpectedly") != c.logged || strings.Contains(log, "501502503") || !strings.Contains(log, "msg=request") {
			t.Errorf("a panic %s: the log says %s", name, log)
		}
		if !strings.Contains(metrics, `kontakty_http_request_duration_seconds_count`) {
			t.Errorf("a panic %s is not measured", name)
		}
	}
}

func TestObserve_MeasuresStreamsApart(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest(http.MethodPost, "/route/a", nil)
	request.Header.Set("Accept", "text/event-stream")
	_, log, metrics := observedRequest(nil, request, func(http.ResponseWriter, *http.Request) {})
	if !strings.Contains(metrics, `route="/route/{name} (stream)"`) || !strings.Contains(log, "route=/route/{name} ") {
		t.Errorf("told: %s\n%s", log, metrics)
	}
}

func TestWarnings_KeepWarningsAlone(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	for _, quiet := range []*slog.Logger{
		warnings(slog.New(slog.NewTextHandler(&log, nil))), warnings(slog.New(slog.NewTextHandler(&log, nil))).With("a", 1).WithGroup("g"),
		warnings(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))),
	} {
		quiet.Info("chatter")
		quiet.Warn("warned")
	}
	if said := log.String(); strings.Contains(said, "chatter") || strings.Count(said, "warned") != 2 {
		t.Errorf("the log says %s", said)
	}
}
