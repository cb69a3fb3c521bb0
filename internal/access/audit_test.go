package access

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestAudit_SaysWhoDidWhatWhenAndFromWhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	key, _ := s.make(t, KeyInput{})
	by := Actor{key.Principal(), netip.MustParseAddr("::ffff:203.0.113.9")}
	s.pass(time.Second)
	must(t, s.audit.Write(t.Context(), by, OpenedRecording, 41, 42))
	must(t, s.audit.Write(t.Context(), by, OpenedContent))
	s.pass(time.Second)
	must(t, s.audit.Write(t.Context(), Actor{Principal: Operator()}, FetchedFile, 7))
	_, err := s.keys.Revoke(t.Context(), boss, key.ID)
	must(t, err)
	_, err = s.keys.Revoke(t.Context(), boss, key.ID)
	must(t, err)

	connection, err := s.audit.List(t.Context(), Operator(), AuditFilter{}, relay.PageArgs{})
	must(t, err)
	start := newClock().now()
	mine, boss := by.String(), "local"
	want := []Event{
		{At: start.Add(2 * time.Second), Principal: boss, Action: RevokedKey, SubjectKind: KeySubject, SubjectID: key.ID},
		{At: start.Add(2 * time.Second), Principal: boss, Action: FetchedFile, SubjectKind: DownloadSubject, SubjectID: 7},
		{At: start.Add(time.Second), Principal: mine, Action: OpenedRecording, SubjectKind: ContactSubject, SubjectID: 42},
		{At: start.Add(time.Second), Principal: mine, Action: OpenedRecording, SubjectKind: ContactSubject, SubjectID: 41},
		{At: start, Principal: boss, Action: MadeKey, SubjectKind: KeySubject, SubjectID: key.ID},
	}
	addresses := []string{"192.0.2.7", "", "203.0.113.9", "203.0.113.9", "192.0.2.7"}
	got := connection.Nodes()
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i, event := range got {
		address := ""
		if event.Address != nil {
			address = *event.Address
		}
		if !event.At.Equal(want[i].At) || address != addresses[i] {
			t.Errorf("event %d was at %s from %q", i, event.At, address)
		}
		plain := Event{At: want[i].At, Principal: event.Principal, Action: event.Action, SubjectKind: event.SubjectKind, SubjectID: event.SubjectID}
		if plain != want[i] {
			t.Errorf("event %d is %+v, want %+v", i, plain, want[i])
		}
	}
}

func TestAudit_OnlyGrows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	must(t, s.audit.Write(t.Context(), boss, OpenedContent, 1))
	for _, sql := range []string{
		"UPDATE audit_events SET principal = 'key:other'", "DELETE FROM audit_events", "TRUNCATE audit_events",
		"DELETE FROM audit_events WHERE false",
	} {
		_, err := s.pool.Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if n := s.count(t, "audit_entries"); n != 1 {
		t.Fatalf("%d events are left of 1", n)
	}
}

func TestAudit_RefusesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.audit.Write(t.Context(), Actor{}, OpenedContent, 1); err == nil {
		t.Fatal("nobody opened a message")
	}
}

func TestAudit_WritesNothingOfWhatIsUndone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	undone := errors.New("undone")
	err := pgx.BeginFunc(t.Context(), s.pool.Pool, func(tx pgx.Tx) error {
		must(t, s.audit.WriteIn(t.Context(), tx, boss, OrderedFile, 1))
		return undone
	})
	if !errors.Is(err, undone) || s.count(t, "audit_entries") != 0 {
		t.Fatalf("%v, %d events", err, s.count(t, "audit_entries"))
	}
}

func TestAudit_NamesReplacedContactsUpToABoundADayAndCountsTheOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	other := Actor{Principal{Kind: APIKey, ID: "abcdefghij"}, home}
	record := func(by Actor, recorded, replaced []int64) {
		t.Helper()
		must(t, pgx.BeginFunc(t.Context(), s.pool.Pool, func(tx pgx.Tx) error {
			batch := &pgx.Batch{}
			s.audit.QueueContacts(func(sql string, arguments ...any) { batch.Queue(sql, arguments...) }, by, recorded, replaced)
			return tx.SendBatch(t.Context(), batch).Close()
		}))
	}
	numbers := func(from, n int64) (all []int64) {
		for i := range n {
			all = append(all, from+i)
		}
		return all
	}
	record(boss, nil, nil)
	if n := s.count(t, "audit_entries"); n != 0 {
		t.Errorf("nothing was recorded, but %d events say so", n)
	}
	record(boss, []int64{5, 6}, []int64{7})
	connection, err := s.audit.List(t.Context(), Operator(), AuditFilter{}, relay.PageArgs{})
	must(t, err)
	events := connection.Nodes()
	if len(events) != 2 || events[0].Action != ReplacedContact || events[0].SubjectID != 7 || events[0].Contacts != 1 || events[0].Replaced != nil ||
		events[1].Action != RecordedContacts || events[1].SubjectID != 5 || events[1].Contacts != 3 || *events[1].Replaced != 1 {
		t.Errorf("two new contacts and one replaced are written down as %+v", events)
	}
	for range 3 {
		record(boss, nil, numbers(100, 400))
	}
	record(other, nil, numbers(100, 2))
	s.pass(24 * time.Hour)
	record(boss, numbers(1000, 1), numbers(2000, 1200))
	for where, want := range map[string]int{
		"principal = 'local' AND action = 'REPLACED_CONTACT' AND at < '2024-04-11'":                  maxReplacedNamed,
		"principal = 'local' AND action = 'REPLACED_CONTACT' AND at >= '2024-04-11'":                 maxReplacedNamed,
		"principal = 'key:abcdefghij' AND action = 'REPLACED_CONTACT'":                               2,
		"action = 'RECORDED_CONTACTS'":                                                               6,
		"action = 'RECORDED_CONTACTS' AND subject_id = 1000 AND (contacts, replaced) = (1201, 1200)": 1,
	} {
		if n := s.count(t, "audit_entries WHERE "+where); n != want {
			t.Errorf("%s: %d events, want %d", where, n, want)
		}
	}
}

