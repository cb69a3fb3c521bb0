package directory

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// held is all that a snapshot holds, in plain maps and lists.
func (s *snapshot) held() map[string]any {
	held := s.indexes.held()
	members := map[int64][]int64{}
	for group, agents := range s.members {
		members[group] = slices.Sorted(slices.Values(agents))
	}
	held["members"] = members
	return held
}

func (s *indexes) held() map[string]any {
	return map[string]any{
		"agents": heldBy(s.agentIndex), "agent_groups": heldBy(s.groupIndex), "campaigns": heldBy(s.campaignIndex), "queues": heldBy(s.queueIndex),
		"classifiers": heldBy(s.classifierIndex), "site_calls": heldBy(s.siteCallIndex),
	}
}

// shown is what exists for some restricted reaches.
func (d *Directory) shown(t *testing.T) map[string]any {
	t.Helper()
	shown := map[string]any{}
	for i, reach := range []contact.Reach{
		{AgentGroups: []int64{1, 2}}, {Agent: new(int64(3))}, {Agent: new(int64(5)), Campaigns: []int64{1, 4}}, {Campaigns: []int64{2}}, {},
	} {
		things, err := d.Visibility(reach).things(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for kind, held := range things.held() {
			shown[fmt.Sprintf("%s of reach %d", kind, i)] = held
		}
	}
	return shown
}

func heldBy[T keyed](s index[T]) []any {
	things := map[int64]indexKey{}
	for id, one := range s.byID.all() {
		things[id] = one.thing.key()
	}
	var sorted []indexKey
	for _, one := range s.sorted {
		sorted = append(sorted, one.thing.key())
	}
	return []any{things, sorted, s.byExternalID.all(), s.named.all()}
}

// all is the map as one.
func (l layers[K, V]) all() map[K]V {
	all := maps.Clone(l.base)
	if all == nil {
		all = map[K]V{}
	}
	for key := range l.changes {
		if value, found := l.get(key); found {
			all[key] = value
		} else {
			delete(all, key)
		}
	}
	return all
}

// heardOn collects what is notified on Channel.
type heardOn struct {
	conn *pgx.Conn
	done int
}

func listenTo(t testing.TB, database *pgtest.Database) *heardOn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), "LISTEN "+Channel); err != nil {
		t.Fatal(err)
	}
	return &heardOn{conn: conn}
}

