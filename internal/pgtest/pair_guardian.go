package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// pairMaker makes a pair of servers in a directory, as the user that PostgreSQL runs as.
type pairMaker struct {
	directory string
	programs  string // their directory
	account   *syscall.Credential
	begun     []*exec.Cmd
}

// guardPair is the life of a guardian of a pair.
func guardPair() (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	directory, err := os.MkdirTemp("", "kontakty-pair-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	if err := os.Chmod(directory, 0o711); err != nil {
		return err
	}
	m := &pairMaker{directory: directory}
	defer m.end()
	if err := m.make(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// make says of each server its port and its first process, when both are up.
func (m *pairMaker) make(ctx context.Context) error {
	first, err := m.initialise(ctx)
	if err != nil {
		return err
	}
	second := filepath.Join(filepath.Dir(first), "standby")
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	if err := m.run(ctx, first, ports[0], "-c", "synchronous_standby_names=*"); err != nil {
		return err
	}
	backup := m.command("pg_basebackup", "-h", "127.0.0.1", "-p", ports[0], "-U", "kontakty", "-D", second, "-X", "stream", "-c", "fast", "-R")
	if said, err := backup.CombinedOutput(); err != nil {
		return fmt.Errorf("copying the primary: %w: %s", err, said)
	}
	if err := m.run(ctx, second, ports[1]); err != nil {
		return err
	}
	if err := m.attach(ctx, ports[0]); err != nil {
		return err
	}
	for i, port := range ports {
		fmt.Printf("%s %d\n", port, m.begun[i].Process.Pid)
	}
	return nil
}

// initialise makes a cluster and gives its directory.
func (m *pairMaker) initialise(ctx context.Context) (string, error) {
	made, err := embedded.Start(ctx, embedded.Config{DataDir: m.directory, Disposable: true})
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, made.URL())
	if err != nil {
		return "", errors.Join(err, made.Stop(ctx))
	}
	var cluster string
	err = conn.QueryRow(ctx, "SELECT current_setting('data_directory'), (SELECT setting FROM pg_config WHERE name = 'BINDIR')").Scan(&cluster, &m.programs)
	if err = errors.Join(err, conn.Close(ctx), made.Stop(ctx)); err != nil {
		return "", err
	}
	info, err := os.Stat(cluster)
	if err != nil {
		return "", err
	}
	if owner := info.Sys().(*syscall.Stat_t); os.Geteuid() == 0 {
		m.account = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
		if err := os.Chown(filepath.Dir(cluster), int(owner.Uid), int(owner.Gid)); err != nil {
			return "", err
		}
	}
	return cluster, nil
}

// command is one of PostgreSQL's programs.
func (m *pairMaker) command(program string, arguments ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(m.programs, program), arguments...)
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: m.account}
	return command
}

// run begins a server and waits until it takes connections.
func (m *pairMaker) run(ctx context.Context, cluster, port string, settings ...string) error {
	server := m.command("postgres", append([]string{
		"-D", cluster, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "wal_level=replica", "-c", "max_wal_senders=4", "-c", "hot_standby=on", "-c", "max_connections=200",
	}, settings...)...)
	log, err := os.Create(cluster + ".log")
	if err != nil {
		return err
	}
	defer log.Close()
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return err
	}
	m.begun = append(m.begun, server)
	go func() { _ = server.Wait() }() // leaves no zombie: whether it lives is asked for
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(ctx, pairURL("", port))
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			said, _ := os.ReadFile(log.Name())
			return fmt.Errorf("starting a server of a pair: %w: %s", err, said)
		}
	}
}

// attach waits until the standby follows, and has every commit wait for it from then on.
func (m *pairMaker) attach(ctx context.Context, port string) error {
	conn, err := pgx.Connect(ctx, pairURL("", port))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for following := false; !following; time.Sleep(20 * time.Millisecond) {
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')").Scan(&following); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE kontakty SET synchronous_commit = on")
	return err
}

// end ends both servers, whatever state they are in.
func (m *pairMaker) end() {
	for _, server := range m.begun {
		for deadline := time.Now().Add(10 * time.Second); isAlive(server.Process.Pid) && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			_ = signalServer(server.Process.Pid, syscall.SIGKILL)
		}
	}
}

// signalServer signals a server's first process and all others. They are listed before, as their parent's end makes them
// another's, and after, as it may have begun some.
func signalServer(pid int, signal syscall.Signal) error {
	before, err := childrenOf(pid)
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, signal); err != nil {
		return fmt.Errorf("signalling a server: %w", err)
	}
	after, err := childrenOf(pid)
	if err != nil {
		return err
	}
	for _, child := range slices.Concat(before, after) {
		_ = syscall.Kill(child, signal) // it may have ended meanwhile
	}
	return nil
}

func childrenOf(pid int) (children []int, err error) {
	listed, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("listing the processes of a server: %w", err)
	}
	for line := range strings.Lines(string(listed)) {
		var child, parent int
		if _, err := fmt.Sscan(line, &child, &parent); err == nil && parent == pid {
			children = append(children, child)
		}
	}
	return children, nil
}

// isAlive says whether there is a process that is no zombie.
func isAlive(pid int) bool {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}

// freePorts are ports that nobody listens on.
func freePorts(count int) ([]string, error) {
	var ports []string
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}
