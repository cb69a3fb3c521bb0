package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/kontakty/kontakty/internal/statement"
)

// scraped is what Prometheus is told.
func scraped(t *testing.T, m *Metrics) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	m.Handler().ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	return recorder.Body.String()
}

func TestMetrics_CountOperationsAndTheirErrors(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	m.Operation("contacts", "", time.Second, false)
	m.Operation("contacts", "RATE_LIMITED", time.Second, false)
	m.Operation("downloadUpdated", "UNAVAILABLE", time.Hour, true)
	m.FileFailed("STORAGE_FULL")
	text := scraped(t, m)
	for _, line := range []string{
		`kontakty_operation_duration_seconds_count{operation="contacts"} 2`,
		`kontakty_operation_errors_total{code="RATE_LIMITED",operation="contacts"} 1`,
		`kontakty_operation_errors_total{code="UNAVAILABLE",operation="downloadUpdated"} 1`,
		`kontakty_rate_limited_total 1`,
		`kontakty_downloads_failed_total{code="STORAGE_FULL"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not told:\n%s", line, text)
		}
	}
	if strings.Contains(text, `_duration_seconds_count{operation="downloadUpdated"`) {
		t.Error("a subscription has a time")
	}
}

func TestMetrics_CountFilesAndContacts(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	m.FileMade(7, 2*time.Second)
	m.FileMade(5, time.Second)
	m.Recorded(1, 2, 3, 4, 5)
	m.Refreshed(time.Second, map[string]int{"agents": 8})
	text := scraped(t, m)
	for _, line := range []string{
		`kontakty_downloads_rows_total 12`, `kontakty_downloads_duration_seconds_sum 3`,
		`kontakty_recorded_contacts_total{result="recorded"} 1`, `kontakty_recorded_contacts_total{result="replaced"} 2`,
		`kontakty_recorded_contacts_total{result="unchanged"} 3`, `kontakty_recorded_contacts_total{result="stale"} 4`,
		`kontakty_recorded_contacts_total{result="skipped"} 5`,
		`kontakty_directory_refresh_seconds_sum 1`, `kontakty_directory_things{kind="agents"} 8`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not told:\n%s", line, text)
		}
	}
}

func TestMetrics_TellTheRoomOfDisksThatAreThere(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	m.WatchStorage("data", t.TempDir())
	m.WatchStorage("files", t.TempDir()+"/absent")
	text := scraped(t, m)
	room := map[string]float64{}
	for _, found := range regexp.MustCompile(`(?m)^kontakty_storage_(free|size)_bytes{what="data"} (.*)$`).FindAllStringSubmatch(text, -1) {
		room[found[1]], _ = strconv.ParseFloat(found[2], 64)
	}
	if room["free"] <= 0 || room["free"] >= room["size"] || strings.Contains(text, `what="files"`) {
		t.Errorf("told: %v\n%s", room, text)
	}
}

func TestTracer_TellsTheLogOfSlowStatements(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ctx  context.Context
		took time.Duration
		err  error
		want []string // of the log; nothing for silence
		kind string
	}{
		"fast":         {t.Context(), slow / 2, nil, nil, "job"},
		"slow":         {t.Context(), 2 * slow, nil, []string{"kind=job", "ms=2", "rows=3", "failed=false"}, "job"},
		"slow, failed": {statement.With(t.Context(), statement.Page), slow, errors.New("secret"), []string{"kind=page", "failed=true"}, "page"},
	} {
		var log bytes.Buffer
		m := NewMetrics("1")
		tracer := m.Tracer(statement.Job, slog.New(slog.NewTextHandler(&log, nil)))
		ctx := tracer.TraceQueryStart(c.ctx, nil, pgx.TraceQueryStartData{SQL: "secret"})
		ctx = context.WithValue(ctx, begunKey{}, time.Now().Add(-c.took))
		tracer.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{CommandTag: pgconn.NewCommandTag("SELECT 3"), Err: c.err})
		for _, told := range c.want {
			if !strings.Contains(log.String(), told) {
				t.Errorf("%s: the log does not tell %s: %s", name, told, &log)
			}
		}
		if c.want == nil && log.Len() > 0 || strings.Contains(log.String(), "secret") {
			t.Errorf("%s: the log tells %s", name, &log)
		}
		if !strings.Contains(scraped(t, m), `kontakty_database_statement_duration_seconds_count{kind="`+c.kind+`",server="primary"} 1`) {
			t.Errorf("%s: it is not measured as %s", name, c.kind)
		}
	}
}

func TestMetrics_TellNothingBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	m := NewMetrics("1")
	read := func() string {
		return strings.Join(regexp.MustCompile(`(?m)^kontakty_(database_up|write_lock|downloads_oldest|contacts_newest|partition).*$`).
			FindAllString(scraped(t, m), -1), "\n")
	}
	if text := read(); text != "" { // alerts would take a 0 for a fault, or for none
		t.Errorf("told before the database was asked:\n%s", text)
	}
	m.DatabaseUp(true)
	m.LockWait(time.Second)
	m.Queue(1, 1, time.Second)
	m.Contacts(time.Second, 2)
	if text := read(); strings.Count(text, "\n") != 4 || !strings.Contains(text, "kontakty_partition_months_ahead 2") {
		t.Errorf("told:\n%s", text)
	}
}

// names are those of all metrics, with the names of their labels; a histogram has three.
func names(m *Metrics) map[string][]string {
	m.WatchPools(map[string]*pgxpool.Pool{})
	described := make(chan *prometheus.Desc)
	go func() {
		m.registry.Describe(described)
		close(described)
	}()
	form := regexp.MustCompile(`fqName: "(\w+)".*variableLabels: {([\w,]*)}`)
	all := map[string][]string{}
	for one := range described {
		found := form.FindStringSubmatch(one.String())
		for _, suffix := range []string{"", "_bucket", "_sum", "_count"} {
			all[found[1]+suffix] = append(strings.Split(found[2], ","), "instance", "le")
		}
	}
	return all
}

// fixedValues are the values of the labels that the dashboard and the alerts narrow by, as the sources that emit them write them.
func fixedValues(t *testing.T) map[string][]string {
	t.Helper()
	values := map[string][]string{"reason": {"unavailable"}}
	for label, from := range map[string]struct{ file, form string }{
		"code":      {"../fault/fault.go", `(?m)^\t\w+ Code = "([A-Z_]+)"$`},
		"kind":      {"../statement/statement.go", `(?m)^\t\w+ Kind = "(\w+)"$`},
		"operation": {"../../graph/schema/contact.graphqls", `(?m)^  (contacts)\(`},
		"reason":    {"../server/metrics.go", `\bfault\.\w+: "(\w+)"`},
	} {
		content, err := os.ReadFile(from.file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(from.form).FindAllSubmatch(content, -1)
		if len(found) == 0 {
			t.Fatalf("%s has no value of the label %s", from.file, label)
		}
		for _, one := range found {
			values[label] = append(values[label], string(one[1]))
		}
	}
	return values
}

// narrowed are the values of labels that an expression of PromQL asks for, a pattern taken apart.
func narrowed(expression string) map[string][]string {
	values := map[string][]string{}
	for _, found := range regexp.MustCompile(`(\w+)\s*[=!][=~]?\s*"([^"]*)"`).FindAllStringSubmatch(expression, -1) {
		values[found[1]] = append(values[found[1]], strings.Split(found[2], "|")...)
	}
	return values
}

