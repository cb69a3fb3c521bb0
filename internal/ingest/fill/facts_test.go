package fill_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/fill"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// call is a line of a campaign's inbound call that was lost in its last tile, or reached an agent.
func call(i int, start time.Time, tile string, agent bool) string {
	at := func(seconds int) string { return start.Add(time.Duration(seconds) * time.Second).Format(time.RFC3339) }
	steps := fmt.Sprintf(`{"name":%q,"kind":"ANNOUNCEMENT","enteredAt":%q,"leftAt":%q}`, tile, at(0), at(7))
	rest := ""
	if agent {
		steps += fmt.Sprintf(`,{"name":"Kolejka","kind":"QUEUE","enteredAt":%q,"leftAt":%q},{"name":"Agent","kind":"AGENT","enteredAt":%q,"leftAt":%q}`, at(7), at(19), at(19), at(40))
		rest = `"agent":{"externalId":"a","name":"Anna"},"agentTalkTime":20,`
	}
	return fmt.Sprintf(`{"externalId":"c%d","type":"CAMPAIGN_INBOUND_CALL","status":"ANSWERED","startedAt":%q,"sourceAddress":"501 723 894",%s"ivrSteps":[%s]}`+"\n",
		i, at(0), rest, steps)
}

// factsWorld is a database with 3,000 calls of each of two months, a third of which reached an agent, and as many e-mails.
func factsWorld(t *testing.T) *postgres.Pool {
	t.Helper()
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	var lines strings.Builder
	for i := range 6000 {
		start := time.Date(2024, time.Month(1+i/3000), 2, 8, 0, i%3000, 0, time.UTC)
		lines.WriteString(call(i, start, []string{"Menu", "Godziny otwarcia"}[i%2], i%3 == 0))
		fmt.Fprintf(&lines, `{"externalId":"e%d","type":"INBOUND_EMAIL","status":"ANSWERED","startedAt":%q}`+"\n", i, start.Format(time.RFC3339))
	}
	if _, err := ingest.Import(t.Context(), pool, strings.NewReader(lines.String()), ingest.Config{}); err != nil {
		t.Fatal(err)
	}
	return pool
}

