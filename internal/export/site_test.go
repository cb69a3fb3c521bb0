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
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
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
	config    Config
	downloads *Downloads
	worker    *Worker
	bucket    string
	reading   *tripwire
	orders    atomic.Int64
	now       atomic.Pointer[time.Time]
}

func newSite(t testing.TB, config WorkerConfig) *site {
	t.Helper()
	s := &site{db: pgtest.New(t), bucket: t.TempDir(), reading: new(tripwire)}
	s.pool = s.db.Open(t, postgres.Config{PreparedStatements: true, MaxConns: 8})
	reading := s.db.Open(t, postgres.Config{ReadOnly: true, Tracer: s.reading})
	signer := relay.NewSigner([]byte("key of the test"))
	s.directory = directory.New(reading.DB, signer, time.Now)
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	s.now.Store(&now)
	clock := func() time.Time { return *s.now.Load() }
	s.store = report.NewStore(reading.DB, s.directory, signer, report.Config{Zone: zone, Now: clock})
	bucket, err := storage.Open(t.Context(), "file://"+s.bucket)
	must(t, err)
	t.Cleanup(func() { _ = bucket.Close() })
	s.keys = access.NewKeys(s.pool, signer, clock, nil)
	people := access.NewAuthenticator(s.pool, s.keys, nil, clock)
	s.signer, s.config = signer, Config{
		Rights: people.Current, Authenticate: people.Authenticate, Audit: access.NewAudit(s.pool, signer, clock), Numbers: s.directory.Numbers,
		Bucket: bucket, Now: clock, PublicURL: "https://kontakty.example.com/",
		Limits: Limits{UnfinishedPerPerson: 100, Queued: 100},
	}
	s.set(t, func(*Config) {}, config)
	return s
}

// set makes the downloads and the worker anew with other config.
func (s *site) set(t testing.TB, change func(*Config), worker WorkerConfig) {
	t.Helper()
	change(&s.config)
	var err error
	s.downloads, err = NewDownloads(s.pool, s.store, s.directory, s.signer, s.config)
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

// fill makes n contacts of March 2024.
func (s *site) fill(t testing.TB, n int) {
	t.Helper()
	workbooktest.Fill(t, s.pool, n)
	s.db.Tie(t)
	must(t, s.directory.Refresh(t.Context()))
}

// order orders a file.
func (s *site) order(t testing.TB, filter contact.Filter, kind workbook.Kind, locale fault.Locale) *Download {
	t.Helper()
	return s.orderBy(t, operator, filter, kind, locale)
}

func (s *site) orderBy(t testing.TB, by access.Actor, filter contact.Filter, kind workbook.Kind, locale fault.Locale) *Download {
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
func (s *site) made(t testing.TB, filter contact.Filter, kind workbook.Kind, locale fault.Locale) (*Download, []byte) {
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
	address, err := s.downloads.links.Address(t.Context(), link.Link{ID: download.ID, By: operator.String(), Until: s.config.Now().Add(link.Life)})
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

// put puts something into the bucket's directory.
func (s *site) put(t testing.TB, key string, content []byte) {
	t.Helper()
	path := filepath.Join(s.bucket, key)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, content, 0o600))
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
