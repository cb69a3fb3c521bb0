package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestServer_ServesThroughAPoolerInTransactionMode(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	config := configFor(t, database.PgBouncer(t, 3))
	config.Database.DirectURL = database.URL
	config.StatementTimeout = 2 * time.Second
	m := New(config, slog.New(slog.DiscardHandler), time.Now)
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !m.database.pooled {
		t.Error("the pooler was not noticed")
	}
	started := time.Now().Add(-time.Hour)
	for i := range 20 {
		recorded := say(t, m, key, fmt.Sprintf(`mutation { recordContacts(input: {contacts: [{externalId: "A-%d", type: INBOUND_CALL, status: ANSWERED, startedAt: %q,
			sourceAddress: "+48501723894", agent: {externalId: "anna", name: "Anna"}, record: {externalId: "R-%d"},
			ivrSteps: [{name: "Menu", kind: MENU, enteredAt: %[2]q}]}]}) { recorded } }`, i, started.Format(time.RFC3339), i), nil)
		if recorded.code != "" || !strings.Contains(recorded.content, `"recorded":1`) {
			t.Fatalf("recording: %s", recorded.content)
		}
	}
	for range 30 {
		page := say(t, m, key, `{ contacts(filter: {period: {preset: LAST_7_DAYS}}) { totalCount nodes { id agent { name } record { externalId } ivrSteps { name } } } }`, nil)
		if !strings.Contains(page.content, `"totalCount":20`) || strings.Count(page.content, `"Menu"`) != 20 || strings.Count(page.content, `"externalId":"R-`) != 20 {
			t.Fatalf("a page: %s", page.content)
		}
	}

	// What is made elsewhere is notified of past the pooler.
	if _, err := database.Pool.Exec(t.Context(), "INSERT INTO campaigns (external_id, name) VALUES ('elsewhere', 'Made elsewhere')"); err != nil {
		t.Fatal(err)
	}
	until(t, "a campaign that was made elsewhere is listed", func() bool {
		return strings.Contains(say(t, m, key, `{ campaigns(first: 10) { nodes { name } } }`, nil).content, "Made elsewhere")
	})

	order := say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: LAST_7_DAYS}}, kind: DETAILED}) { download { id } } }`, nil)
	if order.code != "" {
		t.Fatalf("ordering: %s", order.content)
	}
	node := strings.Split(order.content, `"`)[9]
	stream := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}},
		strings.NewReader(`{"query": "subscription { downloadUpdated(id: \"`+node+`\") { state } }"}`))
	defer stream.Body.Close()
	if heard, err := io.ReadAll(stream.Body); !strings.Contains(string(heard), `"READY"`) {
		t.Fatalf("the file is not ready: %v after %s", err, heard)
	}

	lock, err := database.Pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(t.Context(), "LOCK TABLE contacts"); err != nil {
		t.Fatal(err)
	}
	if late := say(t, m, key, `{ contacts(filter: {period: {preset: LAST_7_DAYS}}) { nodes { id } } }`, nil); late.code != "TIMEOUT" {
		t.Errorf("a page that takes too long: %s", late.content)
	}
	if err := lock.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	until(t, "no advisory lock is left", func() bool {
		var left int
		if err := database.Pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
}

func TestDatabase_RefusesAPoolerWithoutAWayPastIt(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	through := database.PgBouncer(t, 3)
	for wanted, config := range map[string]DatabaseConfig{
		"name a way past it with --direct-database-url":   {URL: through},
		"leads through a pooler in transaction mode, too": {URL: through, DirectURL: through + "&connect_timeout=7"},
		"lead to different databases":                     {URL: through, DirectURL: pgtest.New(t).URL},
	} {
		if _, err := OpenDatabase(t.Context(), config, nil); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("%v, want that it says %q", err, wanted)
		}
	}
}
