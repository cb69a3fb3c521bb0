package postgres_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestOpen_FindsThePrimaryAmongSeveralHosts(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	standbyFirst := &pgtest.Pair{Primary: pair.Standby, Standby: pair.Primary}
	for _, mode := range []string{"", "target_session_attrs=primary", "target_session_attrs=read-write"} {
		for _, readOnly := range []bool{false, true} {
			pool, err := postgres.Open(t.Context(), postgres.Config{URL: standbyFirst.URL(mode), ReadOnly: readOnly})
			if err != nil {
				t.Errorf("%q, read-only %t: %v", mode, readOnly, err)
				continue
			}
			var standby bool
			if err := pool.QueryRow(t.Context(), "SELECT pg_is_in_recovery()").Scan(&standby); err != nil || standby {
				t.Errorf("%q, read-only %t: standby %t, %v", mode, readOnly, standby, err)
			}
			pool.Close()
		}
	}
	// A standby that is asked for is had: reading needs no more.
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: pair.URL("target_session_attrs=standby"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	pool.Close()
}

func TestOpen_SaysShortlyWhyNoHostTakesUs(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	pair.Primary.Kill()
	var log bytes.Buffer
	_, err := postgres.Open(t.Context(), postgres.Config{URL: pair.URL(""), Log: slog.New(slog.NewTextHandler(&log, nil))})
	const want = "none of 2 hosts is a primary that takes us: connection refused; it is a standby, or lets nobody write"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
	if code := fault.CodeOf(postgres.Translate(err)); code != fault.Unavailable {
		t.Errorf("it has code %s, want UNAVAILABLE", code)
	}
	if !strings.Contains(log.String(), "127.0.0.1") {
		t.Errorf("the log names no host: %s", &log)
	}
	_, err = postgres.Open(t.Context(), postgres.Config{URL: strings.Replace(pair.Standby.URL(), "/kontakty?", "/another?", 1)})
	if err == nil || err.Error() != "the database takes no connection: the database does not exist" {
		t.Errorf("of one host the error is %v", err)
	}
}

func TestPool_LeavesAServerThatLetsWriteNoMore(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	proxy := newProxy(t, pair.Standby)
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: proxy.url(t, pair.Standby), MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	write := func() error {
		_, err := pool.Exec(t.Context(), "CREATE TABLE written ()")
		return err
	}
	before := pool.Stat().NewConnsCount()
	for begun := time.Now(); time.Since(begun) < 400*time.Millisecond; {
		if err := write(); fault.CodeOf(postgres.Translate(err)) != fault.Unavailable {
			t.Fatalf("on a standby the error is %v, want UNAVAILABLE", err)
		}
	}
	if made := pool.Stat().NewConnsCount() - before; made > 2 {
		t.Errorf("%d connections were made within a second", made)
	}
	proxy.lead(t, pair.Primary)
	until(t, "a connection leads to the primary", func() bool { return write() == nil })
}

// proxy passes connections on to the server that it leads to when they are made.
type proxy struct {
	listener net.Listener
	target   atomic.Pointer[string]
}

func newProxy(t *testing.T, host *pgtest.Host) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	p := &proxy{listener: listener}
	p.lead(t, host)
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", *p.target.Load())
			if err != nil {
				_ = near.Close()
				continue
			}
			go pass(near, far)
			go pass(far, near)
		}
	}()
	return p
}

func pass(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// lead has connections that are made from now on lead to a server.
func (p *proxy) lead(t *testing.T, host *pgtest.Host) {
	t.Helper()
	address := parse(t, host.URL()).Host
	p.target.Store(&address)
}

// url is that of a server, but by the proxy.
func (p *proxy) url(t *testing.T, host *pgtest.Host) string {
	t.Helper()
	parsed := parse(t, host.URL())
	parsed.Host = p.listener.Addr().String()
	return parsed.String()
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
