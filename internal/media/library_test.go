package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
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
	"github.com/kontakty/kontakty/internal/storage"
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
	s.directory = directory.New(s.pool.DB, signer)
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

func TestLibrary_SaysWhereRecordingsStand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	sound := wave(8000)
	s.put(t, "a/"+canary+".wav", sound)
	s.put(t, "empty.wav", nil)
	s.put(t, "broken.wav", []byte("RIFF\x10\x00\x00\x00WAVEfmt \xff\xff"))
	s.put(t, "page.wav", []byte("<html><script>alert(1)</script></html>"))
	found := s.record(t, to, "pbx1:1", s.folder+"/a/"+canary+".wav", "/missing.wav", "../secret.wav", "empty.wav", "broken.wav", "page.wav")
	for i, want := range []struct {
		state   State
		size    int
		problem string
	}{
		{Available, len(sound), ""},
		{Absent, -1, ""},
		{Absent, -1, ""},
		{Available, 0, "recording.empty"},
		{Available, 18, "recording.broken"},
		{Available, 38, "recording.unplayable"},
	} {
		one := found[i]
		state, _ := one.State(t.Context())
		size, _ := one.SizeBytes(t.Context())
		got, problem := -1, ""
		if size != nil {
			got = int(*size)
		}
		if trouble := one.Problem(t.Context()); trouble != nil {
			problem = string(trouble.Reason)
		}
		url, _ := one.URL(t.Context())
		if state != want.state || got != want.size || problem != want.problem || (url != nil) != (state == Available) {
			t.Errorf("%s: %s, %d bytes, problem %q, url %v; want %+v", one.Path, state, got, problem, url != nil, want)
		}
	}
	if channels, _ := found[0].Channels(t.Context()); channels == nil || *channels != 2 {
		t.Errorf("channels: %v", channels)
	}
	peaks, err := found[0].Peaks(t.Context(), 50)
	if err != nil || len(peaks) != 2 || len(peaks[0].Smallest) != 50 || len(peaks[1].Largest) != 50 || slices.Max(peaks[0].Largest) < 100 {
		t.Errorf("peaks: %v (%v)", peaks, err)
	}
	for _, buckets := range []int{0, -1, MaxBuckets + 1} {
		if _, err := found[0].Peaks(t.Context(), buckets); err == nil {
			t.Errorf("%d buckets are drawn", buckets)
		}
	}
	for _, one := range found[1:] {
		if peaks, err := one.Peaks(t.Context(), 50); peaks != nil || err != nil {
			t.Errorf("%s is drawn as %v (%v)", one.Path, peaks, err)
		}
	}

	// A source of its own has its own folder, and no other.
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, "b.wav"), sound, 0o600))
	s.set(t, func(config *Config) {
		config.Recordings, err = OpenPlaces(t.Context(), Addresses{Sources: map[string]string{"pbx2": "file://" + other}})
		must(t, err)
	})
	for externalID, want := range map[string]State{"pbx2:1": Available, "pbx22:1": NotConfigured, "pbx2": NotConfigured, "pbx3:pbx2:1": NotConfigured} {
		if externalID == "pbx2" {
			want = Available // a source may name a contact as itself
		}
		if state, _ := s.record(t, to, externalID, "b.wav")[0].State(t.Context()); state != want {
			t.Errorf("the recording of %s is %s, want %s", externalID, state, want)
		}
	}
}

