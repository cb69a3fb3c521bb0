package report_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func newStore(t *testing.T, pool *postgres.Pool) (*report.Store, *directory.Directory) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	signer := relay.NewSigner([]byte("key"))
	small := directory.New(pool.DB, signer, time.Now)
	if err := small.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC) }
	return report.NewStore(pool.DB, small, signer, report.Config{Zone: zone, Now: now}), small
}

func run(t *testing.T, pool *postgres.Pool, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

const someAgents = `INSERT INTO agents (external_id, name, deleted_at) VALUES
	('1', 'Zofia Ćma', NULL), ('2', 'Żaneta Nowak', NULL), ('3', 'Łukasz Bąk', NULL), ('4', 'Lucyna Bak', NULL),
	('5', 'adam Zając', NULL), ('6', 'Adam Abacki', '2024-01-01'), ('7', 'Ćwikła', NULL), ('8', 'Cyryl', NULL), ('9', 'Cyryl', NULL)`

func TestStore_KnowsAGroupThatWasMadeAMomentAgo(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	store, _ := newStore(t, database.Pool)
	run(t, database.Pool, someAgents, `INSERT INTO agent_groups (external_id, name) VALUES ('G', 'G')`,
		`INSERT INTO agent_group_members SELECT 1, id FROM agents WHERE id <= 2`)
	today := contact.Today
	filter := contact.Filter{Period: contact.Period{Preset: &today}, AgentGroupIDs: []string{relay.EncodeID(relay.AgentGroupKind, 1)}}
	if _, err := store.For(contact.Unlimited).List(t.Context(), report.ListQuery{Filter: filter, Order: contact.NewestFirst}); err != nil {
		t.Errorf("a group that was just made: %v", err)
	}
}

func TestStore_FollowsTheMembersOfAGroup(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents, `INSERT INTO agent_groups (external_id, name) VALUES ('G', 'G')`,
		`INSERT INTO agent_group_members VALUES (1, 6)`, // deleted
		`SELECT ensure_contact_partitions('2024-03-15', '2024-03-15')`,
		`INSERT INTO contacts (id, started_at, type, status, agent_id, external_id)
			SELECT id, '2024-03-15 09:00Z', 'OUTBOUND_CALL', 'ANSWERED', id, id::text FROM agents`)
	store, small := newStore(t, database.Pool)
	today := contact.Today
	filter := contact.Filter{Period: contact.Period{Preset: &today}, AgentGroupIDs: []string{relay.EncodeID(relay.AgentGroupKind, 1)}}
	found := func() (numbers []int64) {
		t.Helper()
		page, err := store.For(contact.Unlimited).List(t.Context(), report.ListQuery{Filter: filter, Order: contact.NewestFirst})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Nodes() {
			numbers = append(numbers, c.ID)
		}
		return numbers
	}
	if got := found(); !slices.Equal(got, []int64{6}) {
		t.Errorf("contacts of agents %v, want 6", got)
	}
	run(t, database.Pool, `DELETE FROM agent_group_members`, `INSERT INTO agent_group_members VALUES (1, 2), (1, 1)`)
	if err := small.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := found(); !slices.Equal(got, []int64{2, 1}) {
		t.Errorf("contacts of agents %v, want 2 and 1", got)
	}
}