// since are the notifications since the last time.
func (h *heardOn) since(t testing.TB) (payloads []string) {
	t.Helper()
	h.done++
	end := fmt.Sprintf("heard %d", h.done)
	if _, err := h.conn.Exec(t.Context(), "SELECT pg_notify($1, $2)", Channel, end); err != nil {
		t.Fatal(err)
	}
	for {
		heard, err := h.conn.WaitForNotification(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if heard.Payload == end {
			return payloads
		}
		payloads = append(payloads, heard.Payload)
	}
}

// changer draws statements that change small things in all the ways there are.
type changer struct {
	random *rand.Rand
	made   int
}

func (c *changer) statement() string {
	table := []string{"agents", "agent_groups", "campaigns", "queues", "classifiers", "site_calls"}[c.random.IntN(6)]
	some := fmt.Sprintf("id %% 7 = %d", c.random.IntN(7))
	name := fmt.Sprintf("'%s %d'", []string{"Żaneta", "Zofia", "ćma", "Ala", "Łukasz"}[c.random.IntN(5)], c.random.IntN(4))
	switch c.random.IntN(11) {
	case 0, 1, 2:
		c.made++
		return fmt.Sprintf("INSERT INTO %s (external_id, name) SELECT 'e' || i || '-%d', %s FROM generate_series(1, %d) i", table, c.made, name, 1+c.random.IntN(4))
	case 3, 4:
		return fmt.Sprintf("UPDATE %s SET name = %s WHERE %s", table, name, some)
	case 5:
		return fmt.Sprintf("UPDATE agents SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE %s", some)
	case 6:
		return fmt.Sprintf("INSERT INTO agent_group_members (agent_group_id, agent_id) SELECT g.id, a.id FROM agent_groups g, agents a WHERE (g.id + a.id) %% 5 = %d ON CONFLICT DO NOTHING", c.random.IntN(5))
	case 7:
		return fmt.Sprintf("DELETE FROM agent_group_members WHERE agent_id %% 3 = %d", c.random.IntN(3))
	case 8:
		return fmt.Sprintf("DELETE FROM queues WHERE %s", some)
	case 9:
		return fmt.Sprintf("UPDATE classifiers SET external_id = external_id || 'x' WHERE %s", some)
	default:
		owner, thing := "Agent", "Queue"
		if c.random.IntN(2) == 0 {
			owner, thing = "Campaign", "Agent"
		}
		return fmt.Sprintf(`INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id) SELECT '%s', a.id, '%s', q.id FROM %ss a, %ss q
			WHERE (a.id + q.id) %% 11 = %d ON CONFLICT DO NOTHING`, owner, thing, strings.ToLower(owner), strings.ToLower(thing), c.random.IntN(11))
	}
}

// Whatever changes, one at a time or many at once, what is read of it gives what reading everything gives; and what a snapshot
// of before held stays as it was.
func TestFollow_HoldsWhatReadingEverythingHolds(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	recorded, recorder := database.Recorded(t)
	signer := relay.NewSigner([]byte("key"))
	followed, heard := New(recorded.DB, signer, time.Now), listenTo(t, database)
	c := &changer{random: rand.New(rand.NewPCG(1, 17))}
	for round := range 60 {
		for range 1 + c.random.IntN(3) {
			statement := c.statement()
			if round%20 == 19 { // more than are told of by their numbers
				c.made++
				statement = fmt.Sprintf("INSERT INTO campaigns (external_id, name) SELECT 'K%d-' || i, 'K' || i FROM generate_series(1, 501) i", c.made)
			}
			if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		before := followed.current.Load()
		held := before.held()
		notifications := heard.since(t)
		if round%6 == 5 { // they were missed
			notifications = nil
		}
		recorder.Reset()
		if err := followed.Follow(t.Context(), notifications); err != nil {
			t.Fatal(err)
		}
		for _, sql := range recorder.SQL() {
			if round > 0 && len(notifications) > 0 && strings.Contains(sql, "FROM \"agents\"") && strings.Contains(sql, "id > ") {
				t.Fatalf("after %v all agents are read: %s", notifications, sql)
			}
		}
		whole := New(database.Pool.DB, signer, time.Now)
		if err := whole.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, want := followed.current.Load().held(), whole.current.Load().held()
		maps.Copy(got, followed.shown(t))
		maps.Copy(want, whole.shown(t))
		for what := range want {
			if !reflect.DeepEqual(got[what], want[what]) {
				t.Fatalf("round %d: after %v the %s are\n%v\nwant\n%v", round, notifications, what, got[what], want[what])
			}
		}
		if !reflect.DeepEqual(before.held(), held) {
			t.Fatalf("round %d: a snapshot was changed by what followed it", round)
		}
	}
}

// A notification that was missed, or that is not understood, makes it read everything.
func TestFollow_ReadsEverythingAfterItMissedSomething(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	d := New(database.Pool.DB, relay.NewSigner([]byte("key")), time.Now)
	for i, notifications := range [][]string{nil, {}, {"agents:x"}, {"something else:1"}, {"agents:1", ""}} {
		externalID := fmt.Sprint("key ", i)
		if _, err := database.Pool.Exec(t.Context(), "INSERT INTO campaigns (external_id, name) VALUES ($1, 'Infolinia')", externalID); err != nil {
			t.Fatal(err)
		}
		if err := d.Follow(t.Context(), notifications); err != nil {
			t.Fatal(err)
		}
		if found, err := d.Numbers(t.Context(), relay.CampaignKind, []string{externalID}); err != nil || found[externalID] == 0 {
			t.Errorf("after %q the campaign is not held: %v", notifications, err)
		}
	}
}

// Heard through the product's own connection, changes arrive; after a lost one, too.
func TestFollow_KeepsUpThroughALostConnection(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	d := New(database.Pool.DB, relay.NewSigner([]byte("key")), time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() { _ = postgres.Follow(ctx, database.Pool, Channel, d.Follow) })
	defer following.Wait()
	defer cancel()
	for i := range 6 {
		externalID := fmt.Sprint("key ", i)
		if i%2 == 1 {
			if _, err := database.Pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := database.Pool.Exec(t.Context(), "INSERT INTO agents (external_id, name) VALUES ($1, $1)", externalID); err != nil {
			t.Fatal(err)
		}
		for {
			if found, err := d.Numbers(t.Context(), relay.AgentKind, []string{externalID}); err != nil || found[externalID] > 0 {
				break
			}
			select {
			case <-t.Context().Done():
				t.Fatalf("%s is never held", externalID)
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// What a later thing costs where there are 240,000.
func BenchmarkDirectory_OneMore(b *testing.B) {
	database := pgtest.New(b)
	for _, table := range []string{"agents", "campaigns", "queues", "classifiers", "site_calls"} {
		if _, err := database.Pool.Exec(b.Context(), `INSERT INTO `+table+` (external_id, name) SELECT 'key ' || i, 'Żółć ' || i * 7919 % 48000 FROM generate_series(1, 48000) i`); err != nil {
			b.Fatal(err)
		}
	}
	d := New(database.Pool.DB, relay.NewSigner([]byte("key")), time.Now)
	if err := d.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	for name, notifications := range map[string]func(i int) []string{
		"following":          func(i int) []string { return []string{fmt.Sprint("queues:", 1+i%48000)} },
		"reading everything": func(int) []string { return nil },
	} {
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				if _, err := database.Pool.Exec(b.Context(), "UPDATE queues SET name = name || 'x' WHERE id = $1", 1+i%48000); err != nil {
					b.Fatal(err)
				}
				if err := d.Follow(b.Context(), notifications(i)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