func TestAudit_WritesListingsOnceAMinute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	elsewhere := Actor{boss.Principal, netip.MustParseAddr("198.51.100.1")}
	for minute := range int64(2) {
		for contact := range int64(5) {
			must(t, s.audit.WriteListing(t.Context(), boss, ListedAddresses, 10*minute+contact))
			must(t, s.audit.WriteListing(t.Context(), boss, ListedBcc, contact))
			must(t, s.audit.WriteListing(t.Context(), elsewhere, ListedAddresses, contact))
		}
		s.pass(time.Minute)
	}
	for where, want := range map[string]int{
		"true": 6, "action = 'LISTED_ADDRESSES' AND address = '192.0.2.7' AND subject_id IN (0, 10)": 2, "action = 'LISTED_BCC'": 2,
	} {
		if n := s.count(t, "audit_entries WHERE "+where); n != want {
			t.Errorf("%s: %d events, want %d", where, n, want)
		}
	}
	_, err := s.pool.Exec(t.Context(), "ALTER TABLE audit_events RENAME TO lost")
	must(t, err)
	for range 2 {
		if err := s.audit.WriteListing(t.Context(), boss, ListedAddresses, 1); err == nil {
			t.Error("what could not be written down may be given out")
		}
	}
}

func TestAudit_IsNarrowedAndPaged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	other := Actor{Principal{Kind: APIKey, ID: "abcdefghij"}, home}
	for contact := range int64(5) {
		must(t, s.audit.Write(t.Context(), boss, OpenedRecording, contact))
		must(t, s.audit.Write(t.Context(), other, OpenedContent, contact))
	}
	list := func(filter AuditFilter, page relay.PageArgs) []int64 {
		t.Helper()
		connection, err := s.audit.List(t.Context(), Operator(), filter, page)
		must(t, err)
		var subjects []int64
		for _, event := range connection.Nodes() {
			subjects = append(subjects, event.SubjectID)
		}
		return subjects
	}
	three := 3
	for name, c := range map[string]struct {
		filter AuditFilter
		want   []int64
	}{
		"action":    {AuditFilter{Actions: []Action{OpenedContent, MadeKey}}, []int64{4, 3, 2, 1, 0}},
		"principal": {AuditFilter{Principal: "local"}, []int64{4, 3, 2, 1, 0}},
		"subject":   {AuditFilter{SubjectKind: ContactSubject, SubjectID: 2}, []int64{2, 2}},
		"nothing":   {AuditFilter{SubjectKind: DownloadSubject, SubjectID: 2}, nil},
	} {
		if got := list(c.filter, relay.PageArgs{}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	first, err := s.audit.List(t.Context(), Operator(), AuditFilter{Principal: "local"}, relay.PageArgs{First: &three})
	must(t, err)
	next := relay.PageArgs{First: &three, After: first.PageInfo().EndCursor}
	if got := list(AuditFilter{Principal: "local"}, next); !slices.Equal(got, []int64{1, 0}) {
		t.Fatalf("the second page is %v", got)
	}
	_, err = s.audit.List(t.Context(), Operator(), AuditFilter{}, next)
	wantReason(t, err, fault.CursorElsewhere)
	_, err = s.audit.List(t.Context(), other.Principal, AuditFilter{}, relay.PageArgs{})
	wantReason(t, err, fault.ScopeMissing)
	for _, wrong := range []AuditFilter{{Actions: []Action{"X"}}, {SubjectKind: "X"}, {Principal: "\x00"}} {
		if _, err := s.audit.List(t.Context(), Operator(), wrong, relay.PageArgs{}); fault.CodeOf(err) == fault.Internal {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

func TestAudit_TellsWhoeverWatchesThatItCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	failed := 0
	s.audit.Failed = func() { failed++ }
	must(t, s.audit.Write(t.Context(), boss, OpenedContent, 1))
	if failed != 0 {
		t.Errorf("told %d times of an entry that was written", failed)
	}
	_, err := s.pool.Exec(t.Context(), "ALTER TABLE audit_events RENAME TO elsewhere")
	must(t, err)
	if err := s.audit.Write(t.Context(), boss, OpenedContent, 1); err == nil || failed != 1 {
		t.Errorf("told %d times, %v", failed, err)
	}
	if err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		return s.audit.WriteIn(t.Context(), tx, boss, OpenedContent, 1)
	}); err == nil || failed != 2 {
		t.Errorf("told %d times, %v", failed, err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if err := s.audit.Write(left, boss, OpenedContent, 1); err == nil || failed != 2 {
		t.Errorf("told of a caller who left, %d times in all, %v", failed, err)
	}
}
