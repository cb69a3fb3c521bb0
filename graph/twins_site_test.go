package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// twins are two sites that hold the same as far as somebody sees, and are different in everything else: contacts and
// their number, names, groups, other people's downloads and keys, and the audit log. What is seen has the same number in
// both.
type twins struct {
	restriction
	sites [2]*site
	// keys are API keys with these grants and various scopes, valid in both; the first has all that sees contacts.
	keys []string
	// ids are what an operation may name: in reach, and out of it in one of the databases or in both.
	seen, unseen map[relay.Kind][]int64
	// cursors are those of an administrator, who sees more.
	cursors []string
}

// scopesOfTwins are those that principals have. Administrators are not among them: they see everybody's downloads.
var scopesOfTwins = [][]access.Scope{
	{access.ScopeRead, access.ScopeAddresses, access.ScopeBcc, access.ScopeContent, access.ScopeExports},
	{access.ScopeRead},
	{access.ScopeRead, access.ScopeExports},
	{access.ScopeRead, access.ScopeAddresses, access.ScopeContent},
	{access.ScopeExports},
}

// firstOrdered is the number of the first download that an operation orders.
const firstOrdered = 1001

func newTwins(t *testing.T, r restriction) *twins {
	t.Helper()
	w := &twins{restriction: r}
	const before, shared = 40, 250
	var visible []any
	if r.name != "nothing" {
		visible = newPopulation(r, "", 1).seen(shared)
	}
	for i, foreign := range []string{"left", "right"} {
		s := newTwin(t)
		w.sites[i] = s
		hidden := newPopulation(r, foreign, uint64(i+2))
		s.leaveTraces(t, 3, foreign)
		if !r.grants.Unrestricted {
			s.takeLines(t, hidden.strangers(before))
		}
		s.takeLines(t, visible)
		w.shareKeys(t, i)
		w.orderFiles(t, i)
		if !r.grants.Unrestricted {
			s.takeLines(t, hidden.unseen(100+80*i))
		}
		s.leaveTraces(t, 1+4*i, foreign)
	}
	for _, s := range w.sites {
		// New orders go by a sequence that everybody's orders move on.
		s.execute(t, `SELECT setval(pg_get_serial_sequence('downloads', 'id'), $1)`, firstOrdered-1)
	}
	w.compareNumbers(t)
	w.cursors = w.foreignCursors(t)
	return w
}

// newTwin is a site whose files are made with the rights of their owners.
func newTwin(t *testing.T) *site {
	t.Helper()
	s := newEmptySite(t, graph.Config{})
	s.settings.Rights = s.config.Access.Authenticator.Current
	s.settings.Limits.UnfinishedPerPerson = 5
	downloads, err := export.NewDownloads(s.database.Pool, s.store, s.directory, relay.NewSigner([]byte("a key for tests")), s.settings)
	if err != nil {
		t.Fatal(err)
	}
	s.downloads, s.config.Downloads = downloads, downloads
	s.heard(t, invented{})
	return s
}

// leaveTraces has other people order files, make keys and open things.
func (s *site) leaveTraces(t *testing.T, number int, foreign string) {
	t.Helper()
	for i := range number {
		other := fmt.Sprintf("oidc:https://%s.example.com#%d", foreign, i)
		s.execute(t, `INSERT INTO downloads (kind, locale, filter, resolved_period, filter_in_words, ordered_by, ordered_at,
				client_mutation_id, ordered_under, state, finished_at)
			VALUES ('SIMPLE', 'EN', '{"period": {"range": {"from": "2024-03-01", "to": "2024-03-02"}}, "timeZone": "UTC"}', '{"from": "2024-03-01", "to": "2024-03-02", "timeZone": "UTC"}',
				$1, $1, $2, 'mine', '{"grants": {"unrestricted": true}}', 'CANCELLED', $2)`, other, now)
		s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)
		s.execute(t, `INSERT INTO audit_events (at, principal, action, subject_kind, subject_id) VALUES ($1, $2, 'OPENED_CONTENT', 'CONTACT', 1)`, now, other)
	}
}

