package embedded_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// watched is a server of a data directory that is watched until the test ends, and how often this watch started it again.
type watched struct {
	*embedded.Server
	restarts atomic.Int64
	ended    chan error
}

func watch(t *testing.T, server *embedded.Server, how embedded.Watching) *watched {
	t.Helper()
	w := &watched{Server: server, ended: make(chan error, 1)}
	how.Restarted = func() { w.restarts.Add(1) }
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { w.ended <- server.Watch(ctx, how) })
	t.Cleanup(func() {
		cancel()
		watching.Wait()
	})
	return w
}

// killPostmaster ends the postmaster of a data directory without giving it a chance.
func killPostmaster(t *testing.T, directory string) {
	t.Helper()
	pid := postmasterOf(directory)
	if pid == 0 {
		t.Fatal("no postmaster runs")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the postmaster", func() bool { return !lives(pid) })
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(part []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(part)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestWatch_StartsAKilledServerAgainAndSaysSo(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	changeConfiguration(t, directory, func(content string) string { return content + "log_statement = all\n" })
	var log lockedBuffer
	server, err := embedded.Start(t.Context(), embedded.Config{DataDir: directory, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	w := watch(t, server, embedded.Watching{})
	url := server.URL()
	execute(t, url, "CREATE TABLE kept AS SELECT '+48601234567'::text AS n")
	killPostmaster(t, directory)
	waitFor(t, "the server", func() bool { return answers(url) })
	if got := query(t, url, "SELECT n FROM kept"); got != "+48601234567" {
		t.Errorf("kept is %s", got)
	}
	if n := w.restarts.Load(); n != 1 || server.URL() != url {
		t.Errorf("%d restarts, at %s, want 1 at %s", n, server.URL(), url)
	}
	waitFor(t, "a word in the log", func() bool { return strings.Contains(log.String(), "was started again") })
	if said := log.String(); !strings.Contains(said, "has ended") || !strings.Contains(said, "database system is ready") || strings.Contains(said, "601234567") {
		t.Errorf("the log is:\n%s", said)
	}
	pid := postmasterOf(directory)
	stop(t, server)
	if err := <-w.ended; err != nil || lives(pid) {
		t.Errorf("after Stop the watch gives %v, and the server lives: %t", err, lives(pid))
	}
}

func TestWatch_OfSeveralStartsOneServer(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	// A clock that jumps keeps the restarts from being few and far between.
	var now atomic.Int64
	later := func() time.Time { return time.Unix(now.Add(3600), 0) }
	first, second := start(t, directory), start(t, directory)
	watches := []*watched{watch(t, first, embedded.Watching{Now: later}), watch(t, second, embedded.Watching{Now: later})}
	for round := range 4 {
		killPostmaster(t, directory)
		waitFor(t, "the server", func() bool { return answers(first.URL()) })
		if n := watches[0].restarts.Load() + watches[1].restarts.Load(); n != int64(round)+1 {
			t.Fatalf("%d restarts after %d kills", n, round+1)
		}
	}
	stop(t, first)
	waitFor(t, "the server of the other", func() bool { return answers(second.URL()) }) // a start may have been cut short
	killPostmaster(t, directory)
	waitFor(t, "the server of the other, again", func() bool { return answers(second.URL()) })
}

func TestWatch_LeavesAServerThatWasEndedInOrderToWhoeverDidFirst(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	waits := make(chan time.Duration, 1)
	goOn := make(chan time.Time)
	w := watch(t, server, embedded.Watching{After: func(wait time.Duration) <-chan time.Time {
		waits <- wait
		return goOn
	}})
	if err := syscall.Kill(postmasterOf(directory), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if wait := <-waits; wait != 5*time.Second {
		t.Errorf("it waits for %s, want 5 s", wait)
	}
	if answers(server.URL()) {
		t.Error("it was started meanwhile")
	}
	close(goOn)
	waitFor(t, "the server", func() bool { return answers(server.URL()) })
	if n := w.restarts.Load(); n != 1 {
		t.Errorf("%d restarts", n)
	}
}

func TestWatch_GivesUpAServerThatDoesNotStayAndMakesNoOther(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	waits := 0
	moved := filepath.Join(directory, "moved")
	if err := os.Rename(filepath.Join(directory, "postgres"), moved); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Rename(moved, filepath.Join(directory, "postgres")); err != nil {
			t.Error(err)
		}
	})
	w := watch(t, server, embedded.Watching{After: func(time.Duration) <-chan time.Time {
		waits++
		passed := make(chan time.Time)
		close(passed)
		return passed
	}})
	content, err := os.ReadFile(filepath.Join(moved, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, _ := strconv.Atoi(line)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	err = <-w.ended
	if err == nil || !strings.Contains(err.Error(), "ended 11 times within 10m0s") || !strings.Contains(err.Error(), "are gone") {
		t.Errorf("it gives %v", err)
	}
	if n := w.restarts.Load(); n != 0 || waits != 10 || exists(filepath.Join(directory, "postgres")) {
		t.Errorf("%d restarts, %d waits, a new cluster: %t", n, waits, exists(filepath.Join(directory, "postgres")))
	}
}

func TestWatch_LeavesNoServerWhereItIsStoppedDuringAStart(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	for _, after := range []time.Duration{0, 10 * time.Millisecond, 40 * time.Millisecond, 80 * time.Millisecond, 160 * time.Millisecond} {
		server := start(t, directory)
		watch(t, server, embedded.Watching{})
		killPostmaster(t, directory)
		<-time.After(after)
		stop(t, server)
		if pid := postmasterOf(directory); pid != 0 {
			t.Errorf("stopped %s after the kill: server %d is left", after, pid)
		}
	}
}

func TestWatch_DoesNotHoldUpAStopWhileOldSessionsWork(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	w := watch(t, server, embedded.Watching{})
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	session := int(conn.PgConn().PID())
	var working sync.WaitGroup
	working.Go(func() {
		_, _ = conn.Exec(context.Background(), "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000)")
		_ = conn.Close(context.Background())
	})
	t.Cleanup(func() {
		if lives(session) {
			_ = syscall.Kill(session, syscall.SIGKILL)
		}
		working.Wait()
	})
	waitFor(t, "a busy session", func() bool {
		return query(t, server.URL(), "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND pid = "+strconv.Itoa(session)) == "1"
	})
	killPostmaster(t, directory)
	waitFor(t, "a start", func() bool { return w.restarts.Load() == 1 })
	if output, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(session)).Output(); err != nil || len(output) == 0 {
		t.Fatal("the session does not work any more")
	}
	begun := time.Now()
	stop(t, server)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if pid := postmasterOf(directory); pid != 0 {
		t.Errorf("server %d is left", pid)
	}
}
