package report

import (
	"context"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestAReaderLeavesConnectionsToOthers(t *testing.T) {
	t.Parallel()
	store := goldenStore(t)
	reader := store.For(contact.Unlimited)
	today := contact.Today
	criteria, err := reader.Resolve(t.Context(), contact.Filter{Period: contact.Period{Preset: &today}})
	if err != nil {
		t.Fatal(err)
	}
	var ends []func()
	for range mostAtOnce {
		end, err := reader.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reader.turn(cancelled); err == nil {
		t.Error("one more than may be gets its turn")
	}
	if _, err := reader.count(cancelled, nil, criteria); err == nil {
		t.Error("a count does not wait for its turn")
	}
	if _, err := reader.page(cancelled, criteria, ListQuery{Order: contact.NewestFirst}, relay.Window{Size: 1}, nil); err == nil {
		t.Error("a page does not wait for its turn")
	}
	if end, err := store.For(contact.Unlimited).turn(t.Context()); err != nil {
		t.Error("another reader waits")
	} else {
		end()
	}
	ends[0]()
	if _, err := reader.turn(t.Context()); err != nil {
		t.Error("a turn that ended is not given again")
	}
}
