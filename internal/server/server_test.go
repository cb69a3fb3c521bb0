package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// configFor is a server over a test's own database.
func configFor(t *testing.T, url string) Config {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	return Config{
		Database: DatabaseConfig{URL: url, DataDir: directory},
		Files:    FilesConfig{Bucket: "file://" + directory + "/files?dir_file_mode=0700"},
		Zone:     zone,
		HTTPConfig: HTTPConfig{
			Listen: "127.0.0.1:0", RatePerMinute: 1e9, RateBurst: 1e9, RequestTimeout: 10 * time.Second, StatementTimeout: 5 * time.Second,
		},
	}
}

// started is a server that runs within the test.
func started(t *testing.T, config Config, log *slog.Logger) *Server {
	t.Helper()
	m := New(config, log, time.Now)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestReadiness_SaysWhyRequestsCannotBeAnswered(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	m := started(t, configFor(t, database.URL), slog.New(slog.DiscardHandler))
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("a migrated database: status %d: %s", status, body)
	}
	execute := func(statement string) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	execute("DELETE FROM bun_migrations WHERE name = '0020'")
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "lacks 1 migration") {
		t.Errorf("a database that lacks a step: status %d: %s", status, body)
	}
	execute("INSERT INTO bun_migrations (name) VALUES ('0020'), ('9999')")
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "newer program") {
		t.Errorf("a database that a newer program changed: status %d: %s", status, body)
	}
	execute("INSERT INTO compatible_steps VALUES ('9999')")
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("a database that a newer program changed in a way that is compatible: status %d: %s", status, body)
	}
	execute("ALTER TABLE contacts RENAME TO elsewhere")
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "contacts cannot be read") {
		t.Errorf("a database whose contacts cannot be read: status %d: %s", status, body)
	}
	m.probe.Close()
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "database does not answer") {
		t.Errorf("a database that is away: status %d: %s", status, body)
	}
	if status, _ := get(t, "", m.URL()+"/healthz"); status != http.StatusOK {
		t.Errorf("healthz: status %d while the process lives", status)
	}
}

func TestServer_RefusesADatabaseThatIsNotMigratedUnlessAsked(t *testing.T) {
	t.Parallel()
	config := configFor(t, pgtest.NewEmpty(t).URL)
	refused := New(config, slog.New(slog.DiscardHandler), time.Now)
	err := refused.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "kontakty migrate up") {
		t.Errorf("the error does not say what to do: %v", err)
	}
	if err := refused.Close(); err != nil {
		t.Error(err)
	}
	config.Migrate = true
	m := started(t, config, slog.New(slog.DiscardHandler))
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("after --migrate: status %d: %s", status, body)
	}
}

func TestObserve_LogsNothingThatCallersAskFor(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	m := New(configFor(t, database.URL), slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), time.Now)
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		`{"query": "query secret($a: [String!]) { contacts(filter: {period: {preset: TODAY}, sourceAddresses: $a}) { nodes { id } } }", "variables": {"a": ["+48501502503"]}}`,
		`{"query": "{ contacts(filter: {period: {preset: TODAY}, sourceAddresses: [\"+48501502503\"]}) { secretNodes } }"}`,
		`{"query": "{ secret +48501502503"}`,
	} {
		response := send(t, key, http.MethodPost, m.URL()+"/graphql?secret=+48501502503", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(body))
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "501502503") || strings.Contains(log.String(), "secret") {
		t.Errorf("the log tells what was asked:\n%s", log.String())
	}
	lines := 0
	for line := range strings.Lines(log.String()) {
		var entry struct {
			Msg, Route string
			Status     int
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Msg == "request" && entry.Route == "/graphql" && entry.Status != 0 {
			lines++
		}
	}
	if lines != 3 {
		t.Errorf("%d requests in the log, want 3:\n%s", lines, log.String())
	}
}

func TestRoutes_AllowOnlyNamedOrigins(t *testing.T) {
	t.Parallel()
	config := configFor(t, pgtest.New(t).URL)
	config.AllowOrigins = []string{"https://panel.example.com"}
	m := started(t, config, slog.New(slog.DiscardHandler))
	for origin, want := range map[string]string{"https://panel.example.com": "https://panel.example.com", "https://evil.example.com": ""} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, m.URL()+"/graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", http.MethodPost)
		request.Header.Set("Access-Control-Request-Headers", "content-type")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: allowed %q, want %q", origin, got, want)
		}
	}
}

