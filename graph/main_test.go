package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob/memblob"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// now is the moment at which every test takes place: a Sunday, the day on which the clocks go forward.
var now = time.Date(2024, time.March, 31, 10, 0, 0, 0, time.UTC)

// site is the API over a database of its own. Requests that bring no credentials are those of an administrator.
type site struct {
	*graph.Handler
	config     graph.Config
	keys       *access.Keys
	key        string
	database   *pgtest.Database
	store      *report.Store
	downloads  *export.Downloads
	settings   export.Config
	directory  *directory.Directory
	statements *pgtest.Recorder
	log        *bytes.Buffer
}

// newSite serves a database with the contacts of testdata.
func newSite(t *testing.T) *site {
	t.Helper()
	s := newEmptySite(t, graph.Config{})
	s.take(t, "testdata/contacts.ndjson")
	return s
}

func newEmptySite(t testing.TB, config graph.Config) *site {
	t.Helper()
	database := pgtest.New(t)
	pool, statements := database.Recorded(t)
	signer := relay.NewSigner([]byte("a key for tests"))
	directory := directory.New(pool.DB, signer, func() time.Time { return now })
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	store := report.NewStore(pool.DB, directory, signer, report.Config{Zone: warsaw, Now: clock})
	bucket := storage.New(memblob.OpenBucket(nil))
	t.Cleanup(func() { _ = bucket.Close() })
	settings := export.Config{
		Bucket: bucket, Now: clock, Audit: access.NewAudit(database.Pool, signer, clock), Numbers: directory.Numbers,
		Rights: func(context.Context, string) (access.Principal, error) { return access.Operator(), nil },
	}
	downloads, err := export.NewDownloads(database.Pool, store, directory, signer, settings)
	if err != nil {
		t.Fatal(err)
	}
	log := new(bytes.Buffer)
	if config.Media == nil {
		if config.Media, err = media.New(database.Pool, media.Config{
			Store: store, Now: clock, Zone: warsaw, Audit: settings.Audit, Numbers: directory.Numbers, Rights: settings.Rights,
			Authenticate: func(context.Context, http.Header, netip.Addr) (access.Actor, error) {
				return access.Actor{}, fault.New(fault.CredentialsWrong, "")
			},
			Address: func(*http.Request) netip.Addr { return netip.Addr{} }, Log: slog.New(slog.DiscardHandler),
		}); err != nil {
			t.Fatal(err)
		}
	}
	config.Store, config.Directory, config.Downloads = store, directory, downloads
	config.SetRevision = func(ctx context.Context, by access.Actor, externalID string, revision int64) (int64, int64, error) {
		return ingest.SetRevision(ctx, database.Pool, externalID, revision, func(ctx context.Context, tx pgx.Tx, id int64) error {
			return access.NewAudit(database.Pool, signer, clock).WriteIn(ctx, tx, by, access.SetRevision, id)
		})
	}
	config.Sources = func(ctx context.Context) ([]sources.Source, error) { return sources.Read(ctx, database.Pool, now) }
	if config.Record == nil {
		config.Record = func(ctx context.Context, by access.Actor, contacts []format.Contact, partial bool) (ingest.Result, []int64, []error) {
			record := ingest.Record
			if partial {
				record = ingest.RecordPart
			}
			return record(ctx, database.Pool, contacts, ingest.Bounds{}, func(queue func(string, ...any), recorded, replaced []int64) {
				access.NewAudit(database.Pool, signer, clock).QueueContacts(queue, by, recorded, replaced)
			})
		}
	}
	keys := access.NewKeys(database.Pool, signer, clock, nil)
	if config.Access.Limiter == nil {
		config.Access.Limiter = access.NewLimiter(1_000_000_000, 1_000_000_000, clock)
	}
	config.Access.Authenticator = access.NewAuthenticator(database.Pool, keys, nil, clock)
	config.Access.Keys, config.Access.Audit = keys, access.NewAudit(database.Pool, signer, clock)
	config.Access.Address = func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.7") }
	config.Access.Introspection = true
	config.Translate = postgres.Translate
	config.Log = slog.New(slog.NewTextHandler(log, nil))
	handler := graph.NewHandler(config)
	t.Cleanup(handler.Close)
	s := &site{
		Handler: handler, config: config, keys: keys, database: database, store: store, downloads: downloads, settings: settings,
		directory: directory, statements: statements, log: log,
	}
	s.key = s.newKey(t, access.Grants{Unrestricted: true}, access.Scopes...)
	return s
}

// newKey makes an API key.
func (s *site) newKey(t testing.TB, grants access.Grants, scopes ...access.Scope) string {
	t.Helper()
	operator := access.Actor{Principal: access.Operator()}
	_, key, err := s.keys.Create(t.Context(), operator, access.KeyInput{Name: "test", Scopes: scopes, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// reference is the name of who asks where nothing else is said.
func (s *site) reference() string { return "key:" + strings.Split(s.key, "_")[1] }

// nobody, as credentials, stands for none.
const nobody = "nobody"

// ServeHTTP serves the API.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = r.Clone(r.Context())
	switch r.Header.Get("Authorization") {
	case "":
		r.Header.Set("Authorization", "Bearer "+s.key)
	case nobody:
		r.Header.Del("Authorization")
	}
	s.Handler.ServeHTTP(w, r)
}

// take imports a file and reads the directory anew.
func (s *site) take(t *testing.T, name string) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report := func(f format.Fault) { t.Errorf("%s: %v", name, &f) }
	if _, err := ingest.Import(t.Context(), s.database.Pool, file, ingest.Config{Strict: true, Faulty: report}); err != nil {
		t.Fatal(err)
	}
	s.refresh(t)
}

func (s *site) refresh(t testing.TB) {
	t.Helper()
	if err := s.directory.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   string
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions struct{ Code, Field, RequestID string }
	}
	Data json.RawMessage
}

// send sends a request and reads the answer.
func send(t *testing.T, handler http.Handler, request *http.Request) reply {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request.WithContext(t.Context()))
	answered := reply{status: recorder.Code, header: recorder.Header(), body: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answered); err != nil {
		t.Fatalf("the answer is no JSON: %v\n%s", err, answered.body)
	}
	return answered
}

// post makes a request of a body.
func post(body io.Reader) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/graphql", body)
	request.Header.Set("Content-Type", "application/json")
	return request
}

// operation makes the request of a document and its variables.
func operation(t *testing.T, document string, variables any) *http.Request {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return post(bytes.NewReader(body))
}

// ask sends a document that must be answered without errors.
func (s *site) ask(t *testing.T, document string, variables any) string {
	t.Helper()
	answered := send(t, s, operation(t, document, variables))
	if len(answered.Errors) > 0 {
		t.Fatalf("refused: %s", answered.body)
	}
	return string(answered.Data)
}

// renew serves the same data by another configuration.
func (s *site) renew(t *testing.T, config graph.Config) {
	t.Helper()
	s.Handler, s.config = graph.NewHandler(config), config
	t.Cleanup(s.Handler.Close)
}
