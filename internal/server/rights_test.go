package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestServer_ServesUnderARoleThatOwnsNothing(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	role := "app_" + time.Now().Format("150405_000000000")
	execute := func(sql string) error {
		_, err := database.Pool.Exec(context.Background(), sql)
		return err
	}
	if err := execute("CREATE ROLE " + role + " LOGIN"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute("DROP OWNED BY " + role + "; DROP ROLE " + role); err != nil {
			t.Error(err)
		}
	})
	grants, err := postgres.Grants(t.Context(), database.Pool, role)
	if err != nil {
		t.Fatal(err)
	}
	for _, grant := range grants {
		if err := execute(grant); err != nil {
			t.Fatalf("%s: %v", grant, err)
		}
	}
	through, err := url.Parse(database.URL)
	if err != nil {
		t.Fatal(err)
	}
	values := through.Query()
	values.Set("user", role)
	through.User, through.RawQuery = nil, values.Encode()
	m := started(t, configFor(t, through.String()), slog.New(slog.DiscardHandler))

	// A month that nothing was in before.
	line := fmt.Sprintf(`{"kind": "contact", "externalId": "A-1", "type": "INBOUND_CALL", "status": "ANSWERED", "startedAt": "2019-03-04T08:09:16Z"}`+"\n"+
		`{"kind": "contact", "externalId": "A-2", "type": "INBOUND_CALL", "status": "ANSWERED", "startedAt": %q}`, time.Now().Add(-time.Hour).Format(time.RFC3339))
	imported, err := ingest.Import(t.Context(), m.work, strings.NewReader(line), ingest.Config{})
	if err != nil || imported.Recorded != 2 {
		t.Fatalf("importing: %+v, %v", imported, err)
	}
	if recorded := say(t, m, key, fmt.Sprintf(`mutation { recordContacts(input: {contacts: [{externalId: "B-1", type: CHAT, status: ANSWERED, startedAt: %q}]}) { recorded } }`,
		time.Now().Add(-time.Hour).Format(time.RFC3339)), nil); recorded.code != "" {
		t.Errorf("recording: %s", recorded.content)
	}
	if page := say(t, m, key, `{ contacts(filter: {period: {preset: LAST_7_DAYS}}) { totalCount nodes { id ivrSteps { name } } } }`, nil); !strings.Contains(page.content, `"totalCount":2`) {
		t.Errorf("a page: %s", page.content)
	}
	order := say(t, m, key, `mutation { exportContacts(input: {filter: {period: {preset: LAST_7_DAYS}}, kind: DETAILED}) { download { id } } }`, nil)
	if order.code != "" {
		t.Fatalf("ordering: %s", order.content)
	}
	stream := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{"Content-Type": {"application/json"}, "Accept": {"text/event-stream"}},
		strings.NewReader(`{"query": "subscription { downloadUpdated(id: \"`+strings.Split(order.content, `"`)[9]+`\") { state } }"}`))
	defer stream.Body.Close()
	if heard, err := io.ReadAll(stream.Body); !strings.Contains(string(heard), `"READY"`) {
		t.Errorf("the file is not ready: %v after %s", err, heard)
	}
	if _, err := m.work.Exec(t.Context(), "SELECT settle_partition('contacts_201903')"); err != nil {
		t.Errorf("counting the rows of a month: %v", err)
	}
	for _, refused := range []string{
		"SELECT settle_partition('api_keys')", "DELETE FROM bun_migrations", "UPDATE audit_events SET action = ''", "DROP TABLE contacts",
	} {
		if _, err := m.work.Exec(t.Context(), refused); err == nil {
			t.Errorf("the role may: %s", refused)
		}
	}
}
