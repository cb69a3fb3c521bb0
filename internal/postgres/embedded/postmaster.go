package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The patience with a server, in the order in which it may be needed.
const (
	pollInterval     = 5 * time.Millisecond
	silence          = time.Minute      // a server that has no socket yet, or does not answer there
	silenceWhenReady = 5 * time.Second  // one that says it takes connections
	leftoversWait    = 15 * time.Second // processes of a dead postmaster that still end their work
	leftoversTry     = 50 * time.Millisecond
	fastStop         = 2 * time.Minute // ends with a checkpoint, which writes up to max_wal_size
	immediateStop    = 15 * time.Second
	killedStop       = 5 * time.Second
)

// postmaster is the first process of a running server.
type postmaster struct {
	cluster string
	pid     int
	// socket is the directory of its socket, empty while it does not have one yet.
	socket string
	// exited is closed when the process has ended; nil where the process is not a child of this one.
	exited chan struct{}
}

func postmasterFile(cluster string) string { return filepath.Join(cluster, "postmaster.pid") }

// findPostmaster gives the postmaster that runs on the cluster, nil if none does.
func findPostmaster(cluster string) (*postmaster, error) {
	lines, err := readPostmasterFile(cluster)
	if err != nil || lines == nil {
		return nil, err
	}
	pid, err := strconv.Atoi(lines[0])
	if err != nil || pid <= 0 || !isServerProcess(pid, cluster) {
		return nil, nil
	}
	p := &postmaster{cluster: cluster, pid: pid}
	p.socket = socketOf(lines)
	return p, nil
}

// readPostmasterFile gives the lines of postmaster.pid, nil if there is none: the process, the directory, the start,
// the port, the directory of the socket, the address, the shared memory, the state. The later ones come one by one.
func readPostmasterFile(cluster string) ([]string, error) {
	content, err := os.ReadFile(postmasterFile(cluster))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explainPermission(cluster, err)
	}
	return strings.Split(string(content), "\n"), nil
}

func socketOf(lines []string) string {
	if len(lines) < 5 {
		return ""
	}
	return lines[4]
}

func (p *postmaster) isAlive() bool {
	select {
	case <-p.exited:
		return false
	default:
		return p.exited != nil || isServerProcess(p.pid, p.cluster)
	}
}

// waitUntilReady waits until the server takes connections, as long as it recovers and the context allows.
func (p *postmaster) waitUntilReady(ctx context.Context, log *slog.Logger) error {
	begun, logged := time.Now(), false
	for {
		if !p.isAlive() {
			return errors.New("the server has ended")
		}
		lines, err := readPostmasterFile(p.cluster)
		if err != nil {
			return err
		}
		if p.socket == "" {
			p.socket = socketOf(lines)
		}
		patience := silence
		if len(lines) > 7 && strings.HasPrefix(lines[7], "ready") {
			patience = silenceWhenReady
		}
		err = p.tryToConnect(ctx, patience)
		var refused *pgconn.PgError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &refused) && refused.Code == "57P03": // starting, recovering or shutting down
			if !logged && time.Since(begun) > 2*time.Second {
				log.Info("the private PostgreSQL is not ready yet", slog.String("state", refused.Message))
				logged = true
			}
		case errors.As(err, &refused):
			return fmt.Errorf("connecting to the private PostgreSQL: %w", err)
		case time.Since(begun) > patience:
			return fmt.Errorf("connecting to the private PostgreSQL: %w", err)
		}
		if err := pause(ctx, pollInterval); err != nil {
			return err
		}
	}
}

