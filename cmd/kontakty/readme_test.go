package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shellBlock is a fenced block of commands in the README.
var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestREADME_HasCommandsThatWork runs the README's commands, block after block, as somebody would who follows it: in
// a copy of the source, with another port and a directory of its own. The block that serves stays up for those after
// it. `make test` is what runs this test, so of that only the plan is asked for.
func TestREADME_HasCommandsThatWork(t *testing.T) {
	t.Parallel()
	source := copySource(t)
	readme, err := os.ReadFile(filepath.Join(source, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	directory := filepath.Join(source, ".kontakty") // where the README says that the key is
	environment := append(cleanEnvironment(), "KONTAKTY_LISTEN="+address)
	blocks := shellBlock.FindAllStringSubmatch(string(readme), -1)
	if len(blocks) < 4 {
		t.Fatalf("only %d blocks of commands in the README", len(blocks))
	}

	served := false
	for _, block := range blocks {
		script := strings.ReplaceAll(block[1], "127.0.0.1:8080", address)
		script = regexp.MustCompile(`(?m)^make test$`).ReplaceAllString(script, "make -n test")
		script = regexp.MustCompile(`(?m)^git clone .*$`).ReplaceAllString(script, "")
		script = regexp.MustCompile(`(?m)^cd kontakty$`).ReplaceAllString(script, "")
		script = "set -euo pipefail\n" + script
		if strings.Contains(script, "\nmake demo\n") {
			served = true
			serveInBackground(t, source, environment, script, address, directory)
			continue
		}
		shell := exec.CommandContext(t.Context(), "bash", "-c", script)
		shell.Dir, shell.Env = source, environment
		if out, err := shell.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s\n%s", err, script, out)
		} else if strings.Contains(string(out), `"errors"`) {
			t.Errorf("an error is answered\n%s\n%s", script, out)
		}
	}
	if !served {
		t.Error("no block of the README serves")
	}
}

func serveInBackground(t *testing.T, directory string, environment []string, script, address, dataDir string) {
	t.Helper()
	begun := time.Now()
	shell := exec.Command("bash", "-c", script)
	out := newTranscript()
	shell.Dir, shell.Env, shell.Stdout, shell.Stderr = directory, environment, out, out
	// A group of its own, so that what make started ends with it, as with Ctrl-C.
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, command: shell, out: out, ended: make(chan struct{}), begun: begun}
	go func() {
		p.err = shell.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-shell.Process.Pid, syscall.SIGINT)
		p.wait()
	})
	p.waitFor(apiAddress)
	var answer struct{ Contacts struct{ TotalCount int } }
	ask(t, "http://"+address, readAdminKey(t, dataDir), `{ contacts(filter: {period: {preset: LAST_7_DAYS}}, first: 1) { totalCount } }`, nil, &answer)
	if answer.Contacts.TotalCount == 0 {
		t.Error("the demo has no contacts of the last seven days")
	}
	t.Logf("from make demo to the first answer: %.1f s", time.Since(begun).Seconds())
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// copySource copies the source to a directory of the test.
func copySource(t *testing.T) string {
	t.Helper()
	root, copied := filepath.Join("..", ".."), filepath.Join(t.TempDir(), "kontakty")
	left := []string{".git", ".kontakty", "node_modules", "kontakty"}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		target := filepath.Join(copied, name)
		switch {
		case entry.IsDir() && slices.Contains(left, entry.Name()) && name != filepath.Join("cmd", "kontakty"):
			return filepath.SkipDir
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case name == "kontakty" || !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(fmt.Errorf("copy the source: %w", err))
	}
	return copied
}