func factsOf(t *testing.T, pool *postgres.Pool) (all string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `SELECT string_agg(format('%s %s %s %s %s', n, f.outcome, f.queue_time, f.time_to_answer, f.lost_after), E'\n')
		FROM (SELECT count(*) AS n, outcome, queue_time, time_to_answer, lost_after FROM contacts
			GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5) f`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func executeFacts(t *testing.T, pool *postgres.Pool, statement string) int64 {
	t.Helper()
	done, err := pool.Exec(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	return done.RowsAffected()
}

func atOnce(time.Duration) error { return nil }

func TestFacts_AreThoseOfAnImportAfterwardsToo(t *testing.T) {
	t.Parallel()
	pool := factsWorld(t)
	imported := factsOf(t, pool)
	if want := "2000 REACHED_AGENT 12 13 \n4000 LOST_IN_IVR   7\n6000    "; imported != want {
		t.Fatalf("the import wrote\n%s\nwant\n%s", imported, want)
	}
	if err := fill.CheckFacts(t.Context(), pool); err != nil {
		t.Errorf("after an import: %v", err)
	}
	// As an earlier version left them.
	executeFacts(t, pool, "UPDATE contacts SET outcome = NULL, queue_time = NULL, time_to_answer = NULL, lost_after = NULL, client = NULL")
	executeFacts(t, pool, "UPDATE fact_rules SET contact_started_at = '1900-01-01Z', contact_id = 0")
	if err := fill.CheckFacts(t.Context(), pool); !errors.Is(err, fill.ErrFactsMissing) {
		t.Errorf("without facts: %v", err)
	}
	stop := errors.New("killed")
	done, err := fill.Facts(t.Context(), pool, func(time.Duration) error { return stop })
	if !errors.Is(err, stop) || done != 5000 || fill.CheckFacts(t.Context(), pool) == nil {
		t.Fatalf("the first batch had %d contacts (%v)", done, err)
	}
	if done, err = fill.Facts(t.Context(), pool, atOnce); err != nil || done != 7000 {
		t.Fatalf("the others were %d (%v)", done, err)
	}
	if got := factsOf(t, pool); got != imported {
		t.Errorf("afterwards the facts are\n%s\nwant\n%s", got, imported)
	}
	if n := executeFacts(t, pool, "SELECT FROM contacts WHERE client IS DISTINCT FROM (SELECT max(client) FROM contacts) AND type <> 'INBOUND_EMAIL'"); n > 0 {
		t.Errorf("%d calls have another client, or none", n)
	}
	if err := fill.CheckFacts(t.Context(), pool); err != nil {
		t.Errorf("with all facts: %v", err)
	}
	if done, err := fill.Facts(t.Context(), pool, nil); done != 0 || err != nil {
		t.Errorf("once more %d were worked out (%v)", done, err)
	}
}

func TestFacts_AreCompletedForAProgramThatKnowsNone(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	executeFacts(t, pool, "SELECT ensure_contact_partitions('2024-01-01Z', '2024-02-01Z')")
	executeFacts(t, pool, `INSERT INTO contacts (id, started_at, type, status, external_id)
		SELECT i, '2024-01-31Z'::timestamptz + i * interval '1 day', 'INBOUND_CALL', 'NO_ANSWER', 'c' || i FROM generate_series(0, 1) i`)
	executeFacts(t, pool, "INSERT INTO contacts (id, started_at, type, status, external_id) VALUES (9, '2024-01-31Z', 'OUTBOUND_SMS', 'ANSWERED', 'c9')")
	if done, err := fill.Facts(t.Context(), pool, nil); done != 3 || err != nil {
		t.Errorf("%d were completed (%v)", done, err)
	}
	if got, want := factsOf(t, pool), "2 LOST_WHILE_RINGING   \n1    "; got != want {
		t.Errorf("the facts are\n%s\nwant\n%s", got, want)
	}
	if n := executeFacts(t, pool, "SELECT FROM contacts WHERE facts_missing"); n > 0 {
		t.Errorf("%d still lack theirs", n)
	}
}

func TestDerive_ChangesTheRulesForAllThatWrite(t *testing.T) {
	t.Parallel()
	pool := factsWorld(t)
	if err := fill.Derive(t.Context(), pool, []string{"Godziny otwarcia"}); err != nil {
		t.Fatal(err)
	}
	late := call(6001, time.Date(2024, 2, 3, 8, 0, 0, 0, time.UTC), "Godziny otwarcia", false)
	if _, err := ingest.Import(t.Context(), pool, strings.NewReader(late), ingest.Config{}); err != nil {
		t.Fatal(err)
	}
	if got := factsOf(t, pool); !strings.Contains(got, "1 SELF_SERVED") {
		t.Errorf("what is imported after the change has the facts\n%s", got)
	}
	if done, err := fill.Facts(t.Context(), pool, atOnce); err != nil || done != 12_001 {
		t.Errorf("%d were worked out anew (%v)", done, err)
	}
	if got, want := factsOf(t, pool), "2000 REACHED_AGENT 12 13 \n2001 SELF_SERVED   \n2000 LOST_IN_IVR   7\n6000    "; got != want {
		t.Errorf("the facts are\n%s\nwant\n%s", got, want)
	}
}

func TestFacts_AreThoseOfTheNewestVersion(t *testing.T) {
	t.Parallel()
	pool := factsWorld(t)
	land := func(i int) {
		t.Helper()
		line := call(i, time.Date(2024, 2, 3, 8, 0, 0, 0, time.UTC), "Menu", false)
		if _, err := ingest.Import(t.Context(), pool, strings.NewReader(line), ingest.Config{}); err != nil {
			t.Fatal(err)
		}
	}
	// The database was filled by an earlier version.
	executeFacts(t, pool, "UPDATE fact_rules SET version = version - 1")
	land(6001)
	if err := fill.CheckFacts(t.Context(), pool); !errors.Is(err, fill.ErrFactsMissing) {
		t.Errorf("facts of older rules: %v", err)
	}
	if done, err := fill.Facts(t.Context(), pool, atOnce); err != nil || done != 12_001 {
		t.Errorf("%d of older rules were worked out anew (%v)", done, err)
	}
	// A later version fills it, while this one still writes.
	executeFacts(t, pool, "UPDATE fact_rules SET version = version + 1, contact_started_at = '1900-01-01Z', contact_id = 0")
	land(6002)
	if done, err := fill.Facts(t.Context(), pool, atOnce); err != nil || done != 0 {
		t.Errorf("%d of newer rules were worked out (%v)", done, err)
	}
	executeFacts(t, pool, "UPDATE fact_rules SET version = version - 1, contact_started_at = NULL, contact_id = NULL")
	if done, err := fill.Facts(t.Context(), pool, nil); err != nil || done != 1 {
		t.Errorf("the later version finds %d that this one wrote (%v)", done, err)
	}
}