func (p *postmaster) tryToConnect(ctx context.Context, patience time.Duration) error {
	if p.socket == "" {
		return errors.New("it has no socket yet")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, databaseURL(p.socket, "postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// stop ends the server: in order, with the sessions cut; if that takes too long or the context ends, without a
// checkpoint; if even that does not work, by force. It returns when the server is gone.
func (p *postmaster) stop(ctx context.Context, disposable bool) error {
	if !disposable && p.end(ctx, syscall.SIGINT, fastStop) {
		return nil
	}
	unbound := context.WithoutCancel(ctx)
	if p.end(unbound, syscall.SIGQUIT, immediateStop) || p.end(unbound, syscall.SIGKILL, killedStop) {
		return nil
	}
	return fmt.Errorf("the private PostgreSQL (process %d) does not end", p.pid)
}

// end sends a signal and says whether the server is gone in time.
func (p *postmaster) end(ctx context.Context, signal syscall.Signal, patience time.Duration) bool {
	if !p.isAlive() {
		return true
	}
	if ctx.Err() != nil {
		return false
	}
	_ = syscall.Kill(p.pid, signal) // if it cannot be signalled, the wait below tells
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if pause(ctx, pollInterval) != nil {
			return false
		}
		if !p.isAlive() {
			return true
		}
	}
	return false
}

// launching is what it takes to start a server.
type launching struct {
	place      place
	programs   programs
	account    account
	socket     string
	disposable bool
	log        *slog.Logger
}

// launch starts a postmaster and waits until it takes connections.
func launch(ctx context.Context, l launching) (*postmaster, error) {
	crashed, err := l.clearPostmasterFile()
	if err != nil {
		return nil, err
	}
	for begun := time.Now(); ; {
		server, err := l.launchOnce(ctx)
		// After a crash of the postmaster alone, PostgreSQL refuses to start until the last of its old processes is gone.
		if err == nil || ctx.Err() != nil || !crashed || time.Since(begun) > leftoversWait {
			return server, err
		}
		if err := pause(ctx, leftoversTry); err != nil {
			return nil, err
		}
	}
}

// clearPostmasterFile makes way for a new postmaster where a dead one left its file, and says whether it had.
//
// PostgreSQL sees to that by itself, unless the number in the file belongs to a process again, or still does to a
// zombie: then it would refuse. The file must not be removed, for by the shared memory it names PostgreSQL knows
// that processes of the dead postmaster still work. But PostgreSQL lets pass a file that bears its parent's number.
func (l launching) clearPostmasterFile() (crashed bool, err error) {
	cluster := l.place.cluster()
	lines, err := readPostmasterFile(cluster)
	if err != nil || lines == nil {
		return false, err
	}
	if socket := socketOf(lines); socket != "" && socket != l.socket {
		removeSocketDirectory(socket)
	}
	if pid, err := strconv.Atoi(lines[0]); err == nil && pid < 0 && isServerProcess(-pid, cluster) {
		return false, fmt.Errorf("PostgreSQL runs in single-user mode on %s (process %d): end it and try again", cluster, -pid)
	}
	lines[0] = strconv.Itoa(os.Getpid())
	if err := l.account.writeFile(postmasterFile(cluster), []byte(strings.Join(lines, "\n"))); err != nil {
		return false, err
	}
	return true, nil
}

func (l launching) launchOnce(ctx context.Context) (*postmaster, error) {
	cluster := l.place.cluster()
	inside, err := l.account.enter(ctx, cluster)
	if err != nil {
		return nil, err
	}
	defer inside.leave()
	output, err := openPrivate(l.place.log(), os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	said, err := output.Seek(0, 2)
	if err != nil {
		return nil, err
	}

	command := exec.Command(l.programs.postgres(), "-D", inside.name, "-k", l.socket, "-p", port, "-c", "listen_addresses=")
	inside.prepare(command, l.account)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting the private PostgreSQL: %w", err)
	}
	server := &postmaster{cluster: cluster, pid: command.Process.Pid, socket: l.socket, exited: make(chan struct{})}
	go func() {
		_ = command.Wait() // leaves no zombie; how the server ended stands in its log
		close(server.exited)
	}()
	if err = server.waitUntilReady(ctx, l.log); err == nil {
		return server, nil
	}
	err = fmt.Errorf("starting the private PostgreSQL: %w", err)
	if ctx.Err() == nil {
		err = fmt.Errorf("%w: it said: %s", err, tailFrom(l.place.log(), said))
	}
	return nil, errors.Join(err, server.stop(ctx, l.disposable))
}

// createDatabase makes sure that the server has Kontakty's database.
func createDatabase(ctx context.Context, socket string) error {
	conn, err := pgx.Connect(ctx, databaseURL(socket, databaseName))
	if err == nil {
		return conn.Close(ctx)
	}
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != "3D000" { // no such database
		return fmt.Errorf("connecting to the private PostgreSQL: %w", err)
	}
	conn, err = pgx.Connect(ctx, databaseURL(socket, "postgres"))
	if err != nil {
		return fmt.Errorf("connecting to the private PostgreSQL: %w", err)
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("making the database %s: %w", databaseName, err)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
