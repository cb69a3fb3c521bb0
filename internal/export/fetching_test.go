package export

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob/fileblob"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// events are the lines of the audit log on downloads, oldest first: who, from where, did what to which.
func (s *site) events(t testing.TB) string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), `SELECT concat_ws(' ', principal, coalesce(address, 'here'), action, subject_kind, subject_id)
		FROM audit_events WHERE action IN ('ORDERED_FILE', 'FETCHED_FILE') ORDER BY id`)
	must(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	return strings.Join(found, "\n")
}

func TestAudit_HoldsOrdersAndFetches(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	owner := s.person(t, scopesBut(), everything)
	filter := workbooktest.March()
	filter.SourceAddresses = []string{"600 000 001"}
	name := "once"
	for range 2 { // the second time nothing is ordered
		_, err := s.downloads.Order(t.Context(), owner.Actor, OrderInput{Filter: filter, ClientMutationID: &name})
		must(t, err)
	}
	id := s.listed(t, owner.Principal)[0]
	download := &Download{ID: id}
	expected := []string{fmt.Sprintf("%s %s ORDERED_FILE DOWNLOAD %d", owner, home, id)}
	want := func(what string) {
		t.Helper()
		equal(t, "the log after "+what, s.events(t), strings.Join(expected, "\n"))
	}
	want("the order")
	address := s.link(t, owner, download)
	equal(t, "before it is ready", s.ask(t, http.MethodGet, address, nil).Code, http.StatusConflict)
	want("asking too early")
	must(t, s.worker.make(t.Context(), id))
	equal(t, "HEAD", s.ask(t, http.MethodHead, address, nil).Code, http.StatusOK)
	equal(t, "refused", s.ask(t, http.MethodGet, address+"x", nil).Code, http.StatusForbidden)
	want("what gives nothing")
	equal(t, "whole", s.ask(t, http.MethodGet, address, nil).Code, http.StatusOK)
	fetched := fmt.Sprintf("%s 192.0.2.1 FETCHED_FILE DOWNLOAD %d", owner, id) // the peer of every test request
	expected = append(expected, fetched)
	want("fetching it")
	equal(t, "a part", s.ask(t, http.MethodGet, address, http.Header{"Range": {"bytes=0-9"}}).Code, http.StatusPartialContent)
	expected = append(expected, fetched)
	want("fetching a part")
	equal(t, "by the operator", s.ask(t, http.MethodGet, s.address(t, download), nil).Code, http.StatusOK)
	expected = append(expected, fmt.Sprintf("local 192.0.2.1 FETCHED_FILE DOWNLOAD %d", id))
	want("fetching it as an administrator")
	must(t, s.config.Bucket.Remove(t.Context(), storage.Key(id, 1, ".xlsx")))
	equal(t, "lost", s.ask(t, http.MethodGet, address, nil).Code, http.StatusGone)
	want("asking for what is lost")
}

func TestAudit_IsWrittenBeforeAFileIsGiven(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	owner := s.person(t, scopesBut(), everything)
	download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	s.fetched(t, owner, download)
	s.exec(t, `ALTER TABLE audit_events RENAME TO lost`)
	answer := s.ask(t, http.MethodGet, s.link(t, owner, download), nil)
	equal(t, "answer", answer.Code, http.StatusServiceUnavailable)
	if body := answer.Body.String(); strings.HasPrefix(body, "PK") || answer.Header().Get("Content-Disposition") != "" || strings.Contains(body, "lost") {
		t.Errorf("the answer gives %.40q", body)
	}
	_, err := s.downloads.Order(t.Context(), owner.Actor, OrderInput{Filter: workbooktest.March(), Kind: workbook.Detailed})
	equal(t, "an order that cannot be written down", err != nil, true)
	equal(t, "downloads", s.number(t, `SELECT count(*) FROM downloads`), 1)
	equal(t, "jobs", s.number(t, `SELECT count(*) FROM river_job`), 1)
}