func TestHandler_GivesSoundByRanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sound := wave(20_000)
	s.put(t, canary+".wav", sound)
	url := address(t, s.record(t, s.listener(t), "1", canary+".wav")[0])
	whole := s.ask(t, http.MethodGet, url, nil)
	for name, want := range map[string]string{
		"Content-Type": "audio/wav", "Content-Length": fmt.Sprint(len(sound)), "Accept-Ranges": "bytes", "Cache-Control": "no-store",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
		"Content-Disposition": `inline; filename="Recording 2024-04-10 11.29.00.wav"; filename*=UTF-8''Recording%202024-04-10%2011.29.00.wav`,
	} {
		if got := whole.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if whole.Code != http.StatusOK || !bytes.Equal(whole.Body.Bytes(), sound) {
		t.Errorf("status %d, %d bytes", whole.Code, whole.Body.Len())
	}
	tag := whole.Header().Get("ETag")
	for what, c := range map[string]struct {
		header http.Header
		status int
		body   []byte
	}{
		"a part":             {http.Header{"Range": {"bytes=40000-40099"}}, http.StatusPartialContent, sound[40000:40100]},
		"the rest":           {http.Header{"Range": {"bytes=79000-"}}, http.StatusPartialContent, sound[79000:]},
		"the end":            {http.Header{"Range": {"bytes=-10"}}, http.StatusPartialContent, sound[len(sound)-10:]},
		"beyond it":          {http.Header{"Range": {"bytes=900000-"}}, http.StatusRequestedRangeNotSatisfiable, nil},
		"of the same":        {http.Header{"Range": {"bytes=0-3"}, "If-Range": {tag}}, http.StatusPartialContent, []byte("RIFF")},
		"of another content": {http.Header{"Range": {"bytes=0-3"}, "If-Range": {`"other"`}}, http.StatusOK, sound},
		"what is there":      {http.Header{"If-None-Match": {tag}}, http.StatusNotModified, nil},
		"in Polish":          {http.Header{"Range": {"bytes=0-3"}, "Accept-Language": {"pl"}}, http.StatusPartialContent, []byte("RIFF")},
	} {
		got := s.ask(t, http.MethodGet, url, c.header)
		if got.Code != c.status || c.body != nil && !bytes.Equal(got.Body.Bytes(), c.body) {
			t.Errorf("%s: status %d, %d bytes", what, got.Code, got.Body.Len())
		}
	}
	several := s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-3,8-11"}})
	if several.Code != http.StatusPartialContent || !strings.HasPrefix(several.Header().Get("Content-Type"), "multipart/byteranges") ||
		!strings.Contains(several.Body.String(), "RIFF") || !strings.Contains(several.Body.String(), "WAVE") {
		t.Errorf("two parts: %d %v", several.Code, several.Header())
	}
	head := s.ask(t, http.MethodHead, url, nil)
	if head.Code != http.StatusOK || head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(sound)) {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
	if post := s.ask(t, http.MethodPost, url, nil); post.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", post.Code)
	}
	s.put(t, canary+".wav", wave(10)) // another recording under the same name
	if got := s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-3"}, "If-Range": {tag}}); got.Code != http.StatusOK {
		t.Errorf("a part of what is another file now: %d", got.Code)
	}
}

func TestHandler_SaysWhatIsWrongWithAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, content := range map[string]string{
		"empty.wav": "", "broken.wav": "RIFF\x10\x00\x00\x00WAVEfmt \xff\xff", "page.html": "<html><script>alert(1)</script></html>", "gone.wav": "x",
	} {
		s.put(t, name, []byte(content))
	}
	found := s.record(t, s.listener(t), "1", "empty.wav", "broken.wav", "page.html", "gone.wav")
	for i, want := range []struct {
		status int
		begins string
	}{
		{http.StatusNotFound, `{"code":"NOT_FOUND","message":"The file is empty`},
		{http.StatusOK, "RIFF"},
		{http.StatusOK, "<html>"},
		{http.StatusNotFound, `{"code":"NOT_FOUND","message":"The file is not where`},
	} {
		url := address(t, found[i])
		if i == 3 {
			must(t, os.Remove(filepath.Join(s.folder, "gone.wav")))
		}
		got := s.ask(t, http.MethodGet, url, nil)
		if got.Code != want.status || !strings.HasPrefix(got.Body.String(), want.begins) {
			t.Errorf("%s: %d %.60s", found[i].Path, got.Code, got.Body)
		}
		kept := strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") && got.Header().Get("Content-Type") == "application/octet-stream"
		if got.Code == http.StatusOK && !kept {
			t.Errorf("%s may be shown: %v", found[i].Path, got.Header())
		}
	}
}

