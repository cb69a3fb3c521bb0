package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldestMajor is the oldest version of PostgreSQL that Kontakty works with.
const oldestMajor = 14

// ErrNotInstalled is what Start's error wraps when the machine lacks PostgreSQL's server programs, or lacks those of
// the version that the data were written by.
var ErrNotInstalled = errors.New("PostgreSQL's server programs were not found")

// installing says how to get them.
const installing = "install them (Debian, Ubuntu: apt-get install postgresql; Fedora, RHEL: dnf install postgresql-server; Alpine: apk add postgresql; macOS: brew install postgresql), " +
	"or set PGBINDIR to the directory that holds postgres and initdb"

// programs are the server programs of one installed PostgreSQL.
type programs struct {
	directory string
	// version is the full version, such as "15.13".
	version string
	major   int
}

func (p programs) postgres() string { return filepath.Join(p.directory, "postgres") }
func (p programs) initdb() string   { return filepath.Join(p.directory, "initdb") }

// usualDirectories are where packagers put the server programs, as patterns.
var usualDirectories = []string{
	"/usr/lib/postgresql/*/bin",                            // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                     // RHEL, Fedora, from postgresql.org
	"/usr/lib/postgresql*/bin", "/usr/libexec/postgresql*", // SUSE, Alpine
	"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin", // Homebrew
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin",
}

// findPrograms finds the newest installed server programs, or those of a wanted major version where it is not 0. A
// directory given explicitly, or else by PGBINDIR, is the only one looked into.
func findPrograms(ctx context.Context, explicit string, wanted int) (programs, error) {
	directories := candidates(ctx)
	if explicit == "" {
		explicit = os.Getenv("PGBINDIR")
	}
	if explicit != "" {
		directories = []string{explicit}
	}
	var best programs
	var others []string
	seen := map[string]bool{}
	for _, directory := range directories {
		if resolved, err := filepath.EvalSymlinks(directory); err == nil {
			directory = resolved
		}
		if seen[directory] {
			continue
		}
		seen[directory] = true
		found, err := inspectPrograms(ctx, directory)
		if err != nil {
			if explicit != "" {
				return programs{}, fmt.Errorf("%w in %s: %w", ErrNotInstalled, explicit, err)
			}
			continue
		}
		if found.major < oldestMajor || wanted != 0 && found.major != wanted {
			others = append(others, found.version+" in "+found.directory)
			continue
		}
		if found.major > best.major {
			best = found
		}
	}
	if best.major != 0 {
		return best, nil
	}
	found := ""
	if len(others) > 0 {
		found = "; found is only " + strings.Join(others, ", ")
	}
	if wanted != 0 {
		return programs{}, fmt.Errorf("%w: the data were written by PostgreSQL %d and need its programs%s: %s; the data are untouched", ErrNotInstalled, wanted, found, installing)
	}
	return programs{}, fmt.Errorf("%w: version %d or newer is needed%s: %s", ErrNotInstalled, oldestMajor, found, installing)
}

// candidates are the directories that may hold server programs.
func candidates(ctx context.Context) []string {
	var directories []string
	if output, err := run(ctx, "pg_config", "--bindir"); err == nil {
		directories = append(directories, output)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if resolved, err := filepath.EvalSymlinks(path); err == nil {
			directories = append(directories, filepath.Dir(resolved))
		}
	}
	for _, pattern := range usualDirectories {
		matches, _ := filepath.Glob(pattern) // only a malformed pattern fails
		slices.Reverse(matches)
		directories = append(directories, matches...)
	}
	return directories
}

var versionPattern = regexp.MustCompile(`PostgreSQL\) (\d+)([.\w]*)`)

// inspectPrograms asks the programs themselves: a directory's name may lie.
func inspectPrograms(ctx context.Context, directory string) (programs, error) {
	p := programs{directory: directory}
	for _, program := range []string{p.initdb(), p.postgres()} {
		if _, err := exec.LookPath(program); err != nil {
			return programs{}, err
		}
	}
	output, err := run(ctx, p.postgres(), "--version")
	if err != nil {
		return programs{}, err
	}
	match := versionPattern.FindStringSubmatch(output)
	if match == nil {
		return programs{}, fmt.Errorf("%s does not tell its version", p.postgres())
	}
	p.version = match[1] + match[2]
	p.major, err = strconv.Atoi(match[1])
	return p, err
}

func run(ctx context.Context, program string, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, program, arguments...).Output()
	if err != nil {
		return "", fmt.Errorf("running %s: %w", program, err)
	}
	return strings.TrimSpace(string(output)), nil
}
