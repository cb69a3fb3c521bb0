package server

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/postgres"
)

// privateConfig is a server over a private PostgreSQL of its own.
func privateConfig(t *testing.T) Config {
	t.Helper()
	config := configFor(t, "")
	// The user whom root runs PostgreSQL as must get there.
	for _, directory := range []string{config.Database.DataDir, filepath.Dir(config.Database.DataDir)} {
		if err := os.Chmod(directory, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	return config
}

// postmasterIn is the number of the postmaster of a cluster, 0 while none is known.
func postmasterIn(cluster string) int {
	content, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil || pid <= 1 || pid == os.Getpid() { // a start that is under way writes its own
		return 0
	}
	return pid
}

// killPostgres ends the postmaster of a cluster without giving it a chance, and gives its number.
func killPostgres(t *testing.T, cluster string) int {
	t.Helper()
	pid := postmasterIn(cluster)
	if pid == 0 {
		t.Fatal("no postmaster runs")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestServer_FailsWhereItsPostgreSQLDoesNotStayUp(t *testing.T) {
	t.Parallel()
	config := privateConfig(t)
	m := New(config, slog.New(slog.DiscardHandler), time.Now)
	m.after = func(time.Duration) <-chan time.Time { // it does not wait for another try, nor for proxies
		passed := make(chan time.Time)
		close(passed)
		return passed
	}
	if err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed := false
	stop := func() {
		if !closed {
			closed = true
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	defer stop()
	cluster := filepath.Join(config.Database.DataDir, "postgres")
	moved := filepath.Join(config.Database.DataDir, "moved")
	if err := os.Rename(cluster, moved); err != nil {
		t.Fatal(err)
	}
	killPostgres(t, moved)
	select {
	case err := <-m.Failed():
		if err == nil || !strings.Contains(err.Error(), "the private PostgreSQL ended 11 times") {
			t.Errorf("it fails with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it goes on for ever without its database")
	}
	if status, _ := get(t, "", m.URL()+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz says %d", status)
	}
	stop()
	if _, err := os.Stat(cluster); err == nil {
		t.Error("another cluster was made")
	}
}

func TestWithDatabase_KeepsItsPostgreSQLUp(t *testing.T) {
	t.Parallel()
	config := privateConfig(t)
	cluster := filepath.Join(config.Database.DataDir, "postgres")
	err := WithDatabase(t.Context(), config.Database, func(database *Database, pool *postgres.Pool) error {
		killed := killPostgres(t, cluster)
		until(t, "the database answers again", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			pid := postmasterIn(cluster)
			return pid != 0 && pid != killed && pool.Ping(ctx) == nil
		})
		return database.Lost().Err()
	})
	if err != nil {
		t.Error(err)
	}
	if postmasterIn(cluster) != 0 {
		t.Error("the server is left running")
	}
}