func (s *site) execute(t *testing.T, sql string, arguments ...any) {
	t.Helper()
	if _, err := s.database.Pool.Exec(t.Context(), sql, arguments...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// shareKeys makes the keys in the first database and takes them over into the second.
func (w *twins) shareKeys(t *testing.T, i int) {
	t.Helper()
	if i == 0 {
		for _, scopes := range scopesOfTwins {
			w.keys = append(w.keys, w.sites[0].newKey(t, w.grants, scopes...))
		}
		return
	}
	for _, key := range w.keys {
		var row string
		id := strings.Split(key, "_")[1]
		if err := w.sites[0].database.Pool.QueryRow(t.Context(), `SELECT to_jsonb(k)::text FROM api_keys k WHERE key_id = $1`, id).Scan(&row); err != nil {
			t.Fatal(err)
		}
		w.sites[1].execute(t, `INSERT INTO api_keys OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::api_keys, $1::jsonb)`, row)
	}
	w.sites[1].execute(t, `SELECT setval(pg_get_serial_sequence('api_keys', 'id'), (SELECT max(id) FROM api_keys))`)
}

// orderFiles orders files for those who may have some, and leaves one of each in every state.
func (w *twins) orderFiles(t *testing.T, i int) {
	t.Helper()
	s := w.sites[i]
	for _, names := range [][]string{{"ready"}, {"cancelled", "failed", "expired", "running"}} {
		for number, scopes := range scopesOfTwins {
			if !slices.Contains(scopes, access.ScopeExports) || !slices.Contains(scopes, access.ScopeRead) {
				continue
			}
			for _, name := range names {
				shape := `kind: DETAILED`
				if name == "cancelled" {
					shape += `, columns: [EXTERNAL_ID, AGENT], extras: [FACTS]`
				}
				document := `mutation {exportContacts(input: {clientMutationId: "` + name + `", ` + shape + `, filter: {period: {preset: CURRENT_MONTH}, hours: {from: "06:00", to: "23:00"}}}) {download {id}}}`
				status, answer := w.ask(t, s, w.keys[number], []byte(`{"query": `+string(must(json.Marshal(document)))+`}`))
				if status != 200 || strings.Contains(answer, "errors") {
					t.Fatalf("ordered: %s", answer)
				}
			}
		}
		if names[0] == "ready" {
			s.makeFiles(t)
		}
	}
	s.execute(t, `UPDATE downloads SET state = 'CANCELLED', finished_at = $1 WHERE client_mutation_id = 'cancelled'`, now)
	s.execute(t, `UPDATE downloads SET state = 'EXPIRED', finished_at = $1 WHERE client_mutation_id = 'expired'`, now)
	s.execute(t, `UPDATE downloads SET state = 'FAILED', finished_at = $1, error_code = 'INTERNAL', error_en = 'It failed.', error_pl = 'Nie wyszło.'
		WHERE client_mutation_id = 'failed'`, now)
	s.execute(t, `UPDATE downloads SET state = 'RUNNING', lease_until = now() + interval '1 day', seconds_left = 7 WHERE client_mutation_id = 'running'`)
	s.execute(t, `UPDATE downloads SET filter = filter || $1::jsonb WHERE client_mutation_id = 'cancelled'`, everyCriterion)
	// A file says when it was made, by the database's clock: neither its digest nor, then, its length is equal.
	s.execute(t, `UPDATE downloads SET sha256 = repeat('a', 64), size_bytes = 1234, snapshot_at = $1 WHERE state = 'READY'`, now)
}

// everyCriterion is what a filter may hold beside its days, in which a kept one can be found whatever exists now.
var everyCriterion = `{"agentIds": ["QWdlbnQ6MQ"], "agentGroupIds": ["QWdlbnRHcm91cDox"], "campaignIds": ["Q2FtcGFpZ246MQ"],
	"outsideCampaign": true, "types": ["CHAT"], "statuses": ["ANSWERED"], "outcomes": ["LOST_IN_QUEUE"], "weekdays": ["MONDAY"],
	"queueTime": {"atLeast": 1, "atMost": 2}, "timeToAnswer": {"atMost": 20}, "lostAfter": {"atMost": 4}, "agentTalkTime": {"atLeast": 1},
	"recovery": {"states": ["TRIED"], "withinHours": 24}, "repeatWithinDays": 7, "sourceAddresses": ["101"], "destinationAddresses": ["102"],
	"ticketIds": ["T-1"], "siteCallIds": ["U2l0ZUNhbGw6MQ"], "queueIds": ["UXVldWU6MQ"], "classifierIds": ["Q2xhc3NpZmllcjox"],
	"unfinished": true, "addresses": ["103"], "withoutSourceAddress": true, "withoutDestinationAddress": true, "externalIds": ["s-1"], "recordExternalIds": ["r-1"],
	"recordIds": ["UmVjb3JkOjE"], "contactIds": ["Q29udGFjdDox"]}`

// makeFiles works until nothing waits, and waits for the work to end.
func (s *site) makeFiles(t *testing.T) {
	t.Helper()
	pool := s.database.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 8})
	worker := must(export.NewWorker(must(export.NewDownloads(pool, s.store, s.directory, relay.NewSigner([]byte("another")), s.settings)), export.WorkerConfig{}))
	if err := worker.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := wait(t)
	defer cancel()
	for waiting := 1; waiting > 0; {
		if err := s.database.Pool.QueryRow(ctx, `SELECT count(*) FROM downloads WHERE state IN ('QUEUED', 'RUNNING')`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := worker.Stop(ctx); err != nil {
		t.Fatal(err)
	}
}

// tablesOfKinds are where things of a kind are.
var tablesOfKinds = map[relay.Kind]string{
	relay.ContactKind: "contacts", relay.AgentKind: "agents", relay.AgentGroupKind: "agent_groups", relay.CampaignKind: "campaigns",
	relay.QueueKind: "queues", relay.ClassifierKind: "classifiers", relay.SiteCallKind: "site_calls", relay.RecordKind: "records",
	relay.DownloadKind: "downloads", relay.APIKeyKind: "api_keys",
}

// compareNumbers finds out what is in reach, and makes sure that it has the same number in both databases.
func (w *twins) compareNumbers(t *testing.T) {
	t.Helper()
	w.seen, w.unseen = map[relay.Kind][]int64{}, map[relay.Kind][]int64{}
	for kind, table := range tablesOfKinds {
		var numbers [2]map[string]int64
		for i, s := range w.sites {
			numbers[i] = s.numbers(t, w.namesSeen(kind), table)
		}
		foreign := map[int64]bool{}
		for i := range w.sites {
			for name, number := range numbers[i] {
				same := numbers[1-i][name] == number
				_, both := numbers[1-i][name]
				visible := strings.HasPrefix(name, "+")
				switch {
				case visible && (!both || !same):
					t.Fatalf("%s %q is number %d in one database and %d in the other", kind, name, number, numbers[1-i][name])
				case visible && i == 0:
					w.seen[kind] = append(w.seen[kind], number)
				case !visible:
					foreign[number] = true
				}
			}
		}
		for number := range foreign {
			if !slices.Contains(w.seen[kind], number) {
				w.unseen[kind] = append(w.unseen[kind], number)
			}
		}
		slices.Sort(w.seen[kind])
		slices.Sort(w.unseen[kind])
		if len(w.unseen[kind]) == 0 && !w.grants.Unrestricted {
			t.Fatalf("nothing of the kind %s is out of reach", kind)
		}
	}
}

// namesSeen is SQL for whether a thing of a kind is in reach, by the rows of the database and nothing else.
func (w *twins) namesSeen(kind relay.Kind) string {
	list := func(names []string) string {
		quoted := []string{"''"}
		for _, name := range names {
			quoted = append(quoted, "'"+name+"'")
		}
		return strings.Join(quoted, ", ")
	}
	agents := "SELECT id FROM agents WHERE external_id = '" + w.grants.Agent + "' UNION SELECT m.agent_id FROM agent_group_members m" +
		" JOIN agent_groups g ON g.id = m.agent_group_id WHERE g.external_id IN (" + list(w.grants.AgentGroups) + ")"
	seen := "(" + fmt.Sprint(w.grants.Unrestricted) + " OR c.campaign_id IN (SELECT id FROM campaigns WHERE external_id IN (" + list(w.grants.Campaigns) + ")) OR c.agent_id IN (" + agents + "))"
	pointed := func(column string) string {
		return "t.id IN (SELECT c." + column + " FROM contacts c WHERE " + seen + ")"
	}
	var keys []string
	for _, key := range w.keys {
		keys = append(keys, "key:"+strings.Split(key, "_")[1])
	}
	switch kind {
	case relay.ContactKind:
		return strings.ReplaceAll(seen, "c.", "t.")
	case relay.AgentKind:
		return "(" + pointed("agent_id") + " OR t.id IN (" + agents + "))"
	case relay.AgentGroupKind:
		return "t.external_id IN (" + list(w.grants.AgentGroups) + ")"
	case relay.CampaignKind:
		return "(" + pointed("campaign_id") + " OR t.external_id IN (" + list(w.grants.Campaigns) + "))"
	case relay.QueueKind:
		return pointed("queue_id")
	case relay.ClassifierKind:
		return pointed("classifier_id")
	case relay.SiteCallKind:
		return pointed("site_call_id")
	case relay.RecordKind:
		return pointed("record_id")
	case relay.DownloadKind:
		return "t.ordered_by IN (" + list(keys) + ")"
	default:
		return "false"
	}
}

// numbers are those of all things of a table; the names of those in reach begin with "+".
func (s *site) numbers(t *testing.T, seen, table string) map[string]int64 {
	t.Helper()
	name := "external_id"
	switch table {
	case "downloads":
		name = "ordered_by || coalesce(client_mutation_id, '') || id"
	case "api_keys":
		name = "key_id"
	}
	rows, err := s.database.Pool.Query(t.Context(), "SELECT CASE WHEN "+seen+" THEN '+' ELSE '-' END || "+name+", id::bigint FROM "+table+" t")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]int64{}
	for rows.Next() {
		var name string
		var number int64
		if err := rows.Scan(&name, &number); err != nil {
			t.Fatal(err)
		}
		found[name] = number
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// foreignCursors are cursors of lists as somebody has them who sees all.
func (w *twins) foreignCursors(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, s := range w.sites {
		for _, list := range []string{"contacts(" + march + ", first: 2)", "campaigns(first: 1)", "downloads(first: 1)"} {
			for _, found := range sealed.FindAllStringSubmatch(s.ask(t, "{"+list+" {edges {cursor}}}", nil), -1) {
				all = append(all, found[1])
			}
		}
	}
	return all
}