// asked are the metrics of an expression of PromQL, and the labels that it narrows or groups by.
func asked(expression string) (metrics, labels []string) {
	labels = slices.Collect(maps.Keys(narrowed(expression)))
	for _, group := range regexp.MustCompile(`by \(([\w, ]+)\)`).FindAllStringSubmatch(expression, -1) {
		labels = append(labels, strings.Split(group[1], ", ")...)
	}
	return regexp.MustCompile(`\b(kontakty|go|process)_\w+`).FindAllString(expression, -1), labels
}

// TestMetrics_AreWhatDashboardAndAlertsName reads both and finds every metric, label and value of a label that they name.
func TestMetrics_AreWhatDashboardAndAlertsName(t *testing.T) {
	t.Parallel()
	var dashboard struct {
		Title  string
		Panels []struct {
			ID      int
			Title   string
			Type    string
			GridPos struct{ H, W, X, Y int }
			Targets []struct{ Expr string }
		}
	}
	content, err := os.ReadFile("../../dist/grafana/kontakty.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &dashboard); err != nil {
		t.Fatalf("the dashboard: %v", err)
	}
	var alerts struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if content, err = os.ReadFile("../../dist/prometheus/alerts.yml"); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(content, &alerts, yaml.Strict()); err != nil {
		t.Fatalf("the alerts: %v", err)
	}
	expressions := map[string]string{}
	for _, panel := range dashboard.Panels {
		if panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			expressions["the panel "+panel.Title+": "+target.Expr] = target.Expr
		}
	}
	for _, group := range alerts.Groups {
		for _, rule := range group.Rules {
			if rule.Alert == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" || rule.Labels["severity"] == "" {
				t.Errorf("an alert says too little: %+v", rule)
			}
			expressions["the alert "+rule.Alert] = rule.Expr
		}
	}
	if len(expressions) < 40 {
		t.Fatalf("%d expressions are found", len(expressions))
	}
	exist, fixed := names(NewMetrics("1")), fixedValues(t)
	for where, expression := range expressions {
		metrics, labels := asked(expression)
		if len(metrics) == 0 || strings.Count(expression, "(") != strings.Count(expression, ")") {
			t.Errorf("%s: %s", where, expression)
		}
		var known []string
		for _, name := range metrics {
			if _, found := exist[name]; !found {
				t.Errorf("%s names %s, which does not exist", where, name)
			}
			known = append(known, exist[name]...)
		}
		for _, label := range labels {
			if !slices.Contains(known, label) {
				t.Errorf("%s names the label %s, which none of its metrics has", where, label)
			}
		}
		for label, values := range narrowed(expression) {
			for _, value := range values {
				if label != "instance" && !slices.Contains(fixed[label], value) {
					t.Errorf("%s asks for %s=%q, which nothing emits", where, label, value)
				}
			}
		}
	}
}
