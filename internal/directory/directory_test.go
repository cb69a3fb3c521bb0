package directory_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func newDirectory(t *testing.T, pool *postgres.Pool) *directory.Directory {
	t.Helper()
	made := directory.New(pool.DB, relay.NewSigner([]byte("key")), time.Now)
	if err := made.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return made
}

func run(t *testing.T, pool *postgres.Pool, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func agentNames(agents []*directory.Agent) []string {
	names := make([]string, len(agents))
	for i, agent := range agents {
		names[i] = agent.Name
	}
	return names
}

const someAgents = `INSERT INTO agents (external_id, name, deleted_at) VALUES
	('1', 'Zofia Ćma', NULL), ('2', 'Żaneta Nowak', NULL), ('3', 'Łukasz Bąk', NULL), ('4', 'Lucyna Bak', NULL),
	('5', 'adam Zając', NULL), ('6', 'Adam Abacki', '2024-01-01'), ('7', 'Ćwikła', NULL), ('8', 'Cyryl', NULL), ('9', 'Cyryl', NULL)`

func TestListAgents_GoesByPolishCollationWithDeletedOnesLast(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents)
	all := newDirectory(t, database.Pool).Visibility(contact.Unlimited.Reach)
	for includeDeleted, want := range map[bool][]string{
		false: {"adam Zając", "Cyryl", "Cyryl", "Ćwikła", "Lucyna Bak", "Łukasz Bąk", "Zofia Ćma", "Żaneta Nowak"},
		true:  {"adam Zając", "Cyryl", "Cyryl", "Ćwikła", "Lucyna Bak", "Łukasz Bąk", "Zofia Ćma", "Żaneta Nowak", "Adam Abacki"},
	} {
		var forwards, backwards []string
		first, after, before := 2, (*string)(nil), (*string)(nil)
		for {
			page, err := all.ListAgents(t.Context(), directory.ListArgs{Page: relay.PageArgs{First: &first, After: after}}, includeDeleted)
			if err != nil {
				t.Fatal(err)
			}
			if total, err := page.TotalCount(t.Context()); err != nil || total != len(want) {
				t.Fatalf("%d agents in all, %v; want %d", total, err, len(want))
			}
			forwards = append(forwards, agentNames(page.Nodes())...)
			if after = page.PageInfo().EndCursor; !page.PageInfo().HasNextPage {
				break
			}
		}
		for {
			page, err := all.ListAgents(t.Context(), directory.ListArgs{Page: relay.PageArgs{Last: &first, Before: before}}, includeDeleted)
			if err != nil {
				t.Fatal(err)
			}
			backwards = append(agentNames(page.Nodes()), backwards...)
			if before = page.PageInfo().StartCursor; !page.PageInfo().HasPreviousPage {
				break
			}
		}
		if !slices.Equal(forwards, want) || !slices.Equal(backwards, want) {
			t.Errorf("forwards %v, backwards %v; want %v", forwards, backwards, want)
		}
	}
}

func TestListAgents_SearchesWithoutCaseAndDiacritics(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents)
	all := newDirectory(t, database.Pool).Visibility(contact.Unlimited.Reach)
	for search, want := range map[string][]string{
		"LUK": {"Łukasz Bąk"}, "bak": {"Lucyna Bak", "Łukasz Bąk"}, "ćw": {"Ćwikła"}, "zaneta n": {"Żaneta Nowak"}, "x": {}, "": nil,
	} {
		page, err := all.ListAgents(t.Context(), directory.ListArgs{Search: &search}, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := agentNames(page.Nodes()); want == nil && len(got) != 9 || want != nil && !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", search, got, want)
		}
	}
	for name, search := range map[string]string{"NUL": "a\x00", "invalid UTF-8": "\xff"} {
		if _, err := all.ListAgents(t.Context(), directory.ListArgs{Search: &search}, true); fault.CodeOf(err) != fault.InvalidText {
			t.Errorf("%s: %v, want INVALID_TEXT", name, err)
		}
	}
}

func TestListAgents_RefusesTheCursorOfAnotherList(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	run(t, database.Pool, someAgents, `INSERT INTO campaigns (external_id, name) VALUES ('1', 'Infolinia')`)
	all := newDirectory(t, database.Pool).Visibility(contact.Unlimited.Reach)
	page, err := all.ListAgents(t.Context(), directory.ListArgs{}, true)
	if err != nil {
		t.Fatal(err)
	}
	search := "a"
	args := directory.ListArgs{Page: relay.PageArgs{After: page.PageInfo().StartCursor}}
	if _, err := all.ListCampaigns(t.Context(), args); fault.CodeOf(err) != fault.InvalidCursor {
		t.Errorf("another kind: %v", err)
	}
	if _, err := all.ListAgents(t.Context(), args, false); fault.CodeOf(err) != fault.InvalidCursor {
		t.Errorf("without the deleted: %v", err)
	}
	args.Search = &search
	if _, err := all.ListAgents(t.Context(), args, true); fault.CodeOf(err) != fault.InvalidCursor {
		t.Errorf("another search: %v", err)
	}
}

func TestDirectory_KnowsWhatWasMadeAMomentAgo(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	made := newDirectory(t, database.Pool)
	run(t, database.Pool, someAgents, `INSERT INTO agent_groups (external_id, name) VALUES ('G', 'G')`,
		`INSERT INTO agent_group_members SELECT 1, id FROM agents WHERE id <= 2`)
	agents, err := made.Agents(t.Context(), []int64{2, 99})
	if err != nil || len(agents) != 1 || agents[2].Name != "Żaneta Nowak" {
		t.Fatalf("%v, %v", agents, err)
	}
	members, err := made.Members(t.Context(), []int64{1})
	if err != nil || !slices.Equal(members, []int64{1, 2}) {
		t.Errorf("a group that was just made has %v, %v; want 1 and 2", members, err)
	}
}

func TestDirectory_HearsOfAChange(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	made := directory.New(database.Pool.DB, relay.NewSigner([]byte("key")), time.Now)
	refreshed := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = postgres.Listen(ctx, database.Pool, directory.Channel, func(ctx context.Context) error {
			err := made.Refresh(ctx)
			refreshed <- struct{}{}
			return err
		})
	}()
	<-refreshed
	run(t, database.Pool, someAgents)
	<-refreshed
	run(t, database.Pool, `UPDATE agents SET name = 'Anna' WHERE id = 1`)
	<-refreshed
	if agents, err := made.Agents(t.Context(), []int64{1}); err != nil || agents[1].Name != "Anna" {
		t.Errorf("%v, %v; want Anna", agents, err)
	}
	cancel()
	<-ended
}

func TestDirectory_SaysHowMuchItHolds(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	held := directory.New(database.Pool.DB, relay.NewSigner([]byte("key")), time.Now)
	if _, err := database.Pool.Exec(t.Context(), `INSERT INTO agents (external_id, name) VALUES ('a', 'A'), ('b', 'B'); INSERT INTO queues (external_id, name) VALUES ('q', 'Q')`); err != nil {
		t.Fatal(err)
	}
	if err := held.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sizes := held.Sizes(); sizes["agents"] != 2 || sizes["queues"] != 1 || sizes["campaigns"] != 0 || len(sizes) != 6 {
		t.Errorf("it holds %v", sizes)
	}
}
