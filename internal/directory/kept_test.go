package directory

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
)

// Ties are read of those alone who ask, and only once until somebody says that theirs are more, or a minute has passed.
func TestTies_AreReadOfWhoAsksWhenTheyAsk(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	recorded, recorder := database.Recorded(t)
	now := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	d, heard := New(recorded.DB, relay.NewSigner([]byte("key")), func() time.Time { return now }), listenTo(t, database)
	write := func(statement string) {
		t.Helper()
		if _, err := database.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const tie = "INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id) VALUES "
	write("INSERT INTO agents (external_id, name) SELECT i, i FROM generate_series(1, 3) i")
	write("INSERT INTO queues (external_id, name) SELECT i, i FROM generate_series(1, 4) i")
	write("INSERT INTO campaigns (external_id, name) VALUES ('1', '1')")
	write(tie + "('Agent', 1, 'Queue', 1), ('Agent', 2, 'Queue', 2)")
	heard.since(t)
	ofTies := func() (read []string) {
		for _, sql := range recorder.SQL() {
			if strings.Contains(sql, "contact_ties") {
				read = append(read, sql)
			}
		}
		recorder.Reset()
		return read
	}
	if err := d.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if read := ofTies(); read != nil {
		t.Fatalf("at the start ties are read: %q", read)
	}
	first := contact.Reach{Agent: new(int64(1)), Campaigns: []int64{1}}
	second := contact.Reach{Agent: new(int64(2))}
	sees := func(when string, reach contact.Reach, statements int, want ...int64) {
		t.Helper()
		exist, err := d.Visibility(reach).Has(t.Context(), relay.QueueKind, []int64{1, 2, 3, 4})
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for id := range exist {
			got = append(got, id)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: the queues %v exist, want %v", when, got, want)
		}
		read := ofTies()
		if len(read) != statements {
			t.Errorf("%s: %d statements read ties, want %d: %q", when, len(read), statements, read)
		}
		for _, sql := range read {
			if !strings.Contains(sql, "owner_id IN (") {
				t.Errorf("%s: more is read than was asked for: %s", when, sql)
			}
		}
	}
	follow := func() {
		t.Helper()
		if err := d.Follow(t.Context(), heard.since(t)); err != nil {
			t.Fatal(err)
		}
		recorder.Reset()
	}
	sees("at first", first, 2, 1)
	sees("again", first, 0, 1)
	sees("another", second, 1, 2)
	write(tie + "('Agent', 1, 'Queue', 3)")
	follow()
	sees("after another's tie", second, 0, 2)
	sees("after a tie of theirs", first, 1, 1, 3)
	write(tie + "('Campaign', 1, 'Queue', 4)")
	follow()
	sees("after a tie of their campaign", first, 1, 1, 3, 4)
	write("UPDATE queues SET name = 'x' WHERE id = 1")
	follow()
	sees("after a rename", first, 0, 1, 3, 4)
	now = now.Add(keptFor)
	sees("after a minute", first, 2, 1, 3, 4)
	if err := d.Follow(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	recorder.Reset()
	sees("after something was missed", second, 1, 2)
}

// What was read before a tie was told of is not kept after.
func TestTies_AreNotKeptIfTheyChangedMeanwhile(t *testing.T) {
	t.Parallel()
	kept := &keptTies{now: time.Now}
	until := time.Now().Add(time.Hour)
	before := kept.forgotten
	kept.forget(changed{ids: []int64{7}})
	kept.keep([]owner{7}, map[owner][]tied{7: {{kind: 2, id: 1}}}, until, before)
	if _, found := kept.byOwner[7]; found {
		t.Error("a tie that was read before is kept")
	}
	many := make([]owner, maxOwners)
	for i := range many {
		many[i] = owner(i + 1)
	}
	kept.keep(many, nil, until, kept.forgotten)
	kept.keep([]owner{-1}, map[owner][]tied{-1: {{kind: 2, id: 1}}}, until, kept.forgotten)
	if len(kept.byOwner) != 1 || kept.things != 1 {
		t.Errorf("the ties of %d owners to %d things are kept, want the last alone", len(kept.byOwner), kept.things)
	}
}
