package access

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2024, 4, 10, 9, 30, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// site is a database with everything of this package on it.
type site struct {
	*clock
	db            *pgtest.Database
	pool          *postgres.Pool
	recorder      *pgtest.Recorder
	keys          *Keys
	audit         *Audit
	authenticator *Authenticator
}

var (
	signer = relay.NewSigner([]byte("key of the test"))
	home   = netip.MustParseAddr("192.0.2.7")
	boss   = Actor{Principal: Operator(), Address: home}
)

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{clock: newClock(), db: pgtest.New(t)}
	s.pool, s.recorder = s.db.Recorded(t)
	s.keys = NewKeys(s.pool, signer, s.now, nil)
	s.audit = NewAudit(s.pool, signer, s.now)
	s.authenticator = NewAuthenticator(s.pool, s.keys, nil, s.now)
	return s
}

func (s *site) make(t testing.TB, input KeyInput) (*Key, string) {
	t.Helper()
	if input.Name == "" {
		input.Name = "reporting"
	}
	if input.Scopes == nil {
		input.Scopes = []Scope{ScopeRead}
	}
	key, text, err := s.keys.Create(t.Context(), boss, input)
	must(t, err)
	return key, text
}

func (s *site) authenticate(ctx context.Context, credentials string) (Actor, error) {
	return s.authenticator.Authenticate(ctx, bearing(credentials), home)
}

func bearing(credentials string) http.Header {
	return http.Header{"Authorization": {"Bearer " + credentials}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantReason(t testing.TB, err error, want fault.Reason) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Reason != want {
		t.Fatalf("error is %v, want the reason %s", err, want)
	}
}
