package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PgBouncer starts a PgBouncer in transaction mode before the database, which lends at most so many sessions and is stopped
// when the test ends, and gives the URL through it. Where it is not installed, the test is skipped, but not in CI.
func (d *Database) PgBouncer(t testing.TB, sessions int) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/pgbouncer"); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal("PgBouncer is missing")
			}
			t.Skip("PgBouncer is missing")
		}
	}
	server := d.Pool.Config().ConnConfig
	owner, err := os.Stat(server.Host)
	if err != nil {
		t.Skipf("PgBouncer is tried on a server of this machine, at a socket: %v", err)
	}
	directory, err := os.MkdirTemp("", "pgbouncer-") // a socket's path must be short
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	config := fmt.Sprintf(`[databases]
%[1]s = host=%[2]s port=%[3]d dbname=%[1]s user=%[4]s
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = %[5]s
auth_type = any
pool_mode = transaction
default_pool_size = %[6]d
max_client_conn = 500
`, server.Database, server.Host, server.Port, server.User, directory, sessions)
	file := filepath.Join(directory, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	command := exec.Command(program, file)
	var said strings.Builder
	command.Stdout, command.Stderr = &said, &said
	if account := owner.Sys().(*syscall.Stat_t); os.Geteuid() == 0 { // it refuses to run as root
		for _, path := range []string{directory, file} {
			if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
				t.Fatalf("pgtest: %v", err)
			}
		}
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: account.Uid, Gid: account.Gid}}
	}
	if err := command.Start(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("PgBouncer said: %s", said.String())
		}
	})
	through := (&url.URL{
		Scheme: "postgres", User: url.User(server.User), Path: "/" + server.Database,
		RawQuery: url.Values{"host": {directory}, "port": {"6432"}}.Encode(),
	}).String()
	if err := answers(through); err != nil {
		t.Fatalf("pgtest: PgBouncer does not answer: %v", err)
	}
	return through
}

// answers waits until a connection is had.
func answers(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
