package report

import (
	"context"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// Whatever one principal reads, in one request or in many, waits where it has all its slots: the database behind it here is
// none, so that what does not wait panics.
func TestSlots_LeaveConnectionsToOthers(t *testing.T) {
	t.Parallel()
	store := goldenStore(t)
	store.config.MaxStatements = 3
	store.slots = newSlots(store.config.MaxStatements, store.config.MaxStatementsAlone, store.config.Now)
	today := contact.Today
	filter := contact.Filter{Period: contact.Period{Preset: &today}}
	criteria, err := store.For(contact.Unlimited).Resolve(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	var ends []func()
	for range 3 {
		end, err := acquireSlot(t.Context(), store.ForPrincipal("key:greedy", contact.Unlimited).pool)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	reader := store.ForPrincipal("key:greedy", contact.Unlimited)
	reader.pool = limitedDB{nil, store.slots, "key:greedy"}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	keys := []contact.Key{{StartedAt: time.Unix(0, 0), ID: 1}}
	for name, read := range map[string]func() error{
		"a count": func() error { _, err := reader.count(cancelled, reader.pool, criteria); return err },
		"a page": func() error {
			_, err := reader.List(cancelled, ListQuery{Filter: filter, Order: contact.NewestFirst})
			return err
		},
		"contacts":   func() error { _, err := reader.Contacts(cancelled, []int64{1}, 0); return err },
		"records":    func() error { _, err := reader.Records(cancelled, []int64{1}); return err },
		"steps":      func() error { _, err := reader.IVRSteps(cancelled, keys); return err },
		"details":    func() error { _, _, err := reader.Details(cancelled, keys, 1); return err },
		"what is":    func() error { _, err := reader.Existing(cancelled, relay.ContactKind, []int64{1}); return err },
		"a snapshot": func() error { return reader.Snapshot(cancelled, nil) },
	} {
		if read() == nil {
			t.Errorf("%s does not wait for a slot", name)
		}
	}
	for name, other := range map[string]*Reader{
		"another principal": store.ForPrincipal("key:modest", contact.Unlimited), "no principal": store.For(contact.Unlimited),
	} {
		if _, err := other.Records(t.Context(), []int64{1}); err != nil {
			t.Errorf("%s waits: %v", name, err)
		}
	}
	for _, end := range ends {
		end()
	}
	if _, err := store.ForPrincipal("key:greedy", contact.Unlimited).Records(t.Context(), []int64{1}); err != nil {
		t.Errorf("a slot that was freed is not given again: %v", err)
	}
	if len(store.slots.holders) != 0 {
		t.Errorf("%d principals are kept for nothing", len(store.slots.holders))
	}
}

func TestSlots_AreMoreForWhoIsAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 28, 9, 0, 0, 0, time.UTC)
	s := newSlots(1, 3, func() time.Time { return now })
	var held []func()
	take := func(principal string, want int) {
		t.Helper()
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		got := 0
		for ; got <= want; got++ {
			end, err := s.acquire(cancelled, principal)
			if err != nil {
				break
			}
			held = append(held, end)
		}
		if got != want {
			t.Fatalf("%s has %d slots, want %d", principal, got, want)
		}
	}
	free := func() {
		for _, end := range held {
			end()
		}
		held = nil
	}
	take("key:first", 3)
	take("key:second", 1) // at once, whatever the first has
	free()
	take("key:first", 1)
	free()
	now = now.Add(aloneAfter - 1)
	take("key:first", 1)
	now = now.Add(1)
	take("key:first", 2) // beside the one that it has
	free()
	take("key:second", 1)
	free()
	if len(s.holders) != 0 {
		t.Errorf("%d principals are kept for nothing", len(s.holders))
	}
}

func TestSlots_AreGivenInTheOrderOfAsking(t *testing.T) {
	t.Parallel()
	s := newSlots(1, 0, time.Now)
	end, err := s.acquire(t.Context(), "key:one")
	if err != nil {
		t.Fatal(err)
	}
	first, second, third := s.enter("key:one"), s.enter("key:one"), s.enter("key:one")
	if !s.forget("key:one", second) || s.forget("key:one", second) {
		t.Error("who gives up is not forgotten once")
	}
	end()
	<-first
	select {
	case <-third:
		t.Error("two have the one slot")
	default:
	}
	s.release("key:one")
	<-third
	if s.forget("key:one", third) {
		t.Error("a slot that was granted is forgotten")
	}
	s.release("key:one")
	if len(s.holders) != 0 {
		t.Errorf("%d principals are kept for nothing", len(s.holders))
	}
}
