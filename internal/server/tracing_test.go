package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/tracing/tracingtest"
)

// It sets the environment of the process, and so runs alone.
func TestTraces_FollowARequestToItsStatementsAndItsFile(t *testing.T) {
	collector := tracingtest.New(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	database := pgtest.New(t)
	config, log := configFor(t, database.URL), &syncedBuffer{}
	config.Traces = true
	m, key := New(config, slog.New(slog.NewTextHandler(log, nil)), time.Now), allowed(t, database.Pool)
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	const trace, caller = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	response := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{
		"Content-Type": {"application/json"}, "Traceparent": {"00-" + trace + "-" + caller + "-01"},
	}, strings.NewReader(`{"query": "query secret { contacts(filter: {period: {preset: TODAY}}) { totalCount nodes { id } } }"}`))
	response.Body.Close()
	say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: TODAY}}}) { download { id } } }`, nil)
	get(t, "", m.URL()+"/readyz")
	until(t, "the file is made", func() (made bool) {
		if err := database.Pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM downloads WHERE state = 'READY')").Scan(&made); err != nil {
			t.Fatal(err)
		}
		return made
	})
	if err := m.Close(); err != nil {
		t.Error(err)
	}

	var order, file tracingtest.Span
	ids, parents, names := map[string]string{}, map[string]string{}, map[string]bool{}
	for _, span := range collector.Spans() {
		names[span.Name] = true
		switch {
		case span.Name == "mutation exportContacts":
			order = span
		case span.Name == "file":
			file = span
		case span.Trace == trace:
			ids[span.Name], parents[span.Name] = span.ID, span.Parent
		}
	}
	for child, parent := range map[string]string{
		"POST /graphql": caller, "query contacts": ids["POST /graphql"], "statement access": ids["POST /graphql"],
		"statement page": ids["query contacts"], "statement count": ids["query contacts"],
	} {
		if parents[child] == "" || parents[child] != parent {
			t.Errorf("%s is below %q, want %q: %v", child, parents[child], parent, ids)
		}
	}
	if order.Trace == "" || len(file.Links) != 1 || file.Links[0] != order.Trace || file.Trace == order.Trace || file.Attributes["kontakty.lines"] != "0" {
		t.Errorf("the file is %+v, its order %+v", file, order)
	}
	within := 0
	for _, span := range collector.Spans() {
		if span.Trace == file.Trace && span.Parent == file.ID && span.Name == "statement file" {
			within++
		}
	}
	if within == 0 {
		t.Error("the file has no statements")
	}
	if names["GET /readyz"] || strings.Contains(string(collector.Sent()), "secret") {
		t.Errorf("sent: %v", names)
	}
	if line := fmt.Sprintf("operation=contacts trace_id=%s span_id=%s\n", trace, ids["POST /graphql"]); !strings.Contains(log.String(), line) {
		t.Errorf("no line of the log ends with %s", line)
	}
}

func TestTraces_OfAnImportHaveItsChunks(t *testing.T) {
	collector := tracingtest.New(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	watch, err := WatchImport(t.Context(), "", "1", true, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	watch.Progress(ingest.Progress{Lines: 10, Skipped: 2, Elapsed: time.Second})
	watch.Close()
	var names []string
	for _, span := range collector.Spans() {
		names = append(names, span.Name+" "+span.Attributes["kontakty.lines.landed"])
	}
	if got := fmt.Sprint(names); got != "[chunk 8 import ]" {
		t.Errorf("sent: %s", got)
	}
}
