package embedded

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// inside is a directory as a program started in it sees it.
type inside struct {
	// workingDirectory is where the program is started, name what it is told its directory is called.
	workingDirectory, name string

	file *os.File
}

// prepare makes a command that is about to be started find the directory.
func (i inside) prepare(command *exec.Cmd, a account) {
	command.Dir, command.Env, command.SysProcAttr = i.workingDirectory, environment(), a.apart()
	if i.file != nil {
		command.ExtraFiles = []*os.File{i.file}
	}
}

func (i inside) leave() {
	if i.file != nil {
		_ = i.file.Close()
	}
}

// enter finds how a program of the account can work in a directory of its own.
//
// The directories above may be closed to the account: root's home, where root clones a repository, is. On Linux the
// program then inherits the directory, opened by root, and is told that it is called /proc/self/fd/3, a name that is
// resolved without a look at what lies above. All processes of the server inherit it, so the name is true for each.
// (/proc/self/cwd would do too, if PostgreSQL 15 and older did not leave and come back by the long name at first.)
func (a account) enter(ctx context.Context, directory string) (inside, error) {
	plain := inside{workingDirectory: directory, name: directory}
	if !a.foreign || a.canEnter(ctx, plain) == nil {
		return plain, nil
	}
	closed := fmt.Errorf("user %s, whom root runs PostgreSQL as, cannot reach %s: choose another data directory with --data-dir, such as /var/lib/kontakty",
		userNameOf(a.uid), directory)
	if runtime.GOOS != "linux" {
		return inside{}, closed
	}
	file, err := os.Open(directory)
	if err != nil {
		return inside{}, err
	}
	inherited := inside{workingDirectory: "/", name: "/proc/self/fd/3", file: file}
	if err := a.canEnter(ctx, inherited); err != nil {
		inherited.leave()
		return inside{}, fmt.Errorf("%w (nor through /proc: %w)", closed, err)
	}
	return inherited, nil
}

// canEnter runs a program that goes to the directory: nothing else tells as surely whether PostgreSQL can.
func (a account) canEnter(ctx context.Context, i inside) error {
	command := exec.CommandContext(ctx, "/bin/sh", "-c", `cd -P "$1" && test -w .`, "sh", i.name)
	i.prepare(command, a)
	command.Dir = "/"
	return command.Run()
}

// environment is ours without what would redirect PostgreSQL or colour its messages.
func environment() []string {
	kept := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "LC_") || name == "LANG" || name == "LANGUAGE" || name == "TZ" || name == "PWD"
	})
	return append(kept, "LC_ALL=C", "TZ=UTC")
}