func TestHandler_OpensToTheOneWhoWasGivenTheLinkAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put(t, "a.wav", wave(100))
	s.put(t, "b.wav", wave(200))
	anna, annas := s.person(t, access.Grants{Campaigns: []string{"k1"}}, access.ScopeRead, access.ScopeContent)
	_, others := s.person(t, access.Grants{Unrestricted: true}, access.ScopeRead, access.ScopeContent)
	found := s.record(t, anna, "1", "a.wav", "b.wav")
	first, second := address(t, found[0]), address(t, found[1])
	ask := func(what, url string, header http.Header, want int) {
		t.Helper()
		got := s.ask(t, http.MethodGet, url, header)
		if got.Code != want || want != http.StatusOK && strings.Contains(got.Body.String(), "RIFF") {
			t.Errorf("%s: %d %.80q, want %d", what, got.Code, got.Body, want)
		}
	}
	ask("a link", first, nil, http.StatusOK)
	ask("with its principal's credentials", first, annas, http.StatusOK)
	ask("with another's", first, others, http.StatusForbidden)
	ask("with wrong ones", first, http.Header{"Authorization": {"Bearer kky_x"}}, http.StatusUnauthorized)
	path, token, _ := strings.Cut(first, "?")
	secondPath, secondToken, _ := strings.Cut(second, "?")
	for what, url := range map[string]string{
		"without a token": path, "of another recording": path + "?" + secondToken, "with another's token": secondPath + "?" + token,
		"with more behind": first + "&a=b", "cut": first[:len(first)-1], "spelt in another way": strings.Replace(first, "/recording/", "/%72ecording/", 1),
		"of a file": "/files/" + strings.TrimPrefix(first, Path), "of no part": strings.Replace(first, "/recording/1", "", 1),
		"of a part beyond": strings.Replace(first, "/recording/1", "/recording/3", 1), "with a path in it": strings.Replace(first, "/recording/1", "/../recording/1", 1),
	} {
		ask(what, url, nil, http.StatusForbidden)
	}
	for i := range len(token) - len("token=") {
		altered := []byte(first)
		at := len(first) - 1 - i
		altered[at] = map[bool]byte{true: 'B', false: 'A'}[altered[at] == 'A']
		if i%7 == 0 {
			ask("altered", string(altered), nil, http.StatusForbidden)
		}
	}

	change := func(sql string) {
		t.Helper()
		_, err := s.pool.Exec(t.Context(), `UPDATE api_keys SET `+sql+` WHERE key_id = $1`, anna.ID)
		must(t, err)
	}
	change(`grants = '{"campaigns": ["k2"]}'`)
	ask("with a reach that lost the contact", first, nil, http.StatusNotFound)
	change(`grants = '{"campaigns": ["k1"]}', scopes = '{contacts:read}'`)
	ask("without the scope", first, nil, http.StatusForbidden)
	change(`scopes = '{contacts:read,contacts:content}', revoked_at = now(), revoked_by = 'local'`)
	ask("of a revoked key", first, nil, http.StatusForbidden)
	change(`revoked_at = NULL, revoked_by = NULL`)
	ask("with its rights back", first, nil, http.StatusOK)
	late := start.Add(5*time.Minute - time.Second)
	s.now.Store(&late)
	ask("in its last second", first, nil, http.StatusOK)
	late = start.Add(5 * time.Minute)
	s.now.Store(&late)
	ask("that is over", first, nil, http.StatusForbidden)
}

