package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// unfinished is what the name of a cluster begins with while initdb makes it.
const unfinished = "postgres.initdb-"

// major is the major version that the cluster was made by, 0 if there is no cluster. What is there but is no whole
// cluster is an error, never removed: initdb does not work under that name, so somebody else put it there.
func (p place) major() (int, error) {
	entries, err := os.ReadDir(p.cluster())
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return 0, nil
	}
	if err != nil {
		return 0, explainPermission(p.cluster(), err)
	}
	content, err := os.ReadFile(filepath.Join(p.cluster(), "PG_VERSION"))
	if err == nil {
		_, err = os.Stat(filepath.Join(p.cluster(), "global", "pg_control"))
	}
	if err != nil {
		return 0, fmt.Errorf("%s holds no whole PostgreSQL cluster: move it away, or choose another data directory: %w", p.cluster(), err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return 0, fmt.Errorf("%s holds a cluster of an unknown version: %w", p.cluster(), err)
	}
	return major, nil
}

// initialise makes the cluster under another name and renames it when it is whole and on the disk.
func (p place) initialise(ctx context.Context, programs programs, a account, disposable bool) error {
	p.removeUnfinished()
	directory, err := os.MkdirTemp(p.directory, unfinished)
	if err != nil {
		return fmt.Errorf("making the private PostgreSQL: %w", explainPermission(p.directory, err))
	}
	defer func() { _ = os.RemoveAll(directory) }() // nothing is left under this name once it is renamed
	if err := a.give(directory); err != nil {
		return err
	}
	arguments := []string{
		"--username=" + userName, "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
	}
	if disposable {
		arguments = append(arguments, "--no-sync")
	}
	output, err := a.runInside(ctx, directory, programs.initdb(), arguments)
	if err != nil {
		return fmt.Errorf("making the private PostgreSQL in %s: %w: %s", p.directory, err, lastLines(output, 5))
	}
	path := filepath.Join(directory, mainFile)
	original, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := a.writeFile(path, withHeader(original)); err != nil {
		return err
	}
	if err := os.Rename(directory, p.cluster()); err != nil {
		return fmt.Errorf("making the private PostgreSQL: %w", err)
	}
	p.removeUnfinished()
	return syncDirectory(p.directory)
}

// removeUnfinished removes what an initdb left behind that was killed. One that still runs, after the process which began it was
// killed, fails for it, and may have written while it was removed: so it is called again when a whole cluster is there.
func (p place) removeUnfinished() {
	entries, _ := os.ReadDir(p.directory) // an unreadable directory shows in what follows
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), unfinished) {
			_ = os.RemoveAll(filepath.Join(p.directory, entry.Name()))
		}
	}
}

// runInside runs a server program on a directory, to the end.
func (a account) runInside(ctx context.Context, directory, program string, arguments []string) ([]byte, error) {
	inside, err := a.enter(ctx, directory)
	if err != nil {
		return nil, err
	}
	defer inside.leave()
	command := exec.CommandContext(ctx, program, append([]string{"-D", inside.name}, arguments...)...)
	inside.prepare(command, a)
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err = command.Run(); ctx.Err() != nil {
		err = ctx.Err()
	}
	return output.Bytes(), err
}
