package export

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// now is the clock of every test.
var now = time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)

// site is everything that makes files, on a database and a directory of its own.
type site struct {
	db        *pgtest.Database
	pool      *postgres.Pool
	store     *report.Store
	directory *directory.Directory
	signer    *relay.Signer
	keys      *access.Keys
	settings  Settings
	downloads *Downloads
	worker    *Worker
	bucket    string
	reading   *tripwire
	orders    atomic.Int64
	now       atomic.Pointer[time.Time]
}

func newSite(t testing.TB, settings WorkerSettings) *site {
	t.Helper()
	s := &site{db: pgtest.New(t), bucket: t.TempDir(), reading: new(tripwire)}
	s.pool = s.db.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 8})
	reading := s.db.Open(t, postgres.Config{ReadOnly: true, Tracer: s.reading})
	signer := relay.NewSigner([]byte("key of the test"))
	s.directory = directory.New(reading.DB, signer)
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	s.now.Store(&now)
	clock := func() time.Time { return *s.now.Load() }
	s.store = report.NewStore(reading.DB, s.directory, signer, report.Config{Zone: zone, Now: clock})
	bucket, err := OpenBucket(t.Context(), "file://"+s.bucket)
	must(t, err)
	t.Cleanup(func() { _ = bucket.Close() })
	s.keys = access.NewKeys(s.pool, signer, clock, nil)
	people := access.NewAuthenticator(s.pool, s.keys, nil, clock)
	s.signer, s.settings = signer, Settings{
		Rights: people.Current, Authenticate: people.Authenticate, Audit: access.NewAudit(s.pool, signer, clock), Numbers: s.directory.Numbers,
		Bucket: bucket, Now: clock, PublicURL: "https://kontakty.example.com/",
		Limits: Limits{UnfinishedPerPerson: 100, Queued: 100},
	}
	s.set(t, func(*Settings) {}, settings)
	return s
}

// set makes the downloads and the worker anew with other settings.
func (s *site) set(t testing.TB, change func(*Settings), worker WorkerSettings) {
	t.Helper()
	change(&s.settings)
	var err error
	s.downloads, err = NewDownloads(s.pool, s.store, s.directory, s.signer, s.settings)
	must(t, err)
	s.worker, err = NewWorker(s.downloads, worker)
	must(t, err)
}

// tripwire does something once, when the n-th statement that begins with a text is about to be sent, on whichever
// connection.
type tripwire struct {
	mu        sync.Mutex
	beginning string
	left      int
	action    func(context.Context)
}

func (w *tripwire) set(beginning string, nth int, action func(context.Context)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.beginning, w.left, w.action = beginning, nth, action
}

// TraceQueryStart is called by pgx.
func (w *tripwire) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if action := w.tripped(data.SQL); action != nil {
		action(ctx)
	}
	return ctx
}

// tripped is what is to be done before a statement, nil if nothing.
func (w *tripwire) tripped(statement string) func(context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.action == nil || !strings.HasPrefix(statement, w.beginning) {
		return nil
	}
	if w.left--; w.left > 0 {
		return nil
	}
	action := w.action
	w.action = nil
	return action
}

// TraceQueryEnd is called by pgx.
func (w *tripwire) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// exec runs SQL.
func (s *site) exec(t testing.TB, sql string, arguments ...any) {
	t.Helper()
	_, err := s.pool.Exec(t.Context(), sql, arguments...)
	must(t, err)
}

// number reads one number.
func (s *site) number(t testing.TB, sql string, arguments ...any) int {
	t.Helper()
	var n int
	must(t, s.pool.QueryRow(t.Context(), sql, arguments...).Scan(&n))
	return n
}