func TestHandler_WritesDownWhoHears(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.put(t, "a.wav", wave(100))
	to := s.listener(t)
	url := address(t, s.record(t, to, "1", "a.wav")[0])
	opened := func() (n int) {
		t.Helper()
		must(t, s.pool.QueryRow(t.Context(), `SELECT count(*) FROM audit_events WHERE action = 'OPENED_RECORDING' AND principal = $1 AND address = '192.0.2.1'`, to.String()).Scan(&n))
		return n
	}
	for range 5 { // a player asks for many parts
		s.ask(t, http.MethodGet, url, http.Header{"Range": {"bytes=0-9"}})
	}
	if n := opened(); n != 1 {
		t.Errorf("five parts within a minute are written down %d times", n)
	}
	later := start.Add(2 * time.Minute)
	s.now.Store(&later)
	s.ask(t, http.MethodHead, url, nil)
	if n := opened(); n != 1 {
		t.Errorf("HEAD is written down")
	}
	s.ask(t, http.MethodGet, url, nil)
	if n := opened(); n != 2 {
		t.Errorf("what is heard later is written down %d times in all", n)
	}
	_, err := s.pool.Exec(t.Context(), `ALTER TABLE audit_events RENAME TO lost`)
	must(t, err)
	later = start.Add(4 * time.Minute)
	s.now.Store(&later)
	if got := s.ask(t, http.MethodGet, url, nil); got.Code != http.StatusServiceUnavailable || strings.Contains(got.Body.String(), "RIFF") {
		t.Errorf("what cannot be written down: %d %.40q", got.Code, got.Body)
	}
}

// archive is one that does what a test says.
type archive struct {
	open func(ctx context.Context) (storage.Object, error)
}

func (a archive) Open(ctx context.Context, _ string) (storage.Object, error) { return a.open(ctx) }
func (archive) SignedAddress(_ context.Context, _, mediaType, _ string) (string, error) {
	return "https://bucket.example.com/a?type=" + mediaType, nil
}
func (archive) Close() error { return nil }

// object is sound of which an archive gives so much, and then does something else.
type object struct {
	*bytes.Reader
	ctx   context.Context
	given int64
	then  func(context.Context) error
}

func (o object) ReadAt(into []byte, offset int64) (int, error) {
	if offset+int64(len(into)) > o.given {
		return 0, o.then(o.ctx)
	}
	return o.Reader.ReadAt(into, offset)
}
func (o object) Size() int64 { return o.Reader.Size() }
func (object) ETag() string  { return "tag" }
func (object) Close() error  { return nil }

// stuck waits for as long as it may.
func stuck(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestLibrary_WaitsForNoArchiveLongerThanItMay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	sound := wave(400_000)
	of := func(open func(context.Context) (storage.Object, error)) *Recording {
		t.Helper()
		s.set(t, func(config *Config) {
			config.Recordings, config.ReadTime = Places{Default: storage.NewCollection(archive{open}, "")}, 200*time.Millisecond
		})
		return s.record(t, to, fmt.Sprintf("contact %d", s.made), canary+".wav")[0]
	}
	giving := func(given int, then func(context.Context) error) func(ctx context.Context) (storage.Object, error) {
		return func(ctx context.Context) (storage.Object, error) {
			return object{bytes.NewReader(sound), ctx, int64(given), then}, nil
		}
	}
	half := func(context.Context) error { return fmt.Errorf("%w: it gave a part of a file", storage.ErrAway) }

	slow := of(func(ctx context.Context) (storage.Object, error) { return nil, stuck(ctx) })
	began := time.Now()
	state, _ := slow.State(t.Context())
	if url, _ := slow.URL(t.Context()); state != Unreachable || url != nil || time.Since(began) > 30*time.Second {
		t.Errorf("a slow archive: %s after %v", state, time.Since(began))
	}
	gone := of(func(context.Context) (storage.Object, error) { return nil, storage.ErrAway })
	if state, _ := gone.State(t.Context()); state != Unreachable {
		t.Errorf("an archive that is gone: %s", state)
	}

	for what, open := range map[string]func(context.Context) (storage.Object, error){
		"gives nothing": giving(0, stuck), "fails at once": giving(0, half), "is not there": func(context.Context) (storage.Object, error) { return nil, storage.ErrAway },
	} {
		_ = of(giving(len(sound), nil))
		recording := of(giving(len(sound), nil))
		url := address(t, recording)
		s.set(t, func(config *Config) { config.Recordings = Places{Default: storage.NewCollection(archive{open}, "")} })
		got := s.ask(t, http.MethodGet, url, nil)
		if got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), `"UNAVAILABLE"`) {
			t.Errorf("an archive that %s: %d %.80q", what, got.Code, got.Body)
		}
	}
	for what, then := range map[string]func(context.Context) error{"stops": stuck, "gives half": half} {
		url := address(t, of(giving(700_000, then)))
		server := httptest.NewServer(s.library.Handler())
		response, err := http.Get(server.URL + url)
		must(t, err)
		n, err := new(bytes.Buffer).ReadFrom(response.Body)
		if response.StatusCode != http.StatusOK || err == nil || n == 0 || n >= int64(len(sound)) {
			t.Errorf("an archive that %s: %d, %d bytes, %v", what, response.StatusCode, n, err)
		}
		_ = response.Body.Close()
		server.Close()
	}
	if told := s.log.String(); strings.Count(told, "a recording was given in part") != 2 {
		t.Errorf("the log: %s", told)
	}
}

