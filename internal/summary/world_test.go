package summary_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

// row is a contact as the oracle knows it; words and things are null if empty.
type row struct {
	at                                 time.Time
	kind, status, outcome, hangup      string
	campaign, queue, agent, class      int
	ivr, ring, talk, queued, ans, lost *int
}

// world is the same contacts in a database and in memory.
type world struct {
	rows  []row
	store *report.Store
	small *directory.Directory
	now   *time.Time
}

func newWorld(t *testing.T, random *rand.Rand, contacts int) *world {
	t.Helper()
	database := pgtest.New(t)
	w := &world{now: new(time.Time)}
	run := func(sql string, arguments ...any) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), sql, arguments...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	for _, table := range []string{"agents", "campaigns", "queues", "classifiers"} {
		run("INSERT INTO " + table + " (external_id, name) SELECT n::text, 'name ' || (n * 7 % 5) FROM generate_series(1, 6) n")
	}
	run(`INSERT INTO agent_groups (external_id, name) VALUES ('g', 'g')`)
	run(`INSERT INTO agent_group_members VALUES (1, 1), (1, 2)`)
	run(`SELECT ensure_contact_partitions($1::timestamptz, $2::timestamptz)`, time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC))
	first := time.Date(2024, 1, 20, 0, 0, 0, 0, time.UTC)
	optional := func(most int) *int {
		if random.IntN(3) == 0 {
			return nil
		}
		n := random.IntN(most)
		return &n
	}
	word := func(of ...string) string { return of[random.IntN(len(of))] }
	for i := range contacts {
		at := first.Add(time.Duration(random.Int64N(int64(110 * 24 * time.Hour)))).Truncate(time.Microsecond)
		switch random.IntN(10) {
		case 0: // about a change of clocks
			at = time.Date(2024, 3, 31, random.IntN(4), random.IntN(60), 0, 0, time.UTC)
		case 1:
			at = time.Date(2024, 3, 1+random.IntN(31), 23, 0, 0, -random.IntN(2)*1000, time.UTC)
		}
		r := row{
			at: at, kind: word("CAMPAIGN_INBOUND_CALL", "CAMPAIGN_INBOUND_CALL", "INBOUND_CALL", "OUTBOUND_CALL", "CHAT", "OUTBOUND_SMS"),
			status: word("ANSWERED", "FAILED", "NO_ANSWER"), hangup: word("", "CUSTOMER", "AGENT"), outcome: word(append(contact.Texts(contact.Outcomes), "")...),
			campaign: random.IntN(7), queue: random.IntN(7), agent: random.IntN(7), class: random.IntN(7),
			ivr: optional(30), ring: optional(30), talk: optional(400), queued: optional(40), ans: optional(40),
		}
		if strings.HasPrefix(r.outcome, "LOST") {
			r.lost = optional(20)
		}
		w.rows = append(w.rows, r)
		run(`INSERT INTO contacts (id, started_at, type, status, external_id, outcome, hangup_party, campaign_id, queue_id, agent_id, classifier_id,
			ivr_time, ring_time, agent_talk_time, queue_time, time_to_answer, lost_after) VALUES ($1, $2, $3::text::contact_type, $4::text::contact_status, $1::bigint::text,
			nullif($5, '')::contact_outcome, nullif($6, '')::hangup_party, nullif($7, 0), nullif($8, 0), nullif($9, 0), nullif($10, 0), $11, $12, $13, $14, $15, $16)`,
			i+1, r.at, r.kind, r.status, r.outcome, r.hangup, r.campaign, r.queue, r.agent, r.class, r.ivr, r.ring, r.talk, r.queued, r.ans, r.lost)
	}
	signer := relay.NewSigner([]byte("key"))
	w.small = directory.New(database.Pool.DB, signer, time.Now)
	if err := w.small.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.store = report.NewStore(database.Pool.DB, w.small, signer, report.Config{Zone: time.UTC, Now: func() time.Time { return *w.now }})
	return w
}
