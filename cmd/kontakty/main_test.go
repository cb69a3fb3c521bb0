package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
)

func TestMain(m *testing.M) {
	if stage := os.Getenv(stageVariable); stage != "" {
		os.Exit(runStaged(stage, os.Args[1:]))
	}
	code := pgtest.Main(m)
	if built.directory != "" {
		_ = os.RemoveAll(built.directory)
	}
	os.Exit(code)
}

// built is the program that users run, built when a test first needs it.
var built struct {
	once      sync.Once
	directory string
	err       error
}

// binary is the path of the program that users run.
func binary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.directory, built.err = os.MkdirTemp("", "kontakty-e2e-"); built.err != nil {
			return
		}
		// An ordinary user must be able to run it, too.
		if built.err = os.Chmod(built.directory, 0o755); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", built.directory, ".")
		if out, err := build.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("the binary does not build: %v", built.err)
	}
	return filepath.Join(built.directory, "kontakty")
}

// patience is how long a test waits for a process: long enough for a machine that is busy with other things.
const patience = 5 * time.Minute

// process is a running command of the binary.
type process struct {
	t       *testing.T
	command *exec.Cmd
	out     *transcript
	ended   chan struct{}
	err     error
	begun   time.Time

	// answered is how long it took to say where the API is.
	answered time.Duration
	// url is where it answers, and key an administrator's.
	url, key string
}

// transcript is what a process printed so far.
type transcript struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{}, 1)} }

func (o *transcript) Write(part []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.changed <- struct{}{}:
	default:
	}
	return o.text.Write(part)
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// launch starts a command; adjust, where there is one, changes it before.
func launch(t *testing.T, adjust func(*exec.Cmd), args ...string) *process {
	t.Helper()
	return launchProgram(t, binary(t), adjust, args...)
}

func launchProgram(t *testing.T, program string, adjust func(*exec.Cmd), args ...string) *process {
	t.Helper()
	p := &process{t: t, command: exec.Command(program, args...), out: newTranscript(), ended: make(chan struct{})}
	p.command.Stdout, p.command.Stderr = p.out, p.out
	p.command.Env = cleanEnvironment()
	if adjust != nil {
		adjust(p.command)
	}
	p.begun = time.Now()
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(patience):
			p.signal(syscall.SIGKILL)
			<-p.ended
		}
		if t.Failed() {
			t.Logf("kontakty %s printed:\n%s", strings.Join(args, " "), p.out)
		}
	})
	return p
}

// cleanEnvironment is the environment without settings of kontakty.
func cleanEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "KONTAKTY_") && !strings.HasPrefix(variable, "OTEL_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

var apiAddress = regexp.MustCompile(`(?m)^ *API +(http://\S+)/graphql$`)

// unhurried are settings under which a test may ask as much as it likes.
var unhurried = []string{"--rate-per-minute", "1000000000", "--rate-burst", "1000000000"}

// serving starts a command that serves, on a free port, waits until it answers, and has a key for it.
func serving(t *testing.T, dataDir string, args ...string) *process {
	t.Helper()
	return servingAs(t, nil, dataDir, args...)
}

func servingAs(t *testing.T, adjust func(*exec.Cmd), dataDir string, args ...string) *process {
	t.Helper()
	p := launch(t, adjust, slices.Concat(args, unhurried, []string{"--data-dir", dataDir, "--listen", "127.0.0.1:0"})...)
	p.waitFor(apiAddress)
	p.answered = time.Since(p.begun)
	p.url = apiAddress.FindStringSubmatch(p.out.String())[1]
	if args[0] == "demo" {
		p.key = readAdminKey(t, dataDir)
	} else {
		p.key = administratorsKey(t, "--data-dir", dataDir)
	}
	return p
}

// waitFor waits until the process has printed something of the pattern.
func (p *process) waitFor(pattern *regexp.Regexp) {
	p.t.Helper()
	late := time.After(patience)
	for !pattern.MatchString(p.out.String()) {
		select {
		case <-p.out.changed:
		case <-p.ended:
			if !pattern.MatchString(p.out.String()) {
				p.t.Fatalf("it ended (%v) before it printed %s:\n%s", p.err, pattern, p.out)
			}
		case <-late:
			p.t.Fatalf("it did not print %s:\n%s", pattern, p.out)
		}
	}
}

func (p *process) signal(signal syscall.Signal) {
	select {
	case <-p.ended:
	default:
		_ = p.command.Process.Signal(signal)
	}
}

// stop sends a signal and gives the exit status.
func (p *process) stop(signal syscall.Signal) int {
	p.t.Helper()
	p.signal(signal)
	return p.wait()
}

// wait gives the exit status; -1 means that a signal ended the process.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("it does not end:\n%s", p.out)
	}
	return p.command.ProcessState.ExitCode()
}

// command runs a command to its end and gives its status, standard output and standard error.
func command(t *testing.T, input io.Reader, args ...string) (status int, out, errs string) {
	t.Helper()
	return commandWith(t, nil, input, args...)
}

// commandWith runs a command with more variables in its environment.
func commandWith(t *testing.T, environment []string, input io.Reader, args ...string) (status int, out, errs string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = input, &stdout, &stderr, append(cleanEnvironment(), environment...)
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// mustRun runs a command that has to succeed and gives its standard output.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := command(t, nil, args...)
	if status != statusOK {
		t.Fatalf("kontakty %s: status %d: %s%s", strings.Join(args, " "), status, out, errs)
	}
	return out
}

// count is the number of contacts from one day to another, both inclusive, at most three months.
func (p *process) count(from, to time.Time) int {
	p.t.Helper()
	var answer struct{ Contacts struct{ TotalCount int } }
	p.ask(`query($filter: ContactFilter!) { contacts(filter: $filter, first: 0) { totalCount } }`,
		map[string]any{"filter": rangeFilter(from.Format(time.DateOnly), to.Format(time.DateOnly))}, &answer)
	return answer.Contacts.TotalCount
}

func rangeFilter(from, to string) map[string]any {
	return map[string]any{"period": map[string]any{"range": map[string]any{"from": from, "to": to}}}
}

// dataDir is a data directory for one test. The private PostgreSQL's socket has a short path of its own, so the name
// may be long.
func dataDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data")
}

// readAdminKey is the key that a demo keeps.
func readAdminKey(t *testing.T, dataDir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dataDir, "admin.key"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(content))
}