func TestHandler_SendsToTheArchiveItself(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	sound := wave(100)
	s.set(t, func(config *Config) {
		config.Redirect = true
		config.Recordings = Places{Default: storage.NewCollection(archive{func(ctx context.Context) (storage.Object, error) {
			return object{bytes.NewReader(sound), ctx, int64(len(sound)), stuck}, nil
		}}, "")}
	})
	url := address(t, s.record(t, s.listener(t), "1", "a.wav")[0])
	got := s.ask(t, http.MethodGet, url, nil)
	if got.Code != http.StatusFound || got.Header().Get("Location") != "https://bucket.example.com/a?type=audio/wav" {
		t.Errorf("%d %v", got.Code, got.Header())
	}
	if head := s.ask(t, http.MethodHead, url, nil); head.Code != http.StatusOK || head.Header().Get("Location") != "" {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
	if got := s.library.SignedAddresses(t.Context()); len(got) != 1 || !strings.HasPrefix(got[0], "https://bucket.example.com/") {
		t.Errorf("the pages may play from %v", got)
	}
}

func TestStreams_LeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	s := newStreams()
	var ends []func()
	for range streamsOfPrincipal {
		end, err := s.begin("anna")
		must(t, err)
		ends = append(ends, end)
	}
	if _, err := s.begin("anna"); err == nil {
		t.Error("one principal has more than its share")
	}
	end, err := s.begin("jan")
	must(t, err)
	end()
	ends[0]()
	if _, err := s.begin("anna"); err != nil {
		t.Error(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLook_CountsWhatIsAbsent(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	to := s.listener(t)
	s.put(t, "a.wav", wave(10))
	s.record(t, to, "1", "a.wav", "b.wav")
	s.record(t, to, "2", "../a.wav")
	s.record(t, to, "pbx2:3", "a.wav")
	var steps int
	found, err := Look(t.Context(), s.pool, Places{Default: s.config.Recordings.Default}, func(Survey) { steps++ })
	must(t, err)
	if want := (Survey{Recordings: 4, Absent: 2}); found != want || steps != 1 {
		t.Errorf("%v after %d steps, want %v", found, steps, want)
	}
	found, err = Look(t.Context(), s.pool, Places{Sources: map[string]*storage.Collection{"pbx2": s.config.Recordings.Default}}, func(Survey) {})
	must(t, err)
	if want := (Survey{Recordings: 4, NotConfigured: 3}); found != want {
		t.Errorf("with an archive of one source: %v, want %v", found, want)
	}
	away := storage.NewCollection(archive{func(context.Context) (storage.Object, error) { return nil, storage.ErrAway }}, "")
	if found, err = Look(t.Context(), s.pool, Places{Default: away}, func(Survey) {}); err == nil || found.Unreachable != 3 { // the fourth path names nothing
		t.Errorf("an archive that is gone: %v, %v", found, err)
	}
}
