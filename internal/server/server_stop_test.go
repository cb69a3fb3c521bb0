package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// Whoever asks probes hears of a stop while everybody is still answered, over connections that are not used again.
func TestServer_AnswersWhileProxiesHearThatItStops(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	config := configFor(t, database.URL)
	config.ShutdownDelay = 7 * time.Second
	m, key := New(config, slog.New(slog.DiscardHandler), time.Now), allowed(t, database.Pool)
	asked, passed := make(chan time.Duration, 1), make(chan time.Time)
	m.after = func(delay time.Duration) <-chan time.Time {
		asked <- delay
		return passed
	}
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := say(t, m, key, whoAmI, nil); got.status != http.StatusOK || got.header.Get("Connection") != "" {
		t.Errorf("before: %d %v", got.status, got.header)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- m.Close() }()
	if delay := <-asked; delay != config.ShutdownDelay {
		t.Errorf("it waits for %s", delay)
	}
	if status, body := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "stopping") {
		t.Errorf("/readyz says %d %s", status, body)
	}
	for _, path := range []string{"/healthz", "/startupz"} {
		if status, body := get(t, "", m.URL()+path); status != http.StatusOK {
			t.Errorf("%s says %d %s", path, status, body)
		}
	}
	response := send(t, key, http.MethodPost, m.URL()+"/graphql", http.Header{"Content-Type": {"application/json"}}, strings.NewReader(`{"query": "{ viewer { name } }"}`))
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || !response.Close {
		t.Errorf("a request is answered with %d, and the connection used again: %v", response.StatusCode, !response.Close)
	}
	select {
	case err := <-stopped:
		t.Errorf("it stopped before the time was up: %v", err)
	default:
	}
	close(passed)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if connection, err := net.Dial("tcp", m.listener.Addr().String()); err == nil {
		connection.Close()
		t.Error("the port is open after the stop")
	}
}

func TestServer_AnnouncesNoStopBeforeItAnswered(t *testing.T) {
	t.Parallel()
	config := configFor(t, pgtest.NewEmpty(t).URL)
	config.ShutdownDelay = time.Hour
	m := New(config, slog.New(slog.DiscardHandler), time.Now)
	if err := m.Run(t.Context()); err == nil {
		t.Error("a database without tables is taken")
	}
	if err := m.Close(); err != nil { // at once
		t.Error(err)
	}
}

// Two servers behind a proxy are restarted in turn, again and again, and nobody notices.
func TestServer_IsRestartedBehindAProxyWithoutAFailure(t *testing.T) {
	t.Parallel()
	const perSecond, restarts = 200, 4
	database := pgtest.New(t)
	key := allowed(t, database.Pool)
	for name, proxy := range map[string]func(*testing.T, []string) (address string, serving func(int) bool){
		"HAProxy": haproxy, "a proxy that asks readyz": askingProxy,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			servers, addresses := make([]*Server, 2), []string{"127.0.0.1:0", "127.0.0.1:0"}
			serving := func(int) bool { return false }
			start := func(i int) {
				config := configFor(t, database.URL)
				config.Listen, config.ShutdownDelay, config.NoWorker, config.RequestTimeout = addresses[i], time.Hour, true, time.Minute
				until(t, "the port is free", func() bool { // whatever else runs may have taken it for a moment
					servers[i] = New(config, slog.New(slog.DiscardHandler), time.Now)
					servers[i].after = func(time.Duration) <-chan time.Time { return noticed(func() bool { return !serving(i) }) }
					err := servers[i].Run(t.Context())
					if err != nil {
						_ = servers[i].Close()
						if !errors.Is(err, syscall.EADDRINUSE) {
							t.Fatal(err)
						}
					}
					return err == nil
				})
				addresses[i] = servers[i].listener.Addr().String()
			}
			for i := range servers {
				start(i)
				defer func() { _ = servers[i].Close() }()
			}
			var address string
			address, serving = proxy(t, addresses)
			for i := range servers {
				until(t, "the proxy sends requests to a server", func() bool { return serving(i) })
			}
			asked, failed := askSteadily(t, "http://"+address, key, perSecond, func() {
				for i := range restarts {
					at := i % len(servers)
					if err := servers[at].Close(); err != nil {
						t.Error(err)
					}
					start(at)
					until(t, "the proxy sends requests to a server again", func() bool { return serving(at) })
				}
			})
			t.Logf("%d requests, %d failed, while servers were restarted %d times", asked, failed, restarts)
			if failed > 0 || asked < perSecond {
				t.Errorf("%d of %d requests failed", failed, asked)
			}
		})
	}
}

// until waits until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for late := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("it never came to be that %s", what)
		}
	}
}

