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
	store.config.MaxStatements, store.slots = 3, newSlots(3)
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
	if len(store.slots.queues) != 0 {
		t.Errorf("%d queues are kept for nobody", len(store.slots.queues))
	}
}