func TestLink_OpensNothingWithSomebodyElsesCredentials(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	owner, other, chief := s.person(t, scopesBut(), everything), s.person(t, scopesBut(), everything), s.person(t, access.Scopes, everything)
	download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	s.fetched(t, owner, download)
	address := s.link(t, owner, download)
	log := s.events(t)
	for what, c := range map[string]struct {
		header http.Header
		status int
		code   fault.Code
	}{
		"another's":          {other.bears(), http.StatusForbidden, fault.LinkInvalid},
		"an administrator's": {chief.bears(), http.StatusForbidden, fault.LinkInvalid},
		"wrong ones":         {http.Header{"Authorization": {"Bearer kky_wrong"}}, http.StatusUnauthorized, fault.Unauthenticated},
		"empty ones":         {http.Header{"Authorization": {""}}, http.StatusUnauthorized, fault.Unauthenticated},
		"two":                {http.Header{"Authorization": {owner.bears().Get("Authorization"), other.bears().Get("Authorization")}}, http.StatusUnauthorized, fault.Unauthenticated},
		"another scheme":     {http.Header{"Authorization": {"Basic " + owner.text}}, http.StatusUnauthorized, fault.Unauthenticated},
	} {
		answer := s.ask(t, http.MethodGet, address, c.header)
		equal(t, what, answer.Code, c.status)
		equal(t, what+": code", strings.Contains(answer.Body.String(), `"`+string(c.code)+`"`), true)
		equal(t, what+": asks for credentials", answer.Header().Get("WWW-Authenticate") != "", c.status == http.StatusUnauthorized)
	}
	equal(t, "what was fetched", s.events(t), log)
	equal(t, "one's own", s.ask(t, http.MethodGet, address, owner.bears()).Code, http.StatusOK)
	equal(t, "the administrator's own address", s.ask(t, http.MethodGet, s.link(t, chief, download), chief.bears()).Code, http.StatusOK)

	var limited int
	for range 12 { // wrong keys are counted here as everywhere
		answer := s.ask(t, http.MethodGet, address, http.Header{"Authorization": {"Bearer kky_wrong"}})
		if answer.Code == http.StatusTooManyRequests {
			limited++
			equal(t, "when to come again", answer.Header().Get("Retry-After") != "", true)
		}
	}
	equal(t, "wrong keys are limited", limited > 0, true)

	// Where nobody can tell whose credentials they are, none are taken.
	s.set(t, func(config *Config) { config.Authenticate = nil }, WorkerConfig{})
	equal(t, "unknown ones", s.ask(t, http.MethodGet, address, owner.bears()).Code, http.StatusUnauthorized)
}

func TestLink_OpensNothingIfItWasGivenToNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	for _, by := range []string{"", "key:aaaaaaaaaa", "oidc:https://login.example.com#anna", "root", "local "} {
		address, err := s.downloads.links.Address(t.Context(), link.Link{ID: download.ID, By: by, Until: now.Add(time.Minute)})
		must(t, err)
		equal(t, by, s.ask(t, http.MethodGet, address, nil).Code, http.StatusForbidden)
	}
}

func TestRedirect_IsGivenToThoseWhoMayHaveTheFileAndAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	s.set(t, func(config *Config) { config.Bucket, config.Redirect = signing(t, s.bucket), true }, WorkerConfig{})
	owner := s.person(t, scopesBut(), access.Grants{Campaigns: []string{"k1", "k2"}})
	download := s.orderBy(t, owner.Actor, workbooktest.March(), workbook.Simple, fault.Polish)
	must(t, s.worker.make(t.Context(), download.ID))
	address, log := s.link(t, owner, download), s.events(t)
	head := s.ask(t, http.MethodHead, address, nil)
	equal(t, "HEAD", head.Code, http.StatusOK)
	equal(t, "HEAD gives no address", head.Header().Get("Location"), "")
	equal(t, "what was fetched", s.events(t), log)
	equal(t, "GET", s.ask(t, http.MethodGet, address, nil).Code, http.StatusFound)
	log += fmt.Sprintf("\n%s 192.0.2.1 FETCHED_FILE DOWNLOAD %d", owner, download.ID)
	equal(t, "what was fetched by a redirect", s.events(t), log)
	s.change(t, owner, `grants = '{"campaigns": ["k2"]}'`)
	refused := s.ask(t, http.MethodGet, address, nil)
	equal(t, "GET with fewer rights", refused.Code, http.StatusForbidden)
	equal(t, "and no address", refused.Header().Get("Location"), "")
	s.change(t, owner, `grants = '{"unrestricted": true}'`)
	s.exec(t, `ALTER TABLE audit_events RENAME TO lost`)
	unwritten := s.ask(t, http.MethodGet, address, nil)
	equal(t, "GET that cannot be written down", unwritten.Code, http.StatusServiceUnavailable)
	equal(t, "no address then", unwritten.Header().Get("Location"), "")
}

// signing is a local bucket that signs addresses, as one of an S3 service does.
func signing(t testing.TB, dir string) *storage.Bucket {
	t.Helper()
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		URLSigner: fileblob.NewURLSignerHMAC(&url.URL{Scheme: "https", Host: "bucket.example.com"}, []byte("a key for tests")),
		NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
	})
	must(t, err)
	t.Cleanup(func() { _ = bucket.Close() })
	return storage.New(bucket)
}
