package graph_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/storage"
)

// countedArchive is one that has every file but those called missing, empty all of them, and counts how often it is asked.
type countedArchive struct{ asked atomic.Int64 }

func (a *countedArchive) Open(_ context.Context, key string) (storage.Object, error) {
	a.asked.Add(1)
	if strings.Contains(key, "missing") {
		return nil, storage.ErrNotFound
	}
	return emptyObject{}, nil
}

func (*countedArchive) SignedAddress(context.Context, string, string, string) (string, error) {
	return "", storage.ErrNotSigned
}
func (*countedArchive) Close() error { return nil }

type emptyObject struct{}

func (emptyObject) ReadAt([]byte, int64) (int, error) { return 0, storage.ErrAway }
func (emptyObject) Size() int64                       { return 0 }
func (emptyObject) ETag() string                      { return "" }
func (emptyObject) Close() error                      { return nil }

// heard serves a site whose recordings lie in an archive.
func (s *site) heard(t *testing.T, archive storage.Archive) {
	t.Helper()
	clock := func() time.Time { return now }
	library, err := media.New(s.database.Pool, media.Config{
		Recordings: media.Places{Default: storage.NewCollection(archive, "")},
		Store:      s.store, Now: clock, Zone: time.UTC, Audit: s.config.Access.Audit, Numbers: s.directory.Numbers,
		Rights: s.config.Access.Authenticator.Current, Authenticate: s.config.Access.Authenticator.Authenticate,
		Address: func(*http.Request) netip.Addr { return netip.Addr{} }, Log: slog.New(slog.DiscardHandler),
		AskTime: time.Minute, DrawTime: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	config := s.config
	config.Media = library
	s.renew(t, config)
}

// newHeardSite has a call with two recordings, one with one, and a message.
func newHeardSite(t *testing.T) (*site, *countedArchive) {
	t.Helper()
	s, archive := newEmptySite(t, graph.Config{}), new(countedArchive)
	s.heard(t, archive)
	one := func(externalID, kind string, details map[string]any, paths ...string) map[string]any {
		var recordings []any
		for i, path := range paths {
			recordings = append(recordings, map[string]any{"path": path, "seconds": i + 7})
		}
		return map[string]any{
			"externalId": externalID, "type": kind, "status": "ANSWERED", "startedAt": "2024-03-04T08:00:00Z", "details": details, "recordings": recordings,
		}
	}
	s.ask(t, `mutation($input: RecordContactsInput!) {recordContacts(input: $input) {recorded}}`, map[string]any{"input": map[string]any{"contacts": []any{
		one("1", "OUTBOUND_CALL", nil, "a.wav", "missing.wav"),
		one("2", "OUTBOUND_CALL", map[string]any{"recording": map[string]any{"path": "b.wav"}}),
		one("3", "OUTBOUND_SMS", map[string]any{"sms": map[string]any{"text": "x"}}),
	}}})
	s.refresh(t)
	return s, archive
}

func TestRecordings_CostWhatIsSelectedOfThem(t *testing.T) {
	t.Parallel()
	s, archive := newHeardSite(t)
	opened := func() (n int) {
		t.Helper()
		if err := s.database.Pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_entries WHERE action IN ('OPENED_RECORDING', 'OPENED_CONTENT', 'OPENED_ADDRESSES')`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, test := range []struct {
		fields         string
		asked          int64
		opened         int
		holds, without string
	}{
		{"seconds", 0, 0, `[{"seconds":7},{"seconds":8}]`, "wav"},
		{"__typename", 0, 0, `[{"__typename":"RecordingFileInfo"},{"__typename":"RecordingFileInfo"}]`, "wav"},
		{"path", 0, 2, `[{"path":"a.wav"},{"path":"missing.wav"}]`, "token"},
		{"state sizeBytes", 3, 0, `[{"state":"AVAILABLE","sizeBytes":0},{"state":"ABSENT","sizeBytes":null}]`, "token"},
		{"state channels problem", 3, 0, `{"state":"AVAILABLE","channels":null,"problem":"The file is empty: nothing was recorded."},{"state":"ABSENT","channels":null,"problem":null}`, "token"},
		{"... on RecordingFileInfo {again: url} url", 3, 2, `"url":null}`, "wav"},
		{"peaks(buckets: 9) {smallest}", 3, 2, `{"peaks":null}`, "token"},
	} {
		asked, before := archive.asked.Load(), opened()
		answer := s.ask(t, `{contacts(filter: {period: {range: {from: "2024-03-04", to: "2024-03-04"}}}) {nodes {recordings {`+test.fields+`}}}}`, nil)
		if got := archive.asked.Load() - asked; got != test.asked {
			t.Errorf("%s asks the archive %d times, want %d", test.fields, got, test.asked)
		}
		if got := opened() - before; got != test.opened {
			t.Errorf("%s is written down %d times, want %d", test.fields, got, test.opened)
		}
		if !strings.Contains(answer, test.holds) || strings.Contains(answer, test.without) || !strings.Contains(answer, `{"recordings":[]}`) {
			t.Errorf("%s: %s", test.fields, answer)
		}
	}
}

func TestRecordings_AreNoneBesideAnErrorForWhoMayNotHearThem(t *testing.T) {
	t.Parallel()
	s, archive := newHeardSite(t)
	s.key = s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeRead)
	answered := send(t, s, operation(t, `{contacts(filter: {period: {range: {from: "2024-03-04", to: "2024-03-04"}}}) {nodes {externalId recordings {path url state}}}}`, nil))
	if len(answered.Errors) != 2 || answered.Errors[0].Extensions.Code != "FORBIDDEN" || strings.Contains(answered.body, "wav") ||
		strings.Count(string(answered.Data), `"recordings":[]`) != 3 || archive.asked.Load() != 0 {
		t.Errorf("%s", answered.body)
	}
}

func TestRecordings_AreGivenByLinksOfTheirListener(t *testing.T) {
	t.Parallel()
	s, _ := newHeardSite(t)
	answer := s.ask(t, `{contactByExternalId(externalId: "1") {recordings {url}} }`, nil)
	if !strings.Contains(answer, `"url":"/media/Q29udGFjdDo`) || !strings.Contains(answer, `/recording/1?token=`) {
		t.Errorf("%s", answer)
	}
	refused := send(t, s, operation(t, `{contactByExternalId(externalId: "1") {recordings {peaks(buckets: 0) {largest}}} }`, nil))
	if len(refused.Errors) != 2 || refused.Errors[0].Extensions.Code != "INVALID_FILTER" {
		t.Errorf("%s", refused.body)
	}
}
