package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pair is two servers of a test's own on loopback: a primary, and a standby to which every commit goes before it is
// acknowledged. Both are gone when the test ends, in whatever state it left them.
type Pair struct {
	// Primary and Standby are what the servers were at the start.
	Primary, Standby *Host
}

// Host is a server of a pair.
type Host struct {
	t    testing.TB
	port string
	// pid is the postmaster's.
	pid int
}

// NewPair makes a pair with an empty database.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	if !process.hasMain {
		t.Fatal("pgtest.NewPair needs the TestMain that pgtest.New needs")
	}
	g, err := launchGuardian(pairGuardian)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if err := g.end(); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	pair := &Pair{Primary: &Host{t: t}, Standby: &Host{t: t}}
	said := bufio.NewReader(g.output)
	for _, host := range []*Host{pair.Primary, pair.Standby} {
		if _, err := fmt.Fscanf(said, "%s %d\n", &host.port, &host.pid); err != nil {
			t.Fatalf("pgtest: making a pair of servers: %v: %v", err, g.end())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	return pair
}

// URL names both servers; parameters follow, such as "target_session_attrs=primary".
func (p *Pair) URL(parameters string) string {
	return pairURL(parameters, p.Primary.port, p.Standby.port)
}

// URL names this server alone.
func (h *Host) URL() string { return pairURL("", h.port) }

// pairURL is how to connect to the servers that listen on some ports of loopback.
func pairURL(parameters string, ports ...string) string {
	hosts := make([]string, len(ports))
	for i, port := range ports {
		hosts[i] = "127.0.0.1:" + port
	}
	return "postgres://kontakty@" + strings.Join(hosts, ",") + "/kontakty?" + strings.Trim("sslmode=disable&"+parameters, "&")
}

// Kill ends the server as a power cut does.
func (h *Host) Kill() {
	h.t.Helper()
	h.signal(syscall.SIGKILL)
	h.awaitEnd()
}

// Freeze leaves connections open that nobody answers, as a disk that hangs does.
func (h *Host) Freeze() { h.signal(syscall.SIGSTOP) }

// signal sends a signal to all processes of the server; the postmaster begins no other before it has its own.
func (h *Host) signal(signal syscall.Signal) {
	h.t.Helper()
	if err := signalServer(h.pid, signal); err != nil {
		h.t.Fatalf("pgtest: %v", err)
	}
}

// Stop stops the server as pg_ctl stop -m fast does, and waits until it is gone.
func (h *Host) Stop() {
	h.t.Helper()
	if err := syscall.Kill(h.pid, syscall.SIGINT); err != nil {
		h.t.Fatalf("pgtest: %v", err)
	}
	h.awaitEnd()
}

func (h *Host) awaitEnd() {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); isAlive(h.pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatal("pgtest: the server does not end")
		}
	}
}

// Promote makes a primary of a standby, and waits until it is one.
func (h *Host) Promote() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, h.URL())
	if err != nil {
		h.t.Fatalf("pgtest: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var promoted bool
	if err := conn.QueryRow(ctx, "SELECT pg_promote()").Scan(&promoted); err != nil || !promoted {
		h.t.Fatalf("pgtest: promoting: %t, %v", promoted, err)
	}
}