// noticed is a delay that is as long as a proxy takes to notice, however slow the machine is, and to send on what it has
// accepted before.
func noticed(has func() bool) <-chan time.Time {
	passed := make(chan time.Time)
	go func() {
		defer close(passed)
		for late := time.Now().Add(time.Minute); !has() && time.Now().Before(late); {
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
	}()
	return passed
}

// askSteadily sends so many requests a second while something is done, fewer where the machine does not keep up, and says how
// many there were and how many failed.
func askSteadily(t *testing.T, base, key string, perSecond int, do func()) (asked, failed int64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: perSecond}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithCancel(t.Context())
	var all, lost atomic.Int64
	var asking, each sync.WaitGroup
	places := make(chan struct{}, 50)
	asking.Go(func() {
		ticker := time.NewTicker(time.Second / time.Duration(perSecond))
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			places <- struct{}{}
			each.Go(func() {
				defer func() { <-places }()
				all.Add(1)
				if reason := askOnce(t.Context(), client, base, key); reason != "" && lost.Add(1) <= 3 {
					t.Error(reason)
				}
			})
		}
	})
	defer func() {
		cancel()
		asking.Wait()
		each.Wait()
		asked, failed = all.Load(), lost.Load()
	}()
	do()
	return
}

// askOnce sends what no proxy would send twice, and says what went wrong.
func askOnce(ctx context.Context, client *http.Client, base, key string) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/graphql", strings.NewReader(`{"query": "{ viewer { name } }"}`))
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := client.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"viewer"`) {
		return fmt.Sprintf("status %d: %.200s (%v)", response.StatusCode, body, err)
	}
	return ""
}

// haproxy runs HAProxy before servers. It repeats no request.
func haproxy(t *testing.T, servers []string) (string, func(int) bool) {
	program, err := exec.LookPath("haproxy")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/haproxy"); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal("HAProxy is missing")
			}
			t.Skip("HAProxy is missing; the other proxy of this test stands in for it")
		}
	}
	directory, err := os.MkdirTemp("", "haproxy-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port, err := listener.(*net.TCPListener).File() // HAProxy gets it as its first file after the three of every process
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	socket := filepath.Join(directory, "stats")
	config := "global\n  stats socket " + socket + `
defaults
  mode http
  timeout connect 1m
  timeout check 1m
  timeout client 1m
  timeout server 1m
  retries 0
frontend all
  bind fd@3
  default_backend kontakty
backend kontakty
  balance roundrobin
  option httpchk GET /readyz
  default-server check inter 2s fastinter 200ms downinter 200ms fall 2 rise 1
`
	for i, server := range servers {
		config += fmt.Sprintf("  server s%d %s\n", i, server)
	}
	file := filepath.Join(directory, "haproxy.cfg")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-db", "-f", file)
	command.ExtraFiles = []*os.File{port}
	var said strings.Builder
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("HAProxy said: %s", said.String())
		}
	})
	return listener.Addr().String(), func(i int) bool {
		connection, err := net.Dial("unix", socket)
		if err != nil {
			return false
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, "show stat\n")
		for lines := bufio.NewScanner(connection); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), fmt.Sprintf("kontakty,s%d,", i)) {
				status := strings.Split(lines.Text(), ",")[17]
				return strings.HasPrefix(status, "UP") // or "UP 1/2" after the first failed check
			}
		}
		return false
	}
}

// askingProxy stands before servers and sends each request to one whose /readyz said yes last.
func askingProxy(t *testing.T, servers []string) (string, func(int) bool) {
	ready, proxies := make([]atomic.Bool, len(servers)), make([]*httputil.ReverseProxy, len(servers))
	var asking sync.WaitGroup
	for i, server := range servers {
		base := &url.URL{Scheme: "http", Host: server}
		transport := &http.Transport{MaxIdleConnsPerHost: 100}
		t.Cleanup(transport.CloseIdleConnections)
		proxies[i] = httputil.NewSingleHostReverseProxy(base)
		proxies[i].Transport = transport
		proxies[i].ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		probe := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
		asking.Go(func() {
			for t.Context().Err() == nil {
				response, err := probe.Get(base.String() + "/readyz")
				if err == nil {
					response.Body.Close()
				}
				ready[i].Store(err == nil && response.StatusCode == http.StatusOK)
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
	var turn atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first := int(turn.Add(1))
		for i := range servers {
			if at := (first + i) % len(servers); ready[at].Load() {
				proxies[at].ServeHTTP(w, r)
				return
			}
		}
		http.Error(w, "no server is ready", http.StatusServiceUnavailable)
	}), ReadHeaderTimeout: time.Minute}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		asking.Wait()
	})
	return listener.Addr().String(), func(i int) bool { return ready[i].Load() }
}
