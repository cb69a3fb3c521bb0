package sample_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/sample"
)

// little is a set of data that is loaded in a moment.
var little = sample.Config{Contacts: 3_000, Months: 2, Seed: 5, Until: demo.Until}

func load(t *testing.T, pool *postgres.Pool, o sample.Config) sample.Result {
	t.Helper()
	result, err := sample.Load(t.Context(), pool, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// lines are a query's first column.
func lines(t *testing.T, pool *postgres.Pool, query string) []string {
	t.Helper()
	found, err := pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func count(t *testing.T, pool *postgres.Pool, what string) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM "+what).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// dump is all that the tables hold, but for our own numbers.
var dump = map[string]string{
	"agents": `SELECT row_to_json(x)::text FROM (SELECT a.external_id, a.name, a.deleted_at,
		ARRAY(SELECT g.name FROM agent_group_members m JOIN agent_groups g ON g.id = m.agent_group_id WHERE m.agent_id = a.id ORDER BY 1) AS groups
		FROM agents a ORDER BY 1) x`,
	"campaigns":   `SELECT external_id || ' ' || name FROM campaigns ORDER BY 1`,
	"queues":      `SELECT external_id || ' ' || name FROM queues ORDER BY 1`,
	"classifiers": `SELECT external_id || ' ' || name FROM classifiers ORDER BY 1`,
	"SiteCalls":   `SELECT external_id || ' ' || name FROM site_calls ORDER BY 1`,
	"records":     `SELECT row_to_json(x)::text FROM (SELECT external_id, significant_name, significant_value FROM records ORDER BY 1) x`,
	"contacts": `SELECT row_to_json(x)::text FROM (SELECT c.external_id, c.started_at, c.type, c.status, c.hangup_party, c.details_kind,
		p.external_id AS campaign, a.external_id AS agent, q.external_id AS queue, f.external_id AS classifier, s.external_id AS site_call,
		r.external_id AS record, c.ivr_time, c.ring_time, c.agent_talk_time, c.talk_time, c.ticket_id, c.site_call_order_id, c.source_address,
		c.source_key, c.destination_address, c.destination_key, c.cc_addresses, c.bcc_addresses,
		replace(d.content::text, '"attachments": null', '"attachments": []') AS content,
		i.external_id AS identity, i.started_at AS identity_start, i.revision, i.content_hash,
		ARRAY(SELECT row_to_json(y) FROM (SELECT position, kind, entered_at, left_at, name, choice FROM ivr_steps
			WHERE contact_started_at = c.started_at AND contact_id = c.id ORDER BY position) y) AS steps
		FROM contacts c LEFT JOIN campaigns p ON p.id = campaign_id LEFT JOIN agents a ON a.id = agent_id LEFT JOIN queues q ON q.id = queue_id
		LEFT JOIN classifiers f ON f.id = classifier_id LEFT JOIN site_calls s ON s.id = site_call_id LEFT JOIN records r ON r.id = record_id
		LEFT JOIN contact_details d ON d.contact_started_at = c.started_at AND d.contact_id = c.id
		LEFT JOIN contact_identities i ON i.contact_id = c.id ORDER BY 1) x`,
	"loose ends": `SELECT (SELECT count(*) FROM contact_identities)::text || ' ' || (SELECT count(*) FROM ivr_steps) || ' ' || (SELECT count(*) FROM contact_details)`,
	"indexes": `SELECT c.relname || ' ' || count(*) || ' ' || bool_and(i.indisvalid AND x.relispartition) FROM pg_class c
		JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relispartition AND c.relkind = 'r' GROUP BY c.relname ORDER BY 1`,
	"triggers and constraints": `SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`,
}

func compare(t *testing.T, got, want *postgres.Pool) {
	t.Helper()
	for what, query := range dump {
		g, w := lines(t, got, query), lines(t, want, query)
		if len(g) != len(w) || len(w) == 0 {
			t.Errorf("%s: %d lines, want %d", what, len(g), len(w))
			continue
		}
		for i := range g {
			if g[i] != w[i] {
				t.Errorf("%s, line %d:\n%s\nwant\n%s", what, i+1, g[i], w[i])
				break
			}
		}
	}
}

func TestLoad_LeavesWhatAnImportWould(t *testing.T) {
	t.Parallel()
	loaded, imported := pgtest.New(t).Pool, pgtest.New(t).Pool
	result := load(t, loaded, little)
	if n := count(t, loaded, "contacts"); n != little.Contacts || result.Contacts != n {
		t.Errorf("%d contacts, %d reported", n, result.Contacts)
	}
	if n := count(t, loaded, "ivr_steps"); n == 0 || result.Steps != n {
		t.Errorf("%d steps, %d reported", n, result.Steps)
	}
	if n := count(t, loaded, "records"); n == 0 || result.Records != n {
		t.Errorf("%d records, %d reported", n, result.Records)
	}

	var file bytes.Buffer
	if _, err := sample.New(little).WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	report := func(f format.Fault) { t.Errorf("line %d: %s: %s", f.Line, f.Field, f.Reason) }
	first, err := ingest.Import(t.Context(), imported, bytes.NewReader(file.Bytes()), ingest.Config{Strict: true, Faulty: report})
	if err != nil {
		t.Fatal(err)
	}
	if first.Recorded != little.Contacts {
		t.Errorf("the import recorded %d contacts", first.Recorded)
	}
	compare(t, loaded, imported)

	again, err := ingest.Import(t.Context(), loaded, bytes.NewReader(file.Bytes()), ingest.Config{Faulty: report})
	if err != nil {
		t.Fatal(err)
	}
	if again.Unchanged != little.Contacts || again.Unchanged+again.Described != again.Lines {
		t.Errorf("an import of what was loaded changed something: %+v", again)
	}
}

func TestLoad_RefusesASeedThatIsThere(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	load(t, pool, little)
	again := little
	again.Contacts, again.Until = 100, little.Until.AddDate(0, 1, 0)
	if _, err := sample.Load(t.Context(), pool, again, nil); !errors.Is(err, sample.ErrLoaded) {
		t.Errorf("the error is %v", err)
	}
	if n := count(t, pool, "contacts"); n != little.Contacts {
		t.Errorf("%d contacts", n)
	}
}

func TestLoad_OfAnotherSeedAddsToTheSameMonths(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pool := database.Pool
	load(t, pool, little)
	other := little
	other.Seed, other.Months = 6, 3 // one month more than is there
	load(t, pool, other)
	if n := count(t, pool, "contacts"); n != little.Contacts+other.Contacts {
		t.Errorf("%d contacts", n)
	}
	if n := count(t, pool, "(SELECT 1 FROM contacts GROUP BY id HAVING count(*) > 1) x"); n != 0 {
		t.Errorf("%d numbers are used twice", n)
	}
	if missing := database.Untied(t); missing > 0 {
		t.Errorf("%d ties are missing", missing)
	}
	// What both leave is what two imports leave.
	imported := pgtest.New(t).Pool
	for _, o := range []sample.Config{little, other} {
		var file bytes.Buffer
		if _, err := sample.New(o).WriteTo(&file); err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.Import(t.Context(), imported, &file, ingest.Config{Strict: true}); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, pool, imported)
}

func TestLoad_KeepsWhatArrivesMeanwhile(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	arriving := format.Contact{ExternalID: "other", Type: contact.InboundCall, Status: contact.Answered, StartedAt: little.Until.AddDate(0, 0, -1)}
	arrived := false
	result, err := sample.Load(t.Context(), pool, little, func(sample.Progress) {
		if !arrived {
			arrived = true
			if _, _, faults := ingest.Record(t.Context(), pool, []format.Contact{arriving}, ingest.Bounds{}, nil); faults != nil {
				t.Error(faults)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "contacts"); n != result.Contacts+1 {
		t.Errorf("%d contacts", n)
	}
	// And what arrives afterwards finds its partition, its number and its place.
	arriving.ExternalID = "yet another"
	if _, _, faults := ingest.Record(t.Context(), pool, []format.Contact{arriving}, ingest.Bounds{}, nil); faults != nil {
		t.Error(faults)
	}
}

func TestProgress_RisesToTheEnd(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	var seen []sample.Progress
	if _, err := sample.Load(t.Context(), pool, little, func(p sample.Progress) { seen = append(seen, p) }); err != nil {
		t.Fatal(err)
	}
	for i, p := range seen {
		if p.Total != little.Contacts || i > 0 && p.Contacts < seen[i-1].Contacts || p.Finishing != (i == len(seen)-1) {
			t.Errorf("step %d of %d is %+v", i+1, len(seen), p)
		}
	}
	if len(seen) < 10 || seen[len(seen)-1].Contacts != little.Contacts {
		t.Errorf("%d steps, the last of them %+v", len(seen), seen[len(seen)-1])
	}
}

func TestLoad_LeavesNothingWhenInterrupted(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	for name, interrupted := range map[string]func(sample.Progress) bool{
		"while filling":   func(p sample.Progress) bool { return p.Contacts > little.Contacts/2 },
		"while finishing": func(p sample.Progress) bool { return p.Finishing },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := sample.Load(ctx, pool, little, func(p sample.Progress) {
			if interrupted(p) {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", name, err)
		}
		for _, what := range []string{"contacts", "ivr_steps", "contact_details", "contact_identities", "records"} {
			if n := count(t, pool, what); n != 0 {
				t.Errorf("%s: %d rows of %s are left", name, n, what)
			}
		}
		if n := count(t, pool, "pg_class WHERE relname ~ '^contacts_2'"); n != 0 {
			t.Errorf("%s: %d tables are left", name, n)
		}
	}
	load(t, pool, little)
	if n := count(t, pool, "contacts"); n != little.Contacts {
		t.Errorf("the next load made %d contacts", n)
	}
}

func TestLoad_ClearsAwayWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	// This is how the database looks when the process was killed between two months.
	const left = `CREATE SCHEMA kontakty_loading;
		CREATE TABLE kontakty_loading.contacts_202611 (LIKE contacts INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED);
		CREATE TABLE kontakty_loading.ivr_steps_202611 (nonsense int)`
	if _, err := pool.Exec(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	load(t, pool, little)
	if n := count(t, pool, "pg_namespace WHERE nspname = 'kontakty_loading'"); n != 0 {
		t.Error("the schema is still there")
	}
}

func TestLoad_RunsOneAtATime(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	tried := false
	_, err := sample.Load(t.Context(), pool, little, func(sample.Progress) {
		if tried {
			return
		}
		tried = true
		other := little
		other.Seed++
		if _, err := sample.Load(t.Context(), pool, other, nil); !errors.Is(err, sample.ErrLoading) {
			t.Errorf("the second load's error is %v", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "contacts"); !tried || n != little.Contacts {
		t.Errorf("%d contacts", n)
	}
}

func TestLoad_LetsCountsNeedOnlyTheIndex(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	load(t, pool, little)
	if n := count(t, pool, "pg_class WHERE relispartition AND relkind = 'r' AND relallvisible < relpages"); n != 0 {
		t.Errorf("%d tables were not vacuumed", n)
	}
	if n := count(t, pool, "pg_stats WHERE tablename = 'contacts'"); n == 0 {
		t.Error("contacts was not analysed")
	}
}

func TestLoad_TakesWhatIsUnderWayIntoAnotherMonth(t *testing.T) {
	t.Parallel()
	for _, until := range []time.Time{
		time.Date(2027, time.January, 1, 0, 0, 2, 0, time.UTC), // what rings began in December
		time.Date(2026, time.June, 30, 23, 30, 0, 0, time.UTC), // what waits is for July, in which it is already by the clock in Warsaw
	} {
		pool := pgtest.New(t).Pool
		o := little
		o.Until = until
		load(t, pool, o)
		if n := count(t, pool, "contacts"); n != o.Contacts {
			t.Errorf("%s: %d contacts", until, n)
		}
	}
}

func TestLoad_OfNothingIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.New(t).Pool
	load(t, pool, sample.Config{Contacts: 0, Months: 1, Seed: 1, Until: time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)})
	if n := count(t, pool, "contacts"); n != 0 {
		t.Errorf("%d contacts", n)
	}
}
