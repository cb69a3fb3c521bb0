package embedded_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

func TestServer_KeepsItsDataAndLeavesNothingElse(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	ctx := t.Context()
	server, err := embedded.Start(ctx, embedded.Config{DataDir: directory})
	if err != nil {
		t.Fatal(err)
	}
	url, socket := server.URL(), socketOf(t, server.URL())
	execute(t, url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
	stop(t, server)
	stop(t, server) // does nothing
	if exists(socket) || postmasterOf(directory) != 0 || answers(url) {
		t.Fatal("the server, or the directory of its socket, is still there")
	}
	server, err = embedded.Start(ctx, embedded.Config{DataDir: directory})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, server)
	if got := query(t, server.URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Fatalf("kept is %s, want 7", got)
	}
}

func TestServer_IsStoppedByTheLastProcessThatUsesIt(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	first := hold(t, directory).waitUntilReady()
	second := hold(t, directory).waitUntilReady()
	if !first.started || second.started || first.url != second.url {
		t.Fatalf("first started=%t at %s, second started=%t at %s", first.started, first.url, second.started, second.url)
	}
	second.leave()
	if !answers(first.url) {
		t.Fatal("the one that attached took the server along")
	}
	third := hold(t, directory).waitUntilReady()
	first.leave()
	if !answers(third.url) {
		t.Fatal("the one that started the server took it along while another works")
	}
	third.leave()
	if answers(third.url) || postmasterOf(directory) != 0 {
		t.Fatal("the last one out left the server running")
	}
}

func TestStart_OfManyAtOnceStartsOneServer(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	holders := make([]*holder, 4)
	for i := range holders {
		holders[i] = hold(t, directory)
	}
	starters := 0
	for _, h := range holders {
		if h.waitUntilReady().started {
			starters++
		}
	}
	if starters != 1 {
		t.Errorf("%d processes started the server, want 1", starters)
	}
	var leaving sync.WaitGroup
	for _, h := range holders {
		leaving.Go(h.leave)
	}
	leaving.Wait()
	if postmasterOf(directory) != 0 {
		t.Error("the server still runs")
	}
}

