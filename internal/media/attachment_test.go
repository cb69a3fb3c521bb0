package media

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
)

func TestAttachments_AreFilesToBeKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	s.set(t, func(config *Config) { config.Recordings, config.Attachments = Places{}, config.Recordings })
	const page = "<html><script>alert(1)</script></html>"
	s.put(t, canary+".html", []byte(page))
	path, missing := canary+".html", "missing.pdf"
	_, ids, errs := ingest.Record(t.Context(), s.pool, []format.Contact{{
		ExternalID: "1", Type: contact.InboundEmail, Status: contact.Answered, StartedAt: start,
		Details: contact.DetailsContent{Email: &contact.Email{Subject: "Umowa", Attachments: []contact.Attachment{
			{Name: "umowa – żółć.html", Size: 5, Path: &path}, {Name: "b.pdf", Path: &missing}, {Name: "c.pdf"},
		}}},
	}}, ingest.Bounds{}, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	must(t, s.directory.Refresh(t.Context()))
	reader := s.store.For(contact.Unlimited)
	found, err := reader.Contacts(t.Context(), ids, contact.ColumnExternalID)
	must(t, err)
	details, _, err := reader.Details(t.Context(), []contact.Key{found[ids[0]].Key()}, 1<<20)
	must(t, err)
	email := s.library.Email(to, found[ids[0]], details[ids[0]].Email)
	for i, want := range []State{Available, Absent, Absent} {
		if state, _ := email.Attachments()[i].State(t.Context()); state != want {
			t.Errorf("attachment %d is %s, want %s", i, state, want)
		}
	}
	url, err := email.Attachments()[0].URL(t.Context())
	must(t, err)
	got := s.ask(t, http.MethodGet, *url, nil)
	if got.Code != http.StatusOK || got.Body.String() != page ||
		got.Header().Get("Content-Disposition") != `attachment; filename="umowa - zolc.html"; filename*=UTF-8''umowa%20%E2%80%93%20%C5%BC%C3%B3%C5%82%C4%87.html` ||
		!strings.Contains(got.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	var opened int
	must(t, s.pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_entries WHERE action = 'OPENED_CONTENT' AND principal = $1`, to.String()).Scan(&opened))
	if opened != 1 {
		t.Errorf("it is written down %d times", opened)
	}
	for _, altered := range []string{strings.Replace(*url, "attachment/1", "attachment/2", 1), strings.Replace(*url, "attachment/1", "recording/1", 1)} {
		if got := s.ask(t, http.MethodGet, altered, nil); got.Code != http.StatusForbidden {
			t.Errorf("another part by its link: %d", got.Code)
		}
	}
}
