package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
)

// syncedBuffer is a buffer that several goroutines write.
type syncedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncedBuffer) Write(part []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(part)
}

func (b *syncedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// metricsWith reads metrics until each pattern matches a line.
func metricsWith(t *testing.T, address string, patterns ...string) string {
	t.Helper()
	var text string
	for _, pattern := range patterns {
		line := regexp.MustCompile("(?m)^" + pattern + "$")
		until(t, "a line is "+pattern, func() bool {
			_, text = get(t, "", address)
			return line.MatchString(text)
		})
	}
	return text
}

func TestMetrics_TellHowTheServerFares(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	config, log := configFor(t, database.URL), &syncedBuffer{}
	config.Version = "1.2.3"
	m := started(t, config, slog.New(slog.NewTextHandler(log, nil)))
	started := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	for _, query := range []string{
		whoAmI,
		`mutation secret { recordContacts(input: {contacts: [{externalId: "A-1", type: CHAT, status: ANSWERED, startedAt: "` + started + `",
			agent: {externalId: "anna", name: "Anna"}}]}) { recorded } }`,
		`{ contacts(filter: {period: {preset: LAST_7_DAYS}}) { totalCount nodes { record { externalId } ivrSteps { name } details { __typename } } } }`,
		`{ secret }`,
	} {
		say(t, m, key, query, nil)
	}
	say(t, m, key[:len(key)-8]+"aaaaaaaa", whoAmI, nil)
	say(t, m, "", whoAmI, nil)
	busy, err := m.files.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Release()
	text := metricsWith(t, m.URL()+"/metrics",
		`kontakty_build_info\{commit="\w+",go="go.*",version="1.2.3"\} 1`,
		`kontakty_http_request_duration_seconds_count\{code="401",route="/graphql"\} 2`,
		`kontakty_operation_duration_seconds_count\{operation="viewer"\} 1`,
		`kontakty_operation_duration_seconds_count\{operation="contacts"\} 1`,
		`kontakty_operation_duration_seconds_count\{operation="recordContacts"\} 1`,
		`kontakty_operation_duration_seconds_count\{operation="other"\} 3`,
		`kontakty_operation_errors_total\{code="UNAUTHENTICATED",operation="other"\} 2`,
		`kontakty_auth_failures_total\{reason="mistyped"\} 1`,
		`kontakty_auth_failures_total\{reason="missing"\} 1`,
		`kontakty_audit_write_failures_total 0`,
		`kontakty_rate_limited_total 0`,
		`kontakty_recorded_contacts_total\{result="recorded"\} 1`,
		`kontakty_database_statement_duration_seconds_count\{kind="page",server="primary"\} 1`,
		`kontakty_database_statement_duration_seconds_count\{kind="count",server="primary"\} 1`,
		`kontakty_database_statement_duration_seconds_count\{kind="write",server="primary"\} 1`,
		`kontakty_database_statement_duration_seconds_count\{kind="access",server="primary"\} [1-9]\d*`,
		`kontakty_database_statement_duration_seconds_count\{kind="job",server="primary"\} [1-9]\d*`,
		`kontakty_database_connections_max\{pool="api"\} 10`,
		`kontakty_database_connections_busy\{pool="files"\} 1`,
		`kontakty_database_up 1`,
		`kontakty_listen_connected\{channel="directory_changed"\} 1`,
		`kontakty_directory_things\{kind="agents"\} 1`,
		`kontakty_directory_refresh_seconds_count [1-9]\d*`,
		`kontakty_downloads\{state="QUEUED"\} 0`,
		`kontakty_downloads_oldest_queued_seconds 0`,
		`kontakty_write_lock_wait_seconds 0`,
		`kontakty_partition_months_ahead \d+`,
		`kontakty_storage_free_bytes\{what="files"\} [1-9].*`,
		`kontakty_storage_size_bytes\{what="files"\} [1-9].*`,
	)
	if strings.Contains(text, "secret") || strings.Contains(text, "A-1") {
		t.Error("the metrics tell what callers sent")
	}
	for _, operation := range []string{"viewer", "recordContacts", "contacts", "other"} {
		until(t, "a request of the log is called "+operation, func() bool {
			return strings.Contains(log.String(), "operation="+operation+"\n")
		})
	}
}

func TestFigures_AreReadFromTheDatabase(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.NoWorker = true
	now := time.Date(2046, 3, 15, 12, 0, 0, 0, time.UTC) // far from the months that exist anyway
	m := New(config, slog.New(slog.DiscardHandler), func() time.Time { return now })
	defer func() { _ = m.Close() }()
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Pool.Exec(t.Context(), `SELECT ensure_contact_partitions('2046-01-01Z', '2046-05-01Z'); SELECT ensure_contact_partitions('2046-07-01Z', '2046-07-01Z')`); err != nil {
		t.Fatal(err)
	}
	var ahead int
	read := func() (err error) {
		if err = m.readFigures(t.Context()); err == nil {
			ahead, err = m.monthsAhead(t.Context(), now)
		}
		return err
	}
	if err := read(); err != nil || ahead != 2 {
		t.Fatalf("%d months ahead: %v", ahead, err)
	}
	metricsWith(t, m.URL()+"/metrics", `kontakty_contacts_newest_seconds 3\.67\d*e\+06`) // since the first of February
	if _, err := database.Pool.Exec(t.Context(), `INSERT INTO contacts (id, started_at, type, status, external_id)
		VALUES (1, '2046-03-15 11:59Z', 'CHAT', 'ANSWERED', 'a'), (2, '2046-04-01Z', 'CHAT', 'ANSWERED', 'b')`); err != nil {
		t.Fatal(err)
	}
	writer, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Rollback(t.Context()) }()
	if _, err := writer.Exec(t.Context(), "SELECT pg_advisory_xact_lock(1)"); err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() {
		_, err := database.Pool.Exec(t.Context(), "SELECT pg_advisory_xact_lock(1)")
		waited <- err
	}()
	for waiting := 0; waiting == 0; {
		if err := writer.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND waitstart < clock_timestamp() - interval '0.1 s'").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	metricsWith(t, m.URL()+"/metrics", `kontakty_contacts_newest_seconds 60`, `kontakty_write_lock_wait_seconds [\d.]*[1-9]\d*`)
	if err := writer.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

func TestMetrics_HaveAPortOfTheirOwnWhereAsked(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.MetricsListen = "127.0.0.1:0"
	m := started(t, config, slog.New(slog.DiscardHandler))
	if _, body := get(t, "", m.URL()+"/metrics"); strings.Contains(body, "kontakty_build_info") {
		t.Error("the metrics are beside the API, too")
	}
	address := "http://" + m.metricsServer.listen.Addr().String()
	metricsWith(t, address+"/metrics", "kontakty_database_up 1")
	if status, _ := get(t, "", address+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answers %d", status)
	}
	if status, _ := get(t, "", address+"/graphql"); status != http.StatusNotFound {
		t.Errorf("the API is there, too: %d", status)
	}

	config.Files.Concurrency = 1
	worker := NewWorker(config, slog.New(slog.DiscardHandler), time.Now)
	if err := worker.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	key := allowed(t, database.Pool)
	say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: TODAY}}}) { download { id } } }`, nil)
	made := regexp.MustCompile(`(?m)^kontakty_downloads_duration_seconds_count 1$`)
	until(t, "one of the two processes made the file", func() bool {
		_, server := get(t, "", address+"/metrics")
		_, other := get(t, "", "http://"+worker.backend.metricsServer.listen.Addr().String()+"/metrics")
		return made.MatchString(server) != made.MatchString(other)
	})
	if err := worker.Close(); err != nil {
		t.Error(err)
	}
}

func TestImportMetrics_CountLines(t *testing.T) {
	t.Parallel()
	m, err := WatchImport(t.Context(), "127.0.0.1:0", "1", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.Progress(ingest.Progress{Lines: 10, Skipped: 2, Elapsed: time.Second})
	m.Progress(ingest.Progress{Lines: 30, Skipped: 3, Elapsed: 3 * time.Second})
	metricsWith(t, "http://"+m.server.listen.Addr().String()+"/metrics", `kontakty_import_lines_total\{result="landed"\} 27`,
		`kontakty_import_lines_total\{result="skipped"\} 3`, `kontakty_database_statement_duration_seconds_sum\{kind="chunk",server="primary"\} 3`)
	m.Close()
	m, err = WatchImport(t.Context(), "", "1", false, nil)
	if err != nil || m.server != nil {
		t.Errorf("without an address: %v %v", m, err)
	}
	m.Progress(ingest.Progress{Lines: 10})
	m.Close()
}