func TestServer_AnswersARequestUnderWayBeforeItStops(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	m := New(configFor(t, database.URL), slog.New(slog.DiscardHandler), time.Now)
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}

	// The query waits for this transaction, and the stop for the query.
	lock, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(t.Context(), "LOCK TABLE contacts"); err != nil {
		t.Fatal(err)
	}
	answered, stopped := make(chan int, 1), make(chan error, 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.URL()+"/graphql", strings.NewReader(`{"query": "{ contacts(filter: {period: {preset: TODAY}}) { nodes { id } } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+allowed(t, database.Pool))
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			answered <- 0
			return
		}
		response.Body.Close()
		answered <- response.StatusCode
	}()
	const waitingSQL = `SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
		WHERE NOT granted AND relation = 'contacts'::regclass AND application_name = 'kontakty api')`
	for waiting := false; !waiting; { // the months are looked after, too, and wait as well
		if err := lock.QueryRow(t.Context(), waitingSQL).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	go func() { stopped <- m.Close() }()
	for listening := true; listening; { // until no new request is taken
		response, err := http.Get(m.URL() + "/healthz")
		if listening = err == nil; listening {
			response.Body.Close()
		}
	}
	select {
	case err := <-stopped:
		t.Errorf("the process stopped (%v) before the request was answered", err)
	default:
	}
	if err := lock.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request under way got status %d", status)
	}
	if err := <-stopped; err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestRoutes_CompressForWhoAsks(t *testing.T) {
	t.Parallel()
	m := started(t, configFor(t, pgtest.New(t).URL), slog.New(slog.DiscardHandler))
	for _, encoding := range []string{"gzip", "identity"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.URL()+"/schema.graphql", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", encoding)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if compressed := response.Header.Get("Content-Encoding") == "gzip"; compressed != (encoding == "gzip") {
			t.Errorf("Accept-Encoding: %s gets Content-Encoding %q", encoding, response.Header.Get("Content-Encoding"))
		}
	}
}

func TestServer_NeitherWritersNorJobsHoldUpReaders(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	config := configFor(t, database.URL)
	config.RequestTimeout, config.Files.Expiry, config.Files.Concurrency = 2*time.Second, 7*24*time.Hour, 1
	m := started(t, config, slog.New(slog.DiscardHandler))
	const (
		list  = `{ contacts(filter: {period: {preset: TODAY}}) { totalCount nodes { id } } }`
		order = `mutation { exportContacts(input: {filter: {period: {preset: TODAY}}, kind: SIMPLE}) { download { id } } }`
	)
	// takeAll takes every connection of a pool that can be had.
	takeAll := func(pool *postgres.Pool) (release func()) {
		var taken []*pgxpool.Conn
		for pool.Stat().AcquiredConns() < pool.Stat().MaxConns() {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			if connection, err := pool.Acquire(ctx); err == nil { // else another came first, or the machine is slow
				taken = append(taken, connection)
			}
			cancel()
		}
		if len(taken) == 0 {
			t.Error("no connection was there to be taken")
		}
		return func() {
			for _, connection := range taken {
				connection.Release()
			}
		}
	}

	release := takeAll(m.write)
	if got := say(t, m, key, list, nil); got.code != "" {
		t.Errorf("a list while writers have every connection: %s", got.content)
	}
	if got := say(t, m, allowed(t, database.Pool), whoAmI, nil); got.code != "" {
		t.Errorf("a new key while writers have every connection: %s", got.content)
	}
	if got := say(t, m, key, order, nil); got.code != "TIMEOUT" {
		t.Errorf("an order while writers have every connection: %s", got.content)
	}
	release()

	release = takeAll(m.work)
	for what, query := range map[string]string{"a list": list, "an order": order, "the files": `{ downloads { nodes { state } } }`} {
		if got := say(t, m, key, query, nil); got.code != "" {
			t.Errorf("%s while jobs have every connection: %s", what, got.content)
		}
	}
	release()
}
