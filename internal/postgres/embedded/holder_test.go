package embedded_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// holderVariable makes the test binary another process that uses the private server of a data directory: it starts or
// attaches, says how, and stops when its input ends.
const holderVariable = "KONTAKTY_EMBEDDED_HOLDER"

func TestMain(m *testing.M) {
	directory := os.Getenv(holderVariable)
	if directory == "" {
		code := m.Run()
		if template.directory != "" {
			_ = os.RemoveAll(template.directory)
		}
		os.Exit(code)
	}
	server, err := embedded.Start(context.Background(), embedded.Config{DataDir: directory})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(server.Started(), server.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := server.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// holder is a process that uses the private server of a data directory.
type holder struct {
	t       *testing.T
	command *exec.Cmd
	input   io.Closer
	output  *bufio.Reader
	errors  *bytes.Buffer
	ended   bool

	// started says whether it started the server, url how to connect to it; both after waitUntilReady.
	started bool
	url     string
}

// hold begins another process; waitUntilReady waits for its server.
func hold(t *testing.T, directory string, change ...func(*exec.Cmd)) *holder {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &holder{t: t, command: exec.Command(program), errors: new(bytes.Buffer)}
	h.command.Env = append(os.Environ(), holderVariable+"="+directory)
	h.command.Stderr = h.errors
	h.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that a test can send it a Ctrl-C of its own
	for _, c := range change {
		c(h.command)
	}
	if h.input, err = h.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	output, err := h.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.output = bufio.NewReader(output)
	if err := h.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.kill)
	return h
}

func (h *holder) waitUntilReady() *holder {
	h.t.Helper()
	line, err := h.output.ReadString('\n')
	if err != nil {
		h.ended = true
		h.t.Fatalf("the other process failed: %v: %s", h.command.Wait(), h.errors)
	}
	started, url, _ := strings.Cut(strings.TrimSpace(line), " ")
	h.started, h.url = started == "true", url
	return h
}

// leave makes it stop using the server and waits for its end.
func (h *holder) leave() {
	h.t.Helper()
	h.ended = true
	_ = h.input.Close()
	if err := h.command.Wait(); err != nil {
		h.t.Fatalf("the other process failed: %v: %s", err, h.errors)
	}
}

// kill ends it without giving it a chance.
func (h *holder) kill() {
	if h.ended {
		return
	}
	h.ended = true
	_ = h.command.Process.Kill()
	_ = h.command.Wait()
}

// dataDir is a data directory that every user can enter; whatever server is left in it is ended after the test.
func dataDir(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("", "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(parent, 0o711); err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(parent, "data")
	t.Cleanup(func() {
		if pid := postmasterOf(directory); pid != 0 {
			if server, err := embedded.Start(context.Background(), embedded.Config{DataDir: directory}); err == nil {
				stop(t, server)
			}
			if lives(pid) {
				t.Error("a server is left behind")
				_ = syscall.Kill(pid, syscall.SIGQUIT)
			}
		}
		if err := os.RemoveAll(parent); err != nil {
			t.Errorf("cleaning up: %v", err)
		}
	})
	return directory
}

// template is a cluster that is made once and copied: initdb takes longer than most tests.
var template struct {
	once      sync.Once
	directory string
	failure   error
}

// dataDirWithCluster is a data directory in which a server has run before.
func dataDirWithCluster(t *testing.T) string {
	t.Helper()
	directory := dataDir(t)
	template.once.Do(func() {
		if template.directory, template.failure = os.MkdirTemp("", "embedded-test-"); template.failure != nil {
			return
		}
		var server *embedded.Server
		if server, template.failure = embedded.Start(context.Background(), embedded.Config{DataDir: template.directory}); template.failure == nil {
			template.failure = server.Stop(context.Background())
		}
	})
	if template.failure != nil {
		t.Fatal(template.failure)
	}
	if output, err := exec.Command("cp", "-a", template.directory, directory).CombinedOutput(); err != nil {
		t.Fatalf("copying a cluster: %v: %s", err, output)
	}
	if err := os.Chmod(directory, 0o711); err != nil {
		t.Fatal(err)
	}
	return directory
}

func start(t *testing.T, directory string) *embedded.Server {
	t.Helper()
	server, err := embedded.Start(t.Context(), embedded.Config{DataDir: directory})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *embedded.Server) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// query runs a statement that gives one value as text.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var value string
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// execute runs statements.
func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func answers(url string) bool {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		return false
	}
	_ = conn.Close(context.Background())
	return true
}

// postmasterOf is the number in the cluster's postmaster.pid, 0 if there is none.
func postmasterOf(directory string) int {
	content, err := os.ReadFile(filepath.Join(directory, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	if pid == os.Getpid() || pid <= 1 || !lives(pid) {
		return 0
	}
	return pid
}

// lives asks the system's own tool, so that the tests do not share the code that they test.
func lives(pid int) bool {
	output, err := exec.Command("ps", "-o", "stat=,comm=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(string(output), "Z") && strings.Contains(string(output), "postgres")
}

func waitFor(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if happened() {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

// socketOf is the directory of a server's socket.
func socketOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return config.Host
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
