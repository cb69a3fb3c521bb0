package ingest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

// bankVariable names the directory with the contacts of a real call centre, which are not ours to publish.
const bankVariable = "KONTAKTY_BANK_DATA"

func bankFile(t testing.TB, name string) *os.File {
	t.Helper()
	directory := os.Getenv(bankVariable)
	if directory == "" {
		t.Skip(bankVariable + " is not set: the bank's contacts, which are not public, are not tested here")
	}
	file, err := os.Open(filepath.Join(directory, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// figures are those of the report that a statement can add up.
type figures struct {
	Contacts, DetailedLines, IVRTime, AgentTalkTime, TalkTime, WithAgent int
}

func TestImport_TakesTheBanksMonthTwiceTheSame(t *testing.T) {
	t.Parallel()
	var expected struct {
		Contacts, Agents int
		Figures          map[string]figures
	}
	if err := json.NewDecoder(bankFile(t, "bank-february.expected.json")).Decode(&expected); err != nil {
		t.Fatal(err)
	}
	db := pgtest.New(t)
	pool := db.Open(t, postgres.Config{PreparedStatements: true})
	for _, want := range []ingest.Result{
		{Lines: expected.Contacts + expected.Agents, Recorded: expected.Contacts, Described: expected.Agents},
		{Lines: expected.Contacts + expected.Agents, Unchanged: expected.Contacts, Described: expected.Agents},
	} {
		result, err := ingest.Import(t.Context(), pool, bankFile(t, "bank-february.ndjson.gz"), ingest.Config{
			Faulty: func(f format.Fault) { t.Error(f.Error()) },
		})
		if err != nil || result != want {
			t.Fatalf("%+v %v, want %+v", result, err, want)
		}
		for name, where := range map[string]string{
			"all":             "true",
			"status=ANSWERED": "status = 'ANSWERED'",
			"no agent":        "agent_id IS NULL",
			"group=Giełda":    "agent_id IN (SELECT agent_id FROM agent_group_members m JOIN agent_groups g ON g.id = agent_group_id WHERE g.name = 'Giełda')",
			"day=2024-03-10":  "(started_at AT TIME ZONE 'Europe/Warsaw')::date = '2024-03-10'",
			"campaign=PS":     "campaign_id = (SELECT id FROM campaigns WHERE external_id = 'PS')",
		} {
			var got figures
			if err := pool.QueryRow(t.Context(), `SELECT count(*), sum(CASE WHEN type = 'CAMPAIGN_INBOUND_CALL' THEN greatest(1,
				(SELECT count(*) FROM ivr_steps s WHERE s.contact_started_at = c.started_at AND s.contact_id = c.id)) ELSE 1 END),
				sum(ivr_time), coalesce(sum(agent_talk_time), 0), sum(talk_time), count(agent_id) FROM contacts c WHERE `+where).
				Scan(&got.Contacts, &got.DetailedLines, &got.IVRTime, &got.AgentTalkTime, &got.TalkTime, &got.WithAgent); err != nil {
				t.Fatal(err)
			}
			if want, known := expected.Figures[name]; !known || got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
		var outcomes string
		if err := pool.QueryRow(t.Context(), `SELECT string_agg(outcome || ' ' || n, ', ' ORDER BY n DESC)
			FROM (SELECT outcome, count(*) AS n FROM contacts GROUP BY 1) o`).Scan(&outcomes); err != nil {
			t.Fatal(err)
		}
		if want := "REACHED_AGENT 26671, LOST_IN_QUEUE 3963, LOST_IN_IVR 1941, LOST_WHILE_RINGING 491, LOST_BY_FAILURE 278"; outcomes != want {
			t.Errorf("the outcomes are %s, want %s", outcomes, want)
		}
	}
}