// fill makes n contacts of March 2024, half an hour or less apart, of all types and statuses, with things to point at.
// Contact i is worked out from i alone, so that a test can say in SQL what a file must hold.
func (s *site) fill(t testing.TB, n int) {
	t.Helper()
	s.exec(t, `SELECT ensure_contact_partitions('2024-02-01', '2024-05-01')`)
	s.exec(t, `INSERT INTO agents (id, external_id, name, deleted_at)
		SELECT i, 'a' || i, 'Agent Żółć ' || i, CASE WHEN i = 5 THEN timestamptz '2024-03-20' END FROM generate_series(1, 5) i`)
	s.exec(t, `INSERT INTO agent_groups (id, external_id, name) VALUES (1, 'Grupa', 'Grupa')`)
	s.exec(t, `INSERT INTO agent_group_members VALUES (1, 2), (1, 5)`)
	s.exec(t, `INSERT INTO campaigns (id, external_id, name) SELECT i, 'k' || i, 'Kampania ' || i FROM generate_series(1, 3) i`)
	s.exec(t, `INSERT INTO queues (id, external_id, name) SELECT i, 'q' || i, 'Kolejka ' || i FROM generate_series(1, 2) i`)
	s.exec(t, `INSERT INTO classifiers (id, external_id, name) SELECT i, 'f' || i, '=Klasyfikator ' || i FROM generate_series(1, 3) i`)
	s.exec(t, `INSERT INTO site_calls (id, external_id, name) VALUES (1, 's1', 'Formularz')`)
	s.exec(t, `INSERT INTO records (id, external_id, significant_name, significant_value)
		SELECT i, 'r' || i, 'Firma', CASE WHEN i % 3 > 0 THEN 'Firma ' || i END FROM generate_series(1, 40) i`)
	s.exec(t, `INSERT INTO contacts (id, started_at, type, status, hangup_party, details_kind, campaign_id, agent_id, queue_id,
			classifier_id, site_call_id, record_id, ivr_time, ring_time, agent_talk_time, external_id, ticket_id,
			source_address, source_key, destination_address, destination_key, cc_addresses, bcc_addresses)
		SELECT i, timestamptz '2024-02-29 23:00Z' + i * (interval '30 days 22 hours' / greatest($1, 1)),
			(enum_range(NULL::contact_type))[1 + i % 17], (enum_range(NULL::contact_status))[1 + i % 7],
			(ARRAY['CUSTOMER', 'AGENT', 'SYSTEM', NULL]::hangup_party[])[1 + i % 4],
			(ARRAY['RECORDING', 'EMAIL', 'CHAT', 'SMS', NULL]::details_kind[])[1 + i % 5],
			nullif(i % 4, 0), nullif(i % 6, 0), CASE WHEN i % 17 = 2 THEN 1 + i % 2 END, nullif(i % 4, 0), CASE WHEN i % 9 = 0 THEN 1 END,
			CASE WHEN i % 5 > 0 THEN 1 + i % 40 END, CASE WHEN i % 3 > 0 THEN i % 100 END, CASE WHEN i % 2 > 0 THEN i % 50 END,
			CASE WHEN i % 7 > 2 THEN i % 4000 END, '00' || i, CASE WHEN i % 8 = 0 THEN 't1' END,
			'+4860000' || lpad((i % 100)::text, 4, '0'), '+4860000' || lpad((i % 100)::text, 4, '0'), '101', '101',
			CASE WHEN i % 10 = 0 THEN ARRAY['dw@example.com', 'dw2@example.com'] ELSE '{}' END, CASE WHEN i % 11 = 0 THEN ARRAY['udw@example.com'] ELSE '{}' END
		FROM generate_series(0, $1 - 1) i`, n)
	s.exec(t, `INSERT INTO contact_identities (contact_id, external_id, started_at, revision, content_hash)
		SELECT id, external_id, started_at, 1, '' FROM contacts`)
	// The steps of other calls take no lines.
	s.exec(t, `INSERT INTO ivr_steps (contact_started_at, contact_id, position, kind, entered_at, left_at, name, choice)
		SELECT started_at, id, p, (enum_range(NULL::ivr_step_kind))[1 + (id + p) % 9], started_at + p * interval '5 s',
			CASE WHEN p < 3 THEN started_at + p * interval '5 s' + interval '5 s' END, 'Kafelek ' || p, CASE WHEN p = 2 THEN '#' || id % 10 END
		FROM contacts, generate_series(1, 3) p WHERE type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL') AND p <= id % 4`)
	s.db.Tie(t)
	must(t, s.directory.Refresh(t.Context()))
}

// march is the filter of the whole month.
func march() contact.Filter {
	return contact.Filter{Period: contact.Period{Range: &contact.Range{From: "2024-03-01", To: "2024-03-31"}}}
}

// order orders a file.
func (s *site) order(t testing.TB, filter contact.Filter, kind Kind, locale fault.Locale) *Download {
	t.Helper()
	return s.orderBy(t, operator, filter, kind, locale)
}

func (s *site) orderBy(t testing.TB, by access.Actor, filter contact.Filter, kind Kind, locale fault.Locale) *Download {
	t.Helper()
	name := fmt.Sprint(s.orders.Add(1)) // else the second of two equal orders would be the first
	download, err := s.downloads.Order(t.Context(), by, OrderInput{Filter: filter, Kind: kind, Locale: locale, ClientMutationID: &name})
	must(t, err)
	return download
}

// look finds a download again.
func (s *site) look(t testing.TB, download *Download) *Download {
	t.Helper()
	found, err := s.downloads.Find(t.Context(), operator.Principal, []int64{download.ID})
	must(t, err)
	if found[download.ID] == nil {
		t.Fatalf("download %d is gone", download.ID)
	}
	return found[download.ID]
}

// made orders a file, has it made and gives its bytes.
func (s *site) made(t testing.TB, filter contact.Filter, kind Kind, locale fault.Locale) (*Download, []byte) {
	t.Helper()
	download := s.order(t, filter, kind, locale)
	must(t, s.worker.make(t.Context(), download.ID))
	if download = s.look(t, download); download.State != Ready {
		t.Fatalf("the download is %s: %+v", download.State, download.Failure())
	}
	answer := s.fetch(t, download, nil)
	if answer.Code != http.StatusOK {
		t.Fatalf("the file answers %d: %s", answer.Code, answer.Body)
	}
	return download, answer.Body.Bytes()
}

// fetch asks for the file of a download.
func (s *site) fetch(t testing.TB, download *Download, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	return s.ask(t, http.MethodGet, s.address(t, download), header)
}

// address is a good address of a download, whether or not it is ready.
func (s *site) address(t testing.TB, download *Download) string {
	t.Helper()
	address, err := s.downloads.links.address(t.Context(), link{download.ID, operator.String(), s.settings.Now().Add(LinkLife)})
	must(t, err)
	return address
}

func (s *site) ask(t testing.TB, method, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	if header != nil {
		request.Header = header
	}
	answer := httptest.NewRecorder()
	s.downloads.Handler().ServeHTTP(answer, request)
	return answer
}

// kept are the files in the bucket's directory, half written ones too.
func (s *site) kept(t testing.TB) []string {
	t.Helper()
	var names []string
	must(t, filepath.WalkDir(s.bucket, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(s.bucket, path)
			names = append(names, name)
		}
		return err
	}))
	return names
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func readAll(t testing.TB, r io.Reader) []byte {
	t.Helper()
	content, err := io.ReadAll(r)
	must(t, err)
	return content
}
