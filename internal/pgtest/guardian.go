package pgtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/kontakty/kontakty/internal/postgres/embedded"
)

// guardianVariable in its environment makes the test binary a guardian instead of a run of tests.
const guardianVariable = "KONTAKTY_PGTEST_GUARDIAN"

// guardians are what a guardian may guard: the server that all tests share, or a pair of servers of one test.
var guardians = map[string]func() error{serverGuardian: guard, pairGuardian: guardPair}

const (
	serverGuardian = "server"
	pairGuardian   = "pair"
)

// guardian is the process that owns private servers. It ends them when the tests' process is gone, which it learns from
// the end of its input: a panic, an exit or a kill leaves no other word.
type guardian struct {
	command *exec.Cmd
	input   io.Closer
	output  io.Reader
	errors  *bytes.Buffer
}

// launchGuardian starts a guardian of a kind.
func launchGuardian(kind string) (*guardian, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	g := &guardian{command: exec.Command(program), errors: new(bytes.Buffer)}
	g.command.Env = append(os.Environ(), guardianVariable+"="+kind)
	g.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C does not signal it
	g.command.Stderr = g.errors
	if g.input, err = g.command.StdinPipe(); err != nil {
		return nil, err
	}
	if g.output, err = g.command.StdoutPipe(); err != nil {
		return nil, err
	}
	return g, g.command.Start()
}

// startGuardian starts the guardian of the server that all tests share, and gives its URL.
func startGuardian() (*guardian, string, error) {
	g, err := launchGuardian(serverGuardian)
	if err != nil {
		return nil, "", err
	}
	url, err := bufio.NewReader(g.output).ReadString('\n')
	if err != nil {
		return nil, "", g.end()
	}
	return g, strings.TrimSpace(url), nil
}

// end waits until the servers and their files are gone.
func (g *guardian) end() error {
	_ = g.input.Close()
	if err := g.command.Wait(); err != nil {
		return fmt.Errorf("the private PostgreSQL of the tests: %w: %s", err, g.errors)
	}
	return nil
}

// guard is the life of a guardian.
func guard() (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	directory, err := os.MkdirTemp("", "kontakty-pgtest-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(directory)) }()
	if err := os.Chmod(directory, 0o711); err != nil { // the user that root runs PostgreSQL as goes through it
		return err
	}
	server, err := embedded.Start(ctx, embedded.Config{DataDir: directory, Disposable: true})
	if err != nil {
		return err
	}
	fmt.Println(server.URL())
	<-ctx.Done()
	return server.Stop(context.WithoutCancel(ctx))
}
