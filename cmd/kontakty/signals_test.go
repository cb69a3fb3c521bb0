package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSignals_TwoAtOnceStopInOrder(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	demo := serving(t, directory, "demo")
	postgres := privateServer(t, directory)
	halfRequest(t, demo) // keeps the stop from ending before the second signal
	demo.signal(syscall.SIGINT)
	demo.signal(syscall.SIGTERM)
	if status := demo.wait(); status != statusOK {
		t.Errorf("status %d, want that of an orderly stop", status)
	}
	if isAlive(postgres) {
		t.Errorf("the private PostgreSQL (process %d) is left behind", postgres)
	}
}

func TestSignals_SecondStopsThePrivatePostgreSQLAtOnce(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	demo := serving(t, directory, "demo")
	postgres := privateServer(t, directory)
	halfRequest(t, demo)
	demo.signal(syscall.SIGTERM)
	demo.waitFor(regexp.MustCompile(`Stopping\.`))
	time.Sleep(sameStop + 200*time.Millisecond)
	if status := demo.stop(syscall.SIGTERM); status != 128+int(syscall.SIGTERM) {
		t.Errorf("status %d", status)
	}
	if isAlive(postgres) {
		t.Errorf("the private PostgreSQL (process %d) is left behind", postgres)
	}
	if n := serving(t, directory, "demo").all(); n != demoContacts {
		t.Errorf("%d contacts after a recovery, want %d", n, demoContacts)
	}
}

func TestSignals_SecondEndsTheWaitForProxies(t *testing.T) {
	t.Parallel()
	demo := serving(t, dataDir(t), "demo", "--shutdown-delay", "10m")
	demo.signal(syscall.SIGTERM)
	demo.waitFor(regexp.MustCompile(`Stopping, in 10m0s\.`))
	late := time.After(patience)
	for status := 0; status != http.StatusServiceUnavailable; {
		select {
		case <-late:
			t.Fatalf("/readyz says %d", status)
		case <-time.After(20 * time.Millisecond):
			status, _ = demo.get("/readyz")
		}
	}
	if n := demo.all(); n != demoContacts {
		t.Errorf("%d contacts are answered while it stops, want %d", n, demoContacts)
	}
	time.Sleep(sameStop + 200*time.Millisecond)
	if status := demo.stop(syscall.SIGTERM); status != 128+int(syscall.SIGTERM) {
		t.Errorf("status %d", status)
	}
}

func TestSignals_NeitherLosesWhatIsFilled(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	p := launch(t, nil, "demo", "--data-dir", directory, "--listen", "127.0.0.1:0")
	p.waitFor(regexp.MustCompile(fillingNotice))
	p.signal(syscall.SIGINT)
	p.signal(syscall.SIGTERM)
	// Either the first was enough to stop in order, or the second ended it: it never hangs, and nothing is lost.
	if status := p.wait(); status != statusOK && status != 128+int(syscall.SIGINT) && status != 128+int(syscall.SIGTERM) {
		t.Errorf("status %d", status)
	}
	demo := serving(t, directory, "demo")
	if n := demo.all(); n != demoContacts {
		t.Errorf("%d contacts, want %d", n, demoContacts)
	}
}

// halfRequest sends a request whose end never comes: a stop waits for it.
func halfRequest(t *testing.T, p *process) {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	const request = "POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
	if _, err := connection.Write([]byte(request + p.key + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")); err != nil {
		t.Fatal(err)
	}
}

// privateServer is the process of the private PostgreSQL.
func privateServer(t *testing.T, directory string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(content, []byte("\n"))
	pid, err := strconv.Atoi(string(first))
	if err != nil || !isAlive(pid) {
		t.Fatalf("no private PostgreSQL runs: %q", content)
	}
	return pid
}

func isAlive(pid int) bool { return syscall.Kill(pid, 0) == nil }
