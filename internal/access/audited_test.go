package access

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/kontakty/kontakty/internal/relay"
)

// audited is what an event says, without when and its id.
type audited struct {
	principal string
	action    Action
	subject   int64
}

// pages reads all pages of a list, from its start or from its end, and gives the events as the list has them.
func (s *site) pages(t *testing.T, filter AuditFilter, size int, backward bool) (events []audited, ids []string) {
	t.Helper()
	page := relay.PageArgs{First: &size}
	if backward {
		page = relay.PageArgs{Last: &size}
	}
	for range 1000 {
		connection, err := s.audit.List(t.Context(), Operator(), filter, page)
		must(t, err)
		var found []audited
		var of []string
		for _, event := range connection.Nodes() {
			found = append(found, audited{event.Principal, event.Action, event.SubjectID})
			of = append(of, event.NodeID())
		}
		info := connection.PageInfo()
		if backward {
			events, ids = append(found, events...), append(of, ids...)
			page.Before = info.StartCursor
		} else {
			events, ids = append(events, found...), append(ids, of...)
			page.After = info.EndCursor
		}
		if backward && !info.HasPreviousPage || !backward && !info.HasNextPage {
			return events, ids
		}
	}
	t.Fatal("the pages do not end")
	return nil, nil
}

func TestAudit_ListsAnEntryForEachThingThatACallIsAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	random := rand.New(rand.NewPCG(1, 2))
	actors := []Actor{boss, {Principal{Kind: APIKey, ID: "abcdefghij"}, home}, {Principal: Operator()}}
	var all []audited
	for range 60 {
		by, action := actors[random.IntN(len(actors))], []Action{OpenedContent, OpenedAddresses}[random.IntN(2)]
		subjects := make([]int64, random.IntN(7))
		for i := range subjects {
			subjects[i] = int64(random.IntN(4))*1000 + int64(i)
			all = append(all, audited{by.String(), action, subjects[i]})
		}
		must(t, s.audit.Write(t.Context(), by, action, subjects...))
	}
	slices.Reverse(all)
	if rows := s.count(t, "audit_events"); rows > 60 {
		t.Errorf("60 calls are %d rows", rows)
	}
	for name, filter := range map[string]AuditFilter{
		"all": {}, "action": {Actions: []Action{OpenedContent}}, "principal": {Principal: actors[1].String()},
		"first subject": {SubjectKind: ContactSubject, SubjectID: 1000}, "other subject": {SubjectKind: ContactSubject, SubjectID: 2003},
		"everything":   {Actions: []Action{OpenedAddresses}, Principal: boss.String(), SubjectKind: ContactSubject, SubjectID: 1001},
		"another kind": {SubjectKind: DownloadSubject, SubjectID: 1001},
	} {
		var want []audited
		for _, one := range all {
			if (filter.Actions == nil || slices.Contains(filter.Actions, one.action)) && (filter.Principal == "" || filter.Principal == one.principal) &&
				(filter.SubjectKind == "" || filter.SubjectKind == ContactSubject && filter.SubjectID == one.subject) {
				want = append(want, one)
			}
		}
		for _, size := range []int{1, 2, 5, 200} {
			for _, backward := range []bool{false, true} {
				got, ids := s.pages(t, filter, size, backward)
				if !slices.Equal(got, want) {
					t.Errorf("%s, pages of %d, backward %v: %v, want %v", name, size, backward, got, want)
				}
				slices.Sort(ids)
				if len(slices.Compact(ids)) != len(got) {
					t.Errorf("%s: two events have one id", name)
				}
			}
		}
		connection, err := s.audit.List(t.Context(), Operator(), filter, relay.PageArgs{})
		must(t, err)
		if count, err := connection.TotalCount(t.Context()); err != nil || count != len(want) {
			t.Errorf("%s: %d in all, want %d, %v", name, count, len(want), err)
		}
	}
}

func TestAudit_SplitsACallThatIsAboutMoreThanARowHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var subjects []int64
	for contact := range int64(2*maxSubjects + 1) {
		subjects = append(subjects, contact)
	}
	must(t, s.audit.Write(t.Context(), boss, OpenedContent, subjects...))
	if rows := s.count(t, "audit_events"); rows != 3 {
		t.Errorf("there are %d rows, want 3", rows)
	}
	got, _ := s.pages(t, AuditFilter{}, 200, false)
	for i, one := range got {
		if want := subjects[len(subjects)-1-i]; one.subject != want {
			t.Fatalf("entry %d is about %d, want %d", i, one.subject, want)
		}
	}
	if len(got) != len(subjects) {
		t.Errorf("there are %d entries, want %d", len(got), len(subjects))
	}
}

// TestAudit_TakesLittleRoomForEachContact writes what pages of 50 contacts with all details leave behind, and single
// contacts recorded. A row for each and its entries in three indexes took 233 bytes.
func TestAudit_TakesLittleRoomForEachContact(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	by := Actor{Principal{Kind: APIKey, ID: "abcdefghij"}, home}
	random := rand.New(rand.NewPCG(3, 4))
	size := func() (bytes int) {
		t.Helper()
		must(t, s.pool.QueryRow(t.Context(), "SELECT pg_table_size('audit_events') + pg_indexes_size('audit_events')").Scan(&bytes))
		return bytes
	}
	const calls, contacts = 200, 50
	empty := size()
	for range calls {
		subjects := make([]int64, contacts)
		for i := range subjects {
			subjects[i] = random.Int64N(1_000_000)
		}
		must(t, s.audit.Write(t.Context(), by, OpenedContent, subjects...))
	}
	opened := size()
	for range 5 * calls {
		must(t, s.audit.Write(t.Context(), by, RecordedContacts, random.Int64N(1_000_000)))
	}
	recorded := size()
	perOpened, perRecorded := (opened-empty)/(calls*contacts), (recorded-opened)/(5*calls)
	t.Logf("%d bytes for each contact opened, %d for each recorded alone", perOpened, perRecorded)
	if perOpened > 70 || perRecorded > 210 {
		t.Errorf("%d bytes for each contact opened, %d for each recorded alone", perOpened, perRecorded)
	}
}
