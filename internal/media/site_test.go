package media

import (
	"bytes"
	"encoding/binary"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// start is the clock of every test.
var start = time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)

// canary is a number that stands in the path of every recording of the tests.
const canary = "48601777888"

// site is a library over a database and a folder of its own.
type site struct {
	pool      *postgres.Pool
	store     *report.Store
	keys      *access.Keys
	directory *directory.Directory
	folder    string
	config    Config
	library   *Library
	log       lockedBuffer
	now       atomic.Pointer[time.Time]
	made      int
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(part []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(part)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{folder: t.TempDir()}
	s.pool = pgtest.New(t).Pool
	signer := relay.NewSigner([]byte("key of the test"))
	s.directory = directory.New(s.pool.DB, signer, time.Now)
	zone, err := time.LoadLocation("Europe/Warsaw")
	must(t, err)
	s.now.Store(&start)
	clock := func() time.Time { return *s.now.Load() }
	s.store = report.NewStore(s.pool.DB, s.directory, signer, report.Config{Zone: zone, Now: clock})
	s.keys = access.NewKeys(s.pool, signer, clock, nil)
	people := access.NewAuthenticator(s.pool, s.keys, nil, clock)
	recordings, err := OpenPlaces(t.Context(), Addresses{Default: "file://" + s.folder})
	must(t, err)
	s.config = Config{
		Recordings: recordings, Store: s.store, Now: clock, Zone: zone, Rights: people.Current, Authenticate: people.Authenticate,
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.1") },
		Numbers: s.directory.Numbers, Audit: access.NewAudit(s.pool, signer, clock), Log: slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	s.set(t, func(*Config) {})
	t.Cleanup(func() {
		if told := s.log.String(); strings.Contains(told, canary) || strings.Contains(told, s.folder) {
			t.Errorf("the log tells paths: %s", told)
		}
	})
	return s
}

// set makes the library anew with other config.
func (s *site) set(t testing.TB, change func(*Config)) {
	t.Helper()
	change(&s.config)
	var err error
	s.library, err = New(s.pool, s.config)
	must(t, err)
}

// person makes a key and gives who comes with it.
func (s *site) person(t testing.TB, grants access.Grants, scopes ...access.Scope) (access.Principal, http.Header) {
	t.Helper()
	key, text, err := s.keys.Create(t.Context(), access.Actor{Principal: access.Operator()}, access.KeyInput{Name: "somebody", Scopes: scopes, Grants: grants})
	must(t, err)
	return key.Principal(), http.Header{"Authorization": {"Bearer " + text}}
}

// listener is somebody who hears everything.
func (s *site) listener(t testing.TB) access.Principal {
	t.Helper()
	principal, _ := s.person(t, access.Grants{Unrestricted: true}, access.ScopeRead, access.ScopeContent)
	return principal
}

// record makes a contact of a campaign with recordings at some paths, and gives them as a principal sees them.
func (s *site) record(t testing.TB, to access.Principal, externalID string, paths ...string) []*Recording {
	t.Helper()
	s.made++
	name := "Kampania"
	one := format.Contact{
		ExternalID: externalID, Type: contact.OutboundCall, Status: contact.Answered, StartedAt: start.Add(-time.Duration(s.made) * time.Minute),
		Campaign: &format.Reference{ExternalID: "k1", Name: &name}, Agent: &format.Reference{ExternalID: "a1", Name: &name},
	}
	for _, path := range paths {
		one.Recordings = append(one.Recordings, contact.Recording{Path: path})
	}
	_, ids, errs := ingest.Record(t.Context(), s.pool, []format.Contact{one}, ingest.Bounds{}, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	must(t, s.directory.Refresh(t.Context()))
	return s.seen(t, to, ids[0])
}

// seen are the recordings of a contact as a principal sees them.
func (s *site) seen(t testing.TB, to access.Principal, id int64) []*Recording {
	t.Helper()
	reader := s.store.For(contact.Unlimited)
	found, err := reader.Contacts(t.Context(), []int64{id}, contact.ColumnExternalID)
	must(t, err)
	details, _, err := reader.Details(t.Context(), []contact.Key{found[id].Key()}, 1<<20)
	must(t, err)
	return s.library.Recordings(to, found[id], details[id], Nothing)
}

// put puts a file into the folder.
func (s *site) put(t testing.TB, key string, content []byte) {
	t.Helper()
	path := filepath.Join(s.folder, key)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, content, 0o600))
}

// ask sends a request for a file.
func (s *site) ask(t testing.TB, method, address string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, address, nil)
	if header != nil {
		request.Header = header
	}
	answer := httptest.NewRecorder()
	s.library.Handler().ServeHTTP(answer, request)
	return answer
}

// address is the url of a recording.
func address(t testing.TB, of *Recording) string {
	t.Helper()
	url, err := of.URL(t.Context())
	must(t, err)
	if url == nil {
		t.Fatalf("there is no url: %+v", of.finding)
	}
	return *url
}

// wave is a WAV of so many samples of two channels, 8000 a second.
func wave(samples int) []byte {
	var pcm bytes.Buffer
	for i := range samples {
		_ = binary.Write(&pcm, binary.LittleEndian, [2]int16{int16(i * 7), int16(-i * 3)})
	}
	var b bytes.Buffer
	b.WriteString("RIFF")
	_ = binary.Write(&b, binary.LittleEndian, uint32(36+pcm.Len()))
	b.WriteString("WAVEfmt ")
	_ = binary.Write(&b, binary.LittleEndian, struct {
		Size            uint32
		Format, Count   uint16
		Rate, ByteRate  uint32
		Align, BitDepth uint16
	}{16, 1, 2, 8000, 32000, 4, 16})
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, uint32(pcm.Len()))
	b.Write(pcm.Bytes())
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