func TestStart_AdoptsTheServerOfAKilledProcess(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	killed := hold(t, directory).waitUntilReady()
	execute(t, killed.url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
	orphan := postmasterOf(directory)
	killed.kill()
	server := start(t, directory)
	if server.Started() || postmasterOf(directory) != orphan {
		t.Error("another server was started beside the orphan")
	}
	if got := query(t, server.URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Errorf("kept is %s, want 7", got)
	}
	stop(t, server)
	if lives(orphan) {
		t.Error("the orphan was not stopped")
	}
}

func TestServer_DataSurviveTheKillOfEveryProcess(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	killed := hold(t, directory).waitUntilReady()
	execute(t, killed.url, "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 100000)")
	conn, err := pgx.Connect(t.Context(), killed.url)
	if err != nil {
		t.Fatal(err)
	}
	// A process of the old server that works on after its postmaster's death: the new one must wait for its end.
	busy := make(chan error, 1)
	go func() {
		_, err := conn.Exec(context.Background(), "INSERT INTO kept SELECT count(*) FROM generate_series(1, 4000000)")
		busy <- err
	}()
	waitFor(t, "a busy session", func() bool {
		return query(t, killed.url, "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 4000000)'") == "1"
	})
	postmaster := postmasterOf(directory)
	killed.kill()
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the postmaster", func() bool { return !lives(postmaster) })
	server := start(t, directory)
	if !server.Started() {
		t.Error("attached to a dead server")
	}
	<-busy
	got, _ := strconv.Atoi(query(t, server.URL(), "SELECT count(*)::text FROM kept"))
	if got != 100000 && got != 100001 {
		t.Errorf("%d rows, want the 100000 that were committed", got)
	}
}

func TestStart_MindsNoForeignOrDeadProcessUnderTheOldNumber(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	pidFile := filepath.Join(directory, "postgres", "postmaster.pid")
	content, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	stop(t, server)

	credential := &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	if os.Geteuid() != 0 {
		credential = nil
	}
	stranger := exec.Command("sleep", "600")
	stranger.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	zombie := exec.Command("true")
	zombie.SysProcAttr = stranger.SysProcAttr
	for _, command := range []*exec.Cmd{stranger, zombie} {
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = command.Process.Kill()
			_ = command.Wait() // only now the zombie goes
		}()
		pid := strconv.Itoa(command.Process.Pid)
		_, rest, _ := strings.Cut(string(content), "\n")
		if err := os.WriteFile(pidFile, []byte(pid+"\n"+rest), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(pidFile, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
		server, err := embedded.Start(t.Context(), embedded.Config{DataDir: directory})
		if err != nil {
			t.Fatalf("%s: %v", command.Path, err)
		}
		stop(t, server)
	}
	if stranger.Process.Signal(syscall.Signal(0)) != nil {
		t.Error("a foreign process was ended")
	}
}

func TestStart_ReplacesAServerWhoseSocketWasWipedUnlessItIsUsed(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	user := hold(t, directory).waitUntilReady()
	if err := os.RemoveAll(socketOf(t, user.url)); err != nil {
		t.Fatal(err)
	}
	unreachable := postmasterOf(directory)
	if _, err := embedded.Start(t.Context(), embedded.Config{DataDir: directory}); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("beside the one that uses it, the error is %v", err)
	}
	if !lives(unreachable) {
		t.Fatal("a server that is used was stopped")
	}
	user.kill()
	server := start(t, directory)
	if !server.Started() || lives(unreachable) {
		t.Error("the server that nobody could reach was not replaced")
	}
}

func TestStart_BeginsAnInitdbAnewThatWasCutShort(t *testing.T) {
	t.Parallel()
	begun := func(directory string) bool {
		matches, _ := filepath.Glob(filepath.Join(directory, "postgres.initdb-*", "PG_VERSION"))
		return len(matches) > 0
	}
	left := func(directory string) bool {
		matches, _ := filepath.Glob(filepath.Join(directory, "postgres.initdb-*"))
		return len(matches) > 0
	}
	t.Run("by a cancelled context", func(t *testing.T) {
		t.Parallel()
		directory := dataDir(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			waitFor(t, "initdb", func() bool { return begun(directory) })
			cancel()
		}()
		if _, err := embedded.Start(ctx, embedded.Config{DataDir: directory}); !errors.Is(err, context.Canceled) {
			t.Fatalf("the error is %v, want that the context was cancelled", err)
		}
		if left(directory) || exists(filepath.Join(directory, "postgres")) {
			t.Error("an unfinished cluster is left")
		}
		start(t, directory)
	})
	t.Run("by a kill", func(t *testing.T) {
		t.Parallel()
		directory := dataDir(t)
		killed := hold(t, directory)
		waitFor(t, "initdb", func() bool { return begun(directory) })
		killed.kill()
		if exists(filepath.Join(directory, "postgres")) {
			t.Fatal("killed too late to show anything")
		}
		start(t, directory)
		if left(directory) {
			t.Error("an unfinished cluster is left")
		}
	})
}

func TestStart_RefusesDataOfAnotherMajorVersionUntouched(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	execute(t, server.URL(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
	stop(t, server)
	version := filepath.Join(directory, "postgres", "PG_VERSION")
	original, err := os.ReadFile(version)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(version, []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = embedded.Start(t.Context(), embedded.Config{DataDir: directory})
	if !errors.Is(err, embedded.ErrNotInstalled) || !strings.Contains(err.Error(), "PostgreSQL 99") {
		t.Fatalf("the error is %v, want one that asks for PostgreSQL 99", err)
	}
	if err := os.WriteFile(version, original, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := query(t, start(t, directory).URL(), "SELECT n::text FROM kept"); got != "7" {
		t.Fatalf("kept is %s, want 7", got)
	}
}

func TestStart_RefusesADirectoryThatIsNoClusterUntouched(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	stranger := filepath.Join(directory, "postgres", "letters.txt")
	if err := os.MkdirAll(filepath.Dir(stranger), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stranger, []byte("dear"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Start(t.Context(), embedded.Config{DataDir: directory}); err == nil || !strings.Contains(err.Error(), "holds no whole PostgreSQL cluster") {
		t.Fatalf("the error is %v", err)
	}
	if content, err := os.ReadFile(stranger); err != nil || string(content) != "dear" {
		t.Fatalf("the stranger's file is %q, %v", content, err)
	}
}

func TestServer_WorksInADeepDataDirectory(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(dataDir(t), strings.Repeat("deep/", 40))
	server := start(t, directory)
	defer stop(t, server)
	if !answers(server.URL()) {
		t.Error("it does not answer")
	}
}

func TestServer_OutlivesACtrlC(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	killed := hold(t, directory).waitUntilReady()
	postmaster := postmasterOf(directory)
	if err := syscall.Kill(-killed.command.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	killed.ended = true
	if err := killed.command.Wait(); err == nil {
		t.Fatal("the signal did not reach the process")
	}
	if server := start(t, directory); server.Started() || postmasterOf(directory) != postmaster {
		t.Error("the database got the signal too")
	}
}

func TestStart_SaysWhatToInstall(t *testing.T) {
	t.Parallel()
	script := func(version string) string {
		directory := t.TempDir()
		for _, name := range []string{"initdb", "postgres"} {
			if err := os.WriteFile(filepath.Join(directory, name), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return directory
	}
	for name, binaries := range map[string]string{"none": t.TempDir(), "too old": script("12.22")} {
		_, err := embedded.Start(t.Context(), embedded.Config{DataDir: dataDir(t), Binaries: binaries})
		if !errors.Is(err, embedded.ErrNotInstalled) || !strings.Contains(err.Error(), "apt-get install postgresql") && name != "none" {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestServer_LogsNoFailedStatementAndListensNowhere(t *testing.T) {
	t.Parallel()
	directory := dataDirWithCluster(t)
	server := start(t, directory)
	conn, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range []string{
		"SELECT '+48601234567'::int",
		"CREATE TABLE u (n text PRIMARY KEY); INSERT INTO u VALUES ('+48601234567'), ('+48601234567')",
		"SELECT '+48601234567' FROM missing",
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Fatalf("%s did not fail", sql)
		}
	}
	content, err := os.ReadFile(filepath.Join(directory, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "database system is ready") || strings.Contains(string(content), "601234567") {
		t.Errorf("the log is:\n%s", content)
	}
	for setting, want := range map[string]string{
		"listen_addresses": "", "server_encoding": "UTF8", "lc_collate": "C", "TimeZone": "UTC", "wal_level": "minimal", "fsync": "on", "data_checksums": "on",
	} {
		if got := query(t, server.URL(), "SELECT current_setting('"+setting+"')"); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := query(t, server.URL(), `SELECT string_agg(w, ' ' ORDER BY w COLLATE "pl-x-icu") FROM unnest(ARRAY['zebra', 'łąka', 'lampa', 'żaba']) w`); got != "lampa łąka zebra żaba" {
		t.Errorf("in Polish order: %s", got)
	}
	if mode := statOf(t, socketOf(t, server.URL())).Mode & 0o777; mode != 0o700 {
		t.Errorf("the socket's directory has mode %o", mode)
	}
}
