package main

import (
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestDerive_MakesServedOfWhatWasLost(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	where := []string{"--database-url", database.URL}
	execute := func(statement string) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	outcome := func() (name string) {
		t.Helper()
		if err := database.Pool.QueryRow(t.Context(), "SELECT coalesce(outcome::text, 'none') FROM contacts").Scan(&name); err != nil {
			t.Fatal(err)
		}
		return name
	}
	execute("SELECT ensure_contact_partitions('2024-03-01Z', '2024-03-01Z')")
	execute("INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (1, '2024-03-04Z', 'CAMPAIGN_INBOUND_CALL', 'ANSWERED', 'a')")
	execute("INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, name) VALUES ('2024-03-04Z', 1, 1, 'ANNOUNCEMENT', '2024-03-04Z', 'Godziny otwarcia')")
	// As an earlier version left it.
	execute("UPDATE contacts SET facts_missing = NULL")
	execute("UPDATE fact_rules SET contact_started_at = '1900-01-01Z', contact_id = 0")

	serve := append([]string{"serve", "--listen", "127.0.0.1:0", "--data-dir", dataDir(t)}, where...)
	if status, out, errs := command(t, nil, serve...); status != statusFailed || !strings.Contains(errs, "kontakty migrate up") {
		t.Fatalf("serve without facts: status %d\n%s%s", status, out, errs)
	}
	if out := mustRun(t, append([]string{"migrate", "up"}, where...)...); !strings.Contains(out, "facts of 1 contacts worked out") || outcome() != "LOST_IN_IVR" {
		t.Errorf("after migrate up it is %s:\n%s", outcome(), out)
	}
	derive := append([]string{"derive", "--self-service-tiles", "Godziny otwarcia,Stan konta"}, where...)
	if out := mustRun(t, derive...); !strings.Contains(out, "Godziny otwarcia, Stan konta") || outcome() != "SELF_SERVED" {
		t.Errorf("after derive it is %s:\n%s", outcome(), out)
	}
	if mustRun(t, append([]string{"derive"}, where...)...); outcome() != "LOST_IN_IVR" {
		t.Errorf("without a tile it is %s", outcome())
	}
	if status, _, errs := command(t, nil, append([]string{"derive", "--self-service-tiles", "Menu,, "}, where...)...); status != statusWrong || !strings.Contains(errs, "--self-service-tiles") {
		t.Errorf("an empty name: status %d\n%s", status, errs)
	}
}
